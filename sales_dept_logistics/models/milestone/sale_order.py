from odoo import fields, models

# What milestones are planned and shown by.
FOLLOWED = {"state", "commitment_date", "date_order"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    milestone_ids = fields.One2many("sale.order.milestone", "order_id", "Milestones")

    def _door_after(self, vals, before):
        result = super()._door_after(vals, before)
        if FOLLOWED & vals.keys():
            self.order_line._mark_milestones()
        return result

    def _apply_promised_dates(self):
        result = super()._apply_promised_dates()
        self.sudo().order_line._mark_milestones()
        return result
