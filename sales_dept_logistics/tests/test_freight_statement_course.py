import base64
from datetime import date, timedelta
from io import BytesIO

from openpyxl import load_workbook
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .freight_statement_common import FreightStatementCommon

APRIL = (date(2031, 4, 1), date(2031, 4, 30))


@tagged("post_install", "-at_install")
class TestFreightStatementCourse(FreightStatementCommon):
    """Disputed, verified, signed, billed, invoiced: who may do what, and that nothing is paid twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_books()

    def _disputed(self, **values):
        """A statement with one line that agrees and one of 130 for 100, which is disputed."""
        self._shipped(1)
        self._shipped(2)
        statement = self._statement(
            {"reference": "SF00000001"}, {"reference": "SF00000002", "amount": 130, "charge_label": "=cmd()"}, **values
        )
        self._line(statement, "SF00000002").with_user(self.assistant).action_dispute()
        return statement

    def _signed(self, statement=None):
        statement = statement or self._disputed()
        statement.with_user(self.assistant).action_approval_submit()
        statement.with_user(self.finance).action_approval_approve()
        statement.with_user(self.director).action_approval_approve()
        return statement

    # === APPROVAL === #

    def test_finance_verifies_then_the_director_signs(self):
        statement = self._disputed()
        statement.with_user(self.assistant).action_approval_submit()
        self.assertEqual((statement.state, statement.preparer_id), ("waiting", self.assistant))
        with self.assertRaises(AccessError):
            statement.with_user(self.director).action_approval_approve()
        statement.with_user(self.finance).action_approval_approve()
        self.assertEqual(statement.state, "waiting")
        statement.with_user(self.director).action_approval_approve()
        self.assertEqual(statement.state, "signed")
        self.assertTrue(statement.signed_date)
        self.assertEqual(statement.closing_hours, -0.5, "signed half an hour before the month was over")

    def test_undecided_exceptions_hold_it_up(self):
        self._shipped(1)
        statement = self._statement({"reference": "SF00000001", "amount": 130})
        with self.assertRaisesRegex(UserError, "1 exceptions are not decided"):
            statement.with_user(self.assistant).action_approval_submit()
        statement.line_ids.with_user(self.assistant).action_accept()
        statement.with_user(self.assistant).action_approval_submit()
        self.assertEqual(statement.state, "waiting")

    def test_lines_are_frozen(self):
        statement = self._disputed()
        statement.with_user(self.assistant).action_approval_submit()
        line = self._line(statement, "SF00000001")
        for change in (
            lambda: line.with_user(self.assistant).write({"amount": 5}),
            lambda: self._add(statement, {"reference": "SF00000009"}),
            lambda: self._line(statement, "SF00000002").with_user(self.assistant).action_accept(),
            lambda: statement.with_user(self.assistant).action_match(),
            lambda: line.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "its lines stay as they are"):
                change()
        statement.with_user(self.assistant).action_approval_withdraw()
        self._line(statement, "SF00000002").with_user(self.assistant).action_accept()
        self.assertEqual(statement.payable_total, 230)

    def test_lines_changed_past_everything_are_not_signed(self):
        """The digest is that of the lines: whoever writes to the database does not get the signature for it."""
        statement = self._disputed()
        statement.with_user(self.assistant).action_approval_submit()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE freight_statement_line SET payable_amount = 999 WHERE id = %s",
            [self._line(statement, "SF00000001").id],
        )
        with self.assertRaisesRegex(UserError, "not those that were submitted"):
            statement.with_user(self.finance).action_approval_approve()

    def test_signed_statement_is_not_cancelled(self):
        statement = self._signed()
        with self.assertRaisesRegex(UserError, "is signed"):
            statement.with_user(self.assistant).action_cancel()

    def test_printed(self):
        statement = self._signed()
        html = self.env["ir.qweb"]._render(
            "sales_dept_logistics.report_freight_statement", {"docs": statement.with_user(self.director)}
        )
        for text in (statement.name, "SF00000002", "30.00", "SF Express Ltd"):
            self.assertIn(text, str(html))

    def test_printed_in_capitals(self):
        """What is to be paid, in yuan, on papers of a company in China; beneath stand those who signed."""
        yuan = self.env.ref("base.CNY")
        yuan.active = True
        self._shipped(1).charge_ids.currency_id = yuan
        statement = self._statement({"reference": "SF00000001", "currency_id": yuan.id}, currency_id=yuan.id)
        self.assertEqual(self._signed(statement).payable_total, 100)

        def paper():
            docs = statement.with_user(self.director)
            return str(self.env["ir.qweb"]._render("sales_dept_logistics.report_freight_statement", {"docs": docs}))

        self.company.country_id = self.env.ref("base.cn")
        self.assertIn("人民币壹佰元整", paper())
        for signer in (self.assistant, self.finance, self.director):
            self.assertIn(signer.name, paper())
        self.company.country_id = self.env.ref("base.de")
        self.assertNotIn("人民币", paper())

    # === DISPUTES === #

    def _round(self, statement):
        statement.with_user(self.assistant).action_claim()
        return statement.dispute_ids.with_user(self.assistant)

    def _sheet_of(self, dispute):
        self.env.flush_all()
        return load_workbook(dispute.line_ids._register_file())

    def _answered(self, book, **answers):
        """The carrier's file with `answers`: ``{heading: value}`` in the first row."""
        sheet = book.worksheets[0]
        headings = {cell.value: cell.column for cell in sheet[1]}
        for heading, value in answers.items():
            sheet.cell(2, headings[heading], value)
        output = BytesIO()
        book.save(output)
        return base64.b64encode(output.getvalue())

    def _read(self, dispute, content):
        wizard = (
            self.env["freight.dispute.answer"]
            .with_user(self.assistant)
            .create({"dispute_id": dispute.id, "file": content})
        )
        wizard.action_read()
        return wizard.problems

    def test_only_disputed_rows_go_to_the_carrier(self):
        dispute = self._round(self._disputed())
        rows = list(self._sheet_of(dispute).worksheets[0].values)
        self.assertEqual(len(rows), 2)
        row = dict(zip(*rows, strict=True))
        self.assertEqual((row["Our Line"], row["Amount Charged"], row["Due"]), (dispute.line_ids.id, 130, 100))
        self.assertEqual(row["Charge"], "'=cmd()", "no spreadsheet takes it for a formula")
        self.assertIn("130.00", row["Reason"])

    def _mail(self, action):
        """What the mail says before it goes."""
        return self.env[action["res_model"]].with_user(self.assistant).with_context(**action["context"]).create({})

    def test_mailed_to_the_carrier_with_the_file_that_it_fills_in(self):
        statement = self._disputed()
        self.assertFalse(statement.can_send_dispute)
        with self.assertRefused("no claim waits"):
            statement.with_user(self.assistant).action_send_dispute()
        dispute = self._round(statement)
        self.assertTrue(statement.can_send_dispute)
        mail = self._mail(statement.with_user(self.assistant).action_send_dispute())
        self.assertEqual(mail.partner_ids, self.partner)
        self.assertIn("03/01/2031 – 03/31/2031", mail.subject)
        self.assertIn("30.00", mail.body)
        self.assertEqual(mail.attachment_ids.name, f"{dispute.display_name.replace('/', '-')}.xlsx")
        mail._action_send_mail()
        message = dispute.message_ids[0]
        self.assertEqual((message.partner_ids, message.author_id), (self.partner, self.assistant.partner_id))
        # The carrier fills in what it got.
        book = load_workbook(BytesIO(message.attachment_ids.raw))
        self.assertFalse(self._read(dispute, self._answered(book, Answer="Accepted")))
        self.assertEqual((dispute.state, statement.can_send_dispute), ("answered", False))

    def test_mailed_in_the_carriers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.partner.lang = "zh_CN"
        template = self.env.ref("sales_dept_logistics.mail_template_freight_dispute")
        template.with_context(lang="zh_CN").subject = "争议费用 {{ object.display_name }}"
        dispute = self._round(self._disputed())
        mail = self._mail(dispute.action_send())
        self.assertTrue(mail.subject.startswith("争议费用 "))
        book = load_workbook(BytesIO(mail.attachment_ids.raw))
        self.assertEqual(book.sheetnames, ["争议费用"])
        # Whoever reads the answers has another language.
        heading = [cell.value for cell in book.worksheets[0][1]]
        label = self.env["freight.statement.dispute.line"].with_context(lang="zh_CN")._fields["answer"]
        answer = label.get_description(self.env(context={"lang": "zh_CN"}), ["string"])["string"]
        self.assertIn(answer, heading)
        self.assertFalse(self._read(dispute, self._answered(book, **{answer: "同意"})))
        self.assertEqual(dispute.line_ids.answer, "accepted")

    def test_mail_that_cannot_go(self):
        dispute = self._round(self._disputed())
        self.partner.email = False
        with self.assertRefused("has no e-mail address"):
            dispute.action_send()
        for user in (self.finance, self.gm, self.logistics):
            with self.assertRefused(".", AccessError):
                dispute.with_user(user).action_send()

    def test_nothing_is_claimed_twice(self):
        statement = self._disputed()
        self._round(statement)
        with self.assertRaisesRegex(UserError, "nothing is disputed"):
            statement.with_user(self.assistant).action_claim()

    def test_months_and_how_far_their_statements_are(self):
        """On the day on which the carrier closes the month; of two currencies the statement that is behind counts."""
        self._shipped(1)
        self._shipped("T1", carrier=self.truck)
        self.sf.closing_day = 25

        def months():
            self.env.flush_all()
            self.env.invalidate_all()
            folders = self.env["freight.waybill.month"].with_user(self.logistics)
            found = folders.search([("carrier_id", "in", (self.sf | self.truck).ids)])
            return {folder.carrier_id: (folder.closing_date, folder.statement_state) for folder in found}

        march = (date(2031, 2, 26), date(2031, 3, 25))
        self._statement(period=(date(2031, 1, 26), date(2031, 2, 25)))
        self._statement(period=march).action_cancel()
        none = (date(2031, 3, 25), "none")
        self.assertEqual(months(), {self.sf: none, self.truck: (date(2031, 3, 31), "none")})
        statement = self._statement({"reference": "SF00000001"}, period=march)
        self.assertEqual(months()[self.sf], (date(2031, 3, 25), "open"))
        statement._write_protected({"signed_date": "2031-04-01 00:00:00"})
        self.assertEqual(months()[self.sf][1], "signed")
        other = self.env["res.currency"].create({"name": "TST", "symbol": "T"})
        self._statement(period=march, matched=False, currency_id=other.id)
        self.assertEqual(months()[self.sf][1], "draft")
        # The carrier closes its months on another day from now on: what was signed stays that month's.
        self.env["freight.statement"].search([("currency_id", "=", other.id)]).unlink()
        self.sf.closing_day = 0
        self.assertEqual(months()[self.sf], (date(2031, 3, 31), "signed"))
        # It ends a day before the month is closed, and is that month's all the same.
        self.sf.closing_day = 26
        self.assertEqual(months()[self.sf], (date(2031, 3, 26), "signed"))

    def test_day_until_which_to_dispute(self):
        """As many days as the carrier gives: from the day its file was read, until then from the period's end."""
        self.sf.dispute_days, self.truck.dispute_days = 10, 0
        statement = self._statement(matched=False)
        self.assertEqual(statement.dispute_by, date(2031, 4, 10))
        statement.carrier_id = self.truck
        self.assertFalse(statement.dispute_by, "this carrier sets no day")
        statement.carrier_id = self.sf
        self.assertEqual(statement.dispute_by, date(2031, 4, 10))
        self.sf.dispute_days = 20
        self.assertEqual(statement.dispute_by, date(2031, 4, 10), "what was said once stays, until there is a reason")
        statement._write_protected({"read_date": "2031-04-02 20:00:00"})
        day = statement.company_id._local_day(statement.read_date)
        self.assertEqual(statement.dispute_by, day + timedelta(days=20))

    def test_answers_are_read_back(self):
        dispute = self._round(self._disputed())
        content = self._answered(self._sheet_of(dispute), Answer="Accepted", **{"Carrier's Remark": "sorry"})
        self.assertFalse(self._read(dispute, content))
        line = dispute.line_ids
        self.assertEqual((line.answer, line.outcome, line.settled_amount), ("accepted", "corrected", 100))
        self.assertEqual((line.answer_note, dispute.state), ("sorry", "answered"))

    def test_chinese_answers(self):
        dispute = self._round(self._disputed())
        content = self._answered(self._sheet_of(dispute), Answer="部分同意", **{"Carrier's Amount": 110})
        self.assertFalse(self._read(dispute, content))
        self.assertEqual(dispute.line_ids.settled_amount, 110)
        self.assertEqual(dispute.recovered_total, 20)

    def test_wrong_answers_get_a_sentence(self):
        dispute = self._round(self._disputed())
        for answers, sentence in (
            ({"Answer": "maybe"}, "Row 2: “maybe” is no answer"),
            ({"Answer": "Accepted in part"}, "without the carrier's amount"),
            ({"Answer": "Accepted in part", "Carrier's Amount": 500}, "does not lie between"),
            ({"Our Line": 999_999_999, "Answer": "Accepted"}, "is no line of this dispute"),
            ({}, "There is no answer"),
        ):
            problems = self._read(dispute, self._answered(self._sheet_of(dispute), **answers))
            self.assertIn(sentence, problems or "")
            self.assertEqual(dispute.state, "claimed")
        self.assertIn("no XLSX", self._read(dispute, base64.b64encode(b"hello")))

    def test_refused_goes_to_the_next_round(self):
        statement = self._disputed()
        dispute = self._round(statement)
        self.assertFalse(self._read(dispute, self._answered(self._sheet_of(dispute), Answer="Refused")))
        with self.assertRaisesRegex(UserError, "say what came of it"):
            dispute.action_settle()
        dispute.line_ids.outcome = "again"
        dispute.action_settle()
        self.assertEqual(statement.dispute_ids.sorted("round").mapped("round"), [1, 2])
        self.assertEqual(statement.dispute_ids.sorted("round").mapped("state"), ["settled", "claimed"])

    def test_settling_after_the_signature_is_the_directors(self):
        statement = self._disputed()
        dispute = self._round(statement)
        self._signed(statement)
        dispute.line_ids.outcome = "stands"
        with self.assertRaises(AccessError):
            dispute.action_settle()
        dispute.with_user(self.director).action_settle()
        self.assertEqual(self._line(statement, "SF00000002").settled_amount, 130)
        self.assertEqual(self._line(statement, "SF00000002").payable_amount, 100, "as it was signed")

    def test_settled_within_what_was_disputed(self):
        """Nobody pays more than was charged, nor takes less than was claimed, by the way of a dispute."""
        line = self._round(self._disputed()).line_ids
        for values in (
            {"outcome": "corrected", "settled_amount": 5000},
            {"outcome": "corrected", "settled_amount": 130.01},
            {"outcome": "credit", "settled_amount": 99.99},
            {"answer": "partly"},
        ):
            with (
                self.subTest(values=values),
                self.assertRefused("between what is due, .*100.00, and what was charged, .*130.00", ValidationError),
                self.env.cr.savepoint(),
            ):
                line.write(values)
            self.env.invalidate_all()
        for amount in (100, 130):
            line.write({"outcome": "corrected", "settled_amount": amount})

    def test_what_is_settled_before_is_signed(self):
        """The digest has what settled lines come to: nothing is settled behind the back of who signs."""
        statement = self._disputed()
        dispute = self._round(statement)
        before = statement.lines_digest
        dispute.line_ids.outcome = "stands"
        statement.with_user(self.assistant).action_approval_submit()
        with self.assertRefused("its lines stay as they are"):
            dispute.action_settle()
        statement.with_user(self.assistant).action_approval_withdraw()
        dispute.action_settle()
        self.assertNotEqual(statement.lines_digest, before)
        statement.with_user(self.assistant).action_approval_submit()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE freight_statement_line SET settled_amount = 999 WHERE id = %s", [dispute.line_ids.line_id.id]
        )
        with self.assertRefused("not those that were submitted"):
            statement.with_user(self.finance).action_approval_approve()

    # === CREDITS === #

    def test_promised_credit_is_followed(self):
        statement = self._disputed()
        dispute = self._round(statement)
        self._signed(statement)
        dispute.line_ids.outcome = "credit"
        dispute.with_user(self.director).action_settle()
        credit = self.env["freight.credit"].search([("carrier_id", "=", self.sf.id)])
        self.assertEqual((credit.state, credit.amount, credit.waybill_id.name), ("promised", 30, "SF00000002"))
        april = self._statement({"reference": "SF00000002", "amount": -30}, period=APRIL)
        line = self._line(april, "SF00000002")
        self.assertEqual((credit.state, credit.received_line_id), ("received", line))
        self.assertEqual((line.expected_amount, line.is_exception), (-30, False))
        april.action_cancel()
        self.assertEqual(credit.state, "promised", "a cancelled statement has nothing")
        again = self._statement({"reference": "SF00000002", "amount": -29}, period=APRIL)
        self.assertTrue(self._line(again, "SF00000002").is_exception, "a yuan of it is missing")

    def test_claim_for_damage_is_expected(self):
        waybill = self._shipped(1)
        self._statement({"reference": "SF00000001"})
        credit = self.env["freight.credit"].create(
            {
                "carrier_id": self.sf.id,
                "waybill_id": waybill.id,
                "kind_id": self.other.id,
                "amount": 45,
                "reason": "broken",
                "currency_id": self.currency.id,
            }
        )
        april = self._statement({"reference": "SF00000001", "amount": -45, "kind_id": self.other.id}, period=APRIL)
        self.assertEqual(credit.state, "received")
        line = self._line(april, "SF00000001")
        self.assertEqual((line.expected_amount, line.difference_kind), (-45, False))

    # === THE BILL === #

    def test_bill_of_what_is_not_disputed_then_the_rest(self):
        statement = self._disputed()
        dispute = self._round(statement)
        self._signed(statement)
        with self.assertRaises(AccessError):
            statement.with_user(self.assistant).action_create_bill()
        statement.with_user(self.finance).action_create_bill()
        bill = statement.bill_ids.move_id
        self.assertEqual(
            (bill.move_type, bill.partner_id, bill.state, bill.amount_untaxed),
            ("in_invoice", self.partner, "draft", 200),
        )
        self.assertEqual(len(bill.invoice_line_ids), 1)
        statement.with_user(self.finance).action_create_bill()
        self.assertEqual(statement.bill_count, 1, "pressed twice")
        dispute.line_ids.outcome = "stands"
        dispute.with_user(self.director).action_settle()
        self.assertTrue(statement.can_bill)
        statement.with_user(self.director).action_create_bill()
        self.assertEqual(set(statement.bill_ids.mapped("part")), {"settled", "undisputed"})
        self.assertEqual(sum(statement.bill_ids.move_id.mapped("amount_untaxed")), 230)
        self.assertFalse(statement.can_bill)

    def test_nothing_more_where_the_carrier_gave_in(self):
        statement = self._disputed()
        dispute = self._round(statement)
        self._signed(statement)
        statement.with_user(self.finance).action_create_bill()
        dispute.line_ids.outcome = "corrected"
        dispute.with_user(self.director).action_settle()
        self.assertFalse(statement.can_bill)

    def test_bill_has_a_line_for_each_kind_tax_and_credit(self):
        self._shipped(1, fuel=10)
        self._shipped(2, fuel=10)
        self._statement({"reference": "SF00000001", "amount": 120}, period=(date(2031, 2, 1), date(2031, 2, 28)))
        statement = self._statement(
            {"reference": "SF00000002"},
            {"reference": "SF00000002", "kind_id": self.fuel.id, "amount": 10},
            {"reference": "SF00000001", "amount": -20},
        )
        statement.line_ids.filtered("is_exception").with_user(self.assistant).action_accept()
        self._signed(statement).with_user(self.finance).action_create_bill()
        lines = statement.bill_ids.move_id.invoice_line_ids
        self.assertEqual(sorted(lines.mapped("price_unit")), [-20, 10, 100])
        self.assertIn("Credit: Freight", lines.mapped("name"))

    def test_part_is_billed_once_by_the_database(self):
        statement = self._signed()
        statement.with_user(self.finance).action_create_bill()
        other = statement.bill_ids.move_id.copy()
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env["freight.statement.bill"].create(
                {"statement_id": statement.id, "part": "undisputed", "move_id": other.id}
            )

    def test_deleted_draft_is_billed_anew(self):
        statement = self._signed()
        statement.with_user(self.finance).action_create_bill()
        statement.bill_ids.move_id.unlink()
        statement.invalidate_recordset()
        self.assertTrue(statement.can_bill)
        statement.with_user(self.finance).action_create_bill()
        self.assertEqual(statement.bill_count, 1)

    # === THE CARRIER'S INVOICE === #

    def test_invoice_is_expected_and_chased(self):
        invoice = self._signed().invoice_ids
        self.assertEqual((invoice.state, invoice.due_date), ("expected", date(2031, 4, 7)))
        self.assertEqual(invoice.activity_ids.user_id, self.assistant)
        self.partner.lang = "en_US"
        invoice.due_date = date(2031, 3, 30)
        self.env["freight.carrier.invoice"]._cron_chase()
        self.assertEqual(invoice.reminded_date, date(2031, 3, 31))
        mail = invoice.message_ids.filtered(lambda message: self.partner in message.partner_ids)
        self.assertIn(invoice.statement_id.name, mail.body)
        self.env["freight.carrier.invoice"]._cron_chase()
        self.assertEqual(len(invoice.message_ids.filtered(lambda message: self.partner in message.partner_ids)), 1)

    def test_received_compared_and_handed_over(self):
        statement = self._signed()
        statement.with_user(self.finance).action_create_bill()
        invoice = statement.invoice_ids.with_user(self.assistant)
        with self.assertRaisesRegex(UserError, "enter its number"):
            invoice.action_receive()
        billed = statement.billed_total
        invoice.write({"number": "12345678", "date": date(2031, 3, 31), "amount": billed + 30})
        invoice.action_receive()
        with self.assertRaisesRegex(UserError, "has no scan"):
            invoice.action_hand_over()
        invoice.scan = base64.b64encode(b"%PDF-1.4 scan")
        with self.assertRaisesRegex(UserError, "say why"):
            invoice.action_hand_over()
        invoice.amount = billed
        invoice.action_hand_over()
        self.assertEqual(invoice.state, "handed")
        with self.assertRaises(AccessError):
            invoice.action_give_receipt()
        invoice.with_user(self.finance).action_give_receipt()
        self.assertEqual((invoice.state, invoice.receipt_user_id), ("receipted", self.finance))
        with self.assertRaisesRegex(UserError, "stays as it is"):
            invoice.write({"number": "87654321"})

    def test_one_number_once_per_carrier(self):
        """A14: 12345678 on 31 March, again on 2 April: refused, however it is written."""
        Invoice = self.env["freight.carrier.invoice"]
        Invoice.create({"carrier_id": self.sf.id, "number": "12345678", "date": date(2031, 3, 31), "amount": 10})
        for number in ("12345678", " １２３４-5678 "):
            with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
                Invoice.create({"carrier_id": self.sf.id, "number": number, "date": date(2031, 4, 2), "amount": 10})
                self.env.flush_all()
        Invoice.create({"carrier_id": self.truck.id, "number": "12345678", "date": date(2031, 4, 2), "amount": 10})
