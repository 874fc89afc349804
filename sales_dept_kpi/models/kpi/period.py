from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

MIDNIGHT = time()


@dataclass(frozen=True)
class Period:
    """A month of a company, as its KPIs are asked for it: half-open, in days and in moments.

    Columns of dates are compared with `date_from` and `date_to`, columns of moments with `moment_from` and
    `moment_to`; so no column is cast, and an index on it serves.
    """

    company: Any
    date_from: date
    # The first day after it.
    date_to: date
    # Naive UTC, of the company's midnights.
    moment_from: datetime
    moment_to: datetime
    # When it is asked, and the company's day then: what falls due later is not decided yet.
    now: datetime
    today: date

    def text_sql(self, column):
        """The translated text `column` in the company's language: evidence keeps names as they were written then."""
        return SQL("COALESCE(%(c)s ->> %(lang)s, %(c)s ->> 'en_US')", c=column, lang=self.company.partner_id.lang)

    def day_sql(self, moment):
        """The day of `moment` (SQL of naive UTC) at the company, whose zone is looked up once, not for each row."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, self.company._local_zone().zone)

    @classmethod
    def of(cls, company, day, now):
        """The month of `company` that holds `day`, as seen at `now` (naive UTC)."""
        date_from = day.replace(day=1)
        date_to = date_from + relativedelta(months=1)
        return cls(
            company,
            date_from,
            date_to,
            company._moment_of(date_from, MIDNIGHT),
            company._moment_of(date_to, MIDNIGHT),
            now,
            company._local_day(now),
        )
