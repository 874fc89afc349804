from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .due_dates import DUE_DATES, MOST_DAYS, MOST_MONTHS

# How long each delay type may be, in its own unit.
MOST = {"closing_months": MOST_MONTHS, "closing_days": MOST_DAYS}


class AccountPaymentTermLine(models.Model):
    """Payment by the month: what is delivered up to the cut-off day falls due together."""

    _inherit = "account.payment.term.line"

    delay_type = fields.Selection(
        selection_add=[
            ("closing_months", "Month ends after closing"),
            ("closing_days", "Days after closing"),
        ],
        ondelete={
            "closing_months": lambda lines: lines._leave_closing_months(),
            "closing_days": lambda lines: lines._leave_closing_days(),
        },
    )
    sales_dept_cut_off_day = fields.Integer(
        "Cut-off Day",
        help="What is delivered, stated or invoiced up to this day of a month belongs to it, what comes later to the "
        "next one. 0: the month's end; so is a day that a month has not.",
    )
    sales_dept_grace_days = fields.Integer("Grace Days", help="Days that are added to the due date, as was agreed.")

    @api.constrains("delay_type", "nb_days", "sales_dept_cut_off_day", "sales_dept_grace_days")
    def _check_closing(self):
        for line in self.filtered(lambda line: line.delay_type in DUE_DATES):
            if message := line._closing_error_message():
                raise ValidationError(message)

    def _closing_error_message(self):
        """Return what is wrong with this line, which is due by the month, or False."""
        if not 0 <= self.sales_dept_cut_off_day <= 31:
            return self.env._(
                "%(term)s: there is no day %(day)s to close a month on. Enter a day from 1 to 31, or 0 for the month's "
                "end.",
                term=self.payment_id.name,
                day=self.sales_dept_cut_off_day,
            )
        if not 0 <= self.sales_dept_grace_days <= MOST_DAYS:
            return self.env._(
                "%(term)s: %(days)s grace days cannot be meant. Enter 0 to %(most)s.",
                term=self.payment_id.name,
                days=self.sales_dept_grace_days,
                most=MOST_DAYS,
            )
        if not 0 <= self.nb_days <= MOST[self.delay_type]:
            return self.env._(
                "%(term)s: %(count)s after the closing cannot be meant. Enter 0 to %(months)s months, or 0 to %(days)s "
                "days.",
                term=self.payment_id.name,
                count=self.nb_days,
                months=MOST_MONTHS,
                days=MOST_DAYS,
            )
        return False

    def _get_due_date(self, date_ref):
        self.ensure_one()
        due_date = DUE_DATES.get(self.delay_type)
        if not due_date:
            return super()._get_due_date(date_ref)
        day = fields.Date.to_date(date_ref) or fields.Date.today()
        return due_date(day, self.sales_dept_cut_off_day, self.nb_days, self.sales_dept_grace_days)

    # === WHEN THE ADDON GOES === #

    def _leave_closing_months(self):
        """What Odoo has that comes nearest: it knows no months."""
        for line in self:
            line.write({"delay_type": "days_after_end_of_month", "nb_days": 30 * line.nb_days})

    def _leave_closing_days(self):
        """The same dates, where months are closed at their end."""
        for line in self:
            line.write({"delay_type": "days_after_end_of_month", "nb_days": line.nb_days + 1})
