from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def write(self, vals):
        result = super().write(vals)
        if "wanted_date" in vals and not self.env.su:
            self.order_id._note_review_edit()
        return result

    def _note_staff_edit(self):
        result = super()._note_staff_edit()
        if not self.env.su:
            self._orders_with_terms()._note_review_edit()
        return result
