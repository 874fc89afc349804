import csv
from datetime import date
from io import StringIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..statement_reader import FREIGHT, FileError, Limits, look_at, read_rows
from ..statement_reader.reading import look
from ..statement_reader.rows import rows as rows_of
from .statement_files import GOOD, HEADING, archive, changed, xls, xlsx

# The same files each time; nothing is kept between runs.
fuzz = settings(
    max_examples=80, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
few = settings(fuzz, max_examples=25)

WORDS = [
    "运单号",
    "单号",
    "Waybill",
    "日期",
    "发货日期",
    "目的地",
    "重量(KG)",
    "件数",
    "运费",
    "燃油费",
    "合计",
    "金额",
    "费用名称",
    "税额",
    "折扣",
    "币种",
    "备注",
    "Total",
    "小计",
    "总计",
    "Amount",
    "",
    " ",
    "#N/A",
    "1.23E+17",
    "03/04/2026",
    "2026-10-03",
    "￥12.50",
    "$5",
    "-",
    "５",
    "(1,234.50)",
    "46298",
    "12345678901234567890",
    "=1+1",
    "无",
    "𠮷",
    "\u200b",
    "a\nb",
    "x" * 300,
]
LETTERS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
CELLS = st.one_of(
    st.none(),
    st.sampled_from(WORDS),
    LETTERS,
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(2200, 1, 1)),
)
TABLES = st.lists(st.lists(CELLS, max_size=12), min_size=1, max_size=25)
XML = st.sampled_from(
    [
        b"<c>",
        b"</c>",
        b"<row>",
        b"</row>",
        b'<c r="A1"/>',
        b'<c r="ZZZ9"><v>1</v></c>',
        b'<row r="0">',
        b"<v>",
        b"</v>",
        b"&",
        b"&#0;",
        b"&#xD800;",
        b"<![CDATA[<c>]]>",
        b"<!-- -->",
        b"<?x?>",
        b"<!DOCTYPE a>",
        b"\xff",
        b"\x00",
        b"</sheetData>",
        b"</worksheet>",
        b'<c r="A1" t="s"><v>-1</v></c>',
        b'<c r="A1" t="s"><v>99999999999</v></c>',
        b'<c r="B2" t="zz"><v>1</v></c>',
        b'<c r="C2"><v>1e999</v></c>',
        b'<c r="C2"><v>x</v></c>',
        b'<c r="D2" t="d"><v>2026</v></c>',
        b'<row r="99999999"/>',
        b"<f>1</f>",
        b"<is><t>x</t></is>",
    ]
)


