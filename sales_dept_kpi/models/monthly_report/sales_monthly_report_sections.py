from collections import defaultdict
from datetime import time, timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import float_round

from odoo.addons.sales_dept_logistics.models.order_exception.sale_order_exception import OPEN as EXCEPTION_OPEN

from .sections import SECTIONS

# How many are listed of each section and person; all are counted.
MOST_LINES = 500


class SalesMonthlyReport(models.Model):
    """The documents that a report lists: read for the people of all reports of a month together, as superuser.

    They are as at the month's end, or now where it is not over: what was paid, received or done since then was open.
    What keeps no date of its changes is as it is now: an exception's state, causes, measures and remarks.
    A section is read by the method `_collect_<code>`. Another addon that brings one adds to :data:`SECTIONS`, to the
    selection of the line, and its method.
    """

    _inherit = "sales.monthly.report"

    def _fill_lines(self):
        """List the open documents of the people of `self`, which are reports of one company and month."""
        self.line_ids.unlink()
        of_user = {report.user_id: report for report in self}
        found = defaultdict(lambda: defaultdict(list))
        # In the company's language: names are kept as text.
        reader = self[:1].with_context(lang=self.company_id.partner_id.lang).sudo()
        for section in SECTIONS:
            for user, values in getattr(reader, f"_collect_{section}")(self.user_id):
                found[of_user[user]][section].append({**values, "section": section})
        self.env["sales.monthly.report.line"].create(
            [
                {**values, "report_id": report.id, "user_id": report.user_id.id}
                for report, sections in found.items()
                for rows in sections.values()
                for values in rows[:MOST_LINES]
            ]
        )
        for report in self:
            report._write_protected(report._sums(found[report]))

    def _sums(self, sections):
        """The counts and amounts of ``{section: values of its documents}``."""
        sums = {f"{code}_count": len(sections.get(code, ())) for code in SECTIONS}
        for code, section in SECTIONS.items():
            if section.has_amount:
                amount = sum(values["amount"] for values in sections.get(code, ()))
                sums[f"{code}_amount"] = self.currency_id.round(amount)
        return sums

    def _as_of(self):
        """The first day on which what was due in the month is overdue; today, where the month is not over."""
        return min(self.date_to + timedelta(days=1), self.company_id._local_today())

    def _last_day(self):
        """The last day of which what happened counts: the month's, or today."""
        return min(self.date_to, self.company_id._local_today())

    def _moments(self):
        """The month's beginning and end at the company, as naive UTC datetimes; the end does not belong to it."""
        company = self.company_id
        return (
            company._moment_of(self.date_from, time.min),
            company._moment_of(self.date_to + timedelta(days=1), time.min),
        )

    # === SECTIONS === #

    def _collect_collection(self, users):
        """Yield ``(user, values)`` of instalments that are overdue, and of what the same customers have too much.

        Their salesperson is responsible, else the customer's; open credit is taken off, so that the sum is what is
        still to come in. What was settled after the last day was open on it.
        """
        day, last = self._as_of(), self._last_day()
        lines = self.env["account.move.line"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("account_id.account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & (
                Domain("reconciled", "=", False)
                | Domain("matched_debit_ids.max_date", ">", last)
                | Domain("matched_credit_ids.max_date", ">", last)
            )
            & Domain("date", "<=", last)
            & Domain("date_maturity", "<", day)
            & (
                Domain("move_id.invoice_user_id", "in", users.ids)
                | Domain("move_id.invoice_user_id", "=", False)
                & Domain("partner_id.commercial_partner_id.user_id", "in", users.ids)
            ),
            order="date_maturity, id",
        )
        for line in lines:
            move, amount = line.move_id, self._open_amount(line, last)
            if not amount:
                continue
            yield (
                move.invoice_user_id or line.partner_id.commercial_partner_id.user_id,
                {
                    "res_model": move._name,
                    "res_id": move.id,
                    "name": move.name,
                    "partner_name": line.partner_id.display_name,
                    "date": line.date_maturity,
                    "days": (day - line.date_maturity).days,
                    "amount": amount,
                },
            )

    def _open_amount(self, line, last):
        """What was open of a receivable `line` at the end of the day `last`, in the company's currency."""
        paid, given = (
            sum(partial.amount for partial in partials if partial.max_date > last)
            for partials in (line.matched_credit_ids, line.matched_debit_ids)
        )
        return self.currency_id.round(line.amount_residual + paid - given)

    def _collect_review(self, users):
        """Yield ``(user, values)`` of order reviews that should have been received, and were not."""
        day, moment = self._as_of(), min(self._moments()[1], fields.Datetime.now())
        reviews = self.env["sale.order.review"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("user_id", "in", users.ids)
            & Domain("state", "in", ("review", "conditions", "passed"))
            & Domain("deadline", "<", moment)
            & (Domain("receive_date", "=", False) | Domain("receive_date", ">=", moment)),
            order="deadline, id",
        )
        for review in reviews:
            due = self.company_id._local_day(review.deadline)
            yield (
                review.user_id,
                {
                    "res_model": review._name,
                    "res_id": review.id,
                    "name": review.name,
                    "partner_name": review.partner_id.display_name,
                    "date": due,
                    "days": max((day - due).days, 0),
                    "amount": self._company_amount(review.order_id),
                    "detail": review.order_id.name,
                },
            )

    def _company_amount(self, order):
        """The order's untaxed total in the company's currency, at the order's own rate."""
        amount = order.amount_untaxed / (order.currency_rate or 1.0)
        return float_round(amount, precision_rounding=self.currency_id.rounding)

    def _collect_overstock(self, users):
        """Yield ``(user, values)`` of the lines over the limit on the month's last stock ageing sheet."""
        sheet = self.env["stock.ageing.sheet"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("date", ">=", self.date_from)
            & Domain("date", "<=", self.date_to)
            & Domain("state", "not in", ("draft", "superseded")),
            order="date desc",
            limit=1,
        )
        lines = self.env["stock.ageing.line"].search(
            Domain("sheet_id", "=", sheet.id) & Domain("is_over", "=", True) & Domain("user_id", "in", users.ids),
            order="over_value desc, id",
        )
        measures = dict(lines._fields["measure"]._description_selection(self.env))
        for line in lines:
            yield (
                line.user_id,
                {
                    "res_model": line._name,
                    "res_id": line.id,
                    "name": line.product_id.display_name,
                    "partner_name": line.partner_id.display_name,
                    "date": line.measure_date,
                    "amount": line.over_value,
                    "detail": " – ".join(filter(None, [line.cause, measures.get(line.measure)])),
                },
            )

    def _collect_exception(self, users):
        """Yield ``(user, values)`` of order exceptions of the month, and of earlier ones that are still open."""
        start, end = self._moments()
        exceptions = self.env["sale.order.exception"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("user_id", "in", users.ids)
            & Domain("state", "!=", "cancelled")
            & Domain("date_opened", "<", end)
            & (Domain("date_opened", ">=", start) | Domain("state", "in", EXCEPTION_OPEN)),
            order="date_opened, id",
        )
        causes = dict(exceptions._fields["cause"]._description_selection(self.env))
        states = dict(exceptions._fields["state"]._description_selection(self.env))
        for exception in exceptions:
            yield (
                exception.user_id,
                {
                    "res_model": exception._name,
                    "res_id": exception.id,
                    "name": " ".join(filter(None, [exception.name, exception.order_id.name])),
                    "partner_name": exception.partner_id.display_name,
                    "date": self.company_id._local_day(exception.date_opened),
                    "detail": " – ".join(
                        filter(None, [states[exception.state], causes[exception.cause], exception.measure])
                    ),
                },
            )

    def _collect_follow_up(self, users):
        """Yield ``(user, values)`` of follow-ups with other departments: due in the month, or still open.

        One stands in the report of whoever gave it, and of whoever does it.
        """
        day, last = self._as_of(), self._last_day()
        rows = self.env["sales.assignment.report"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("kind", "=", "follow_up")
            & (Domain("giver_id", "in", users.ids) | Domain("user_id", "in", users.ids))
            & Domain("date_given", "<=", self.date_to)
            & (
                Domain("status", "in", ("open", "overdue"))
                | Domain("date_done", ">", last)
                | Domain("date_deadline", ">=", self.date_from) & Domain("date_deadline", "<=", self.date_to)
            ),
            order="date_deadline, id",
        )
        statuses = dict(rows._fields["status"]._description_selection(self.env))
        for row in rows:
            was_open = row.status in ("open", "overdue") or bool(row.date_done) and row.date_done > last
            status = ("overdue" if row.date_deadline < day else "open") if was_open else row.status
            for user in (row.giver_id | row.user_id) & users:
                yield (
                    user,
                    {
                        "res_model": row._name,
                        "res_id": row.id,
                        "name": row.name,
                        "partner_name": (row.user_id if user == row.giver_id else row.giver_id).name,
                        "date": row.date_deadline,
                        "days": max((day - row.date_deadline).days, 0) if status == "overdue" else 0,
                        "detail": " – ".join(filter(None, [statuses[status], not was_open and row.feedback])),
                    },
                )
