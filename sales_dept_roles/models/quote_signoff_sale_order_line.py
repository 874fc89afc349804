from odoo import api, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._note_staff_edit()
        return lines

    def write(self, vals):
        if "order_id" in vals:
            self._check_move(vals["order_id"])
        result = super().write(vals)
        if vals.keys() & set(self.env["sale.order"]._approval_terms_spec()["order_line"]):
            self.order_id._note_staff_edit()
        return result

    def _check_move(self, order_id):
        """Lines bring along the prices of the order they come from."""
        if not self.env.user._is_internal():
            # The web shop moves lines as superuser when a customer revives a cart.
            self.order_id.sudo()._check_quote_signoff()
        if not all(self.order_id.mapped("is_web_shop_order")):
            self.env["sale.order"].sudo().browse(order_id)._leave_web_shop()

    def unlink(self):
        self.order_id._note_staff_edit()
        return super().unlink()
