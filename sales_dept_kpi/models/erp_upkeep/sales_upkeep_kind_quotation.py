from odoo import api, models
from odoo.fields import Domain


class SalesUpkeepKindQuotation(models.AbstractModel):
    """Quotations that wait for nobody knows what."""

    _name = "sales.upkeep.kind.quotation"
    _inherit = "sales.upkeep.kind"
    _description = "Stale Quotations"
    _upkeep_model = "sale.order"
    _upkeep_action = "sale.action_quotations"
    _upkeep_sequence = 10

    @api.model
    def _upkeep_hint(self):
        return self.env._("Ask the customer, plan the next step, or cancel it.")

    @api.model
    def _upkeep_scope(self, company):
        return Domain("company_id", "=", company.id) & Domain("state", "in", ["draft", "sent"])

    @api.model
    def _upkeep_untended(self, company):
        return Domain("state", "in", ["draft", "sent"]) & self._upkeep_stale(company)
