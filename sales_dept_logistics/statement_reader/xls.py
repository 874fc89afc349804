"""XLS, the spreadsheets of before 2007, as `xlrd` reads them; Odoo has it, too."""

import io

import xlrd

from .cells import BOOLEAN, DATE, FAULT, NUMBER, STRING, SheetRow, moment_text
from .limits import Meter
from .problems import FileError


class Workbook:
    """An XLS file: its sheets, and the rows of each.

    :raises FileError: for a file that is damaged, protected or too large
    """

    def __init__(self, content, limits):
        self.meter = Meter(limits, FileError)
        try:
            self.book = xlrd.open_workbook(file_contents=content, on_demand=True, logfile=io.StringIO())
        except MemoryError:
            raise
        except Exception as error:
            # It parses offsets and lengths that the file names, and raises whatever these lead to.
            raise FileError("encrypted" if "encrypted" in str(error) else "damaged") from error
        self.date1904 = bool(self.book.datemode)

    def sheets(self):
        visible = self.book._sheet_visibility
        return [
            (name, visible[at] == 0 if at < len(visible) else True) for at, name in enumerate(self.book.sheet_names())
        ]

    def rows(self, index, most=None):
        try:
            sheet = self.book.sheet_by_index(index)
            for at in range(sheet.nrows):
                cells = [self._cell(cell) for cell in sheet.row(at)]
                while cells and cells[-1] is None:
                    cells.pop()
                if any(cell is not None and (cell[0] != STRING or cell[1].strip()) for cell in cells):
                    self.meter.row(len(cells))
                    yield SheetRow(at + 1, cells)
            self.book.unload_sheet(index)
        except (FileError, MemoryError, GeneratorExit):
            raise
        except Exception as error:
            raise FileError("damaged") from error

    def _cell(self, cell):
        kind, value = cell.ctype, cell.value
        if kind == xlrd.XL_CELL_TEXT:
            value = value.replace("\0", "")
            return (STRING, value) if value else None
        if kind == xlrd.XL_CELL_NUMBER:
            return (NUMBER, number_text(value))
        if kind == xlrd.XL_CELL_DATE:
            moment = moment_text(value, self.date1904)
            return (DATE, moment) if moment else (NUMBER, number_text(value))
        if kind == xlrd.XL_CELL_BOOLEAN:
            return (BOOLEAN, "TRUE" if value else "FALSE")
        if kind == xlrd.XL_CELL_ERROR:
            return (FAULT, xlrd.error_text_from_code.get(value, "#ERR"))
        return None


def number_text(value):
    """
    >>> number_text(12.0), number_text(0.1), number_text(1.23456789012345678e17)
    ('12', '0.1', '123456789012345680')
    """
    return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
