"""When something falls due that is settled by the month: plain Python, without records.

Deliveries up to the cut-off day of a month belong to it, those after it to the next (0: the month's end). From the day
on which that closes, payment terms count either whole months or days:

``closing_months``
    to the end of the month so many months after the one that was closed. 31 Jan and 1 month: 28 Feb.
``closing_days``
    so many days from the first day after the closing, which is the first of the next month where months are closed at
    their end. 10 Mar and 30 days: 1 May, counted from 1 Apr.

Days of grace come on top of either.
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from ..customer_file.closing_day import closing_date

MOST_MONTHS = 60
MOST_DAYS = 1800


def closing_months_due(day, cut_off_day, count, grace_days=0):
    """The end of the month `count` months after that to which `day` belongs, and `grace_days` more."""
    return closing_date(cut_off_day, day) + relativedelta(months=count, day=31) + timedelta(days=grace_days)


def closing_days_due(day, cut_off_day, count, grace_days=0):
    """`count` days from the first day after the closing of `day`, and `grace_days` more."""
    return closing_date(cut_off_day, day) + timedelta(days=1 + count + grace_days)


# By the delay type of a payment term's line.
DUE_DATES = {"closing_months": closing_months_due, "closing_days": closing_days_due}


def example_days(cut_off_day, today):
    """Three days that show what a term means: within a period, its last day, and the first day of the next."""
    last = closing_date(cut_off_day, today.replace(day=10))
    return [last.replace(day=10) if last.day > 10 else last - timedelta(days=15), last, last + timedelta(days=1)]
