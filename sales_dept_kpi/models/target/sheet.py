"""A target as a spreadsheet, without Odoo: whose figures in the rows, months across.

::

    Measure | Product Category | Sales Team | Person | Login | Year   | 2026-01 | 2026-02 | …
    Sales   |                  | East       | Li Na  | lina  | 120000 | 10000   | 9000    |
"""

import re
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import NamedTuple

import xlsxwriter

HEADING_ROWS = 30
OWNER = ("measure", "categ_id", "team_id", "user_id", "login")
MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})")
ORNAMENT = re.compile(r"[\s,，¥￥]|元$")
MOST = Decimal(10) ** 13


class Row(NamedTuple):
    """A row that says something: its texts by field, its figures by month ``(year, number)``, its year or None."""

    sheet: str
    number: int
    owner: dict
    months: dict
    year: Decimal | None


class Problem(NamedTuple):
    """A cell that cannot be read; `code` says why, `column` is its heading."""

    sheet: str
    row: int
    column: str
    code: str
    text: str


def read_rows(cells, words):
    """Return the rows of the first visible sheet that has such headings and what is wrong; None where none has.

    :param cells: ``(sheet, whether it is visible, number, texts)`` of each row of the book
    :param dict words: ``{field of OWNER, or "year": its headings in small letters}``
    :return: ``(rows, problems)``
    """
    columns, of_sheet, rows, problems = None, None, [], []
    for sheet, visible, number, texts in cells:
        if not visible or (of_sheet and sheet != of_sheet):
            continue
        if columns is None:
            columns = _columns(texts, words) if number <= HEADING_ROWS else None
            of_sheet = columns and sheet
        else:
            _read_row(sheet, number, texts, columns, rows, problems)
    return None if columns is None else (rows, problems)


def _columns(texts, words):
    """``{position: field, or month}`` where the row is the heading, else None."""
    columns = {}
    for at, text in enumerate(texts):
        plain = (text or "").strip().lower()
        if match := MONTH.match(plain):
            columns[at] = (int(match[1]), int(match[2]))
        elif name := next((name for name, of_name in words.items() if plain in of_name), None):
            columns[at] = name
    found = set(columns.values())
    return columns if "measure" in found and any(isinstance(name, tuple) for name in found) else None


def _read_row(sheet, number, texts, columns, rows, problems):
    owner, figures = {}, {}
    for at, name in columns.items():
        text = (texts[at] or "").strip() if at < len(texts) else ""
        if not text:
            continue
        if name in OWNER:
            owner[name] = text
        elif (amount := _amount(text)) is not None:
            figures[name] = amount
        else:
            problems.append(Problem(sheet, number, heading(name), "no_amount", text))
    if not owner and not figures:
        return
    year = figures.pop("year", None)
    if figures and year is not None and sum(figures.values()) != year:
        problems.append(Problem(sheet, number, "year", "year_differs", f"{year:,} ≠ {sum(figures.values()):,}"))
    rows.append(Row(sheet, number, owner, figures, year))


def heading(name):
    """How a column is headed: a month as 2026-04."""
    return name if isinstance(name, str) else f"{name[0]}-{name[1]:02}"


def _amount(text):
    """The amount that a text says, to the cent; None where it is none, less than nothing, or beyond all plans."""
    try:
        amount = Decimal(ORNAMENT.sub("", text))
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount < MOST:
        return None
    return amount.quantize(Decimal("0.01"))


def write_rows(title, head, labels, months, rows):
    """Return an XLSX file that :func:`read_rows` reads as the same rows.

    :param head: ``(label, text)`` of what stands above the rows
    :param labels: headings of OWNER and of the year, in order
    :param months: headings of the months
    :param rows: ``(texts of OWNER, amounts of the months, those without one None)``
    """
    output = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(output, options) as book:
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        number = book.add_format({"num_format": "#,##0.##"})
        for row, (label, text) in enumerate(head):
            sheet.write_string(row, 0, label, book.add_format({"bold": True}))
            sheet.write_string(row, 1, text)
        heading_row = len(head) + 1 if head else 0
        for at, label in enumerate([*labels, *months]):
            sheet.write_string(heading_row, at, label, bold)
        sheet.set_column(0, len(OWNER) - 1, 18)
        sheet.set_column(len(OWNER), len(labels) + len(months) - 1, 13)
        first = len(labels)
        for row, (texts, amounts) in enumerate(rows, start=heading_row + 1):
            for at, text in enumerate(texts):
                sheet.write_string(row, at, text or "")
            begin, end = (xlsxwriter.utility.xl_rowcol_to_cell(row, at) for at in (first, first + len(months) - 1))
            total = float(sum(amount or 0 for amount in amounts))
            sheet.write_formula(row, first - 1, f"=SUM({begin}:{end})", number, total)
            for at, amount in enumerate(amounts, start=first):
                if amount is not None:
                    sheet.write_number(row, at, amount, number)
        sheet.freeze_panes(heading_row + 1, first)
        sheet.autofilter(heading_row, 0, heading_row + max(len(rows), 1), first + len(months) - 1)
    return output.getvalue()
