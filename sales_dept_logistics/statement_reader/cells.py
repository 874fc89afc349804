"""Cells as all kinds of files give them: ``(kind, text)``, or None for an empty one.

The text is what the file has, and is kept as it came. A number that is formatted as a date is told as a day or a
moment, as people see it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

STRING, NUMBER, DATE, BOOLEAN, FAULT, NO_RESULT = "s", "n", "d", "b", "e", "f"

EPOCH_1900 = datetime(1899, 12, 30)
EPOCH_1904 = datetime(1904, 1, 1)
# Days as spreadsheets count them: the years 1954 to 2119.
SERIAL_DAYS = range(20_000, 80_000)
LAST_SERIAL = 2_958_465


class SheetRow(NamedTuple):
    """A row with something in it: its number from 1 on, its cells from the first column on, whether it is hidden."""

    number: int
    cells: list
    hidden: bool = False


def is_empty(cell):
    return cell is None or (cell[0] == STRING and not cell[1].strip())


def texts(cells):
    """The cells as they came: text, or None for nothing."""
    return [cell[1] if cell is not None else None for cell in cells]


def moment_text(serial, date1904=False):
    """A number as the day or moment that it is shown as; None for one that is no date.

    >>> moment_text(46083.5), moment_text(46083)
    ('2026-03-02 12:00:00', '2026-03-02')
    >>> moment_text(44621, date1904=True)
    '2026-03-02'
    """
    if not 0 <= serial <= LAST_SERIAL:
        return None
    if not date1904 and serial < 61:
        # The 29th of February 1900, which there never was, makes all days before it one less.
        serial += 1
    try:
        moment = (EPOCH_1904 if date1904 else EPOCH_1900) + timedelta(seconds=round(serial * 86400))
    except OverflowError:
        return None
    return moment.strftime("%Y-%m-%d" if moment.hour == moment.minute == moment.second == 0 else "%Y-%m-%d %H:%M:%S")
