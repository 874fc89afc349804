"""Waybills in a spreadsheet, read without Odoo: which rows there are, and what is wrong with them.

Nothing is guessed: what cannot be read is told with its sheet, row and field.
"""

import re
import zipfile
from datetime import date, datetime
from io import BytesIO
from typing import NamedTuple

from openpyxl import load_workbook
from openpyxl.utils.datetime import from_excel

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED_BYTES = 300 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
HEADING_ROWS = 30
# From here on a spreadsheet rounds whole numbers.
LOSSLESS = 10**15
# Days as spreadsheets count them: the years 1954 to 2119.
SERIAL_DAYS = range(20_000, 80_000)

# What the columns are called, in the forms of carriers and in our own template; the first one is the template's.
HEADINGS = {
    "carrier": ["carrier", "承运商", "物流公司", "快递公司", "carrier company", "shipping method"],
    "name": [
        "waybill no.",
        "运单号",
        "运单编号",
        "物流单号",
        "快递单号",
        "单号",
        "waybill",
        "waybill number",
        "tracking number",
    ],
    "shipped_date": [
        "date shipped",
        "shipped on",
        "ship date",
        "date",
        "发货日期",
        "寄件日期",
        "寄件时间",
        "发运日期",
        "日期",
    ],
    "mode": ["transport", "运输方式", "mode"],
    "partner": ["delivered to", "收货单位", "收货方", "收件公司", "客户", "consignee"],
    "zone": ["zone", "区域", "目的地", "到达城市", "destination"],
    "pieces": ["pieces", "件数"],
    "weight": ["weight (kg)", "重量(kg)", "重量", "实际重量", "weight"],
    "volume": ["volume (m³)", "体积(m³)", "体积", "volume", "volume (m3)"],
    "deliveries": ["delivery orders", "deliveries", "出库单", "调拨单", "送货单号", "发货单", "delivery"],
    "signed_date": ["date signed for", "signed for on", "签收日期", "签收时间"],
    "signed_by": ["signed by", "签收人"],
    "note": ["remark", "备注", "note"],
}
TOTALS = {"合计", "小计", "总计", "total", "subtotal", "sum"}

ISO_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[\sT].*)?")
AMBIGUOUS_DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
SCIENTIFIC = re.compile(r"\d[.,]?\d*E[+-]?\d+", re.IGNORECASE)
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
ORNAMENT = re.compile(r"[\s,，]|kgs?$|公斤$|千克$|m³$|m3$|件$", re.IGNORECASE)
SPACES = re.compile(r"\s+")
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

# A cell with something in it, and one with a formula whose result was not stored.
FAR_CELL = re.compile(rb'<c r="[A-Z]+(\d+)"[^>]*>\s*<(?:v|is|f)\b')
EMPTY_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>')
CHUNK, OVERLAP = 1 << 20, 1 << 12


class SheetError(Exception):
    """The file cannot be read. `code` says why, `values` what is named in the sentence."""

    def __init__(self, code, **values):
        super().__init__(code)
        self.code, self.values = code, values


class Row(NamedTuple):
    """A row of a sheet: ``{field: value}`` of what can be read, ``{field: (code, text)}`` of what cannot."""

    sheet: str
    number: int
    values: dict
    problems: dict


