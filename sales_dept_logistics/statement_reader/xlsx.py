"""XLSX and XLSM, row by row, within bounds, whatever the file says about itself.

Why not a library: of those at hand one takes ten times as long, the other six times the memory and the whole process
with it on a hostile file, and none tells an error cell or a formula without a result from an empty cell. Rows as
spreadsheet programs write them are matched by one expression; any other row goes to an XML parser.
"""

import posixpath
import re
import struct
import zipfile
import zlib
from io import BytesIO

from lxml import etree

from .cells import BOOLEAN, DATE, FAULT, NO_RESULT, NUMBER, STRING, SheetRow, moment_text
from .limits import Meter
from .ooxml import CHUNK, element_text, escaped, parse, parse_piece, pieces, unescaped
from .problems import FileError

MOST_COLUMNS = 16_384
MOST_MOMENTS = 10_000

CELL = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]+"((?: [a-zA-Z]+="[^"]*")*) ?'
    r"(?:/>|>(<f(?:\s[^>]*)?(?:/>|>[^<]*</f>))?(?:<v(?:\s[^>]*)?>([^<]*)</v>|<v/>)?"
    r'(?:<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)'
)
ATTRIBUTE = re.compile(r'([a-zA-Z:]+)="([^"]*)"')
ROW_NUMBER = re.compile(r'\sr="(\d{1,7})"')
HIDDEN = re.compile(r'\shidden="(?:1|true)"')
SHARED = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')

# Formats that are dates by their number, also in Chinese programs; others by the letters in them.
DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
NO_FORMAT_LETTERS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')

# What archives and parsers raise on bytes that are none of theirs.
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    etree.LxmlError,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    RuntimeError,
    OverflowError,
)
NAMESPACE_RELATIONS = re.compile(r"\{http://[^}]*officeDocument[^}]*relationships\}id$")


