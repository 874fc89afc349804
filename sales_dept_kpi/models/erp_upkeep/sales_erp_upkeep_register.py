from odoo import api, fields, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn

from ..kpi.sales_figures_register_mixin import Span


class SalesErpUpkeep(models.Model):
    """The upkeep sheet as XLSX."""

    _name = "sales.erp.upkeep"
    _inherit = ["sales.erp.upkeep", "sales.figures.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("ERP Upkeep")

    def _register_spans(self):
        now = fields.Datetime.now()
        return [Span(company, "", now, now) for company in self.company_id]

    @api.model
    def _register_columns(self):
        return [
            RegisterColumn("team_id", width=20),
            "user_id",
            RegisterColumn("kind", width=30),
            "untended_count",
            "total_count",
            "share",
            "hint",
            RegisterColumn("company_id", width=30),
        ]
