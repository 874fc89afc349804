"""The day on which a customer closes its books: one rule, in Python and in SQL.

A closing day is a day of the month, 1 to 31; one that a month has not is its last day, as is none (0).
"""

import calendar
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL


def closing_date(closing_day, day):
    """The first closing day on or after `day`.

    :param int closing_day: 0 to 31
    :param date day: a day of the company's
    :rtype: date
    """
    this = _in_month(closing_day, day)
    return this if this >= day else _in_month(closing_day, day.replace(day=1) + relativedelta(months=1))


def closing_date_before(closing_day, day):
    """The last closing day before `day`: what is closed by it begins the day after."""
    this = _in_month(closing_day, day)
    return this if this < day else _in_month(closing_day, day.replace(day=1) - relativedelta(months=1))


def _in_month(closing_day, day):
    last = calendar.monthrange(day.year, day.month)[1]
    return date(day.year, day.month, min(closing_day or last, last))


def closing_date_sql(closing_day, day):
    """As :func:`closing_date`, of two expressions: an integer, not null, and a date."""

    def in_month(month):
        last = SQL("((%s) + INTERVAL '1 month - 1 day')::date", month)
        return SQL(
            "CASE WHEN %(closing_day)s = 0 THEN %(last)s"
            " ELSE LEAST((%(month)s)::date + (%(closing_day)s - 1), %(last)s) END",
            closing_day=closing_day,
            last=last,
            month=month,
        )

    this, following = (
        SQL("date_trunc('month', (%s)::timestamp) %s", day, SQL(shift)) for shift in ("", "+ INTERVAL '1 month'")
    )
    return SQL("CASE WHEN %s >= %s THEN %s ELSE %s END", in_month(this), day, in_month(this), in_month(following))
