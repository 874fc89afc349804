"""What a search asks of rows that are computed for it: their days, and the ids that tell days and persons.

A row has no place in the database, so its id says what it is: the day, the company, and the person, or of what
nobody answers for, the team.
"""

from datetime import date, timedelta
from typing import NamedTuple

EPOCH = date(1970, 1, 1)
# An id stays below 2 ** 53, the greatest whole number that a browser keeps exactly.
HOLDER_BITS = 25
COMPANY_BITS = 12
DAY_SHIFT = HOLDER_BITS + COMPANY_BITS


class Days(NamedTuple):
    """The days from `first` to `last`, both included; None: without end."""

    first: date | None
    last: date | None


NO_DAY = Days(EPOCH, EPOCH)
# Where a search sets no end.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2149, 12, 31)


def day_of_id(number):
    """Return the day of the row with the id `number`.

    >>> print(day_of_id(20_422 << DAY_SHIFT | 7))
    2025-11-30
    """
    return EPOCH + timedelta(days=number >> DAY_SHIFT)


def company_of_id(number):
    """Return the id of the company of the row with the id `number`.

    >>> company_of_id(20_422 << DAY_SHIFT | 3 << HOLDER_BITS | 7)
    3
    """
    return number >> HOLDER_BITS & (1 << COMPANY_BITS) - 1


def days_of(conditions):
    """Return the :class:`Days` that hold all that `conditions` speak of; None where they speak of no day.

    Joined by "or" among each other, or by "and" with anything: "a day, or something that is no day" is not told apart.

    :param conditions: ``(operator, value)`` of the conditions on the day

    >>> days_of([("in", [date(2026, 3, 1), date(2026, 3, 5)])]) == Days(date(2026, 3, 1), date(2026, 3, 5))
    True
    >>> days_of([(">=", date(2026, 3, 1)), ("<", date(2026, 4, 1))]) == Days(date(2026, 3, 1), date(2026, 4, 1))
    True
    >>> days_of([(">=", date(2026, 3, 1))]) == Days(date(2026, 3, 1), None)
    True
    >>> days_of([])
    """
    operators, known = set(), []
    for operator, value in conditions:
        operators.add(operator)
        known += value if operator == "in" else [value]
    if not operators:
        return None
    known = [day for day in known if day]
    if not operators <= {"in", "<", "<=", ">", ">="}:
        return Days(None, None)
    from_below = bool(operators & {">", ">="}) or operators == {"in"}
    from_above = bool(operators & {"<", "<="}) or operators == {"in"}
    return Days(
        min(known, default=None) if from_below else None,
        max(known, default=None) if from_above else None,
    )
