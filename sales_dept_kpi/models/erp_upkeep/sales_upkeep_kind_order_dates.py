from odoo import api, models
from odoo.fields import Domain

TO_DELIVER = ["pending", "started", "partial"]


class SalesUpkeepKindOrderDates(models.AbstractModel):
    """Orders still to be delivered of which nobody noted when the customer wants them."""

    _name = "sales.upkeep.kind.order_dates"
    _inherit = "sales.upkeep.kind"
    _description = "Orders without Dates"
    _upkeep_model = "sale.order"
    _upkeep_action = "sale.action_orders"
    _upkeep_sequence = 40

    @api.model
    def _upkeep_hint(self):
        return self.env._("Enter the delivery date, or the day on which each line is wanted.")

    @api.model
    def _upkeep_scope(self, company):
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "sale")
            & Domain("delivery_status", "in", TO_DELIVER)
        )

    @api.model
    def _upkeep_untended(self, company):
        return Domain("commitment_date", "=", False) & Domain(
            "order_line",
            "any",
            [
                ("display_type", "=", False),
                ("is_downpayment", "=", False),
                ("product_id.type", "=", "consu"),
                ("wanted_date", "=", False),
                ("promised_date", "=", False),
            ],
        )
