"""Prices of zones by weight in a spreadsheet, without Odoo: what its cells say, and what is wrong with them.

A heading names the zones' column and, from the next column on, the quantity that a tier starts with; a second heading
below says what a column holds where that is not the price. Zones stand below, one in a row::

    Zone      | 0     | 0        | 0     | 100   | 500
              | Fixed | Included | Price | Price | Price
    Zhejiang  | 5     | 1        | 2     | 1.5   | 1
"""

import re
from decimal import Decimal, InvalidOperation
from io import BytesIO
from itertools import chain
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from ...statement_reader import read_cells
from ..waybill.waybill_sheet import check_file

HEADING_ROWS = 30
MOST_COLUMNS = 1_000
LEAST, MOST = Decimal(0), Decimal(10) ** 9

PARTS = ("fixed_amount", "included_quantity", "price", "minimum_amount")
# What is read besides the reader's own words, in small letters.
ZONE_WORDS = {"zone", "destination", "区域", "目的地", "地区", "省份"}
ALL_WORDS = {"*", "all", "all zones", "其他", "全部", "所有区域", "全部区域"}
PART_WORDS = {
    "fixed": "fixed_amount",
    "首重价格": "fixed_amount",
    "首重价": "fixed_amount",
    "首重": "fixed_amount",
    "固定": "fixed_amount",
    "included": "included_quantity",
    "含": "included_quantity",
    "首重重量": "included_quantity",
    "price": "price",
    "price per unit": "price",
    "单价": "price",
    "续重": "price",
    "续重价": "price",
    "minimum": "minimum_amount",
    "最低": "minimum_amount",
    "最低收费": "minimum_amount",
}
FIRST_NUMBER = re.compile(r"\d+(?:\.\d+)?")
ORNAMENT = re.compile(r"[\s,，¥￥]|元$|rmb|cny", re.IGNORECASE)
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


class Words(NamedTuple):
    """The reader's own words, besides those that are always read: of the zones' column, of all zones, of each part."""

    zone: str
    all_zones: str
    parts: dict


class Problem(NamedTuple):
    """A cell that cannot be read; `code` says why."""

    sheet: str
    row: int
    column: str
    code: str
    text: str


class Matrix(NamedTuple):
    """``{zone name or None for all: {start: {part: Decimal}}}``, the cell of each zone, and what is wrong."""

    tiers: dict
    places: dict
    problems: list


def read_matrix(content, words, default_part="price"):
    """Return the :class:`Matrix` of the first visible sheet of an XLSX file that has one; None where none has.

    :param bytes content: the file
    :param str default_part: what a column holds of which no heading says it
    :raises FileError: for a file that is no such spreadsheet, or that would take the server's memory
    """
    check_file(content)
    sheets = {}
    for sheet, visible, number, texts in chain.from_iterable(read_cells(content)):
        if visible:
            sheets.setdefault(sheet, {})[number] = texts[:MOST_COLUMNS]
    for sheet, found in sheets.items():
        # Rows with nothing in them are not given, and count: a second heading stands right below the first.
        rows = [found.get(number, ()) for number in range(1, max(found) + 1)]
        if matrix := _Reader(sheet, words, default_part).matrix_of(rows):
            return matrix
    return None


