from odoo import models


class SaleDeliveryNotice(models.Model):
    _inherit = "sale.delivery.notice"

    def _write_protected(self, vals):
        """Whether the customer has the goods is told by notices that are signed for."""
        result = super()._write_protected(vals)
        if "state" in vals:
            self.line_ids.sale_line_id._mark_milestones()
        return result
