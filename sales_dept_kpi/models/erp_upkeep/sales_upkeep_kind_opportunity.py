from odoo import api, models
from odoo.fields import Domain


class SalesUpkeepKindOpportunity(models.AbstractModel):
    """Open opportunities on which nothing happens and nothing is planned."""

    _name = "sales.upkeep.kind.opportunity"
    _inherit = "sales.upkeep.kind"
    _description = "Stale Opportunities"
    _upkeep_model = "crm.lead"
    _upkeep_action = "crm.crm_lead_opportunities"
    _upkeep_sequence = 20

    @api.model
    def _upkeep_hint(self):
        return self.env._("Plan the next step, or mark it as lost with the reason.")

    @api.model
    def _upkeep_scope(self, company):
        shared = Domain("company_id", "=", False) & Domain("user_id.company_id", "=", company.id)
        return (
            Domain("type", "=", "opportunity")
            & Domain("won_status", "=", "pending")
            & (Domain("company_id", "=", company.id) | shared)
        )

    @api.model
    def _upkeep_untended(self, company):
        return Domain("won_status", "=", "pending") & self._upkeep_stale(company)
