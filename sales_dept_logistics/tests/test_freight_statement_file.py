from datetime import date
from unittest.mock import patch

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged

from odoo.addons.sales_dept_logistics.models.freight_statement_file import freight_statement_file_storing as storing

from .freight_statement_common import FreightStatementCommon
from .statement_files import csv, xlsx

HEADING = ["运单号", "发货日期", "目的地", "件数", "重量", "运费", "燃油附加费"]


@tagged("post_install", "-at_install")
class TestFreightStatementFile(FreightStatementCommon, HttpCase):
    """A carrier's own file on a statement: looked at, asked about, read in the background, never lost nor doubled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statement = cls._empty()

    @classmethod
    def _empty(cls, **values):
        return cls._statement(matched=False, **values).with_user(cls.assistant)

    def _row(self, number=1, freight=100, **values):
        row = {"day": date(2031, 3, 10), "to": "Guangdong", "pieces": 1, "weight": 10, "fuel": None, **values}
        name = f"SF{number:08}" if isinstance(number, int) else number
        return [name, row["day"], row["to"], row["pieces"], row["weight"], freight, row["fuel"]]

    def _drop(self, content, statement=None, name="march.xlsx", user=None):
        statement = (statement or self.statement).with_user(user or self.assistant)
        attachment = self.env["ir.attachment"].with_user(user or self.assistant).create({"name": name, "raw": content})
        before = statement.file_ids
        action = statement.action_add_files(attachment.ids)
        statement.invalidate_recordset()
        return (statement.file_ids - before).with_context(found=action and action["res_id"])

    def _read(self, *rows, heading=HEADING, **values):
        file = self._drop(xlsx(heading, *rows), **values)
        if file.state == "confirm":
            file.action_read()
        self._cron()
        return file

    def _cron(self):
        self.env["freight.statement.file"]._cron_read()
        self.env.invalidate_all()

    # === COURSE === #

    def test_dropped_confirmed_and_read(self):
        self._shipped(1)
        self._shipped(2, fuel=5)
        rows = [self._row(1), self._row(2, fuel=5), ["合计", None, None, 2, 20, 200, 5]]
        file = self._drop(xlsx(["对账单"], HEADING, *rows))
        self.assertEqual((file.state, file.row_total), ("confirm", 5))
        self.assertEqual(file.env.context["found"], file.id)
        self.assertIn("SF00000001", file.preview_html)
        self.assertEqual(
            file.column_ids.mapped("field"),
            ["reference", "ship_date", "destination", "pieces", "weight", "charge", "charge"],
        )
        self.assertEqual(file.column_ids.kind_id, self.freight | self.fuel)
        self.assertFalse(self.statement.line_ids)
        file.action_read()
        self.assertEqual(file.state, "waiting")
        self._cron()
        self.assertRecordValues(
            file, [{"state": "read", "row_count": 5, "line_count": 3, "excluded_count": 3, "flagged_count": 0}]
        )
        self.assertEqual(file.statement_id.row_ids.mapped("exclusion"), ["title", "heading", False, False, "total"])
        self.assertEqual(file.statement_id.row_ids[2].raw[:2], ["SF00000001", "2031-03-10"])
        self.assertRecordValues(
            file.statement_id.line_ids.sorted("id"),
            [
                {"reference": "SF00000001", "number_key": "SF00000001", "kind_id": self.freight.id, "amount": 100},
                {"reference": "SF00000002", "number_key": "SF00000002", "kind_id": self.freight.id, "amount": 100},
                {"reference": "SF00000002", "number_key": "SF00000002", "kind_id": self.fuel.id, "amount": 5},
            ],
        )
        self.assertEqual(self.statement.state, "matching")
        self.statement.sudo()._match()
        self.assertEqual(self.statement.state, "open")
        self.assertRecordValues(
            self.statement, [{"row_count": 5, "matched_row_count": 2, "excluded_row_count": 3, "open_count": 0}]
        )

    def test_layout_is_remembered(self):
        self._read(self._row(1))
        file = self._drop(xlsx(["another title"], [], HEADING, self._row(2)), name="april.xlsx")
        self.assertEqual(file.state, "waiting")
        self.assertFalse(file.env.context["found"])
        self.env["freight.statement.layout"].with_user(self.assistant).search([]).unlink()
        file = self._drop(xlsx(HEADING, self._row(3)), name="may.xlsx")
        self.assertEqual(file.state, "confirm")

    def test_choices_are_remembered(self):
        heading = ["Z1", "Z2", "Z3"]
        file = self._drop(xlsx(heading, ["SF00000001", date(2031, 3, 10), 7]))
        self.assertEqual(file.state, "asking")
        self.assertIn("no row looks like headings", file.problems)
        file.sheet_ids.write({"use": "read", "heading_row": 1})
        file.action_look_again()
        self.assertIn("which column has the waybill numbers?", file.problems)
        with self.assertRaisesRegex(UserError, "which column has the waybill numbers"):
            file.action_read()
        file.sheet_ids.use = "read"
        for column, field in zip(file.column_ids, ("reference", "ship_date", "amount"), strict=True):
            column.field = field
        file.column_ids[2].kind_id = self.fuel
        self.assertEqual(file.state, "confirm")
        file.action_read()
        self._cron()
        self.assertRecordValues(file.statement_id.line_ids, [{"reference": "SF00000001", "amount": 7}])
        again = self._drop(xlsx(heading, ["SF00000002", date(2031, 3, 10), 8]))
        self.assertEqual(again.state, "waiting")

    def test_one_column_for_each_field(self):
        file = self._drop(xlsx([*HEADING, "单号"], [*self._row(1), "X1234567"]))
        self.assertEqual(file.column_ids[0].field, "reference")
        file.column_ids[7].field = "reference"
        self.assertEqual(file.column_ids.mapped("field").count("reference"), 1)
        self.assertEqual((file.column_ids[7].why, file.column_ids[0].field), ("hand", False))
        file.action_read()
        self._cron()
        self.assertEqual(file.statement_id.line_ids.reference, "X1234567")

    def test_question_of_days(self):
        file = self._drop(
            csv(["运单号", "日期", "运费"], ["SF1", "03/04/2031", 5], ["SF2", "03/05/2031", 5]), name="a.csv"
        )
        self.assertEqual(file.state, "asking")
        self.assertIn("is “03/04/2031” written with the day first", file.problems)
        with self.assertRaisesRegex(UserError, "day first"):
            file.action_read()
        file.sheet_ids.date_order = "mdy"
        self.assertEqual(file.state, "confirm")
        file.action_read()
        self._cron()
        self.assertEqual(file.statement_id.line_ids.mapped("ship_date"), [date(2031, 3, 4), date(2031, 3, 5)])

    def test_hidden_sheet_is_asked_about(self):
        file = self._drop(xlsx(sheets={"A": [HEADING, self._row(1)], "B": [HEADING, self._row(2)]}, hidden=["B"]))
        self.assertEqual(file.state, "asking")
        self.assertIn("“B” is hidden, and has 2 rows: is it read?", file.problems)
        file.sheet_ids[1].use = "read"
        file.action_read()
        self._cron()
        self.assertEqual(file.statement_id.line_ids.mapped("reference"), ["SF00000001", "SF00000002"])

    def test_files_that_are_none(self):
        file = self._drop(b"%PDF-1.7", name="bill.xlsx")
        self.assertEqual(file.state, "failed")
        self.assertIn("This is no spreadsheet but a PDF document", file.problems)
        # Dropped again, it fails again: it is on no statement.
        self.assertEqual(self._drop(b"%PDF-1.7").state, "failed")

    def test_what_is_noticed_stands_on_the_row(self):
        self.assertEqual(self.statement.currency_id.name, "USD")
        rounded = [123456789012345678, *self._row()[1:]]
        rows = [self._row(1), rounded, self._row(3, freight="€5"), [None, None, None, None, None, 7]]
        file = self._read(*rows)
        self.assertEqual((file.state, file.flagged_count, file.line_count), ("read", 3, 4), file.problems)
        self.assertIn("row 3, column A: the spreadsheet rounded this number", file.problems)
        lost, other, missing = file.statement_id.line_ids.sorted("id")[1:]
        self.assertFalse(lost.reference)
        self.assertIn("begins with 123456789012345 and has 18 digits", lost.reading_note)
        self.assertEqual(lost.row_id.raw[0], "1.234567890123457E+17")
        self.assertEqual((other.currency_id.name, other.amount), ("USD", 0))
        self.assertIn("“€5” is in EUR", other.reading_note)
        self.assertIn("Waybill number is missing", missing.reading_note)
        # Whatever the figures are, somebody looks at them.
        for number in (1, 3):
            self._shipped(number, freight=0 if number == 3 else 100)
        self.statement.sudo()._match()
        self.assertEqual(
            file.statement_id.line_ids.filtered("row_id").mapped("is_exception"), [False, True, True, True]
        )
        # Each language has its own words.
        self.env["res.lang"]._activate_lang("zh_CN")
        self.assertTrue(file.with_context(lang="zh_CN").problems)

    def test_rounded_number_is_suggested_by_its_certain_digits(self):
        """It is never guessed: no pass matches it, and by hand the waybills that begin so come first."""
        self.sf.write({"number_prefix": False, "number_digits": 0})
        self._shipped("123456780000000000", day=10)
        right = self._shipped("123456789012345678", day=28, zone="Hunan", weight=90)
        self._read([123456789012345678, date(2031, 3, 10), "Tibet", 1, 3, 100, None])
        self.statement.sudo()._match()
        line = self.statement.line_ids.filtered(lambda line: line.role != "missing")
        self.assertEqual((line.role, line.reference), ("unmatched", False))
        self.assertEqual(line._certain_digits(), "123456789012345")
        match = self.env["freight.statement.match"].browse(line.action_match_by_hand()["res_id"])
        self.assertEqual(match.candidate_ids[0].waybill_id, right)

    def test_row_without_an_amount_is_not_lost(self):
        file = self._read(self._row(1), self._row(2, freight="#N/A"))
        self.assertEqual(file.line_count, 2)
        self.assertEqual(file.statement_id.line_ids.sorted("id")[1].amount, 0)
        self.statement.sudo()._match()
        self.assertEqual(self.statement.row_count, 3)
        self.assertEqual(
            self.statement.matched_row_count + self.statement.exception_row_count + self.statement.excluded_row_count, 3
        )

    def test_weight_that_is_charged(self):
        """A carrier that writes both weights charges for one of them: that is compared and matched with."""
        heading = ["运单号", "发货日期", "实际重量", "计费重量", "运费"]
        day = date(2031, 3, 10)
        self._read(["SF00000001", day, 3, 5.5, 10], ["SF00000002", day, 3, None, 10], heading=heading)
        self.assertEqual(self.statement.line_ids.sorted("id").mapped("weight"), [5.5, 3])

    def test_tax_of_a_row_is_on_all_its_charges(self):
        """The tax stands once, beside several charges: it is compared with their sum, and told with it."""
        for number in (1, 2):
            self._shipped(number, fuel=20)
        heading = [*HEADING, "税率", "税额"]
        self._read([*self._row(1, fuel=20), "9%", 10.8], [*self._row(2, fuel=20), "9%", 9], heading=heading)
        self.statement.sudo()._match()
        lines = self.statement.line_ids.sorted("id")
        self.assertEqual(lines.mapped("difference_kind"), [False, False, "tax", False])
        self.assertIn("120.00", lines[2].difference_reason)

    # === SAME FILE, SEVERAL FILES === #

    def test_same_file_twice(self):
        content = xlsx(HEADING, self._row(1))
        file = self._drop(content)
        with self.assertRaisesRegex(UserError, "same file as “march.xlsx” on statement"):
            self._drop(content, name="copy.xlsx")
        other = self._empty(period=(date(2031, 2, 1), date(2031, 2, 28)))
        with self.assertRaisesRegex(UserError, file.statement_id.name):
            self._drop(content, other)
        # Another carrier may send the same.
        self.assertTrue(self._drop(content, self._empty(carrier=self.truck)))
        file.action_cancel()
        self.assertEqual(self._drop(content, other).state, "confirm")

    def test_two_files_of_one_period(self):
        self._read(self._row(1))
        second = self._read(self._row(2), name="second.xlsx")
        self.assertEqual(second.state, "read")
        self.assertEqual(self.statement.line_ids.mapped("reference"), ["SF00000001", "SF00000002"])
        third = self._drop(xlsx(["X1", "X2"], [1, 2]), name="third.xlsx")
        self.assertEqual(third.state, "asking")
        self.assertEqual(self.statement.state, "matching")

    def test_matched_only_when_all_files_are_read(self):
        waiting = self._drop(xlsx(HEADING, self._row(1)))
        asking = self._drop(xlsx(["X1", "X2"], [1, 2]), name="asking.xlsx")
        waiting.action_read()
        self._cron()
        self.assertEqual((waiting.state, self.statement.state), ("read", "draft"))
        asking.action_cancel()
        self.assertEqual(self.statement.state, "matching")

    def test_file_that_corrects_another(self):
        first = self._read(self._row(1), self._row(2))
        self.statement.sudo()._match()
        heading = [*HEADING, "备注"]
        second = self._drop(xlsx(heading, [*self._row(1, freight=90), "x"]), name="corrected.xlsx")
        self.assertEqual(second.state, "confirm")
        second.action_replace()
        self.assertEqual(second.replaces_id, first)
        second.action_keep_both()
        self.assertFalse(second.replaces_id)
        second.action_replace()
        second.action_read()
        self._cron()
        self._assert_replaced(first, second)

    def test_correction_of_a_known_layout(self):
        """It waits at once, and may be read before anybody says what it is: it is said then, or afterwards."""
        first = self._read(self._row(1), self._row(2))
        self.statement.sudo()._match()
        second = self._drop(xlsx(["corrected"], HEADING, self._row(1, freight=90)), name="corrected.xlsx")
        self.assertEqual(second.state, "waiting")
        second.action_replace()
        second.action_keep_both()
        second.action_replace()
        self._cron()
        self._assert_replaced(first, second)
        third = self._drop(xlsx(["again"], HEADING, self._row(1, freight=80)), name="again.xlsx")
        self._cron()
        self.statement.sudo()._match()
        self.assertEqual(len(self.statement.line_ids), 2)
        third.action_replace()
        self.env.invalidate_all()
        self.assertEqual((second.state, third.state, self.statement.state), ("replaced", "read", "matching"))
        self.assertRecordValues(self.statement.line_ids, [{"reference": "SF00000001", "amount": 80}])
        self.statement.sudo()._match()
        self.assertEqual(self.statement.state, "open")

    def test_only_a_file_before_is_replaced(self):
        first, second = self._read(self._row(1)), self._read(self._row(2), name="second.xlsx")
        with self.assertRaisesRegex(UserError, "No file before this one"):
            first.action_replace()
        self.statement.sudo()._match()
        self.statement.sudo()._write_protected({"signed_date": "2031-03-31 10:00:00"})
        with self.assertRaises(UserError):
            second.action_replace()
        self.assertEqual(first.state, "read")

    def _assert_replaced(self, first, second):
        self.assertEqual((first.state, first.row_count, second.state), ("replaced", 0, "read"))
        self.assertRecordValues(self.statement.line_ids, [{"reference": "SF00000001", "amount": 90}])
        self.assertTrue(first.attachment_id.raw)

    # === STOPPED AND CANCELLED === #

    def test_stopped_at_any_moment(self):
        """The server ends after a step; the next turn goes on behind it, and nothing is there twice."""
        rows = [self._row(at) for at in range(1, 2201)]
        file = self._drop(csv(HEADING, *rows), name="a.csv")
        file.action_read()
        with patch.object(storing, "LISTS_AT_ONCE", 1):
            steps = file.sudo()._read_steps()
            self.assertEqual([next(steps), next(steps)], [500, 500])
            # Killed: the process of the reader goes with it.
            steps.close()
            self.env.invalidate_all()
            self.assertEqual((file.state, file.row_count, len(file.statement_id.row_ids)), ("reading", 1000, 1000))
            self._cron()
        self.assertEqual((file.state, file.row_count, file.line_count), ("read", 2201, 2200))
        self.assertEqual(len(set(file.statement_id.line_ids.mapped("reference"))), 2200)
        self.assertEqual(file.statement_id.row_ids.mapped("position"), list(range(2201)))

    def test_turn_that_is_over(self):
        """Where the cron's time is up, the next turn goes on."""
        file = self._drop(csv(HEADING, *[self._row(at) for at in range(1, 1201)]), name="a.csv")
        file.action_read()
        job = self.registry["sales.dept.job"]
        with patch.object(storing, "LISTS_AT_ONCE", 1), patch.object(job, "_commit", lambda *args: 0):
            for count in (500, 1000):
                self._cron()
                self.assertEqual((file.state, file.row_count), ("reading", count))
        self._cron()
        self.assertEqual((file.state, file.line_count), ("read", 1200))

    def test_cancelled_while_it_is_read(self):
        file = self._drop(csv(HEADING, *[self._row(at) for at in range(1, 1201)]), name="a.csv")
        file.action_read()
        with patch.object(storing, "LISTS_AT_ONCE", 1):
            steps = file.sudo()._read_steps()
            next(steps)
            file.action_cancel()
            self.assertIsNone(next(steps, None))
        self.assertEqual((file.state, file.row_count), ("cancelled", 0))
        self.assertFalse(file.statement_id.row_ids)
        self.assertFalse(file.statement_id.line_ids)
        self._cron()
        self.assertEqual(file.state, "cancelled")

    def test_deleted_with_its_statement(self):
        """What was uploaded goes too, whatever state its file is in; what others have stays."""
        attachments = self.env["ir.attachment"].sudo()
        asking, cancelled = self._drop(csv(["Z1"], ["1"]), name="a.csv"), self._drop(csv(HEADING, self._row(1)))
        cancelled.action_cancel()
        self.statement.message_post(body="As they sent it.", attachments=[("mail.txt", b"mail")])
        unreadable = self._drop(b"%PDF-1.7", name="a.pdf")
        self.assertEqual((asking.state, cancelled.state, unreadable.state), ("asking", "cancelled", "failed"))
        files = asking | cancelled | unreadable
        uploaded = files.sudo().attachment_id
        self.assertEqual(len(uploaded), 3)
        of_statement = attachments.search(
            Domain("res_model", "=", "freight.statement") & Domain("res_id", "=", self.statement.id)
        )
        self.assertEqual(of_statement.mapped("name"), ["mail.txt"])
        other = self._empty(date_from=date(2031, 5, 1), date_to=date(2031, 5, 31))
        kept = self._drop(csv(HEADING, self._row(2)), statement=other, name="may.csv").sudo().attachment_id
        self.statement.unlink()
        self.assertFalse((uploaded | of_statement).exists())
        self.assertFalse(attachments.search(Domain("res_model", "=", files._name) & Domain("res_id", "in", files.ids)))
        self.assertTrue(kept.exists())

    def test_what_was_uploaded_is_on_one_statement(self):
        """Taken off one it is uploaded again for another: each of the two can be deleted."""
        file = self._drop(csv(HEADING, self._row(1)))
        file.action_cancel()
        other = self._empty(date_from=date(2031, 5, 1), date_to=date(2031, 5, 31))
        with self.assertRefused("There is no file yet"):
            other.action_add_files(file.sudo().attachment_id.ids)
        self._drop(csv(HEADING, self._row(1)), statement=other)
        self.statement.unlink()
        self.assertTrue(other.file_ids.sudo().attachment_id.exists())

    def test_deleted_while_it_is_read(self):
        """The turn that goes on finds nothing, and that is its end."""
        file = self._drop(csv(HEADING, *[self._row(at) for at in range(1, 1201)]), name="a.csv")
        file.action_read()
        rows = self.env["freight.statement.row"].sudo()
        with patch.object(storing, "LISTS_AT_ONCE", 1):
            steps = file.sudo()._read_steps()
            next(steps)
            statement = self.statement
            self.assertTrue(rows.search_count(Domain("statement_id", "=", statement.id)))
            statement.unlink()
            self.assertIsNone(next(steps, None))
        self.assertFalse(rows.search_count(Domain("statement_id", "=", statement.id)))
        self._cron()

    def test_cancelled_once_it_was_matched(self):
        """Nothing of it is left but what was claimed: no sums, no line that lacks, no credit that stands nowhere."""
        waybill = self._shipped(1)
        self._shipped(2)
        credit = self.env["freight.credit"].create(
            {
                "carrier_id": self.sf.id,
                "waybill_id": waybill.id,
                "amount": 30,
                "reason": "broken",
                "currency_id": self.currency.id,
                "promised_date": date(2031, 3, 1),
            }
        )
        file = self._read(self._row(1, freight=130), self._row(1, freight=-30))
        statement = self.statement
        statement.sudo()._match()
        self.assertEqual((statement.state, credit.state, statement.total_amount), ("open", "received", 100))
        self.assertIn("missing", statement.line_ids.mapped("role"))
        line = statement.line_ids.filtered(lambda line: line.amount == 130)
        line.sudo()._write_protected({"is_exception": True})
        line.action_dispute()
        statement.action_claim()
        file.action_cancel()
        self.assertEqual((statement.state, statement.read_date, credit.state), ("draft", False, "promised"))
        self.assertFalse(statement.line_ids)
        self.assertEqual((statement.total_amount, statement.row_count, statement.open_count), (0, 0, 0))
        claimed = statement.dispute_ids.line_ids
        self.assertEqual((claimed.reference, claimed.charged_amount, claimed.line_id.id), ("SF00000001", 130, False))
        with self.assertRefused("stay on record"):
            statement.unlink()
        # The carrier's corrected file, and the claim is settled as what it was.
        self._read(self._row(1, freight=100))
        statement.sudo()._match()
        self.assertEqual((statement.state, statement.total_amount), ("open", 100))
        claimed.outcome = "stands"
        statement.dispute_ids.action_settle()
        self.assertEqual(statement.dispute_ids.state, "settled")

    def test_damaged_behind_its_beginning(self):
        content = xlsx(HEADING, *[self._row(at) for at in range(1, 3000)])
        file = self._drop(content)
        file.action_read()
        with patch.object(storing, "read_rows", self._broken):
            self._cron()
        self.assertEqual((file.state, file.row_count), ("failed", 0))
        self.assertIn("The file is damaged", file.problems)
        self.assertFalse(file.statement_id.row_ids)

    @staticmethod
    def _broken(content, profile, readings, **options):
        yield [["A", 1, ["x"], {}, [], [], "title"]] * 1
        raise storing.FileError("damaged")

    # === WHO, AND WHEN === #

    def test_who_may(self):
        content = xlsx(HEADING, self._row(1))
        for user in (self.manager1, self.gm, self.finance, self.logistics, self.warehouse_user, self.outsider):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._drop(content, user=user)
        file = self._drop(content, user=self.director)
        self.assertEqual(file.state, "confirm")
        for user in (self.gm, self.finance, self.logistics):
            self.assertTrue(file.with_user(user).problems is not None)
            for button in ("action_read", "action_cancel", "action_look_again"):
                with self.assertRaises(AccessError):
                    getattr(file.with_user(user), button)()
            with self.assertRaises(AccessError):
                file.with_user(user).sheet_ids.write({"use": "skip"})

    def test_nothing_is_written_past_the_buttons(self):
        file = self._drop(xlsx(HEADING, self._row(1))).with_user(self.assistant)
        for values in ({"state": "read"}, {"digest": "x"}, {"row_count": 5}, {"statement_id": 1}, {"book": {}}):
            with self.subTest(values=values), self.assertRaises(UserError):
                file.write(values)
        with self.assertRaises(AccessError):
            file.copy()
        with self.assertRaises(AccessError):
            file.unlink()
        with self.assertRaises(UserError):
            file.sheet_ids.write({"preview": []})
        with self.assertRaises(UserError):
            file.column_ids[0].write({"position": 5})
        file.action_read()
        with self.assertRaises(UserError):
            file.column_ids[0].write({"field": "note"})
        with self.assertRaises(UserError):
            file.action_read()

    def test_rows_and_lines_stay_as_they_came(self):
        """Over RPC, too: what the carrier wrote is accepted, disputed or left out, and never rewritten."""
        file = self._read(self._row(1), self._row(2, freight="#N/A"))
        statement = self.statement
        line, unread = statement.line_ids.sorted("id")
        row = line.row_id.with_user(self.assistant)
        for attempt in (
            lambda: row.write({"raw": ["SF1"]}),
            lambda: row.write({"exclusion": "manual"}),
            lambda: row.unlink(),
            lambda: row.create({"statement_id": statement.id, "sheet": "1", "row_number": 9}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        for name, value in {
            "amount": 1,
            "reference": "SF9",
            "ship_date": date(2031, 3, 1),
            "weight": 1,
            "tax_rate": 13,
            "destination": "X",
        }.items():
            with self.subTest(field=name), self.assertRefused("stays as it stands in the carrier's file"):
                line.write({name: value})
        # Before it is matched as after it.
        with self.assertRefused("is not deleted"):
            line.unlink()
        with self.assertRaises(AccessError):
            line.create({"statement_id": statement.id, "row_id": row.id, "amount": 5})
        # What could not be read is entered; which kind of charge it is may be said of any.
        self.assertEqual((line.is_as_it_came, unread.is_as_it_came), (True, False))
        unread.amount = 100
        line.kind_id = self.upstairs
        self._shipped(9)
        statement.sudo()._match()
        missing = statement.line_ids.filtered(lambda line: line.role == "missing")
        self.assertEqual(missing.reference, "SF00000009")
        with self.assertRefused("stays as it stands"):
            missing.amount = 100
        self.assertEqual((file.row_count, statement.row_ids.mapped("row_number")), (3, [1, 2, 3]))

    def test_files_of_others_are_not_taken(self):
        foreign = self.env["ir.attachment"].with_user(self.director).create({"name": "x.xlsx", "raw": b"x"})
        with self.assertRaises(AccessError):
            self.statement.action_add_files(foreign.ids)
        with self.assertRaises(UserError):
            self.statement.action_add_files([])

    def test_upload_opens_nothing(self):
        """What is dropped is kept as bytes: the search in documents would read it in the server's own process."""
        self.authenticate(self.assistant.login, self.assistant.login)
        content = xlsx(HEADING, self._row(1))

        def upload(statement):
            return self.url_open(
                "/sales_dept/freight_statement_upload",
                data={"id": statement.id, "csrf_token": http.Request.csrf_token(self)},
                files={"ufile": ("march.xlsx", content)},
            )

        found = upload(self.statement)
        self.assertEqual(found.status_code, 200, found.text)
        attachment = self.env["ir.attachment"].browse(found.json()[0]["id"])
        self.assertEqual((attachment.name, attachment.raw, attachment.index_content), ("march.xlsx", content, False))
        self.assertTrue(self.env["ir.attachment"].create({"name": "x.xlsx", "raw": content}).index_content)
        self.assertTrue(self.statement.action_add_files(attachment.ids))
        self.authenticate(self.finance.login, self.finance.login)
        self.assertEqual(upload(self.statement).status_code, 403)

    def test_signed_statement_takes_no_file(self):
        self._read(self._row(1))
        self.statement.sudo()._match()
        self.statement.sudo()._write_protected({"signed_date": "2031-03-31 10:00:00"})
        with self.assertRaises(UserError):
            self._drop(xlsx(HEADING, self._row(2)), name="late.xlsx")
        with self.assertRaises(UserError):
            self.statement.file_ids.action_cancel()
