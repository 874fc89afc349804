from io import BytesIO

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, tagged

from .target_common import TargetCommon

# Above the figures stands what they are.
HEADING = 6


@tagged("post_install", "-at_install")
class TestTargetSheet(TargetCommon, HttpCase):
    """A target goes out as XLSX and comes back: all of it or nothing, with a sentence for each cell."""

    def setUp(self):
        super().setUp()
        self.share = self._share(1200, self.manager1)

    def _book(self, target=None):
        book = load_workbook(BytesIO((target or self.target).with_user(self.director)._sheet_file()))
        return book, book.active

    def _load(self, book, user=None):
        content = BytesIO()
        book.save(content)
        return self.target.with_user(user or self.director)._load_sheet(content.getvalue())

    def test_out(self):
        self._share(80, self.manager2, categ=self.gears)
        _book, sheet = self._book()
        heading, *rows = sheet.iter_rows(min_row=HEADING, values_only=True)
        self.assertEqual(
            heading[:8], ("Measure", "Product Category", "Sales Team", "Person", "Login", "Year", "2026-01", "2026-02")
        )
        # Read by another program, the year is the sum of its months.
        self.assertEqual(rows[0][5], "=SUM(G7:R7)")
        self.assertEqual({row[4] for row in rows}, {"manager1_test", "manager2_test"})
        self.assertIn("Parts / Gears", {row[1] for row in rows})

    def test_it_says_what_it_is(self):
        """Whose figures, of which year, as of when by the company's clock, and whether they are signed."""

        def head(lang=None):
            target = self.target.with_user(self.director).with_context(lang=lang)
            sheet = load_workbook(BytesIO(target._sheet_file())).active
            return [row[:2] for row in sheet.iter_rows(max_row=HEADING - 1, values_only=True)]

        # It is past midnight in Shanghai.
        with freeze_time("2026-03-31 16:30:00"):
            self.assertEqual(
                head(),
                [
                    ("Company", self.company.name),
                    ("Period", "01/01/2026 – 12/31/2026"),
                    ("As Of", "04/01/2026 12:30:00 AM (Asia/Shanghai)"),
                    ("Status", "Draft"),
                    (None, None),
                ],
            )
            self._approve()
            self.env["res.lang"]._activate_lang("zh_CN")
            chinese = head("zh_CN")
        self.assertEqual([label for label, _text in chinese[:4]], ["公司", "期间", "截至", "状态"])
        self.assertIn("2026", chinese[2][1])
        self.assertNotIn("Draft", chinese[3][1])

    def test_downloaded_as_far_as_one_sees(self):
        self._share(80, self.manager2)
        self.authenticate("manager1_test", "manager1_test")
        response = self.url_open(f"/sales_dept/target/{self.target.id}")
        sheet = load_workbook(BytesIO(response.content)).active
        self.assertEqual([row[4] for row in sheet.iter_rows(min_row=HEADING + 1, values_only=True)], ["manager1_test"])

    def test_in(self):
        """Months that were changed, a row that is new, and one with its year alone."""
        book, sheet = self._book()
        sheet["F7"], sheet["G7"] = None, 500
        sheet.append(["New Customers", None, "West", None, "manager2_test", None, *[2] * 12])
        sheet.append(["sales", "Gears", "West", self.manager2.name, None, 1200])
        self.assertEqual(self._load(book), [])
        self.assertEqual(self._months(self.share), [500] + [100] * 11)
        made = {(share.measure, share.categ_id.name): share for share in self.target.share_ids - self.share}
        self.assertEqual(made["new_customers", False].amount, 24)
        self.assertEqual(self._months(made["sales", "Gears"]), [100] * 12)
        self.assertEqual({share.team_id for share in made.values()}, {self.other_team})

    def test_out_and_in_changes_nothing(self):
        self._share(99.5, team=self.team)
        before = self.target.line_ids.mapped("amount")
        book, _sheet = self._book()
        # As a spreadsheet program would keep it: with the formula's result.
        for row in book.active.iter_rows(min_row=HEADING + 1):
            row[5].value = None
        self.assertEqual(self._load(book), [])
        self.assertEqual(self.target.line_ids.mapped("amount"), before)

    def test_nothing_half_done(self):
        book, sheet = self._book()
        sheet["F7"], sheet["G7"], sheet["H7"] = None, 5, "soon"
        sheet.append(["Sales", None, "Nowhere", None, "nobody", 5])
        sheet.append(["Sales", None, "East", self.manager1.name, None, 5])
        sheet.append(["Turnover", None, "East", None, None, 5])
        sheet.append(["Sales", None, "East", None, None, 100, 1, 1])
        problems = "\n".join(self._load(book))
        for sentence in (
            "Nothing was changed. Cells to correct: 6",
            "row 7, column 2026-02: “soon” is no figure",
            "row 8, column Sales Team: there is no “Nowhere”",
            "row 8, column Login: there is no “nobody”",
            "row 9, column Person: the row is there twice",
            "row 10, column Measure: there is no “Turnover”",
            "row 11, column Year: the year is not the sum of its months (100.00 ≠ 2.00)",
        ):
            self.assertIn(sentence, problems)
        self.assertEqual(self.share.amount, 1200)
        self.assertEqual(self.target.share_ids, self.share)

    def test_other_years_and_other_files(self):
        book, sheet = self._book()
        sheet["F7"], sheet["R6"] = None, "2027-01"
        self.assertIn("not in the target's year", "\n".join(self._load(book)))
        self.assertTrue(self.target._load_sheet(b"no spreadsheet"))
        for row in sheet.iter_rows():
            for cell in row:
                cell.value = None
        sheet["A1"] = "Hello"
        self.assertIn("There are no figures in the file", "\n".join(self._load(book)))

    def test_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        target = self.target.with_user(self.director).with_context(lang="zh_CN")
        labels = target._sheet_labels()
        content = target._sheet_file()
        self.assertEqual(load_workbook(BytesIO(content)).active[f"A{HEADING}"].value, labels["measure"])
        book = load_workbook(BytesIO(content))
        book.active["F7"], book.active["G7"] = None, 7
        output = BytesIO()
        book.save(output)
        self.assertEqual(target._load_sheet(output.getvalue()), [])
        self.assertEqual(self._months(self.share)[0], 7)

    def test_who_may(self):
        wizard = self.env["sales.target.load"]
        for user in (self.manager1, self.gm, self.finance):
            with self.assertRaises(AccessError):
                wizard.with_user(user).create({"target_id": self.target.id})
        self._approve()
        book, _sheet = self._book()
        with self.assertRefused("stays as it was signed"):
            self._load(book)
