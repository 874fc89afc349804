import os
import resource
import signal
import threading
import time
import zipfile
from contextlib import closing
from io import BytesIO
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from .. import statement_reader
from ..statement_reader import FREIGHT, FileError, Limits, look_at, read_rows, reader
from .statement_files import DAY, GOOD, HEADING, Found, archive, below, changed, csv, refusal, xls, xlsx

MEGABYTE = 1 << 20


@tagged("post_install", "-at_install")
class TestStatementReaderHarm(BaseCase):
    """Files that are damaged, no spreadsheets, or made to harm: a name for what they are, and the server goes on."""

    # === WHAT IS NO LIST === #

    def test_said_by_name(self):
        def document(part):
            return archive({"[Content_Types].xml": "<x/>", part: "<x/>"})

        def ole(name):
            return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + name.encode("utf-16-le") + b"\0" * 600

        cases = {
            "encrypted": (ole("EncryptedPackage"), {}),
            "xlsb": (document("xl/workbook.bin"), {}),
            "pdf": (b"%PDF-1.7 ...", {"kind": "pdf"}),
            "picture": (b"\x89PNG\r\n\x1a\n", {"kind": "picture"}),
            "photo": (b"\xff\xd8\xff\xe0", {"kind": "picture"}),
            "word": (document("word/document.xml"), {"kind": "word"}),
            "old word": (ole("WordDocument"), {"kind": "word"}),
            "slides": (document("ppt/presentation.xml"), {"kind": "slides"}),
            "ods": (document("content.xml"), {"kind": "ods"}),
            "rar": (b"Rar!\x1a\x07", {"kind": "archive"}),
            "zip": (archive({"a.csv": "a,b"}), {"kind": "archive"}),
            "page": (b"\xef\xbb\xbf <!DOCTYPE html><table><tr><td>1</td></tr></table>", {"kind": "html"}),
            "table": (b"<table><tr><td>1</td></tr></table>", {"kind": "html"}),
            "xml": (b'<?xml version="1.0"?><Workbook/>', {"kind": "xml"}),
            "binary": (b"\x00\x01\x02\x03" * 50, {"kind": "other"}),
            "empty": (b"", {}),
            "blank": (b"  \r\n", {}),
        }
        for name, (content, values) in cases.items():
            with self.subTest(file=name):
                code = "not_a_spreadsheet" if values else {"blank": "empty"}.get(name, name)
                self.assertEqual(refusal(content), (code, values))

    def test_protected_parts(self):
        """A ZIP archive with a password, as some send it under the name of a spreadsheet."""
        content = bytearray(xlsx(HEADING, GOOD))
        at = 0
        while (at := content.find(b"PK\x01\x02", at)) >= 0:
            content[at + 8] |= 1
            at += 4
        self.assertEqual(refusal(bytes(content)), ("encrypted", {}))

    def test_macros_are_not_run_nor_in_the_way(self):
        content = xlsx(HEADING, GOOD)
        output = BytesIO(content)
        with zipfile.ZipFile(output, "a") as packed:
            packed.writestr("xl/vbaProject.bin", b"Auto_Open")
        self.assertEqual(len(Found(output.getvalue()).charges), 2)

    def test_damaged(self):
        good = xlsx(HEADING, GOOD)
        sheet = "xl/worksheets/sheet1.xml"
        cases = {
            "cut": good[:-200],
            "cut early": good[:100],
            "no sheet": changed(good, lambda text: b"", sheet),
            "other root": changed(good, lambda text: text.replace(b"worksheet", b"workshop"), sheet),
            "no text": changed(good, lambda text: b"", "xl/sharedStrings.xml"),
            "text that is not there": changed(good, below(b'<row r="3"><c r="A3" t="s"><v>999</v></c></row>')),
            "two cells in one place": changed(
                good, below(b'<row r="3"><c r="A3"><v>1</v></c><c r="A3"><v>2</v></c></row>')
            ),
            "no letters": changed(good, lambda text: text + b"\xff\xfe", "xl/sharedStrings.xml"),
            "not closed": changed(good, below(b'<row r="3"><c r="A3"><v>1</row>')),
            "xls cut": xls(HEADING, GOOD)[:3000],
        }
        for name, content in cases.items():
            with self.subTest(file=name):
                self.assertIn(refusal(content)[0], ("damaged", "not_a_spreadsheet"))

    def test_bytes_in_no_encoding(self):
        self.assertEqual(refusal("运单号,运费".encode() + b"\xff\xff\x80\n"), ("encoding", {}))
        self.assertEqual(refusal(b"\xef\xbb\xbf\xff\xff,5"), ("encoding", {}))

    # === WHAT WOULD TAKE ALL MEMORY OR TIME === #

    def test_more_than_the_limits(self):
        content = xlsx(HEADING, *[GOOD] * 50)
        for limits, code in (
            (Limits(file_bytes=1000), "too_big"),
            (Limits(unpacked_bytes=5000), "bomb"),
            (Limits(rows=50), "too_many_rows"),
            (Limits(places=300), "too_many_cells"),
            (Limits(parts=3), "bomb"),
        ):
            with self.subTest(limits=code), self.assertRaises(FileError) as caught:
                look_at(content, FREIGHT, limits=limits)
            self.assertEqual(caught.exception.code, code)
        self.assertEqual(refusal(csv(HEADING, GOOD), limits=Limits(rows=1))[0], "too_many_rows")
        self.assertEqual(refusal(xls(HEADING, GOOD), limits=Limits(rows=1))[0], "too_many_rows")

    def test_bomb(self):
        """A small file that says it is small, and unpacks to more than the server has."""
        good = xlsx(HEADING, GOOD)
        cases = [
            changed(good, lambda text: text + b" " * (600 * MEGABYTE)),
            changed(
                good,
                lambda text: text.replace(b"<si>", b"<si><t>" + b"x" * (150 * MEGABYTE) + b"</t></si><si>", 1),
                "xl/sharedStrings.xml",
            ),
        ]
        for content in cases:
            self.assertLess(len(content), MEGABYTE)
            begin = time.monotonic()
            self.assertIn(refusal(content)[0], ("bomb", "damaged"))
            self.assertLess(time.monotonic() - begin, 20)

    def test_sizes_that_are_lies(self):
        """The sizes that an archive names are checked against what comes out of it."""
        content = changed(xlsx(HEADING, GOOD), lambda text: text + b" " * (20 * MEGABYTE))
        size = (
            20 * MEGABYTE + len(zipfile.ZipFile(BytesIO(xlsx(HEADING, GOOD))).read("xl/worksheets/sheet1.xml"))
        ).to_bytes(4, "little")
        lying = content.replace(size, (1000).to_bytes(4, "little"))
        self.assertNotEqual(lying, content)
        self.assertIsNotNone(refusal(lying, limits=Limits(unpacked_bytes=10 * MEGABYTE)))

    def test_entities(self):
        billion = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
        good = xlsx(HEADING, GOOD)
        for part, root in (
            ("xl/worksheets/sheet1.xml", b"<worksheet"),
            ("xl/workbook.xml", b"<workbook"),
            ("xl/sharedStrings.xml", b"<sst"),
            ("xl/styles.xml", b"<styleSheet"),
            ("xl/_rels/workbook.xml.rels", b"<Relationships"),
        ):
            with self.subTest(part=part):
                content = changed(good, lambda text, root=root: text.replace(root, billion + root, 1), part)
                self.assertEqual(refusal(content), ("entities", {}))

    def test_far_cell(self):
        """One cell in the last place of the sheet is a row of its own, and takes neither time nor memory."""
        begin = time.monotonic()
        content = changed(xlsx(HEADING, GOOD), below(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
        found = Found(content)
        self.assertEqual([row[1] for row in found.rows], [1, 2, 1048576])
        self.assertEqual((len(found.rows[2][2]), found.rows[2][2][-1], found.rows[2][6]), (16384, "1", "remark"))
        self.assertLess(time.monotonic() - begin, 5)
        far = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (at, at) for at in range(3, 2000))
        self.assertEqual(refusal(changed(xlsx(HEADING, GOOD), below(far)))[0], "too_many_cells")

    def test_formatted_to_the_last_row(self):
        """1,048,576 rows that are "used" and empty."""
        empty = b"".join(
            b'<row r="%d"><c r="A%d" s="1"/><c r="B%d" s="1"/></row>' % (at, at, at) for at in range(3, 1_048_577)
        )
        begin = time.monotonic()
        found = Found(changed(xlsx(HEADING, GOOD), below(empty)))
        self.assertEqual([row[1] for row in found.rows], [1, 2])
        self.assertLess(time.monotonic() - begin, 30)

    def test_memory_of_the_process(self):
        """What takes too much memory ends the process that reads, and is said."""
        long = "x" * 30_000
        content = xlsx(HEADING, *[[f"{at}{long}", DAY] for at in range(2_500)])
        with self.assertRaises(FileError) as caught:
            look_at(content, FREIGHT, limits=Limits(memory=90 * MEGABYTE))
        self.assertEqual(caught.exception.code, "too_much_memory")

    def test_time_of_the_process(self):
        content = csv(HEADING, *[["A", "2026-10-03", "x", "1", "2", "3"]] * 100_000)
        begin = time.monotonic()
        with self.assertRaises(FileError) as caught:
            look_at(content, FREIGHT, limits=Limits(seconds=0))
        self.assertEqual(caught.exception.code, "too_long")
        self.assertLess(time.monotonic() - begin, 10)

    def test_process_that_is_killed(self):
        """Half a file is never taken for a whole one."""
        content = csv(HEADING, *[["A", "2026-10-03", "x", "1", "2", "3"]] * 60_000)
        readings = {sheet["name"]: sheet["reading"] for sheet in look_at(content, FREIGHT)["sheets"]}
        children, start = [], reader.subprocess.Popen

        def started(*args, **values):
            children.append(start(*args, **values))
            return children[-1]

        with patch.object(reader.subprocess, "Popen", started), closing(read_rows(content, FREIGHT, readings)) as rows:
            next(rows)
            os.kill(children[0].pid, signal.SIGKILL)
            with self.assertRaises(FileError):
                list(rows)

    def test_no_process_is_left(self):
        content = csv(HEADING, *[["A", "2026-10-03", "x", "1", "2", "3"]] * 60_000)
        readings = {sheet["name"]: sheet["reading"] for sheet in look_at(content, FREIGHT)["sheets"]}
        children, start = [], reader.subprocess.Popen

        def started(*args, **values):
            children.append(start(*args, **values))
            return children[-1]

        with patch.object(reader.subprocess, "Popen", started):
            rows = read_rows(content, FREIGHT, readings)
            next(rows)
            rows.close()
        self.assertIsNotNone(children[0].returncode)

    def test_a_mistake_of_ours_is_no_damage_of_the_file(self):
        with self.assertRaises(RuntimeError):
            list(read_rows(csv(HEADING, GOOD), FREIGHT, {"": {"heading_row": 1}}))

    def test_reads_beside_threads(self):
        """The server's threads read at the same time, each its own file."""
        contents = [csv(HEADING, *[[f"T{at}", "2026-10-03", "x", "1", "2", "3"]] * 500) for at in range(4)]
        found = {}
        threads = [
            threading.Thread(target=lambda at=at, content=content: found.update({at: Found(content)}))
            for at, content in enumerate(contents)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for at in range(4):
            self.assertEqual({reference for reference, _k, _a in found[at].charges}, {f"T{at}"})

    def test_many_rows_in_little_memory(self):
        """The process that reads 30,000 rows of 20 columns stays below 150 MB, and so does the one that asks."""
        heading = [*HEADING, *(f"x{at}" for at in range(14))]
        content = xlsx(
            heading,
            *[[f"A{at}", DAY, "武汉", 1, 2, 3, *(f"{at} {more}" for more in range(14))] for at in range(30_000)],
        )
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        readings = {sheet["name"]: sheet["reading"] for sheet in look_at(content, FREIGHT)["sheets"]}
        count = sum(len(rows) for rows in read_rows(content, FREIGHT, readings, limits=Limits(memory=150 * MEGABYTE)))
        self.assertEqual(count, 30_001)
        self.assertLess(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, 60 * 1024)

    def test_going_on(self):
        """A reading that ended is taken up at any row; sums count the rows before, too."""
        rows = [[f"A{at}", "2026-10-03", "x", "1", "2", "3"] for at in range(1200)]
        content = csv(HEADING, *rows, ["合计", "", "", "", "2400", "3600"])
        readings = {sheet["name"]: sheet["reading"] for sheet in look_at(content, FREIGHT)["sheets"]}
        whole = [row for chunk in read_rows(content, FREIGHT, readings) for row in chunk]
        self.assertFalse(whole[-1][5])
        for skip in (0, 1, 700, 1201, 1202, 5000):
            rest = [row for chunk in read_rows(content, FREIGHT, readings, skip=skip) for row in chunk]
            self.assertEqual(rest, whole[skip:])

    def test_worker_stands_beside_the_reader(self):
        self.assertTrue(os.path.isfile(reader.WORKER))
        self.assertTrue(reader.WORKER.startswith(statement_reader.__path__[0]))
