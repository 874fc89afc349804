from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

from .month_name import month_name


class Span(NamedTuple):
    """What of a sheet is of one company and one time, and how it stands.

    :param company: whose zone moments are told in
    :param str text: the time, in the reader's language
    :param first: naive UTC, as of when the figures are; of several the earliest
    :param last: the latest of them
    :param str status: whether they can still change, in the reader's language
    """

    company: Any
    text: str
    first: Any = None
    last: Any = None
    status: str = ""


class SalesFiguresRegisterMixin(models.AbstractModel):
    """Figures as XLSX: above them stands whose they are, of which time, as of when, and whether they still change.

    A model says with :meth:`_register_spans` which times its rows are of; without it they are of the days in the field
    `_register_day`, as they stand at the moment. It is empty where rows are of no day but of now; with
    `_register_by_month` it is the first day of the whole month that is meant.
    """

    _name = "sales.figures.register.mixin"
    _description = "Register of Figures"
    _inherit = ["sales.dept.register.mixin"]
    _register_day = "date"
    _register_by_month = False

    def _register_head(self):
        spans = self._register_spans()
        companies = self.env["res.company"].sudo().union(*(span.company for span in spans))
        head = [(self.env._("Company"), ", ".join(companies.mapped("name")))]
        if len(spans) == 1:
            (span,) = spans
            head += [
                (self.env._("Period"), span.text),
                (self.env._("As Of"), self._register_moment(span)),
                (self.env._("Status"), span.status),
            ]
        else:
            head += [(span.text, self._register_span_text(span, len(companies) > 1)) for span in spans]
        return [(label, text) for label, text in head if text]

    def _register_spans(self):
        """Return the :class:`Span` of each time that the rows of `self` are of, the latest first."""
        now = fields.Datetime.now()
        days = [f"{self._register_day}:{end}" for end in ("min", "max")] if self._register_day else []
        rows = self._read_group([("id", "in", self.ids)], ["company_id"], days)
        if self._register_by_month:
            rows = [(company, first, last and last + relativedelta(day=31)) for company, first, last in rows]
        return [Span(company, self._register_days(*ends), now, now) for company, *ends in rows]

    @api.model
    def _register_days(self, *ends):
        """The days from the first to the last as the reader writes them."""
        days = [format_date(self.env, day) for day in sorted({*ends} - {None, False})]
        return " – ".join(days)

    @api.model
    def _register_month_spans(self, months):
        """The :class:`Span` of each of the `months` of KPIs."""
        states = dict(months._fields["state"]._description_selection(self.env))
        return [
            Span(
                month.company_id,
                month_name(self.env, month.date_from),
                month.computed_date,
                month.locked_date or month.computed_date,
                states[month.state],
            )
            for month in months.sorted(lambda month: (month.date_from, month.company_id.id), reverse=True)
        ]

    @api.model
    def _register_states(self, counts, labels):
        """How many are in which state, of ``{state: count}``; the state alone, where all are in one."""
        counted = {labels[state]: count for state, count in counts.items() if count}
        if len(counted) == 1:
            return next(iter(counted))
        return ", ".join(f"{label}: {count}" for label, count in counted.items())

    @api.model
    def _register_moment(self, span):
        """As of when a span's figures are, at its company."""
        if not span.first:
            return ""
        zone = span.company.sudo()._local_zone().zone
        moments = [format_datetime(self.env, moment, tz=zone) for moment in sorted({span.first, span.last})]
        return f"{' – '.join(moments)} ({zone})"

    @api.model
    def _register_span_text(self, span, with_company):
        moment = self._register_moment(span)
        as_of = moment and self.env._("as of %(moment)s", moment=moment)
        return ", ".join(filter(None, [span.company.sudo().name if with_company else "", span.status, as_of]))
