from odoo import api, fields, models
from odoo.fields import Domain


class SalesMonthlyReport(models.Model):
    """The KPIs of a report: a person's results, or the department's totals, of the month."""

    _inherit = "sales.monthly.report"

    def _fill_figures(self):
        """Take the figures of `self`, which are reports of one company, month and kind."""
        self.figure_ids.unlink()
        failed = self._compute_month()
        self.env["sales.monthly.report.figure"]._keep(
            [
                {**values, "report_id": report.id}
                for report, rows in self._kpi_rows()
                for values in self._prepare_figures_values(rows, failed)
            ]
        )
        for report in self:
            met, missed = (
                len(report.figure_ids.filtered(lambda figure, verdict=verdict: figure.verdict == verdict))
                for verdict in ("met", "missed")
            )
            report._write_protected({"kpi_count": met + missed, "kpi_met_count": met})

    def _compute_month(self):
        """Have the KPIs of the month computed where they were not, or not since it is over.

        :return: the department's figures of those that could not be
        """
        first = self[:1]
        month = self.env["sales.kpi.month"]._of(first.company_id, first.date_from)
        if month.state != "open":
            return self.env["sales.kpi.total"]
        end = first._moments()[1]
        since = end <= fields.Datetime.now() and end

        def lacking():
            return month._totals().filtered(lambda total: not total._is_as_of(since))

        if lacking():
            month._compute_open()
        return lacking()

    def _kpi_rows(self):
        """Return ``[(report, its KPI results, or the department's totals)]``."""
        first = self[:1]
        of_month = Domain("company_id", "=", first.company_id.id) & Domain("date", "=", first.date_from)
        if first.kind == "department":
            return [(first, self.env["sales.kpi.total"].search(of_month & Domain("has_value", "=", True)))]
        results = self.env["sales.kpi.result"].search(of_month & Domain("user_id", "in", self.user_id.ids))
        of_user = results.grouped("user_id")
        return [(report, of_user.get(report.user_id, results.browse())) for report in self]

    @api.model
    def _prepare_figures_values(self, rows, failed):
        """Values of a report's figures: of its KPI's `rows`, and of those that could not be computed.

        These say what they said last, if they ever said anything, and are not judged.
        """
        values = [row._prepare_report_figure_values() for row in rows]
        values += [
            {**total._prepare_report_figure_values(), "value": 0, "numerator": 0, "denominator": 0, "has_value": False}
            for total in failed
            if total.kpi_id not in rows.kpi_id
        ]
        return [
            {**figure, "verdict": "failed"} if figure["kpi_id"] in failed.kpi_id.ids else figure for figure in values
        ]