class Workbook:
    """An XLSX file: its sheets, and the rows of each.

    :raises FileError: for a file that is damaged, protected, or too large when unpacked
    """

    def __init__(self, content, limits):
        self.limits = limits
        self.meter = Meter(limits, FileError)
        with self._damage():
            self.archive = zipfile.ZipFile(BytesIO(content))
            parts = self.archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise FileError("encrypted")
            if sum(part.file_size for part in parts) > limits.unpacked_bytes:
                raise FileError("bomb", megabytes=limits.unpacked_bytes >> 20)
            self.names = {part.filename: part.filename for part in parts}
            self.names |= {name.lower(): name for name in self.names}
            self._read_book()
            self.date_styles = self._date_styles()
            self._strings = None

    def sheets(self):
        """``[(name, whether it is visible)]``, in their order."""
        return [(name, visible) for name, visible, _part in self.parts]

    def rows(self, index, most=None):
        """Yield the :class:`SheetRow` of each row of sheet `index` that has something in it.

        :param most: after so many rows their cells are not looked at, but for whether there are any
        """
        part = self.parts[index][2]
        with self._damage():
            if self._strings is None:
                self._strings = self._shared_strings()
            yield from _SheetReader(self, part).rows(most)

    def _damage(self):
        return _Damage()

    # === PARTS === #

    def _tree(self, name):
        """The XML part `name` as a tree, or None where it is missing."""
        if (found := self.names.get(name) or self.names.get(name.lower())) is None:
            return None
        content = bytearray()
        with self.archive.open(found) as stream:
            while chunk := stream.read(CHUNK):
                self.meter.unpack(len(chunk))
                content += chunk
                if len(content) > self.limits.string_bytes:
                    raise FileError("bomb", megabytes=self.limits.string_bytes >> 20)
        return parse(bytes(content))

    def _read_book(self):
        main = self._main_part()
        book = self._tree(main)
        if book is None or etree.QName(book).localname != "workbook":
            raise FileError("damaged")
        relations = self._relations(main)
        self.date1904, self.parts = False, []
        for node in book.iter("{*}workbookPr"):
            self.date1904 = node.get("date1904") in ("1", "true")
        for node in book.iter("{*}sheet"):
            link = next((value for name, value in node.attrib.items() if NAMESPACE_RELATIONS.match(name)), None)
            kind, part = relations.get(link, (None, None))
            if kind == "worksheet":
                visible = node.get("state", "visible") == "visible"
                self.parts.append((node.get("name") or "", visible, part))
        self.strings_part = next((part for kind, part in relations.values() if kind == "sharedStrings"), None)
        self.styles_part = next((part for kind, part in relations.values() if kind == "styles"), None)

    def _main_part(self):
        if "xl/workbook.xml" in self.names:
            return "xl/workbook.xml"
        return next((part for kind, part in self._relations("").values() if kind == "officeDocument"), "")

    def _relations(self, part):
        """``{id: (kind, part)}`` of what `part` refers to."""
        folder, name = posixpath.split(part)
        tree = self._tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        result = {}
        for node in tree.iter("{*}Relationship") if tree is not None else ():
            if node.get("TargetMode") == "External":
                continue
            target = posixpath.normpath(posixpath.join("/", folder, node.get("Target") or "")).lstrip("/")
            result[node.get("Id")] = ((node.get("Type") or "").rpartition("/")[2], target)
        return result

    def _date_styles(self):
        """The numbers of the cell styles, as text, that show a number as a date."""
        tree = self._tree(self.styles_part) if self.styles_part else None
        if tree is None:
            return frozenset()
        custom = {
            node.get("numFmtId"): _is_date_format(node.get("formatCode") or "") for node in tree.iter("{*}numFmt")
        }
        formats = next(tree.iter("{*}cellXfs"), ())
        found = set()
        for position, node in enumerate(formats):
            number = node.get("numFmtId") or "0"
            if custom.get(number, number.isdigit() and int(number) in DATE_FORMATS):
                found.add(str(position))
        return frozenset(found)

    def _shared_strings(self):
        """The texts that cells refer to by their position."""
        name = self.names.get(self.strings_part or "") or self.names.get((self.strings_part or "").lower())
        if not name:
            return []
        found, size = [], 0
        for piece, root in pieces(self, name, "sst", "</si>"):
            size += len(piece)
            if size > self.limits.string_bytes:
                raise FileError("bomb", megabytes=self.limits.string_bytes >> 20)
            piece = piece[piece.find("<si") :]
            match = SHARED.fullmatch(piece)
            found.append(unescaped(match[1]) if match else element_text(parse_piece(root, piece, "sst")[0]))
        return found


