from odoo import models


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _refusal_message(self, operation, records):
        """A quotation for a colleague's customer is the colleague's: Odoo refuses it to who sees own documents only."""
        if message := super()._refusal_message(operation, records):
            return message
        if operation != "create" or records._name not in ("sale.order", "sale.order.line"):
            return False
        # Lines are refused before the quotation that is made with them. Of others' quotations nothing is told.
        orders = records.sudo() if records._name == "sale.order" else records.sudo().order_id
        for order in orders.filtered(lambda order: order.create_uid == self.env.user):
            owner = order.user_id
            if owner and owner != self.env.user and order.partner_id.commercial_partner_id.user_id == owner:
                return self.env._(
                    "%(customer)s is a customer of %(owner)s, so this quotation would be %(owner)s's and not one of "
                    "your own. Ask %(owner)s to make it, ask the sales director to hand the customer over to you, or "
                    "enter yourself as its salesperson before you save.",
                    customer=order.partner_id.commercial_partner_id.display_name,
                    owner=owner.name,
                )
            if owner and owner != self.env.user:
                return self.env._(
                    "A quotation of %(owner)s is made by %(owner)s or by the sales director: enter yourself as its "
                    "salesperson before you save.",
                    owner=owner.name,
                )
        return False
