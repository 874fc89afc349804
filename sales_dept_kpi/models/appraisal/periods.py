"""Months, quarters and years that somebody is appraised for. A quarter and a year are the calendar's."""

from datetime import date, timedelta

MONTHS = {"month": 1, "quarter": 3, "year": 12}


def period_of(kind, day):
    """Return the first and the last day of the period of `kind` in which `day` lies.

    >>> [str(edge) for edge in period_of("quarter", date(2026, 11, 3))]
    ['2026-10-01', '2026-12-31']
    >>> [str(edge) for edge in period_of("month", date(2028, 2, 29))]
    ['2028-02-01', '2028-02-29']
    >>> [str(edge) for edge in period_of("year", date(2026, 1, 1))]
    ['2026-01-01', '2026-12-31']
    """
    months = MONTHS[kind]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    after = first.month + months
    following = date(first.year + (after > 12), (after - 1) % 12 + 1, 1)
    return first, following - timedelta(days=1)
