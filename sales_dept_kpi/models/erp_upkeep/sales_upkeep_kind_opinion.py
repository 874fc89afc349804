from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class SalesUpkeepKindOpinion(models.AbstractModel):
    """Order reviews to which a department has not answered in time. No one person is asked, so they are nobody's."""

    _name = "sales.upkeep.kind.opinion"
    _inherit = "sales.upkeep.kind"
    _description = "Departments' Opinions Overdue"
    _upkeep_model = "sale.order.review"
    _upkeep_action = "sales_dept_roles.action_order_reviews"
    _upkeep_sequence = 70

    @api.model
    def _upkeep_hint(self):
        return self.env._("Ask the department for its opinion.")

    @api.model
    def _upkeep_scope(self, company):
        return Domain("company_id", "=", company.id) & Domain("state", "=", "review")

    @api.model
    def _upkeep_untended(self, company):
        now = fields.Datetime.to_string(fields.Datetime.now())
        return Domain("state", "=", "review") & Domain(
            "opinion_ids", "any", [("task_id.state", "=", "open"), ("task_id.deadline", "<", now)]
        )

    @api.model
    def _upkeep_user_sql(self, alias):
        return SQL("NULL::integer")
