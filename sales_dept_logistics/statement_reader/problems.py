"""What is wrong with a file, a sheet, a row or a cell: a code and what is named with it. Sentences are the caller's."""

from typing import NamedTuple

# What somebody has to look at; what was done by itself and is only said; what has to be answered before reading.
ERROR, NOTE, ASK = "error", "note", "ask"


class FileError(Exception):
    """The file cannot be read.

    :param str code: why
    :param values: what is named in the sentence; text and numbers
    """

    def __init__(self, code, **values):
        super().__init__(code)
        self.code, self.values = code, values

    def __str__(self):
        named = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.code} ({named})" if named else self.code


class Flag(NamedTuple):
    """A remark on a row.

    :param str code: what it is
    :param str level: `ERROR` or `NOTE`
    :param position: of the column, from 0; None for the whole row
    :param field: that the column is read as, or None
    :param value: what stands in the cell, as text
    :param dict params: what else is named
    """

    code: str
    level: str = ERROR
    position: int | None = None
    field: str | None = None
    value: str | None = None
    params: dict = {}


def ask(code, sheet=None, position=None, level=ASK, **params):
    """A remark on a sheet, or on a column of it, as it is kept, with these names as keys."""
    return {"code": code, "level": level, "sheet": sheet, "position": position, "params": params}
