from odoo import api, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._note_staff_edit()
        return lines

    def write(self, vals):
        # Lines moved from a quotation into a web shop's cart bring prices that staff made.
        foreign = self.order_id if "order_id" in vals else self.env["sale.order"]
        result = super().write(vals)
        if vals.keys() & set(self.env["sale.order"]._approval_terms_spec()["order_line"]):
            self.order_id._note_staff_edit()
        if any(not order.is_web_shop_order for order in foreign):
            self.order_id.sudo().filtered("is_web_shop_order")._write_web_shop_order(False)
        return result

    def unlink(self):
        self.order_id._note_staff_edit()
        return super().unlink()
