"""Files as partners send them, and as nobody should, made by the tests themselves."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import xlsxwriter
import xlwt

from ..statement_reader import FREIGHT, FileError, look_at, read_rows

DAY = date(2026, 10, 3)
HEADING = ["运单号", "发货日期", "目的地", "重量", "运费", "燃油附加费"]
GOOD = ["SF10000001", DAY, "武汉", 12.5, 100, 10.5]


def xlsx(*rows, sheets=None, hidden=(), formats=None, **options):
    """An XLSX file of `rows`, or of ``{sheet: rows}``; days are formatted as such."""
    output = BytesIO()
    settings = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, **options}
    with xlsxwriter.Workbook(output, settings) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, lines in (sheets or {"明细": rows}).items():
            sheet = book.add_worksheet(name)
            for at, line in enumerate(lines):
                for column, value in enumerate(line):
                    if isinstance(value, date):
                        sheet.write_datetime(at, column, datetime(value.year, value.month, value.day), day)
                    elif value is not None:
                        sheet.write(at, column, value)
            if name in hidden:
                sheet.hide()
    return output.getvalue()


def xls(*rows):
    output, book = BytesIO(), xlwt.Workbook()
    sheet, day = book.add_sheet("明细"), xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for at, line in enumerate(rows):
        for column, value in enumerate(line):
            if isinstance(value, date):
                sheet.write(at, column, value, day)
            elif value is not None:
                sheet.write(at, column, value)
    book.save(output)
    return output.getvalue()


def csv(*rows, delimiter=",", encoding="utf-8"):
    lines = [delimiter.join("" if value is None else str(value) for value in row) for row in rows]
    return "\r\n".join(lines).encode(encoding)


def archive(parts):
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return output.getvalue()


def changed(content, change, part="xl/worksheets/sheet1.xml"):
    """The archive `content` with `change` done to the bytes of one of its parts."""
    output = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            text = old.read(info)
            new.writestr(info.filename, change(text) if info.filename == part else text)
    return output.getvalue()


def below(xml):
    """A change of a sheet that puts the row `xml` below all others."""
    return lambda text: text.replace(b"</sheetData>", xml + b"</sheetData>")


class Found:
    """What was read of a file: how it is read, and its rows."""

    def __init__(self, content, profile=FREIGHT, currency="CNY", digits=0, **options):
        self.book = look_at(content, profile, **options)
        self.sheets = self.book["sheets"]
        self.readings = {sheet["name"]: sheet["reading"] for sheet in self.sheets if sheet["used"]}
        self.rows = [row for rows in read_rows(content, profile, self.readings, currency, digits) for row in rows]

    @property
    def asks(self):
        return [problem["code"] for sheet in self.sheets for problem in sheet["asks"] if problem["level"] == "ask"]

    @property
    def notes(self):
        return [problem["code"] for sheet in self.sheets for problem in sheet["asks"] if problem["level"] == "note"]

    @property
    def columns(self):
        """``{field or kind: heading}`` of the first sheet that is read."""
        reading = next(sheet["reading"] for sheet in self.sheets if sheet["reading"])
        return {
            column["kind"] or column["field"]: column["heading"] for column in reading["columns"] if column["field"]
        }

    @property
    def charges(self):
        """``[(reference, kind, amount)]`` of the rows that are not left out."""
        return [
            (row[3].get("reference"), kind, amount)
            for row in self.rows
            if not row[6]
            for kind, _label, amount, _position, _currency in row[4]
        ]

    @property
    def flags(self):
        """``[(row, column, code)]``, columns from 0 on."""
        return [(row[1], flag[2], flag[0]) for row in self.rows for flag in row[5]]

    @property
    def left_out(self):
        return [(row[1], row[6]) for row in self.rows if row[6]]


def refusal(content, profile=FREIGHT, **options):
    """``(code, values)`` of why a file is not read, or None where it is."""
    try:
        Found(content, profile, **options)
    except FileError as error:
        return error.code, error.values
    return None