class _Reader:
    def __init__(self, sheet, words, default_part):
        self.sheet = sheet
        self.zone_words = ZONE_WORDS | {_plain(words.zone)}
        self.all_words = ALL_WORDS | {_plain(words.all_zones)}
        self.part_words = PART_WORDS | {_plain(word): part for part, word in words.parts.items()}
        self.default_part = default_part
        self.matrix = Matrix({}, {}, [])

    def matrix_of(self, rows):
        for at, row in enumerate(rows[:HEADING_ROWS]):
            zone_column = next((column for column, cell in enumerate(row) if _plain(cell) in self.zone_words), None)
            if zone_column is not None:
                below = rows[at + 1] if at + 1 < len(rows) else ()
                parts = self._parts(below, zone_column)
                columns = self._columns(row, parts, zone_column, at + 1)
                first = at + 2 if parts else at + 1
                for number, cells in enumerate(rows[first:], start=first + 1):
                    self._zone(number, cells, zone_column, columns)
                return self.matrix
        return None

    def _parts(self, row, zone_column):
        """``{column: part}`` of a second heading; empty where the row is none."""
        if _plain(_at(row, zone_column)):
            return {}
        named = {at: self.part_words[word] for at, cell in enumerate(row) if (word := _plain(cell)) in self.part_words}
        return named

    def _columns(self, row, parts, zone_column, number):
        """``{column: (start, part)}`` of the heading `row`; a merged heading counts for the columns after it."""
        columns, start = {}, None
        for at in range(zone_column + 1, max(len(row), *(column + 1 for column in parts), 1)):
            text = _plain(_at(row, at))
            if text:
                match = FIRST_NUMBER.search(text.replace(",", ""))
                start = Decimal(match[0]) if match else None
                if start is None:
                    self._note(number, at, "no_start", _at(row, at))
            if start is not None and (text or at in parts):
                columns[at] = (start, parts.get(at, self.default_part))
        return columns

    def _zone(self, number, cells, zone_column, columns):
        name = (_at(cells, zone_column) or "").strip()
        values = {at: cell for at in columns if (cell := _at(cells, at) or "").strip()}
        if not name:
            for at in values:
                self._note(number, at, "no_zone", values[at])
            return
        zone = None if _plain(name) in self.all_words else name
        if zone in self.matrix.tiers:
            self._note(number, zone_column, "twice", name)
            return
        self.matrix.places[zone] = (self.sheet, number, xl_col_to_name(zone_column))
        tiers = self.matrix.tiers[zone] = {}
        for at, cell in values.items():
            start, part = columns[at]
            amount = _amount(cell)
            if amount is None:
                self._note(number, at, "no_amount", cell)
            elif part in tiers.setdefault(start, {}):
                self._note(number, at, "two_columns", cell)
            else:
                tiers[start][part] = amount

    def _note(self, row, at, code, text):
        self.matrix.problems.append(Problem(self.sheet, row, xl_col_to_name(at), code, text))


def _plain(cell):
    text = cell or ""
    return " ".join(text.translate(FULL_WIDTH).split()).strip("* :：").lower() or ("*" if text.strip() == "*" else "")


def _at(row, position):
    return row[position] if position < len(row) else None


def _amount(cell):
    """The amount in a cell, or None where it is none, or less than nothing."""
    try:
        amount = Decimal(ORNAMENT.sub("", cell.translate(FULL_WIDTH)))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and LEAST <= amount < MOST else None


def write_matrix(title, words, tiers):
    """Return an XLSX file that :func:`read_matrix` reads as the same `tiers`.

    :param tiers: ``{zone name, or None for all: {start: {part: number}}}``, in the order of the rows
    """
    starts = sorted({start for of_zone in tiers.values() for start in of_zone}) or [0]
    columns = [
        (start, part)
        for start in starts
        for part in PARTS
        if part == "price" or any(of_zone.get(start, {}).get(part) for of_zone in tiers.values())
    ]
    output = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(output, options) as book:
        sheet = book.add_worksheet(title[:31])
        heading = book.add_format({"bold": True, "bottom": 1, "align": "center"})
        sheet.set_column(0, 0, 24)
        sheet.write_string(0, 0, words.zone, heading)
        for at, (start, part) in enumerate(columns, start=1):
            sheet.write_number(0, at, start, heading)
            sheet.write_string(1, at, words.parts[part], heading)
        for row, (zone, of_zone) in enumerate(tiers.items(), start=2):
            sheet.write_string(row, 0, words.all_zones if zone is None else zone)
            for at, (start, part) in enumerate(columns, start=1):
                if start in of_zone and (part == "price" or of_zone[start].get(part)):
                    sheet.write_number(row, at, of_zone[start].get(part, 0))
        sheet.freeze_panes(2, 1)
    return output.getvalue()
