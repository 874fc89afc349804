from odoo import fields, models
from odoo.fields import Domain


class SalesMonthlyReport(models.Model):
    """The KPIs of a report: a person's results, or the department's totals, of the month."""

    _inherit = "sales.monthly.report"

    def _fill_figures(self):
        """Take the figures of `self`, which are reports of one company, month and kind."""
        self.figure_ids.unlink()
        self._compute_month()
        self.env["sales.monthly.report.figure"]._keep(
            [
                {**row._prepare_report_figure_values(), "report_id": report.id}
                for report, rows in self._kpi_rows()
                for row in rows
            ]
        )
        for report in self:
            judged = report.figure_ids.filtered(lambda figure: figure.verdict != "none")
            met = judged.filtered(lambda figure: figure.verdict == "met")
            report._write_protected({"kpi_count": len(judged), "kpi_met_count": len(met)})

    def _compute_month(self):
        """Have the KPIs of the month computed where they were not, or not since it is over."""
        first = self[:1]
        month = self.env["sales.kpi.month"]._of(first.company_id, first.date_from)
        end = first._moments()[1]
        computed = month.computed_date
        if month.state == "open" and (not computed or computed < end <= fields.Datetime.now()):
            month.action_compute()

    def _kpi_rows(self):
        """Return ``[(report, its KPI results, or the department's totals)]``."""
        first = self[:1]
        of_month = Domain("company_id", "=", first.company_id.id) & Domain("date", "=", first.date_from)
        if first.kind == "department":
            return [(first, self.env["sales.kpi.total"].search(of_month & Domain("has_value", "=", True)))]
        results = self.env["sales.kpi.result"].search(of_month & Domain("user_id", "in", self.user_id.ids))
        of_user = results.grouped("user_id")
        return [(report, of_user.get(report.user_id, results.browse())) for report in self]
