"""Which month's statement a day belongs to; the database counts in the same way.

The last day of a month's statement is ``closing_date(closing_day, month)`` of `sales_dept_roles`, of its first day.
"""

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


def statement_of_month_sql(company, carrier, month, closing_day):
    """The statement of the first of a `month`, whatever day it ends on within it; no row where there is none.

    Of several, in other currencies or of parts of the month, the one that is signed last.
    """
    return SQL(
        """
        SELECT candidate.*
          FROM freight_statement candidate
         WHERE candidate.company_id = %(company)s AND candidate.carrier_id = %(carrier)s
           AND candidate.cancelled_date IS NULL
           AND candidate.date_to >= %(month)s - 31 AND %(statement_month)s = %(month)s
      ORDER BY candidate.signed_date DESC NULLS FIRST, candidate.id
         LIMIT 1
        """,
        company=company,
        carrier=carrier,
        month=month,
        statement_month=statement_month_sql(SQL("candidate.date_to"), closing_day),
    )