@tagged("post_install", "-at_install")
class TestStatementReaderFuzz(BaseCase):
    """Whatever is in a file: no crash, no row lost, and a name for what cannot be read."""

    def _all_rows(self, content):
        """The rows of all sheets that have headings, as the process that reads finds them; None for a refusal."""
        try:
            book = look(content, FREIGHT)
            readings = {sheet["name"]: sheet["reading"] for sheet in book["sheets"] if sheet["reading"]}
            found = list(rows_of(content, FREIGHT, readings, "CNY", digits=8))
        except FileError as error:
            self.assertTrue(str(error))
            return None
        with_amounts = {sheet["name"] for sheet in book["sheets"] if not _lacks_field(sheet)}
        for sheet, number, raw, values, amounts, flags, exclusion in found:
            self.assertGreaterEqual(number, 1)
            self.assertTrue(any(text and text.strip() for text in raw) or flags)
            # Taken, flagged or left out; and what is taken has its figures.
            if exclusion is None and not any(flag.level == "error" for flag in flags):
                self.assertTrue(values.get("reference"))
                self.assertTrue(amounts or sheet not in with_amounts)
            if exclusion:
                self.assertFalse(amounts)
        if readings:
            self.assertEqual(len(found), sum(sheet["rows"] for sheet in book["sheets"] if sheet["reading"]))
        return found

    @fuzz
    @given(TABLES, st.booleans())
    def test_cells_of_spreadsheets(self, table, heading):
        table = [HEADING, *table] if heading else table
        found = self._all_rows(xlsx(*table))
        self.assertIsNotNone(found)
        if heading:
            expected = [
                [_as_written(value) for value in row] for row in table if any(_as_written(value) for value in row)
            ]
            self.assertEqual(
                [len([text for text in row[2] if text and text.strip()]) for row in found],
                [sum(map(bool, row)) for row in expected],
            )

    @fuzz
    @given(TABLES, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]), st.sampled_from(",;\t|"))
    def test_cells_of_texts(self, table, encoding, delimiter):
        output = StringIO()
        writer = csv.writer(output, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow(HEADING)
        writer.writerows([["" if value is None else str(value) for value in row] for row in table])
        content = output.getvalue().encode(encoding)
        found = self._all_rows(content)
        if found is not None:
            self.assertGreaterEqual(len(found), 1)

    @few
    @given(
        st.lists(
            st.lists(CELLS.filter(lambda value: not isinstance(value, date) or value.year < 2100), max_size=12),
            max_size=20,
        )
    )
    def test_cells_of_old_spreadsheets(self, table):
        self.assertIsNotNone(self._all_rows(xls(HEADING, *[[_in_bounds(value) for value in row] for row in table])))

    @fuzz
    @given(
        st.lists(st.sampled_from(WORDS[:21]), min_size=1, max_size=14),
        st.lists(st.lists(CELLS, min_size=14, max_size=14), max_size=6),
    )
    def test_headings(self, words, table):
        """Any headings in any order: each column is at most one field, each field at most one column."""
        content = xlsx(words, *table)
        self._all_rows(content)
        for sheet in look(content, FREIGHT)["sheets"]:
            fields = [column["field"] for column in (sheet["reading"] or {"columns": []})["columns"]]
            single = [field for field in fields if field not in (None, "charge")]
            self.assertEqual(len(single), len(set(single)))

    @fuzz
    @given(st.integers(0, 10**6), st.integers(0, 40), XML)
    def test_structure_of_sheets(self, place, cut, xml):
        """XML that is cut, nested and filled with what does not belong there."""

        def change(text):
            at = place % len(text)
            return text[:at] + xml + text[at + cut :]

        for part in (
            "xl/worksheets/sheet1.xml",
            "xl/sharedStrings.xml",
            "xl/workbook.xml",
            "xl/styles.xml",
            "xl/_rels/workbook.xml.rels",
        ):
            self._all_rows(changed(xlsx(HEADING, GOOD, GOOD), change, part))

    @fuzz
    @given(
        st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8), st.integers(0, 10**6)
    )
    def test_bytes_of_files(self, changes, cut):
        for content in (xlsx(HEADING, GOOD), xls(HEADING, GOOD)):
            damaged = bytearray(content)
            for place, byte in changes:
                damaged[place % len(damaged)] = byte
            self._all_rows(bytes(damaged))
            self._all_rows(content[: cut % len(content)])

    @fuzz
    @given(st.binary(max_size=300))
    def test_any_bytes(self, content):
        self._all_rows(content)

    @fuzz
    @given(
        st.dictionaries(
            st.sampled_from(
                [
                    "xl/workbook.xml",
                    "[Content_Types].xml",
                    "_rels/.rels",
                    "xl/_rels/workbook.xml.rels",
                    "xl/worksheets/sheet1.xml",
                ]
            ),
            st.one_of(XML, st.binary(max_size=60)),
            max_size=5,
        )
    )
    def test_any_archives(self, parts):
        self._all_rows(archive(parts))

    @few
    @given(TABLES, st.integers(0, 10**6), XML)
    def test_the_process_that_reads(self, table, place, xml):
        """The same through the process: within its limits of memory and time."""
        content = xlsx(HEADING, *table)
        limits = Limits(memory=200 << 20, seconds=20)

        def change(text):
            at = place % len(text)
            return text[:at] + xml + text[at:]

        expected = self._all_rows(content)
        for data in (content, changed(content, change)):
            try:
                book = look_at(data, FREIGHT, limits=limits)
                readings = {sheet["name"]: sheet["reading"] for sheet in book["sheets"] if sheet["reading"]}
                found = [row for rows in read_rows(data, FREIGHT, readings, "CNY", 8, limits=limits) for row in rows]
            except FileError as error:
                self.assertNotIn(error.code, ("too_much_memory", "too_long", "gave_up"))
            else:
                if data is content:
                    self.assertEqual([row[1:3] for row in found], [list(row[1:3]) for row in expected])


def _lacks_field(sheet):
    return any(problem["code"] == "missing_field" for problem in sheet["asks"])


def _as_written(value):
    """What a cell has as text, as far as it counts; None for one that is empty."""
    text = "" if value is None else str(value)
    return text.strip() or None


def _in_bounds(value):
    return value if not isinstance(value, int) or isinstance(value, bool) or abs(value) < 10**15 else str(value)