def read_waybills(content, labels=None):
    """Return the rows of waybills in the visible sheets of an XLSX file.

    :param bytes content: the file
    :param labels: ``{field: heading}`` in the reader's language, besides those that carriers use
    :raises SheetError: for a file that is no such spreadsheet, or that would take the server's memory
    """
    check_file(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    except Exception as error:
        raise SheetError("unreadable") from error
    headings = {_heading(text): name for name, texts in HEADINGS.items() for text in texts}
    headings |= {_heading(text): name for name, text in (labels or {}).items()}
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return [row for sheet in visible for row in _sheet_rows(sheet, headings, book.epoch)]


# === THE FILE === #


def check_file(content):
    """Look at the file before anything unpacks it: bombs, far cells, documents that are none."""
    if len(content) > MOST_BYTES:
        raise SheetError("too_big", megabytes=MOST_BYTES >> 20)
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except zipfile.BadZipFile as error:
        raise SheetError("no_xlsx") from error
    with archive:
        parts = archive.infolist()
        if not any(part.filename == "xl/workbook.xml" for part in parts):
            raise SheetError("no_xlsx")
        if sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
            raise SheetError("bomb")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                _check_part(archive, part)


def _check_part(archive, part):
    is_sheet = part.filename.startswith("xl/worksheets/")
    with archive.open(part) as stream:
        rest, unpacked = b"", 0
        while chunk := stream.read(CHUNK):
            unpacked += len(chunk)
            if unpacked > MOST_UNPACKED_BYTES:
                raise SheetError("bomb")
            text = rest + chunk
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise SheetError("unreadable")
            if is_sheet:
                if any(int(match[1]) > MOST_ROWS for match in FAR_CELL.finditer(text)):
                    raise SheetError("too_many_rows", rows=MOST_ROWS)
                if match := EMPTY_FORMULA.search(text):
                    raise SheetError("formula", cell=match[1].decode())
            rest = text[-OVERLAP:]


# === ROWS === #


def _sheet_rows(sheet, headings, epoch):
    """Yield the :class:`Row` of each waybill below the heading of `sheet`; nothing where it has no heading."""
    sheet.reset_dimensions()
    cells = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
    columns = None
    for number, values in enumerate(cells, start=1):
        if columns is None:
            columns = _columns(values, headings)
            if columns is None and number >= HEADING_ROWS:
                return
            continue
        if _is_empty(values) or _is_total(values, columns):
            continue
        yield _row(sheet.title, number, {name: _at(values, position) for name, position in columns.items()}, epoch)


def _columns(values, headings):
    """``{field: position}`` of a row of headings; None where it is none: it names at least number and date."""
    columns = {}
    for position, value in enumerate(values):
        if (name := headings.get(_heading(value))) and name not in columns:
            columns[name] = position
    return columns if {"name", "shipped_date"} <= columns.keys() else None


def _heading(value):
    text = SPACES.sub(" ", str(value or "").translate(FULL_WIDTH)).strip().rstrip("*").strip()
    return text.lower()


def _at(values, position):
    return values[position] if position < len(values) else None


def _is_empty(values):
    return all(value is None or not str(value).strip() for value in values)


def _is_total(values, columns):
    """Whether it is a row of sums: it says so first, and names no waybill."""
    texts = [str(value).strip().lower().rstrip(":：") for value in values if value is not None and str(value).strip()]
    number = str(_at(values, columns["name"]) or "").strip().lower().rstrip(":：")
    return bool(texts) and texts[0] in TOTALS and (not number or number in TOTALS)


def _row(sheet, number, cells, epoch):
    values, problems = {}, {}
    for name, cell in cells.items():
        try:
            value = _read(name, cell, epoch)
        except ValueError as error:
            problems[name] = (str(error), "" if cell is None else str(cell))
        else:
            if value is not None:
                values[name] = value
    for name in ("name", "shipped_date"):
        if name not in values and name not in problems:
            problems[name] = ("missing", "")
    return Row(sheet, number, values, problems)


def _read(name, cell, epoch):
    """The value of a cell; None for an empty one.

    :raises ValueError: with the code of what is wrong
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, str) and cell.startswith("#") and cell.rstrip("!?").isupper():
        raise ValueError("error_cell")
    if name == "name":
        return _read_number(cell)
    if name in ("shipped_date", "signed_date"):
        return _read_date(cell, epoch)
    if name == "pieces":
        amount = _read_amount(cell)
        if amount != int(amount):
            raise ValueError("no_whole_number")
        return int(amount)
    if name in ("weight", "volume"):
        return _read_amount(cell)
    return _text(cell)


def _text(cell):
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def _read_number(cell):
    """A waybill's number as text; a whole number of the spreadsheet as int, since its zeros may be lost."""
    if isinstance(cell, bool | date):
        raise ValueError("no_number_text")
    if isinstance(cell, int | float):
        if abs(cell) >= LOSSLESS:
            raise ValueError("digits_lost")
        if cell != int(cell) or cell < 0:
            raise ValueError("no_number_text")
        return int(cell)
    if SCIENTIFIC.fullmatch(cell.translate(FULL_WIDTH).strip()):
        raise ValueError("digits_lost")
    return cell.strip()


def _read_date(cell, epoch):
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if int(cell) not in SERIAL_DAYS:
            raise ValueError("no_date")
        return from_excel(int(cell), epoch).date()
    text = str(cell).translate(FULL_WIDTH).strip()
    if match := ISO_DATE.fullmatch(text):
        try:
            return date(*map(int, match.groups()))
        except ValueError:
            raise ValueError("no_date") from None
    raise ValueError("ambiguous_date" if AMBIGUOUS_DATE.match(text) else "no_date")


def _read_amount(cell):
    if isinstance(cell, bool | date):
        raise ValueError("no_amount")
    if isinstance(cell, str):
        cell = ORNAMENT.sub("", ORNAMENT.sub("", cell.translate(FULL_WIDTH)))
        if not NUMBER.fullmatch(cell):
            raise ValueError("no_amount")
    amount = float(cell)
    if amount < 0:
        raise ValueError("negative")
    return amount
