"""Dates as people paste them: a column copied from a spreadsheet, one date a row. Plain Python."""

import re
from dataclasses import dataclass
from datetime import date

# The year first: 12/1 and 1/12/2026 are other days for other readers.
_YEAR_FIRST = re.compile(r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*([-/.月])\s*(\d{1,2})\s*日?(?:[ T]+0?0:00(?::00)?)?")


@dataclass(frozen=True)
class BadRow:
    """A row that holds no date: its number, from 1, and what stands there."""

    number: int
    text: str


def read_dates(text):
    """Return ``(dates, bad rows)`` of a pasted column; empty rows at its end are no rows."""
    rows = [row.strip() for row in (text or "").rstrip().splitlines()]
    read = [_read_date(row) for row in rows]
    bad = [BadRow(number, row) for number, (row, day) in enumerate(zip(rows, read, strict=True), 1) if not day]
    return [day for day in read if day], bad


def _read_date(text):
    match = _YEAR_FIRST.fullmatch(text)
    if not match:
        return None
    year, first, month, second, day = match.groups()
    if second != ("月" if first == "年" else first):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
