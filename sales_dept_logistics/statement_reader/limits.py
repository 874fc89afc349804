"""How much a file may take. A list of a month that a partner sends stays far below; a file made to harm does not."""

from typing import NamedTuple

MEGABYTE = 1 << 20


class Limits(NamedTuple):
    """What is refused, and when reading is given up.

    :param int file_bytes: of the file as it came
    :param int unpacked_bytes: of all its parts together
    :param int string_bytes: of the texts that its cells share, unpacked
    :param int parts: files inside the file
    :param int rows: with something in them, on all sheets together
    :param int places: cells from the first column to the last one of each row, all rows together
    :param int memory: of the process that reads, in bytes of address space
    :param int seconds: of that process's own time, and of waiting for it
    """

    file_bytes: int = 50 * MEGABYTE
    unpacked_bytes: int = 500 * MEGABYTE
    string_bytes: int = 100 * MEGABYTE
    parts: int = 5_000
    rows: int = 300_000
    places: int = 20_000_000
    memory: int = 600 * MEGABYTE
    seconds: int = 120


class Meter:
    """Counts what a file has taken of its :class:`Limits`."""

    def __init__(self, limits, error):
        self.limits, self.error = limits, error
        self.rows = self.places = self.unpacked = 0

    def unpack(self, count):
        self.unpacked += count
        if self.unpacked > self.limits.unpacked_bytes:
            raise self.error("bomb", megabytes=self.limits.unpacked_bytes // MEGABYTE)

    def row(self, width):
        self.rows += 1
        self.places += width
        if self.rows > self.limits.rows:
            raise self.error("too_many_rows", rows=self.limits.rows)
        if self.places > self.limits.places:
            raise self.error("too_many_cells", cells=self.limits.places)
