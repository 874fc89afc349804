import re
from functools import partial
from unittest.mock import patch

from psycopg2.errors import ExclusionViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_dept_logistics.models.freight_statement_file import freight_statement_file

from ..statement_reader import Limits, look_at
from .freight_statement_common import FreightStatementCommon
from .statement_files import DAY, GOOD, HEADING, archive, below, changed, csv, xls, xlsx

CHINESE = re.compile("[\u4e00-\u9fff]")
# Words of another language, but for what is called so in Chinese as well.
FOREIGN = re.compile(r"(?<![A-Za-z])(?!XLSX|XLS|CSV|XLSB|XML|PDF|MB|EUR|USD|CNY|Numbers|OpenDocument)[A-Za-z]{3,}")

NAMES = ("ref", "day", "to", "kg", "freight", "fuel")


@tagged("post_install", "-at_install")
class TestFreightStatementFileWords(FreightStatementCommon):
    """Each input that must be survived, made by the test: what a clerk reads about it in Chinese, and where it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.env["ir.module.module"]._load_module_terms(["sales_dept_logistics"], ["zh_CN"])
        cls.assistant.lang = "zh_CN"
        cls.yuan = cls.env.ref("base.CNY")
        cls.yuan.active = True
        cls.statement = cls._statement(matched=False, currency_id=cls.yuan.id).with_user(cls.assistant)
        cls.statement = cls.statement.with_context(lang="zh_CN")

    def _drop(self, content, name="三月.xlsx"):
        attachment = self.env["ir.attachment"].with_user(self.assistant).create({"name": name, "raw": content})
        before = self.statement.file_ids
        self.statement.action_add_files(attachment.ids)
        self.statement.invalidate_recordset()
        return self.statement.file_ids - before

    def _read(self, content, **values):
        """What is said of a file once it is read; of one that asks or is refused, what is asked or why."""
        file = self._drop(content, **values)
        if file.state == "confirm":
            file.action_read()
        # A layout that is known is read without being asked.
        self.env["freight.statement.file"]._cron_read()
        self.env.invalidate_all()
        problems = file.with_context(lang="zh_CN").problems
        if file.state == "read":
            file.action_cancel()
        return file, problems

    def assertChinese(self, text, *parts):
        self.assertRegex(text, CHINESE)
        plain = text.replace("三月.xlsx", "")
        for part in parts:
            self.assertIn(part, text)
            plain = plain.replace(part, "")
        self.assertNotRegex(plain, FOREIGN)
        self.assertNotIn("。 ", text)

    # === CELLS === #

    def test_cells(self):
        """Sheet, row and column, and the cell itself."""

        def row(**values):
            return [values.get(name, good) for name, good in zip(NAMES, GOOD, strict=True)]

        cases = {
            "another currency": (row(freight="€5"), "第 3 行", "E", "€5", "EUR"),
            "number that the spreadsheet rounded": (row(ref=123456789012345678), "第 3 行", "A", "123456789012345"),
            "number as 1.23E+17": (row(ref="1.23E+17"), "第 3 行", "A", "1.23E+17"),
            "zeros that were lost": (row(ref=77), "第 3 行", "A", "77"),
            "error of the spreadsheet": (row(freight="#N/A"), "第 3 行", "E", "#N/A"),
            "no number": (row(freight="壹佰"), "第 3 行", "E", "壹佰"),
            "no day": (row(day="下周"), "第 3 行", "B", "下周"),
            "day without a year": (row(day="10月3日"), "第 3 行", "B", "10月3日"),
            "day that cannot be meant": (row(day="1899-12-31"), "第 3 行", "B", "1899-12-31"),
            "no number of a waybill": (row(ref=None), "第 3 行"),
        }
        for name, (line, *parts) in cases.items():
            with self.subTest(cell=name):
                file, problems = self._read(xlsx(HEADING, GOOD, line))
                self.assertEqual(file.state, "cancelled", problems)
                self.assertChinese(problems, "明细", *parts)

    def test_formula_without_its_result(self):
        line = b'<row r="3"><c r="A3" t="inlineStr"><is><t>A3</t></is></c><c r="E3"><f>1+1</f></c></row>'
        _file, problems = self._read(changed(xlsx(HEADING, GOOD), below(line)))
        self.assertChinese(problems, "明细", "第 3 行", "E")

    def test_sums_that_are_wrong(self):
        total = ["合计", None, None, 12.5, 101, 10.5]
        _file, problems = self._read(xlsx(HEADING, GOOD, total))
        self.assertChinese(problems, "明细", "第 3 行", "101", "100")

    # === QUESTIONS === #

    def test_questions(self):
        day = csv(["运单号", "日期", "运费"], ["A1", "03/04/2031", 5], ["A2", "03/05/2031", 5])
        cases = {
            "day or month first": (day, "03/04/2031"),
            "hidden sheet": (xlsx(sheets={"甲": [HEADING, GOOD], "乙": [HEADING, GOOD]}, hidden=["乙"]), "乙", "2"),
            "no heading": (xlsx(["a", "b"], ["c", "d"]), "明细"),
            "no column of amounts": (xlsx(["运单号", "发货日期", "目的地"], GOOD[:3]), "明细"),
        }
        for name, (content, *parts) in cases.items():
            with self.subTest(question=name):
                file, problems = self._read(content)
                self.assertEqual(file.state, "asking", problems)
                self.assertChinese(problems, *parts)
                with self.assertRaises(UserError) as caught:
                    file.with_context(lang="zh_CN").action_read()
                self.assertChinese(str(caught.exception), *parts)
                file.action_cancel()

    # === FILES === #

    def test_files_that_are_not_opened(self):
        good = xlsx(HEADING, GOOD)
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
        far = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (at, at) for at in range(3, 2000))
        doctype = b'<!DOCTYPE x [<!ENTITY a "ha">]><worksheet'
        cases = {
            "password": ole + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600,
            "binary": archive({"[Content_Types].xml": "<x/>", "xl/workbook.bin": "<x/>"}),
            "PDF": b"%PDF-1.7 ...",
            "picture": b"\x89PNG\r\n\x1a\n",
            "text document": archive({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}),
            "archive": archive({"a.csv": "a,b"}),
            "web page": b"<!DOCTYPE html><table></table>",
            "XML": b'<?xml version="1.0"?><Workbook/>',
            "anything": b"\x00\x01\x02\x03" * 50,
            "empty": b"",
            "entities": changed(good, lambda text: text.replace(b"<worksheet", doctype, 1)),
            "far cells": changed(good, below(far)),
            "damaged": good[: len(good) // 2],
            "old and damaged": xls(HEADING, GOOD)[:700],
            "no encoding": "运单号,运费\r\n".encode("gb18030") + b"\xff\xfe\x81,5\r\n" * 3,
        }
        for name, content in cases.items():
            with self.subTest(file=name):
                file, problems = self._read(content)
                self.assertEqual(file.state, "failed", problems)
                self.assertChinese(problems)
                self.assertTrue(problems.strip().endswith("。"), problems)
        self.assertFalse(self.statement.row_ids)

    def test_bomb(self):
        """What unpacks to more than the limit, which is a small one here."""
        limits = Limits(unpacked_bytes=5000)
        with patch.object(freight_statement_file, "look_at", partial(look_at, limits=limits)):
            file, problems = self._read(xlsx(HEADING, *[GOOD] * 50))
        self.assertEqual((file.state, file.refusal[0]), ("failed", "bomb"))
        self.assertChinese(problems)

    def test_same_file_twice(self):
        content = csv(["运单号", "发货日期", "运费"], ["A1", DAY, 5])
        self._drop(content)
        with self.assertRaises(UserError) as caught:
            self._drop(content, name="三月.xlsx")
        self.assertChinese(str(caught.exception), self.statement.name, self.sf.name)

    @mute_logger("odoo.sql_db")
    def test_days_that_another_statement_has(self):
        with self.assertRaises(ExclusionViolation) as caught, self.env.cr.savepoint():
            self._statement(matched=False, currency_id=self.yuan.id)
        self.assertChinese(self.statement._sql_error_to_message(caught.exception))
