from odoo import api, fields, models

from ...rating import share
from .freight_waybill import COST_GROUPS


class StockPicking(models.Model):
    """What the freight of a delivery should cost: its part of its waybills, each of which is parted evenly."""

    _inherit = "stock.picking"

    freight_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the Freight")
    expected_freight = fields.Monetary(
        compute="_compute_expected_freight",
        compute_sudo=True,
        currency_field="freight_currency_id",
        groups=COST_GROUPS,
        help="What the carrier should charge by its rate card. Not what the customer pays for the delivery.",
    )

    @api.depends("waybill_ids.expected_cost", "waybill_ids.picking_ids")
    def _compute_expected_freight(self):
        for picking in self:
            picking.expected_freight = sum(picking._freight_parts())

    def _freight_parts(self):
        """Yield the part of each waybill's cost that is this delivery's; the parts of all deliveries add up to it."""
        for waybill in self.waybill_ids:
            pickings = waybill.picking_ids.sorted("id").ids
            unit = waybill.currency_id.rounding
            yield float(share(waybill._freight_cost(), pickings.index(self._origin.id), len(pickings), unit))
