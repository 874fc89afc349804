from odoo import api, models
from odoo.fields import Domain

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class SalesMonthlyReportLine(models.Model):
    """The open documents of monthly reports as XLSX."""

    _name = "sales.monthly.report.line"
    _inherit = ["sales.monthly.report.line", "sales.figures.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Open Documents of Reports")

    @api.model
    def _register_domain(self):
        # The department's report lists once more what its people's reports list.
        return Domain("kind", "=", "person")

    def _register_spans(self):
        ((reports,),) = self._read_group([("id", "in", self.ids)], [], ["report_id:recordset"])
        return reports._register_spans()

    @api.model
    def _register_columns(self):
        return [
            RegisterColumn("date_from", self.env._("Month")),
            "user_id",
            RegisterColumn("section", width=28),
            RegisterColumn("name", width=36),
            RegisterColumn("partner_name", width=36),
            "date",
            "days",
            "amount",
            RegisterColumn("detail", width=50),
            RegisterColumn("company_id", width=30),
        ]