class _SheetReader:
    """The rows of one sheet."""

    def __init__(self, book, part):
        self.book, self.part = book, book.names.get(part) or book.names.get(part.lower())
        self.strings, self.date1904 = book._strings, book.date1904
        self.styles, self.positions, self.moments = {}, {}, {}

    def rows(self, most=None):
        if self.part is None:
            raise FileError("damaged")
        number = found = 0
        for piece, root in pieces(self.book, self.part, "worksheet", "</row>", until="</sheetData>"):
            # Rows that are empty stand before it, each as one tag.
            start = piece.rfind("<row")
            number += max(piece.count("<row") - 1, 0)
            piece = piece[start:]
            tag = piece[: piece.find(">") + 1]
            number = int(match[1]) if (match := ROW_NUMBER.search(tag)) else number + 1
            # Most of a sheet that is formatted to its end is empty.
            if "<v" not in piece and "<is" not in piece and "<f" not in piece:
                continue
            if most is not None and found >= most:
                if "</v>" in piece or "<is" in piece or "<f" in piece:
                    self.book.meter.row(1)
                    yield SheetRow(number, [])
                continue
            cells = self._cells(piece, root)
            if any(cell is not None and (cell[0] != STRING or cell[1].strip()) for cell in cells):
                found += 1
                self.book.meter.row(len(cells))
                yield SheetRow(number, cells, bool(HIDDEN.search(tag)))

    def _cells(self, piece, root):
        found = CELL.findall(piece)
        if len(found) != piece.count("<c ") + piece.count("<c>") or "<!" in piece or "<?" in piece:
            return self._parsed_cells(piece, root)
        cells = []
        for letters, attributes, formula, value, inline in found:
            if not value and not inline and not formula:
                continue
            is_date, kind = self.styles.get(attributes) or self._style(attributes)
            if kind == "n" and value and not is_date:
                # Most cells are such: without a call.
                cell = (NUMBER, value)
            else:
                cell = self._cell(kind, is_date, formula, value, inline)
                if cell is None:
                    continue
            position = self.positions.get(letters)
            if position is None:
                position = self.positions[letters] = _position(letters)
            if position == len(cells):
                cells.append(cell)
            else:
                _put(cells, position, cell)
        return cells

    def _style(self, attributes):
        """Whether cells of these attributes are dates, and their type; remembered, for there are few."""
        named = dict(ATTRIBUTE.findall(attributes))
        style = (named.get("s", "0") in self.book.date_styles, named.get("t", "n"))
        self.styles[attributes] = style
        return style

    def _cell(self, kind, is_date, formula, value, inline):
        """The cell of an element, from texts as the XML has them."""
        if kind == "s":
            try:
                return (STRING, self.strings[int(value)]) if value else None
            except (ValueError, IndexError):
                raise FileError("damaged") from None
        if kind == "n":
            if not value:
                return (NO_RESULT, "") if formula else None
            return self._number(value.strip(), is_date)
        if kind == "inlineStr":
            return (STRING, unescaped(inline)) if inline else None
        if kind == "str":
            # A formula whose result is an empty text has one.
            return (STRING, unescaped(value)) if value else None
        if kind == "e":
            return (FAULT, unescaped(value))
        if kind == "b":
            return (BOOLEAN, "TRUE" if value == "1" else "FALSE")
        if kind == "d":
            return (DATE, value.replace("T", " ").removesuffix(" 00:00:00"))
        raise FileError("damaged")

    def _number(self, text, is_date):
        if not is_date:
            return (NUMBER, text)
        if (cell := self.moments.get(text)) is None:
            if len(self.moments) > MOST_MOMENTS:
                self.moments.clear()
            try:
                moment = moment_text(float(text), self.date1904)
            except ValueError:
                raise FileError("damaged") from None
            cell = self.moments[text] = (DATE, moment) if moment else (NUMBER, text)
        return cell

    def _parsed_cells(self, piece, root):
        """The cells of a row that is written otherwise than most programs do."""
        cells, position = [], -1
        for node in parse_piece(root, piece, "worksheet")[0].iterchildren("{*}c"):
            letters = (node.get("r") or "").rstrip("0123456789")
            position = _position(letters) if letters else position + 1
            formula, value = node.find("{*}f"), node.find("{*}v")
            inline = node.find("{*}is")
            cell = self._cell(
                node.get("t", "n"),
                node.get("s", "0") in self.book.date_styles,
                formula is not None,
                escaped((value.text if value is not None else None) or ""),
                escaped(element_text(inline)) if inline is not None else "",
            )
            if cell is not None:
                _put(cells, position, cell)
        return cells


class _Damage:
    """Whatever a damaged file makes its parsers raise is told as one thing."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is RuntimeError and "password" in str(error):
            raise FileError("encrypted") from error
        if kind is not None and issubclass(kind, FAULTS):
            raise FileError("damaged") from error


def _position(letters):
    """
    >>> _position("A"), _position("Z"), _position("AA"), _position("XFD")
    (0, 25, 26, 16383)
    """
    position = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise FileError("damaged")
        position = position * 26 + ord(letter) - 64
    if position > MOST_COLUMNS:
        raise FileError("damaged")
    return position - 1


def _put(cells, position, cell):
    missing = position - len(cells)
    if missing >= 0:
        cells.extend([None] * missing)
        cells.append(cell)
    elif cells[position] is not None:
        # Two cells in one place: nobody can say which one counts.
        raise FileError("damaged")
    else:
        cells[position] = cell


def _is_date_format(code):
    """Whether a format shows a number as a date.

    >>> _is_date_format("yyyy-mm-dd"), _is_date_format('0.00"d"'), _is_date_format("[h]:mm")
    (True, False, False)
    """
    if "[h" in code.lower() or "[m" in code.lower() or "[s" in code.lower():
        # A length of time.
        return False
    letters = NO_FORMAT_LETTERS.sub("", code.lower()).replace("general", "")
    return any(letter in letters for letter in "ymdh")
