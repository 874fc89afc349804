from odoo import api, fields, models


class SaleOrder(models.Model):
    """An order is confirmed once finance archived the file of its customer."""

    _inherit = "sale.order"

    customer_file_hold = fields.Char(
        compute="_compute_customer_file_hold",
        groups="base.group_user",
        help="Why the customer's file keeps this order from being confirmed.",
    )

    @api.depends("partner_id", "partner_invoice_id", "company_id", "state")
    @api.depends_context("lang")
    def _compute_customer_file_hold(self):
        open_orders = self.filtered(lambda order: order.state in ("draft", "sent") and order.partner_id)
        held = open_orders._customer_file_messages()
        for order in self:
            order.customer_file_hold = held.get(order.id, False)

    def action_open_customer_file(self):
        self.ensure_one()
        return self.partner_id.action_open_customer_file()

    def _order_gate_messages(self):
        messages = super()._order_gate_messages()
        for order_id, message in self._customer_file_messages().items():
            messages.setdefault(order_id, []).append(message)
        return messages

    def _customer_file_outsiders(self):
        """Who buys or is invoiced without standing in the customer's file: it holds the customer's own contacts.

        Else one customer would be served on the file of another by being hung below one of its contacts.
        """
        self.ensure_one()
        return (self.partner_id | self.partner_invoice_id).filtered(
            lambda partner: (
                partner != partner.commercial_partner_id
                and (partner.parent_id != partner.commercial_partner_id or not partner.active)
            )
        )

    def _customer_file_messages(self):
        """Return ``{order id: sentence}`` of the orders of `self` whose customer's file is not archived (set-based)."""
        asking = self._order_gate_subjects().filtered("company_id.sales_dept_customer_file")
        messages = {}
        for company, orders in asking.grouped("company_id").items():
            customers = orders._order_gate_customers().with_company(company)
            sentences = customers._customer_file_unarchived()._customer_file_messages()
            for order in orders:
                held = [sentences[customer] for customer in order._order_gate_customers() if customer in sentences]
                if not held:
                    held = [outsider._customer_file_outsider_message() for outsider in order._customer_file_outsiders()]
                if held:
                    messages[order.id] = " ".join(held)
        return messages
