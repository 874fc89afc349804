from odoo import api, fields, models
from odoo.fields import Domain

UNDER_WAY = ["review", "conditions", "passed"]


class SalesUpkeepKindReview(models.AbstractModel):
    """Order reviews that the account manager has not received by their deadline."""

    _name = "sales.upkeep.kind.review"
    _inherit = "sales.upkeep.kind"
    _description = "Order Reviews Overdue"
    _upkeep_model = "sale.order.review"
    _upkeep_action = "sales_dept_roles.action_order_reviews"
    _upkeep_sequence = 60

    @api.model
    def _upkeep_hint(self):
        return self.env._("Accept the conditions, have it handed out, and receive it.")

    @api.model
    def _upkeep_scope(self, company):
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "in", UNDER_WAY)
            & Domain("receive_date", "=", False)
        )

    @api.model
    def _upkeep_untended(self, company):
        return (
            Domain("state", "in", UNDER_WAY)
            & Domain("receive_date", "=", False)
            & Domain("deadline", "<", fields.Datetime.to_string(fields.Datetime.now()))
        )
