from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..kpi.month_name import month_name

# What a trend shows, the month that is looked at being the last.
TREND_MONTHS = 6
SHOWN = (
    "company_id",
    "date",
    "denominator",
    "has_value",
    "kpi_id",
    "measure",
    "month_id",
    "numerator",
    "overlay",
    "pending",
    "state",
    "team_id",
    "threshold",
    "user_id",
    "value",
    "verdict",
)


class SalesKpiFigureMixin(models.AbstractModel):
    """A figure as job cards and dashboards show it: beside what it was in the months before."""

    _inherit = "sales.kpi.figure.mixin"

    trend = fields.Json("Trend of Six Months", compute="_compute_trend")
    threshold_text = fields.Char("Threshold as Shown", compute="_compute_threshold_text")

    @api.depends("threshold", "measure")
    def _compute_threshold_text(self):
        for figure in self:
            figure.threshold_text = figure.threshold and f"≥ {figure._threshold_text()}"

    @api.depends("date", "value", "has_value", "verdict", "threshold")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_trend(self):
        days = [figure.date for figure in self if figure.date]
        series = self._series(self._same_domain(), min(days), max(days)) if days else {}
        for figure in self:
            figure.trend = figure._trend(series.get(figure._series_key(), {}), figure.date) if figure.date else False

    def _same_domain(self):
        """The ``Domain`` of all months of the KPIs of `self`, and of whoever these are of."""
        return Domain("kpi_id", "in", self.kpi_id.ids) & Domain("company_id", "in", self.company_id.ids)

    def _series_key(self):
        """What figures of several months have in common that show one trend."""
        return self.company_id.id, self.kpi_id.id

    @api.model
    def _series(self, domain, first, last):
        """The figures of `domain` in the months `first` to `last`, and those that their trends need: one query.

        :return: ``{key: {first of month: figure}}``
        """
        since = first - relativedelta(months=TREND_MONTHS - 1)
        series = defaultdict(dict)
        for figure in self._search_shown(Domain(domain) & Domain("date", ">=", since) & Domain("date", "<=", last)):
            series[figure._series_key()][figure.date] = figure
        return series

    @api.model
    def _trend(self, months, last):
        """What a sparkline shows of ``{first of month: figure}``, up to the month `last`.

        :return: ``[{"month", "value" or None, "text", "threshold" or None, "verdict"}]``
        """
        days = [last - relativedelta(months=ago) for ago in reversed(range(TREND_MONTHS))]
        return [
            {"month": month_name(self.env, day, "yMMM"), **months.get(day, self.browse())._trend_point()}
            for day in days
        ]

    @api.model
    def _search_shown(self, domain):
        """The figures of `domain`, with what is shown of them, in one query."""
        return self.search_fetch(domain, [name for name in SHOWN if name in self._fields])

    def _trend_point(self):
        known = bool(self) and self.has_value
        return {
            "value": self.value if known else None,
            "text": self.value_text if known else False,
            "threshold": self.threshold if known and self.verdict != "none" else None,
            "verdict": self.verdict if known else "none",
        }

    def _card_values(self):
        """What a card shows of the figure, which may be none yet."""
        known = bool(self) and self.has_value
        return {
            "model": self._name,
            "id": self.id,
            "text": self.value_text if known else False,
            "verdict": self.verdict if self else "none",
            "threshold": self.threshold_text,
            "next_step": self.next_step,
        }
