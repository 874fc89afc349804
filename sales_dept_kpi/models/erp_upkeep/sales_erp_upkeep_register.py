from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class SalesErpUpkeep(models.Model):
    """The upkeep sheet as XLSX."""

    _name = "sales.erp.upkeep"
    _inherit = ["sales.erp.upkeep", "sales.figures.register.mixin"]
    _register_day = None

    @api.model
    def _register_title(self):
        return self.env._("ERP Upkeep")

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
