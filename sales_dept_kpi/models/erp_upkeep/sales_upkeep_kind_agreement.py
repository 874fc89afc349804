from odoo import api, models
from odoo.fields import Domain


class SalesUpkeepKindAgreement(models.AbstractModel):
    """Framework agreements that end soon and of which no renewal was begun."""

    _name = "sales.upkeep.kind.agreement"
    _inherit = "sales.upkeep.kind"
    _description = "Agreements Expiring"
    _upkeep_model = "sales.agreement"
    _upkeep_action = "sales_dept_roles.action_sales_agreements"
    _upkeep_sequence = 80

    @api.model
    def _upkeep_hint(self):
        return self.env._("Begin the renewal, or note that it ends.")

    @api.model
    def _upkeep_scope(self, company):
        return Domain("company_id", "=", company.id) & Domain("state", "in", ["in_force", "expiring"])

    @api.model
    def _upkeep_untended(self, company):
        return Domain("state", "=", "expiring") & Domain("successor_ids", "=", False)
