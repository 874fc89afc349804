"""Waybills in a spreadsheet, read without Odoo: which rows there are, and what is wrong with them.

Nothing is guessed: what cannot be read is told with its sheet, row and field.
"""

from datetime import date
from itertools import chain
from typing import NamedTuple

from ...statement_reader import Field, FileError, Limits, Profile, look_at, read_cells, read_rows
from ...statement_reader.file_kind import XLSX, file_kind

MEGABYTE = 1 << 20
LIMITS = Limits(file_bytes=20 * MEGABYTE, unpacked_bytes=300 * MEGABYTE, rows=20_000)
# The last row and the last column of a list that is opened otherwise.
LAST_ROW = 20_000
# Each row's carrier says how many digits its numbers have: padded to the most that any may have.
MOST_DIGITS = 40

# What the columns are called, in the forms of carriers and in our own template; the first one is the template's.
HEADINGS = {
    "carrier": ("text", ["carrier", "承运商", "物流公司", "快递公司", "carrier company", "shipping method"]),
    "name": (
        "reference",
        [
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
    ),
    "shipped_date": (
        "date",
        [
            "date shipped",
            "shipped on",
            "ship date",
            "date",
            "发货日期",
            "寄件日期",
            "寄件时间",
            "发运日期",
            "发货时间",
            "日期",
        ],
    ),
    "mode": ("text", ["transport", "运输方式", "mode"]),
    "partner": ("text", ["delivered to", "收货单位", "收货方", "收件公司", "客户", "consignee"]),
    "zone": ("text", ["zone", "区域", "目的地", "到达城市", "destination"]),
    "pieces": ("number", ["pieces", "件数"]),
    "weight": ("number", ["weight (kg)", "重量(kg)", "重量", "实际重量", "weight"]),
    "volume": ("number", ["volume (m³)", "体积(m³)", "体积", "volume", "volume (m3)"]),
    "deliveries": ("text", ["delivery orders", "deliveries", "出库单", "调拨单", "送货单号", "发货单", "delivery"]),
    "signed_date": ("date", ["date signed for", "signed for on", "签收日期", "签收时间"]),
    "signed_by": ("text", ["signed by", "签收人"]),
    "note": ("text", ["remark", "备注", "note"]),
}
REQUIRED = {"name", "shipped_date"}
UNITS = ("kg", "kgs", "公斤", "千克", "m³", "m3", "件")
WAYBILLS = Profile(
    tuple(
        Field(name, kind, tuple(words), required=name in REQUIRED, units=UNITS)
        for name, (kind, words) in HEADINGS.items()
    )
)
# What the reader notices, as the sentences of the import know it; what is not named here is only worth a remark.
PROBLEMS = {
    "missing": "missing",
    "error_cell": "error_cell",
    "digits_lost": "digits_lost",
    "no_reference": "no_number_text",
    "not_a_number": "no_amount",
    "not_a_date": "no_date",
    "no_year": "no_date",
    "date_far": "no_date",
    "date_order": "ambiguous_date",
    "ambiguous_date": "ambiguous_date",
    "no_result": "formula",
}
# A file that cannot be read, wherever one is opened.
SheetError = FileError


class Row(NamedTuple):
    """A row of a sheet: ``{field: value}`` of what can be read, ``{field: (code, text)}`` of what cannot."""

    sheet: str
    number: int
    values: dict
    problems: dict


def read_waybills(content, labels=None):
    """Return the rows of waybills in the visible sheets of a file.

    :param bytes content: the file
    :param labels: ``{field: heading}`` in the reader's language, besides those that carriers use
    :raises SheetError: for a file that is no such list, or that would take the server's memory
    """
    profile = WAYBILLS.with_words({name: (label,) for name, label in (labels or {}).items()})
    book = look_at(content, profile, limits=LIMITS)
    readings = {sheet["name"]: sheet["reading"] for sheet in book["sheets"] if sheet["used"]}
    found = read_rows(content, profile, readings, digits=MOST_DIGITS, limits=LIMITS)
    return [_row(*row) for row in chain.from_iterable(found) if not row[-1]]


def check_file(content):
    """Look at an XLSX file before anything else opens it: bombs, far cells, documents that are none.

    :raises SheetError: for a file that must not be opened
    """
    if file_kind(content, LIMITS) != XLSX:
        raise SheetError("no_xlsx")
    for rows in read_cells(content, LIMITS):
        if any(number > LAST_ROW for _sheet, _visible, number, _texts in rows):
            raise SheetError("too_many_rows", rows=LAST_ROW)


def _row(sheet, number, _raw, texts, _amounts, flags, _exclusion):
    values, problems = {}, {}
    padded = {field for code, _level, _position, field, _text, _params in flags if code == "zeros_added"}
    for code, _level, _position, field, text, _params in flags:
        if code in PROBLEMS:
            problems[field] = (PROBLEMS[code], text or "")
    for name, text in texts.items():
        if name in problems:
            continue
        # A number of the spreadsheet is one here, too: its zeros may be lost.
        value, problem = (int(text), None) if name in padded else _value(HEADINGS[name][0], name, text)
        if problem:
            problems[name] = (problem, text)
        else:
            values[name] = value
    return Row(sheet, number, values, problems)


def _value(kind, name, text):
    """``(the value, the code of what is wrong with it or None)``."""
    if kind == "date":
        return date.fromisoformat(text), None
    if kind != "number":
        return text, None
    amount = float(text)
    if amount < 0:
        return None, "negative"
    if name != "pieces":
        return amount, None
    return (int(amount), None) if amount == int(amount) else (None, "no_whole_number")
