from odoo import api, models
from odoo.fields import Domain

from .sales_upkeep_kind_order_dates import TO_DELIVER


class SalesUpkeepKindNotice(models.AbstractModel):
    """Orders whose goods lie ready without a delivery notice, where the company ships by notices."""

    _name = "sales.upkeep.kind.notice"
    _inherit = "sales.upkeep.kind"
    _description = "Goods Ready without a Notice"
    _upkeep_model = "sale.order"
    _upkeep_action = "sale.action_orders"
    _upkeep_sequence = 90

    @api.model
    def _upkeep_hint(self):
        return self.env._("Issue a delivery notice, or ask what holds the goods.")

    @api.model
    def _upkeep_scope(self, company):
        if not company.sales_dept_delivery_notice:
            return Domain.FALSE
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "sale")
            & Domain("delivery_status", "in", TO_DELIVER)
        )

    @api.model
    def _upkeep_untended(self, company):
        return Domain("has_goods_ready", "=", True)
