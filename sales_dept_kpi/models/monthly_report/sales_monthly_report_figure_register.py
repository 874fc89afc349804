from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class SalesMonthlyReportFigure(models.Model):
    """The figures of monthly reports as XLSX."""

    _name = "sales.monthly.report.figure"
    _inherit = ["sales.monthly.report.figure", "sales.figures.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Figures of Reports")

    def _register_spans(self):
        ((reports,),) = self._read_group([("id", "in", self.ids)], [], ["report_id:recordset"])
        return reports._register_spans()

    @api.model
    def _register_columns(self):
        return [
            RegisterColumn("date_from", self.env._("Month")),
            "kind",
            "user_id",
            RegisterColumn("name", width=32),
            "numerator",
            "denominator",
            RegisterColumn("value", value=lambda figure: figure.value if figure.has_value else None),
            RegisterColumn("threshold", value=lambda figure: figure.threshold if figure.has_threshold else None),
            "verdict",
            "computed_date",
            RegisterColumn("company_id", width=30),
        ]
