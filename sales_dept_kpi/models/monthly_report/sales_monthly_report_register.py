from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn

from ..kpi.month_name import month_name
from ..kpi.sales_figures_register_mixin import Span


class SalesMonthlyReport(models.Model):
    """The register of monthly reports as XLSX."""

    _name = "sales.monthly.report"
    _inherit = ["sales.monthly.report", "sales.figures.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Monthly Reports")

    def _register_spans(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        rows = self._read_group(
            [("id", "in", self.ids)],
            ["date_from:month", "company_id", "state"],
            ["figures_date:min", "figures_date:max", "__count"],
            order="date_from:month DESC",
        )
        spans = {}
        for month, company, state, first, last, count in rows:
            moments, counts = spans.setdefault((month, company), ([], {}))
            moments += filter(None, [first, last])
            counts[state] = count
        return [
            Span(
                company,
                month_name(self.env, month),
                min(moments, default=None),
                max(moments, default=None),
                self._register_states(counts, labels),
            )
            for (month, company), (moments, counts) in spans.items()
        ]

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
