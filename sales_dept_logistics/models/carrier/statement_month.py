"""Which month's statement a day belongs to; the database counts in the same way."""

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL


def statement_month(day, closing_day):
    """The first of the month whose statement has `day` in it.

    :param date day: a day, or False
    :param int closing_day: on which the carrier closes the month; 0: on its last day

    >>> from datetime import date
    >>> statement_month(date(2026, 3, 25), 25), statement_month(date(2026, 3, 26), 25)
    (datetime.date(2026, 3, 1), datetime.date(2026, 4, 1))
    """
    if not day:
        return False
    return day.replace(day=1) + relativedelta(months=bool(closing_day and day.day > closing_day))


def statement_month_sql(day, closing_day):
    """As :func:`statement_month`, of the SQL `day` and `closing_day`."""
    return SQL(
        """
        (date_trunc('month', %(day)s)
         + CASE WHEN %(closing_day)s > 0 AND date_part('day', %(day)s) > %(closing_day)s
                THEN interval '1 month' ELSE interval '0' END)::date
        """,
        day=day,
        closing_day=closing_day,
    )


def closing_date(month, closing_day):
    """The last day of the statement of `month`, its first day; as :func:`statement_month` parts the days.

    >>> from datetime import date
    >>> closing_date(date(2026, 2, 1), 25), closing_date(date(2026, 2, 1), 30), closing_date(date(2026, 2, 1), 0)
    (datetime.date(2026, 2, 25), datetime.date(2026, 2, 28), datetime.date(2026, 2, 28))
    """
    return month + relativedelta(day=closing_day or 31)


def closing_date_sql(month, closing_day):
    """As :func:`closing_date`, of the SQL `month` and `closing_day`."""
    return SQL(
        """
        LEAST(%(month)s + COALESCE(NULLIF(%(closing_day)s, 0), 31) - 1,
              (%(month)s + interval '1 month' - interval '1 day')::date)
        """,
        month=month,
        closing_day=closing_day,
    )
