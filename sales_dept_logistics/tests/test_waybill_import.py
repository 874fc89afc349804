import base64
import zipfile
from datetime import date, datetime
from io import BytesIO
from unittest.mock import patch

import xlsxwriter
from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..models.waybill import waybill_sheet
from ..models.waybill.waybill_sheet import SheetError, read_waybills
from .waybill_common import WaybillCommon


@tagged("post_install", "-at_install")
class TestWaybillImport(WaybillCommon, HttpCase):
    """Waybills from a spreadsheet: all of its rows, or none and a sentence for each that is wrong."""

    def _import(self, content, user=None, carrier="sf", **values):
        carriers = {"sf": self.sf, "truck": self.truck, None: self.env["delivery.carrier"]}
        wizard = (
            self.env["freight.waybill.import"]
            .with_user(user or self.assistant)
            .create(
                {
                    "file": base64.b64encode(content),
                    "file_name": "waybills.xlsx",
                    "carrier_id": carriers[carrier].id,
                    **values,
                }
            )
        )
        action = wizard.action_import()
        return wizard, action

    def _all(self):
        return self.env["freight.waybill"].search([("carrier_id", "in", (self.sf | self.truck).ids)])

    def _problems(self, *rows, **values):
        """The sentences on a file of `rows`, of which nothing is kept."""
        before = self._all()
        wizard, action = self._import(self._sheet(*rows, **values))
        self.assertEqual(action["res_model"], "freight.waybill.import")
        self.assertEqual(self._all(), before, "half of it was kept")
        return wizard.problems

    def test_rows(self):
        picking = self._done(refs=False)
        heading = [
            "承运商",
            "运单号",
            "发货日期",
            "运输方式",
            "收货单位",
            "件数",
            "重量（KG）",
            "体积",
            "出库单",
            "签收日期",
            "签收人",
            "备注",
            "?",
        ]
        row = [
            "sf test",
            "ｓｆ 0000 0001",
            "2031年3月2日",
            "express",
            self.customer.name,
            2,
            "1,234.5 kg",
            0.25,
            picking.name,
            "2031-3-5",
            "Wang",
            "Fragile",
            "x",
        ]
        _wizard, action = self._import(self._sheet(row, heading=heading), carrier=None)
        waybill = self._all()
        self.assertEqual(action["res_id"], waybill.id)
        self.assertRecordValues(
            waybill,
            [
                {
                    "name": "ｓｆ 0000 0001",
                    "number_key": "SF00000001",
                    "carrier_id": self.sf.id,
                    "company_id": self.company.id,
                    "shipped_date": date(2031, 3, 2),
                    "mode": "express",
                    "partner_id": self.customer.id,
                    "pieces": 2,
                    "weight": 1234.5,
                    "volume": 0.25,
                    "picking_ids": picking.ids,
                    "signed_date": date(2031, 3, 5),
                    "signed_by": "Wang",
                    "note": "Fragile",
                    "source": "import",
                }
            ],
        )

    def test_title_rows_totals_and_empty_rows(self):
        sheets = {
            "三月": [
                ["Statement of March"],
                [],
                ["No.", "运单号", "日期", "件数"],
                [1, "SF00000001", "2031/3/2", 1],
                [],
                [2, "SF00000002", "2031.3.3", 2],
                ["小计", "", "", 3],
                ["合计：", None, None, 3],
            ],
            "Notes": [["Nothing here"]],
        }
        self._import(self._sheet(sheets=sheets))
        self.assertEqual(sorted(self._all().mapped("name")), ["SF00000001", "SF00000002"])

    def test_hidden_sheet(self):
        output = BytesIO()
        with xlsxwriter.Workbook(output) as book:
            for title, number in (("Shown", "SF00000001"), ("Hidden", "SF00000002")):
                sheet = book.add_worksheet(title)
                sheet.write_row(0, 0, ["运单号", "日期"])
                sheet.write_row(1, 0, [number, "2031-03-02"])
            sheet.hide()
        self._import(output.getvalue())
        self.assertEqual(self._all().name, "SF00000001")

    def test_dates(self):
        output = BytesIO()
        with xlsxwriter.Workbook(output) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["运单号", "日期"])
            day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            sheet.write_row(1, 0, ["SF00000001"])
            sheet.write_datetime(1, 1, datetime(2031, 3, 2, 23, 50), day)
            # A date that nobody formatted as one.
            sheet.write_row(2, 0, ["SF00000002", 47909])
        self._import(output.getvalue())
        self.assertEqual(
            sorted((waybill.name, waybill.shipped_date) for waybill in self._all()),
            [("SF00000001", date(2031, 3, 2)), ("SF00000002", date(2031, 3, 2))],
        )

    def test_numbers_that_are_numbers(self):
        # Zeros at the beginning come back where the carrier's numbers have a length.
        self._import(self._sheet([12, "2031-03-02"]))
        self.assertEqual((self._all().name, self._all().number_key), ("00000012", "SF00000012"))
        self._import(self._sheet([77, "2031-03-02"]), carrier="truck")
        self.assertTrue(self._all().filtered(lambda waybill: waybill.number_key == "77"))

    def test_each_wrong_row_gets_its_sentence(self):
        heading = ["运单号", "日期", "重量", "件数", "承运商", "收货单位", "出库单", "签收日期", "运输方式"]
        good = "2031-03-02"
        cases = [
            (["", good], "“Waybills”, row 2, Waybill No.: is missing."),
            (["SF00000001", ""], "row 2, Date Shipped: is missing."),
            ([123456789012345678, good], "row 2, Waybill No.: the spreadsheet rounded this number"),
            (["1.23E+17", good], "row 2, Waybill No.: the spreadsheet rounded this number"),
            ([1.5, good], "“1.5” is no number of a waybill"),
            (["**", good], "“**” is no number of a waybill"),
            (["SF00000001", "03/04/2031"], "row 2, Date Shipped: “03/04/2031” may be read in two ways"),
            (["SF00000001", "2031-02-30"], "“2031-02-30” is no date"),
            (["SF00000001", "soon"], "“soon” is no date"),
            (["SF00000001", 7], "“7” is no date"),
            (["SF00000001", "2031-04-01"], "row 2, Date Shipped: this day is still to come"),
            (["SF00000001", good, "heavy"], "row 2, Weight (kg): “heavy” is no number"),
            (["SF00000001", good, -1], "row 2, Weight (kg): “-1” is less than nothing"),
            (["SF00000001", good, "#N/A"], "row 2, Weight (kg): “#N/A” is an error of the spreadsheet"),
            (["SF00000001", good, 1, 1.5], "row 2, Pieces: “1.5” is no whole number"),
            (["SF00000001", good, 1, 1, "UPS Moon"], "row 2, Carrier: there is no carrier “UPS Moon”"),
            (["SF00000001", good, 1, 1, "", "Nobody Ltd"], "row 2, Delivered To: there is no partner “Nobody Ltd”"),
            (["SF00000001", good, 1, 1, "", "", "WH/OUT/X"], "row 2, Delivery Orders: there is no delivery “WH/OUT/X”"),
            (["SF00000001", good, 1, 1, "", "", "", "2031-03-01"], "not signed for before they were shipped"),
            (["SF00000001", good, 1, 1, "", "", "", "2031-04-09"], "row 2, Date Signed For: this day is still to come"),
            (
                ["SF00000001", good, 1, 1, "", "", "", "", "balloon"],
                "“balloon” is no way of transport. There are: Express",
            ),
        ]
        for row, sentence in cases:
            with self.subTest(row=row):
                # The second row is good, and waits with the first.
                problems = self._problems(row, ["SF00000002", good], heading=heading)
                self.assertIn("Nothing was imported. Rows to correct: 1.", problems)
                self.assertIn(sentence, problems)
                self.assertEqual(len(problems.splitlines()), 2, problems)

    def test_all_wrong_rows_at_once(self):
        problems = self._problems(["", "soon"], ["SF1", "x"], *([["", "2031-03-02"]] * 150))
        self.assertIn("Rows to correct: 152.", problems)
        self.assertIn("… and 53 more.", problems)

    def test_carrier_missing(self):
        wizard, _action = self._import(self._sheet(["SF00000001", "2031-03-02"]), carrier=None)
        self.assertIn("row 2, Carrier: is missing. Name it, or choose it for the whole file.", wizard.problems)
        self._carrier("SF Test")
        wizard, _action = self._import(
            self._sheet(["SF00000001", "2031-03-02", "SF Test"], heading=["运单号", "日期", "承运商"]), carrier=None
        )
        self.assertIn("“SF Test” is the name of several carriers", wizard.problems)

    def test_carrier_by_its_company(self):
        self.sf.partner_id = self.env["res.partner"].create({"name": "顺丰速运有限公司", "ref": "V100"})
        heading = ["运单号", "日期", "承运商"]
        rows = [["SF00000001", "2031-03-02", "顺丰速运有限公司"], ["SF00000002", "2031-03-02", "v100"]]
        self._import(self._sheet(*rows, heading=heading), carrier=None)
        self.assertEqual(self._all().carrier_id, self.sf)

    def test_same_number_twice_in_the_file(self):
        problems = self._problems(["SF00000001", "2031-03-02"], ["sf 0000 0001", "2031-03-02"])
        self.assertIn("“sf 0000 0001” stands in row 2 of “Waybills” already", problems)

    def test_waybills_that_are_there(self):
        there = self._waybill("SF00000001", shipped_date="2031-03-01", zone="East")
        heading = ["运单号", "日期", "重量"]
        rows = [["sf00000001", "2031-03-02", 7.5], ["SF00000002", "2031-03-02", 1]]
        self.assertIn("is there already, shipped on 2031-03-01", self._problems(*rows, heading=heading))
        self._import(self._sheet(*rows, heading=heading), update_existing=True)
        self.assertEqual(len(self._all()), 2)
        self.assertRecordValues(
            there,
            [
                {
                    "name": "SF00000001",
                    "weight": 7.5,
                    "zone": "East",
                    "shipped_date": date(2031, 3, 2),
                    "source": "hand",
                }
            ],
        )

    def test_number_used_again(self):
        self._waybill("SF00000001", shipped_date="2030-01-01")
        self._import(self._sheet(["SF00000001", "2031-03-02"]))
        self.assertEqual(sorted(self._all().mapped("number_use")), [1, 2])

    def test_files_that_are_none(self):
        def archive_of(name):
            output = BytesIO()
            with zipfile.ZipFile(output, "w") as archive:
                archive.writestr(name, "<x/>")
            return output.getvalue()

        cases = [
            (b"", "The file is empty"),
            (b"%PDF-1.7", "This is no spreadsheet but a PDF document"),
            (archive_of("word/document.xml"), "This is no spreadsheet but a text document"),
            (archive_of("xl/workbook.xml"), "damaged"),
            (self._sheet(heading=["a", "b"]), "There is no row of a waybill"),
            (self._sheet(), "There is no row of a waybill"),
        ]
        for content, sentence in cases:
            with self.subTest(sentence=sentence, start=content[:8]):
                wizard, _action = self._import(content)
                self.assertIn(sentence, wizard.problems)

    def _raw_book(self, sheet, **more):
        """A spreadsheet whose first sheet has the XML `sheet`."""
        source, output = BytesIO(self._sheet(["SF00000001", "2031-03-02"])), BytesIO()
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.infolist():
                text = old.read(part)
                if part.filename == "xl/worksheets/sheet1.xml":
                    text = sheet(text)
                new.writestr(part.filename, text)
        return output.getvalue()

    def _file_error(self, content):
        with self.assertRaises(SheetError) as caught:
            read_waybills(content)
        return caught.exception.code

    def test_files_that_would_take_the_memory(self):
        # One cell at the end of the sheet is a row of nothing.
        far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        content = self._raw_book(lambda text: text.replace(b"</sheetData>", far))
        self.assertEqual(len(read_waybills(content)), 1)
        with self.assertRaises(SheetError) as caught:
            waybill_sheet.check_file(content)
        self.assertEqual(caught.exception.code, "too_many_rows")
        bomb = self._raw_book(lambda text: text + b" " * 3_000_000)
        waybill_sheet.check_file(bomb)
        for limits, code in (({"unpacked_bytes": 2_000_000}, "bomb"), ({"file_bytes": 100}, "too_big")):
            with patch.object(waybill_sheet, "LIMITS", waybill_sheet.LIMITS._replace(**limits)):
                self.assertEqual(self._file_error(bomb), code)
        doctype = self._raw_book(
            lambda text: text.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)
        )
        self.assertEqual(self._file_error(doctype), "entities")

    def test_formula_without_result(self):
        def formula(text):
            return text.replace(
                b"</sheetData>", b'<row r="3"><c r="A3"><v>7</v></c><c r="B3"><f>A1+1</f><v></v></c></row></sheetData>'
            )

        wizard, _action = self._import(self._raw_book(formula))
        self.assertIn("row 3, Date Shipped: is a formula without its result", wizard.problems)

    def test_other_kinds_of_files(self):
        self._import("运单号;日期;重量\nSF00000007;2031-03-02;1,5\n".encode("gb18030"))
        self.assertEqual((self._all().name, self._all().weight), ("SF00000007", 1.5))

    def test_template_is_read_back(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        for lang in ("en_US", "zh_CN"):
            self.assistant.lang = lang
            self.authenticate(self.assistant.login, self.assistant.login)
            response = self.url_open("/sales_dept/waybill_template")
            self.assertEqual(response.status_code, 200)
            book = load_workbook(BytesIO(response.content))
            heading = [cell.value for cell in book.active[1]]
            self.assertEqual(len(heading), len(waybill_sheet.HEADINGS))
            for at, text in enumerate(heading, start=1):
                if "*" in text:
                    book.active.cell(2, at).value = "2031-03-02" if at == 3 else f"SF000000{lang == 'en_US':02}"
            output = BytesIO()
            book.save(output)
            self._import(output.getvalue())
        self.assertEqual(len(self._all()), 2)
        self.assertEqual(self.env["freight.waybill.import"].action_template()["url"], "/sales_dept/waybill_template")

    def test_who_may(self):
        content = self._sheet(["SF00000001", "2031-03-02"])
        for user in (self.manager1, self.gm, self.finance, self.warehouse_user, self.outsider):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._import(content, user)
        for at, user in enumerate((self.assistant, self.director, self.logistics)):
            self._import(self._sheet([f"SF0000010{at}", "2031-03-02"]), user)
        self.assertEqual(len(self._all()), 3)

    def test_queries_do_not_grow_with_rows(self):
        def queries(count, start):
            content = self._sheet(*([f"SF{start + at:08}", "2031-03-02"] for at in range(count)))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._import(content)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(3, 100)
        few, many = queries(5, 200), queries(60, 300)
        self.assertLessEqual(many, few + 2)

    def test_deliveries_join_an_imported_waybill(self):
        self._import(self._sheet(["SF00000001", "2031-03-30"]))
        waybill = self._all()
        self.assertEqual(self._done("SF00000001").waybill_ids, waybill)
        self.assertEqual(waybill.picking_ids.carrier_id, self.sf)
        self.assertEqual(waybill.source, "import")
        # Taken off its delivery it stays: somebody wrote it down.
        waybill.picking_ids.carrier_tracking_ref = False
        self.assertTrue(waybill.exists())
        waybill.write({"picking_ids": [Command.clear()]})
