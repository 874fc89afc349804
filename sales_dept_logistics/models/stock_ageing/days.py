"""Which days an ageing sheet goes by. Ages are counted in days; the age of goods that came in on the day itself is 0.

A month of the limit is thirty days, as in the columns of the sheet: with a limit of three months exactly what stands
in its last column is over the limit.
"""

from datetime import date, timedelta
from typing import NamedTuple

MONTH = timedelta(days=30)
# Up to this age goods stand in a column, the last one excepted.
COLUMNS = {"30": timedelta(days=30), "60": timedelta(days=60), "90": timedelta(days=90)}


class Cuts(NamedTuple):
    """For each age that counts, the first day of the receipts that are no older on the day of a sheet."""

    within_30: date
    within_60: date
    within_90: date
    # No older than the limit allows, on the day of the sheet.
    within_limit: date
    # No older than that a month later.
    within_soon: date


def cuts(day, months):
    """Return the :class:`Cuts` of a sheet.

    :param int months: how long goods may lie

    >>> print(cuts(date(2026, 8, 31), 3).within_limit)
    2026-06-02
    >>> (date(2026, 8, 31) - date(2026, 6, 2)).days
    90
    """
    limit = months * MONTH
    return Cuts(*(day - age for age in COLUMNS.values()), day - limit, month_on(day) - limit)


def month_end(day):
    """Return the last day of the month of `day`.

    >>> print(month_end(date(2028, 2, 3)))
    2028-02-29
    """
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def last_month_end(day):
    """Return the last day of the month before that of `day`.

    >>> print(last_month_end(date(2026, 1, 31)))
    2025-12-31
    """
    return day.replace(day=1) - timedelta(days=1)


def month_on(day):
    """Return the day a month after `day`; after a month's end, the end of the next.

    >>> print(month_on(date(2026, 2, 28)), month_on(date(2026, 1, 30)), month_on(date(2026, 11, 12)))
    2026-03-31 2026-02-28 2026-12-12
    """
    end_of_next = month_end(month_end(day) + timedelta(days=1))
    if day == month_end(day):
        return end_of_next
    return end_of_next.replace(day=min(day.day, end_of_next.day))


def deadline(day):
    """Until when a sheet of `day` is explained: the end of the month in which people work on it.

    >>> print(deadline(date(2026, 1, 31)), deadline(date(2026, 2, 15)))
    2026-02-28 2026-02-28
    """
    return month_end(day + timedelta(days=1))
