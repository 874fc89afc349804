from datetime import date

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from .due_dates import DUE_DATES, example_days

LINE_FIELDS = ("delay_type", "nb_days", "sales_dept_cut_off_day", "sales_dept_grace_days")


class AccountPaymentTerm(models.Model):
    """What a payment term by the month means, by three days; and from which day an invoice counts."""

    _inherit = "account.payment.term"

    sales_dept_by_month = fields.Boolean("By the Month", compute="_compute_sales_dept_by_month")
    sales_dept_example_dates = fields.Html(
        "Example Dates", compute="_compute_sales_dept_example_dates", help="What falls due when, by three days."
    )

    @api.depends("line_ids.delay_type")
    def _compute_sales_dept_by_month(self):
        for term in self:
            term.sales_dept_by_month = any(line.delay_type in DUE_DATES for line in term.line_ids)

    @api.depends(*(f"line_ids.{name}" for name in LINE_FIELDS), "line_ids.days_next_month")
    @api.depends_context("lang")
    def _compute_sales_dept_example_dates(self):
        today = self.env.company._local_today()
        for term in self:
            cut_off_days = [line.sales_dept_cut_off_day for line in term.line_ids if line.delay_type in DUE_DATES]
            # While it is typed it may be any number.
            days = example_days(min(max([*cut_off_days, 0][0], 0), 31), today)
            term.sales_dept_example_dates = Markup("").join(term._example_row(day) for day in days)

    def _example_row(self, day):
        dues = [format_date(self.env, due) for due in self._due_dates(day)]
        return Markup("<div>%s → <b>%s</b></div>") % (format_date(self.env, day), ", ".join(dues))

    @api.depends(*(f"line_ids.{name}" for name in LINE_FIELDS))
    def _compute_example_preview(self):
        return super()._compute_example_preview()

    def _due_dates(self, base_date):
        """The days on which instalments fall due that count from `base_date`, in order."""
        self.ensure_one()
        return sorted({line._get_due_date(base_date) for line in self.line_ids})

    def _compute_terms(
        self,
        date_ref,
        currency,
        company,
        tax_amount,
        tax_amount_currency,
        sign,
        untaxed_amount,
        untaxed_amount_currency,
        cash_rounding=None,
    ):
        # Given by the invoice (see there) that is computed. A client cannot send it: JSON has no dates.
        base_date = self.env.context.get("sales_dept_base_date")
        return super()._compute_terms(
            base_date if type(base_date) is date else date_ref,
            currency,
            company,
            tax_amount,
            tax_amount_currency,
            sign,
            untaxed_amount,
            untaxed_amount_currency,
            cash_rounding=cash_rounding,
        )
