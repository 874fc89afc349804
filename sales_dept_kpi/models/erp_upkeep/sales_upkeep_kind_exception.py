from odoo import api, models
from odoo.fields import Domain


class SalesUpkeepKindException(models.AbstractModel):
    """Order exceptions of which the customer was not told."""

    _name = "sales.upkeep.kind.exception"
    _inherit = "sales.upkeep.kind"
    _description = "Customers Not Told"
    _upkeep_model = "sale.order.exception"
    _upkeep_action = "sales_dept_logistics.action_order_exceptions"
    _upkeep_sequence = 100

    @api.model
    def _upkeep_hint(self):
        return self.env._("Say what is done about it, and tell the customer.")

    @api.model
    def _upkeep_scope(self, company):
        return Domain("company_id", "=", company.id) & Domain("state", "in", ["open", "handled"])

    @api.model
    def _upkeep_untended(self, company):
        return Domain("state", "in", ["open", "handled"]) & Domain("date_told", "=", False)
