from odoo import api, fields, models

from .freight_waybill import COST_GROUPS


class SaleOrder(models.Model):
    """What the freight of an order should cost, and what its margin is after that."""

    _inherit = "sale.order"

    expected_freight = fields.Monetary(
        compute="_compute_expected_freight",
        compute_sudo=True,
        groups=COST_GROUPS,
        help="What the carriers of its deliveries should charge by their rate cards: a cost of ours.",
    )
    has_margin = fields.Boolean(compute="_compute_margin_after_freight", compute_sudo=True, groups=COST_GROUPS)
    margin_after_freight = fields.Monetary(
        compute="_compute_margin_after_freight",
        compute_sudo=True,
        groups=COST_GROUPS,
        help="The margin less what the freight of the deliveries should cost.",
    )

    @api.depends("picking_ids.expected_freight", "currency_id", "company_id", "date_order")
    def _compute_expected_freight(self):
        for order in self:
            cost = sum(order.picking_ids.mapped("expected_freight"))
            own = order.company_id.currency_id
            day = order.date_order or fields.Datetime.now()
            order.expected_freight = cost and own._convert(cost, order.currency_id, order.company_id, day)

    @api.depends(lambda self: ["expected_freight", *(["margin"] if "margin" in self._fields else [])])
    def _compute_margin_after_freight(self):
        # The margin itself comes with another module of Odoo's.
        self.has_margin = "margin" in self._fields
        for order in self:
            margin = order.margin if order.has_margin else 0.0
            order.margin_after_freight = margin - order.expected_freight
