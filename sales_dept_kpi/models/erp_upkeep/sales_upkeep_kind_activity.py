from odoo import api, models
from odoo.fields import Date, Domain
from odoo.tools import SQL


class SalesUpkeepKindActivity(models.AbstractModel):
    """Activities on the department's documents whose day has passed."""

    _name = "sales.upkeep.kind.activity"
    _inherit = "sales.upkeep.kind"
    _description = "Overdue Activities"
    _upkeep_model = "mail.activity"
    _upkeep_action = "sales_dept_kpi.action_upkeep_activities"
    _upkeep_sequence = 30

    @api.model
    def _upkeep_hint(self):
        return self.env._("Do it and mark it as done, or agree on another day.")

    @api.model
    def _upkeep_document_models(self):
        """Whose activities are the department's business."""
        return ["crm.lead", "res.partner", "sale.order", "sale.order.review", "sales.agreement", "sale.rush.request"]

    @api.model
    def _upkeep_scope(self, company):
        return Domain("res_model", "in", self._upkeep_document_models()) & Domain("user_id.company_id", "=", company.id)

    @api.model
    def _upkeep_untended(self, company):
        return Domain("date_deadline", "<", Date.to_string(company._local_today()))

    @api.model
    def _upkeep_name_sql(self, alias):
        return SQL("COALESCE(%s, %s)", SQL.identifier(alias, "summary"), SQL.identifier(alias, "res_name"))
