"""CSV and its relatives: which encoding, what stands between the cells, and the rows."""

import csv
import io
import re

from .cells import STRING, SheetRow
from .limits import Meter
from .problems import FileError

DELIMITERS = [",", "\t", ";", "|"]
SAMPLE_LINES = 40
LONGEST_CELL = 1 << 20
# As spreadsheets write digits that are to stay text.
AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
# In which Chinese programs write what is no UTF-8; it holds GBK and GB2312.
LEGACY = "gb18030"


class Workbook:
    """A file of text as a book of one sheet.

    :raises FileError: for text in no encoding that is known
    """

    date1904 = False

    def __init__(self, content, limits):
        self.meter = Meter(limits, FileError)
        self.encoding, self.text = decode(content)
        self.delimiter = delimiter_of(self.text)

    def sheets(self):
        return [("", True)]

    def rows(self, index, most=None):
        csv.field_size_limit(LONGEST_CELL)
        lines = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter)
        number = 0
        while True:
            number += 1
            try:
                values = next(lines, None)
            except csv.Error as error:
                raise FileError("damaged_row", row=number) from error
            if values is None:
                return
            if any(value.strip() for value in values):
                self.meter.row(len(values))
                yield SheetRow(number, [_cell(value) for value in values])


def decode(content):
    """Return the encoding and the text of `content`: as it is marked, else UTF-8, else GB18030.

    >>> decode("运单".encode("gbk")), decode("运单".encode("utf-8-sig"))
    (('gb18030', '运单'), ('utf-8-sig', '运单'))
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return encoding, _strict(content, encoding)
    for encoding in ("utf-8", LEGACY):
        try:
            return encoding, content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError("encoding")


def _strict(content, encoding):
    try:
        return content.decode(encoding).replace("\0", "")
    except UnicodeDecodeError as error:
        raise FileError("encoding") from error


def delimiter_of(text):
    r"""The sign that parts most lines into the same number of cells, more than one.

    >>> delimiter_of("a;b;c\n1,5;2;3\n"), delimiter_of("a\tb\n1\t2")
    (';', '\t')
    """
    lines = [line for line in text[: 1 << 16].splitlines()[:SAMPLE_LINES] if line.strip()]
    best, most = ",", (0, 0)
    for delimiter in DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        counts = [count for count in counts if count]
        if not counts:
            continue
        score = max((counts.count(count), count) for count in counts)
        if score > most:
            best, most = delimiter, score
    return best


def _cell(value):
    if not value:
        return None
    if match := AS_TEXT.fullmatch(value):
        return (STRING, match[1])
    return (STRING, value)
