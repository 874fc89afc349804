"""Which months a target's year has. Plain dates."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

MONTHS = 12


def months_from(day):
    """The first days of the twelve months from the first of a month `day` on.

    >>> from datetime import date
    >>> print(months_from(date(2026, 4, 1))[0], months_from(date(2026, 4, 1))[-1])
    2026-04-01 2027-03-01
    """
    return [day + relativedelta(months=number) for number in range(MONTHS)]


def last_day(day):
    """The last day of the year that begins with the first of a month `day`.

    >>> from datetime import date
    >>> print(last_day(date(2026, 4, 1)), last_day(date(2026, 1, 1)))
    2027-03-31 2026-12-31
    """
    return day + relativedelta(months=MONTHS) - timedelta(days=1)


def reference_year(day, today):
    """The twelve whole months that a year from `day` on is compared with: those before it, as far as they are over.

    :return: its first day, and the first after it

    >>> from datetime import date
    >>> print(*reference_year(date(2027, 1, 1), date(2026, 11, 30)))
    2025-11-01 2026-11-01
    >>> print(*reference_year(date(2026, 1, 1), date(2026, 11, 30)))
    2025-01-01 2026-01-01
    """
    end = min(day, today.replace(day=1))
    return end - relativedelta(months=MONTHS), end


def is_within(month, date_from, date_to):
    """Whether some of the month that begins on `month` lies between two days, of which each may be missing."""
    return (not date_to or month <= date_to) and (not date_from or month + relativedelta(months=1) > date_from)
