from odoo import api, fields, models
from odoo.fields import Domain


class SaleOrder(models.Model):
    _inherit = "sale.order"

    waybill_count = fields.Integer(compute="_compute_waybill_count", compute_sudo=True)

    @api.depends("picking_ids.waybill_ids")
    def _compute_waybill_count(self):
        for order in self:
            order.waybill_count = len(order.picking_ids.waybill_ids)

    def action_view_waybills(self):
        self.ensure_one()
        return self.env["freight.waybill"]._action_open(Domain("picking_ids.sale_id", "in", self.ids))
