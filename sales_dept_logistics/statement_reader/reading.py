"""How a file is read: its sheets, where the headings stand, which column is what, and what has to be asked first.

All of it is plain data, so that it can be shown, changed by somebody, kept, and given back for the reading itself.
"""

import re
from decimal import Decimal

from . import text as text_files
from . import xls, xlsx
from .amounts import settle_amounts
from .cells import NUMBER as NUMBER_CELL
from .cells import STRING, texts
from .file_kind import TEXT, XLS, XLSX, file_kind
from .heading import columns_of, doubled_headings, find_heading, heading_at, missing_fields
from .limits import Limits
from .problems import NOTE, ask
from .profile import DATE, NUMBER, PERCENT, plain
from .profile import MONEY as MONEY_KINDS
from .values import possible_days, read_text, short_parts
from .vocabulary import Vocabulary

SAMPLE_ROWS = 2_000
PREVIEW_ROWS = 40
PREVIEW_COLUMNS = 80
PREVIEW_TEXT = 120
COMMA_DECIMALS = re.compile(r"-?\d+,\d{1,2}|-?\d{1,3}(\.\d{3})+,\d+")
POINT_DECIMALS = re.compile(r"-?\d[\d,]*\.\d+")

WORKBOOKS = {XLSX: xlsx.Workbook, XLS: xls.Workbook, TEXT: text_files.Workbook}
# What is asked and has no answer yet keeps a sheet from being read.
UNREADABLE = {"no_heading", "missing_field"}


def open_book(content, limits=None):
    """Return the kind of the file and its book, which has `sheets()` and `rows(index)`.

    :raises FileError: for what is no spreadsheet, or none that can be read
    """
    limits = limits or Limits()
    kind = file_kind(content, limits)
    return kind, WORKBOOKS[kind](content, limits)


def look(content, profile, known=None, choices=None, limits=None):
    """Return how the file would be read, and its first rows.

    :param bytes content: the file
    :param Profile profile: what to look for
    :param known: ``{signature of headings: reading}`` of layouts that are remembered
    :param choices: ``{sheet: {"heading_row", "heading_lines"}}`` where somebody chose the headings
    :return: ``{"kind", "encoding", "delimiter", "date1904", "rows", "sheets"}``; a sheet is ``{"name", "visible",
        "used", "rows", "preview", "reading", "asks"}``, its preview ``[[number, texts]]``, its reading None or
        ``{"heading_row", "heading_lines", "signature", "columns", "date_order", "decimal", "remembered"}``
    :raises FileError: for a file that cannot be read at all
    """
    kind, book = open_book(content, limits)
    vocabulary = Vocabulary(profile)
    sheets = []
    for index, (name, visible) in enumerate(book.sheets()):
        sheets.append(
            _look_at_sheet(book, index, name, visible, profile, vocabulary, known or {}, (choices or {}).get(name))
        )
    _choose_sheets(sheets)
    return {
        "kind": kind,
        "encoding": getattr(book, "encoding", None),
        "delimiter": getattr(book, "delimiter", None),
        "date1904": book.date1904,
        "rows": sum(sheet["rows"] for sheet in sheets),
        "sheets": sheets,
    }


def cells_of(content, limits=None):
    """Yield ``(sheet, whether it is visible, number, texts)`` of each row with something in it, whatever it is.

    :raises FileError: for a file that cannot be read
    """
    _kind, book = open_book(content, limits)
    for index, (name, visible) in enumerate(book.sheets()):
        for row in book.rows(index):
            yield name, visible, row.number, texts(row.cells)


def _look_at_sheet(book, index, name, visible, profile, vocabulary, known, choice):
    sample, count = [], 0
    for row in book.rows(index, SAMPLE_ROWS):
        count += 1
        if count <= SAMPLE_ROWS:
            sample.append(row)
    reading, asks = None, []
    if sample:
        reading, asks = read_headings(sample, name, profile, vocabulary, known, choice)
    return {
        "name": name,
        "visible": visible,
        "used": False,
        "rows": count,
        "preview": [[row.number, _preview(row)] for row in sample[:PREVIEW_ROWS]],
        "reading": reading,
        "asks": asks,
    }


def _preview(row):
    return [_shown(cell) for cell in row.cells[:PREVIEW_COLUMNS]]


def _shown(cell):
    """A cell as people see it: a number with fifteen digits, for a start."""
    if cell is None:
        return None
    value = read_text(cell)[0] if cell[0] == NUMBER_CELL else cell[1]
    return value[:PREVIEW_TEXT]


