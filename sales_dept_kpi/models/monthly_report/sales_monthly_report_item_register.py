from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class SalesMonthlyReportItem(models.Model):
    """What was planned, and what came of it, as XLSX."""

    _name = "sales.monthly.report.item"
    _inherit = ["sales.monthly.report.item", "sales.dept.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Monthly Plans")

    @api.model
    def _register_columns(self):
        return [
            RegisterColumn("date_from", self.env._("Month")),
            "user_id",
            RegisterColumn("name", width=40),
            RegisterColumn("measure", width=40),
            "date",
            "outcome",
            "moved_date",
            RegisterColumn("remark", width=40),
            RegisterColumn("company_id", width=30),
        ]
