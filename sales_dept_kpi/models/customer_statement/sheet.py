"""A statement as a spreadsheet, without Odoo: the columns of the paper, and three that the customer fills in.

::

    CS/2026/0001 v1 | Customer | …
    No. | Date | … | Quantity | Unit Price | … | Right Quantity | Right Price | Remark
    1   | …    | … | 10       | 5.00       | … |                | 4.80        |
"""

import re
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import NamedTuple

import xlsxwriter

HEADING_ROWS = 30
# What the customer fills in.
ANSWERS = ("right_quantity", "right_price", "remark")
KEY = "number"
ORNAMENT = re.compile(r"[\s,，¥￥]|元$")
MOST = Decimal(10) ** 12


class Problem(NamedTuple):
    """A cell that cannot be read."""

    row: int
    column: str
    text: str


def write_sheet(title, head, columns, rows, foot):
    """Return an XLSX file.

    :param str title: what it is, with its version: it is looked for when the file comes back
    :param head: ``[(label, value)]`` above the table
    :param columns: ``[(name, heading, width, kind)]``, the kind being text, day, number, price or money
    :param rows: dicts by name of the column
    :param foot: ``[(label, amount or text)]`` below the table
    """
    output = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(output, options) as book:
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", "-", title)[:31])
        bold, formats = _formats(book)
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        for at, (label, value) in enumerate(head, start=1):
            sheet.write_string(at, 0, label)
            sheet.write_string(at, 3, value)
        top = len(head) + 2
        for at, (name, heading, width, _kind) in enumerate(columns):
            sheet.write_string(top, at, heading, formats["answer_head"] if name in ANSWERS else bold)
            sheet.set_column(at, at, width)
        for number, row in enumerate(rows, start=top + 1):
            for at, (name, _heading, _width, kind) in enumerate(columns):
                _write(sheet, number, at, row.get(name), formats["answer" if name in ANSWERS else kind], kind)
        last = top + len(rows) + 2
        for at, (label, value) in enumerate(foot, start=last):
            sheet.write_string(at, 0, label, formats["text"])
            _write(sheet, at, 3, value, formats["money"], "text" if isinstance(value, str) else "money")
        sheet.freeze_panes(top + 1, 0)
        sheet.set_landscape()
        sheet.repeat_rows(top)
        sheet.fit_to_pages(1, 0)
    return output.getvalue()


def _formats(book):
    money = {"num_format": "#,##0.00"}
    return book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#F0F0F0"}), {
        "text": book.add_format(),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        "number": book.add_format({"num_format": "#,##0.####"}),
        "price": book.add_format({"num_format": "#,##0.00######"}),
        "money": book.add_format(money),
        "answer": book.add_format({"bg_color": "#FFF9DB", "border": 1, "border_color": "#DDDDDD"}),
        "answer_head": book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#FFE58F"}),
    }


def _write(sheet, row, at, value, form, kind):
    if value is None or value == "":
        sheet.write_blank(row, at, None, form)
    elif kind == "day":
        sheet.write_datetime(row, at, value, form)
    elif isinstance(value, str):
        sheet.write_string(row, at, value, form)
    else:
        sheet.write_number(row, at, value, form)


def read_answers(cells, words):
    """Return what a customer filled in.

    :param cells: ``(sheet, whether it is visible, number, texts)`` of each row of the book
    :param dict words: ``{KEY or one of ANSWERS: its headings in small letters}``
    :return: ``(all texts above the table, {line number: {"right_quantity": Decimal, …, "remark": str}}, problems)``;
        None where there is no such table
    """
    columns, above, found, problems = None, [], {}, []
    for _sheet, visible, number, texts in cells:
        if not visible:
            continue
        if columns is None:
            columns = _columns(texts, words) if number <= HEADING_ROWS else None
            above += [text for text in texts if text]
        else:
            _read_row(number, texts, columns, found, problems)
    return None if columns is None else (above, found, problems)


def _columns(texts, words):
    """``{name: position}`` where the row is the heading, else None."""
    columns = {}
    for at, text in enumerate(texts):
        plain = (text or "").strip().lower()
        if name := next((name for name, of_name in words.items() if plain in of_name), None):
            columns[name] = at
    return columns if KEY in columns and columns.keys() & set(ANSWERS) else None


def _read_row(number, texts, columns, found, problems):
    def cell(name):
        at = columns.get(name, len(texts))
        return (texts[at] or "").strip() if at < len(texts) else ""

    said = {name: text for name in ANSWERS if (text := cell(name))}
    if not said:
        return
    key = _number(cell(KEY))
    if key is None or key != int(key):
        problems.append(Problem(number, KEY, cell(KEY)))
        return
    for name in ANSWERS[:2]:
        if name in said and (value := _number(said[name])) is None:
            problems.append(Problem(number, name, said[name]))
        elif name in said:
            said[name] = value
    if int(key) in found:
        problems.append(Problem(number, KEY, cell(KEY)))
    found[int(key)] = said


def _number(text):
    """The number that a text says; None where it is none, or beyond all statements."""
    try:
        number = Decimal(ORNAMENT.sub("", text))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < MOST else None