def read_headings(rows, sheet, profile, vocabulary, known, choice):
    """Return ``(reading or None, what is asked or said)`` of a sheet that begins with `rows`."""
    if choice:
        at = next((at for at, row in enumerate(rows) if row.number == choice["heading_row"]), None)
        if at is None:
            return None, [ask("no_heading", sheet)]
        heading = heading_at(rows, at, choice.get("heading_lines", 1))
        columns = columns_of(heading, rows, profile, vocabulary)
    else:
        heading, columns = find_heading(rows, profile, vocabulary, known)
    if heading is None:
        return None, [ask("no_heading", sheet)]
    reading = {
        "heading_row": rows[heading.at].number,
        "heading_lines": heading.lines,
        "signature": heading.signature,
        "columns": columns,
        "date_order": None,
        "decimal": ".",
        "remembered": False,
    }
    below = rows[heading.at + heading.lines :]
    if (before := known.get(heading.signature)) and not choice:
        reading.update(_remembered(before, columns), remembered=True)
        asks = missing_fields(reading["columns"], profile, sheet)
        reading["decimal"] = _decimal_sign(reading["columns"], below, profile)
    else:
        reading["decimal"] = _decimal_sign(columns, below, profile)
        asks = settle_amounts(columns, below, profile, sheet, reading["decimal"])
        asks += missing_fields(columns, profile, sheet) + doubled_headings(columns, sheet)
    if not reading["date_order"]:
        reading["date_order"], more = _date_order(reading["columns"], below, profile, sheet)
        asks += more
    return reading, asks


def _remembered(before, columns):
    """What a layout of before says of the same headings."""
    read_as = {column["position"]: column for column in before["columns"]}
    kept = []
    for column in columns:
        old = read_as.get(column["position"], {})
        kept.append(
            {
                **column,
                "field": old.get("field"),
                "kind": old.get("kind"),
                "sign": old.get("sign", 1),
                "score": 1.0,
                "why": "remembered",
                **({"with_tax": True} if old.get("with_tax") else {}),
            }
        )
    return {"columns": kept, "date_order": before.get("date_order")}


def _cells_of(columns, rows, profile, kinds):
    """Yield the texts in the columns whose fields are of `kinds`."""
    fields = {field.name: field.kind for field in profile.fields}
    for column in columns:
        kind = "amount" if column["field"] == "charge" else fields.get(column["field"])
        if kind in kinds:
            position = column["position"]
            for row in rows:
                cell = row.cells[position] if position < len(row.cells) else None
                if cell is not None and cell[0] == STRING:
                    yield cell[1].strip()


def _decimal_sign(columns, rows, profile):
    """What stands before decimals in texts: a comma only where there are such numbers, and none with a point."""
    comma = point = 0
    for text in _cells_of(columns, rows, profile, MONEY_KINDS | {NUMBER, PERCENT}):
        comma += bool(COMMA_DECIMALS.fullmatch(text))
        point += bool(POINT_DECIMALS.fullmatch(text))
    return "," if comma and not point else "."


def _date_order(columns, rows, profile, sheet):
    """Return the order of days that may be read in several ways, and the question where nothing tells it."""
    possible, example, differing = {"dmy", "mdy", "ymd"}, None, False
    unclear = False
    for text in _cells_of(columns, rows, profile, {DATE}):
        if not (parts := short_parts(text)):
            continue
        found = possible_days(*parts)
        if not found:
            continue
        unclear = True
        possible &= found.keys()
        if len(set(found.values())) > 1:
            differing, example = True, example or text
    if not unclear or not differing:
        return (next(iter(possible)) if unclear and len(possible) == 1 else None), []
    if len(possible) == 1:
        return next(iter(possible)), []
    orders = sorted(possible or {"dmy", "mdy", "ymd"})
    return None, [ask("ambiguous_dates" if possible else "mixed_dates", sheet, example=example, orders=orders)]


def _choose_sheets(sheets):
    """Say which sheets are read: those to be seen that have headings; hidden ones when somebody says so."""
    for sheet in sheets:
        readable = not any(problem["code"] in UNREADABLE for problem in sheet["asks"])
        sheet["used"] = bool(sheet["rows"]) and sheet["visible"] and readable and sheet["reading"] is not None
    used = [sheet for sheet in sheets if sheet["used"]]
    for sheet in sheets:
        if sheet["visible"] or not sheet["rows"] or sheet["reading"] is None:
            continue
        # Its own questions are for later.
        sheet["asks"] = [ask("hidden_sheet", sheet["name"], rows=sheet["rows"])]
    if used:
        for sheet in sheets:
            if sheet["visible"] and not sheet["used"] and sheet["rows"]:
                # A cover, a summary or a note beside the list.
                sheet["asks"] = [{**problem, "level": NOTE} for problem in sheet["asks"]]
                sheet["asks"].append(ask("sheet_not_read", sheet["name"], level=NOTE, rows=sheet["rows"]))
    signatures = {}
    for sheet in used:
        signatures.setdefault(sheet["reading"]["signature"], []).append(sheet["name"])
    if len(used) > 1:
        used[0]["asks"].append(
            ask("several_sheets", used[0]["name"], level=NOTE, sheets=[sheet["name"] for sheet in used])
        )


def heading_words(reading):
    """The plain headings by column, as they come again where a list is printed with headings on each page."""
    return {column["position"]: plain(column["heading"]) for column in reading["columns"] if column["heading"]}


def total_tolerance(count):
    """How far a sum may be off: each of its amounts may have been rounded by the partner."""
    return max(Decimal("0.011"), Decimal("0.005") * min(count, 100))
