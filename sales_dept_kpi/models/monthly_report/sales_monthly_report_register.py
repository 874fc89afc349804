from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class SalesMonthlyReport(models.Model):
    """The register of monthly reports as XLSX."""

    _name = "sales.monthly.report"
    _inherit = ["sales.monthly.report", "sales.dept.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Monthly Reports")

    @api.model
    def _register_columns(self):
        return [
            RegisterColumn("date_from", self.env._("Month")),
            "kind",
            "user_id",
            "state",
            "due_date",
            "submitted_date",
            RegisterColumn("is_late", value=lambda report: report.env._("Late") if report.is_late else None),
            "confirmed_date",
            "kpi_count",
            "kpi_met_count",
            "collection_count",
            "collection_amount",
            "review_count",
            "review_amount",
            "overstock_count",
            "overstock_amount",
            "exception_count",
            "follow_up_count",
            RegisterColumn("results", width=50),
            RegisterColumn("causes", width=50),
            RegisterColumn("help_needed", width=50),
            RegisterColumn("company_id", width=30),
        ]
