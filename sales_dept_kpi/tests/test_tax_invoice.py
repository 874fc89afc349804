import base64
from datetime import date, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

from openpyxl import load_workbook
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..models.tax_invoice import einvoice_xml, numbers
from .tax_invoice_common import PDF, TaxInvoiceCommon

NUMBER = "26312000000012345678"
XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<EInvoice xmlns="urn:some:version">
  <Header><EIid>{NUMBER}</EIid><Version>0.2</Version></Header>
  <EInvoiceData>
    <SellerInformation><SellerIdNum>91310000MA1K00000X</SellerIdNum></SellerInformation>
    <BuyerInformation><BuyerIdNum>91320500MA1B00000Y</BuyerIdNum></BuyerInformation>
    <BasicInformation>
      <TotalAmWithoutTax>1000.00</TotalAmWithoutTax><TotalTaxAm>130.00</TotalTaxAm>
      <TotalTax-includedAmount>1130.00</TotalTax-includedAmount>
    </BasicInformation>
  </EInvoiceData>
  <TaxSupervisionInfo>
    <InvoiceNumber>{NUMBER}</InvoiceNumber><IssueTime>2026-03-20 09:15:00</IssueTime>
  </TaxSupervisionInfo>
</EInvoice>
""".encode()


def _ofd():
    """As little of an OFD file as is one."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("OFD.xml", "<OFD/>")
    return base64.b64encode(content.getvalue())


@tagged("post_install", "-at_install")
class TestTaxInvoiceNumbers(TaxInvoiceCommon):
    def test_numbers_are_kept_plain(self):
        """Full-width digits and blanks are typed by people, floats come from sheets."""
        for typed, kept in (
            ("２６３１２０００００００１２３４５６７８", NUMBER[:2] + "312000000012345678"),
            (" 2631 2000\u3000", "26312000"),
            (12345678.0, "12345678"),
            (12345678, "12345678"),
            ("\u200b", None),
            (False, None),
        ):
            with self.subTest(typed=typed):
                self.assertEqual(numbers.normalised(typed), kept)
        self.assertFalse(numbers.is_digits("²" * 8, (8,)), "a superscript is no digit that others could read")

    def test_a_number_is_of_its_kind(self):
        digital = {"kind": "digital_special", "code": False}
        paper = {"kind": "paper_special", "code": "3100231130"}
        for vals, sentence in (
            ({**digital, "number": NUMBER}, None),
            ({**digital, "number": NUMBER[1:]}, "20 digits; this has 19"),
            ({**digital, "number": NUMBER[1:] + "X"}, "20 digits"),
            ({**digital, "number": NUMBER, "code": "3100231130"}, "no code"),
            ({**paper, "number": "12345678"}, None),
            ({**paper, "number": "12345678", "code": "310023113012"}, None),
            ({**paper, "number": "123456789"}, "8 digits beside its code; this has 9"),
            ({**paper, "number": "12345678", "code": "31002311301"}, "10 or 12 digits"),
            ({**paper, "number": "12345678", "code": False}, "10 or 12 digits"),
        ):
            with self.subTest(vals=vals):
                draft = {"state": "draft", **vals}
                if sentence:
                    with self.assertRefused(sentence, ValidationError):
                        self._tax_invoice(**draft)
                else:
                    self._tax_invoice(**draft)

    def test_a_number_is_registered_once(self):
        """A14: the same number again, on another day, is refused; on paper a number belongs to its code."""
        self._tax_invoice(number=NUMBER)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._tax_invoice(number=f" {NUMBER[:10]} {NUMBER[10:]}", day="2026-03-22")
        paper = {"kind": "paper_normal", "number": "12345678"}
        self._tax_invoice(code="3100231130", **paper)
        self._tax_invoice(code="3100231131", **paper)
        drafts = self._tax_invoice(number=False, state="draft") | self._tax_invoice(number=False, state="draft")
        self.assertEqual(len(drafts), 2, "drafts without number are no duplicates")

    def test_amounts_make_the_total(self):
        invoice = self._tax_invoice(0.1, amount_tax=0.2, state="draft")
        self.assertEqual(invoice.amount_total, 0.3, "exact, though floats are not")
        self.env.flush_all()
        for vals in ({"amount_total": 0.31}, {"amount_tax": -0.05, "amount_total": 0.05}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                invoice.write(vals)
                self.env.flush_all()
            self.env.invalidate_all()

    def test_a_day_to_come_is_none(self):
        with freeze_time("2026-03-20 15:59:00"), self.assertRefused("in the future", ValidationError):
            self._tax_invoice(day="2026-03-21")
        with freeze_time("2026-03-20 16:01:00"):
            self._tax_invoice(day="2026-03-21")

    def test_import(self):
        """By Odoo's import, with numbers as sheets spoil them."""
        result = self.TaxInvoice.with_user(self.assistant).load(
            ["kind", "code", "number", "date", "partner_id", "amount_untaxed", "amount_tax"],
            [
                ["digital_special", "", "26 3120 0000 0000 0000 99", "2026-03-20", "Test Customer Ltd", "100", "13"],
                ["paper_normal", "３１００２３１１３０", "00012345", "2026-03-20", "Test Customer Ltd", "-5", "0"],
            ],
        )
        self.assertFalse(result["ids"])
        self.assertIn("which invoice it takes back", result["messages"][0]["message"])
        result = self.TaxInvoice.with_user(self.assistant).load(
            ["kind", "code", "number", "date", "partner_id", "amount_untaxed", "amount_tax"],
            [
                ["digital_special", "", "26 3120 0000 0000 0000 99", "2026-03-20", "Test Customer Ltd", "100", "13"],
                ["paper_normal", "３１００２３１１３０", "00012345", "2026-03-20", "Test Customer Ltd", "5", "0"],
            ],
        )
        digital, paper = self.TaxInvoice.browse(result["ids"])
        self.assertEqual((digital.number, digital.amount_total), ("26312000000000000099", 113))
        self.assertEqual((paper.code, paper.number, paper.state), ("3100231130", "00012345", "draft"))
        self.assertEqual(paper.user_id, self.manager1)


@tagged("post_install", "-at_install")
class TestTaxInvoiceCourse(TaxInvoiceCommon):
    def test_what_was_issued_stays(self):
        invoice = self._tax_invoice()
        other = self.env["res.partner"].create({"name": "Another", "is_company": True})
        for vals in (
            {"number": NUMBER},
            {"date": "2026-03-21"},
            {"amount_untaxed": 90},
            {"amount_total": 90},
            {"partner_id": other.id},
            {"kind": "digital_normal"},
            {"buyer_vat": "X"},
        ):
            with self.subTest(vals=vals), self.assertRefused("was issued"):
                invoice.write(vals)
        invoice.write({"date": "2026-03-20", "note": "Same day, and a note", "user_id": self.manager2.id})
        with self.assertRefused("was issued"):
            invoice.unlink()
        with self.assertRefused("cannot be set by hand", AccessError):
            invoice.write({"state": "draft"})
        draft = self._tax_invoice(state="draft")
        draft.write({"number": NUMBER, "amount_untaxed": 5})
        self.assertEqual(draft.amount_total, 5)
        draft.unlink()

    def test_issued_in_full_and_by_finance(self):
        draft = self._tax_invoice(state="draft", number=False, user=self.assistant)
        with self.assertRefused("Finance issues", AccessError):
            draft.with_user(self.assistant).action_issue()
        with self.assertRefused("fill in Invoice Number"):
            draft.with_user(self.finance).action_issue()
        draft.number = NUMBER
        draft.with_user(self.finance).action_issue()
        self.assertEqual((draft.state, draft.issued_by_id), ("issued", self.finance))
        with self.assertRefused("issued already"):
            draft.with_user(self.finance).action_issue()

    def test_files_stay_and_missing_ones_are_added(self):
        invoice = self._tax_invoice(pdf_file=PDF)
        for content in (base64.b64encode(b"%PDF-2.0 another"), False):
            with self.assertRefused("is its proof"):
                invoice.pdf_file = content
        invoice.ofd_file = _ofd()
        with self.assertRefused("of another kind"):
            invoice.xml_file = PDF
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", invoice._name), ("res_field", "=", "pdf_file"), ("res_id", "=", invoice.id)])
        )
        for user, sentence in (
            (self.finance, "on record"),
            (self.assistant, "on record"),
            (self.director, "not allowed"),
        ):
            own = attachment.with_user(user)
            self.assertTrue(own.raw)
            with self.subTest(user=user.login), self.assertRefused(sentence, AccessError):
                own.write({"raw": b"%PDF- else"})
            with self.assertRefused(sentence, AccessError):
                own.unlink()
        with self.assertRaises(AccessError):
            attachment.with_user(self.manager2).read(["raw"])
        with self.assertRaises(AccessError):
            attachment.with_user(self.portal_user).read(["raw"])

    def test_red_letters_take_back_no_more_than_there_is(self):
        blue = self._tax_invoice(100, amount_tax=13)
        with self.assertRefused("which invoice it takes back", ValidationError):
            self._tax_invoice(-10)
        with self.assertRefused("its amounts are negative", ValidationError):
            self._tax_invoice(10, blue_id=blue.id)
        first = self._red(blue, 40, amount_tax=-5.2)
        self.assertEqual((blue.red_amount, blue.state), (45.2, "issued"))
        with self.assertRefused("more than its total", ValidationError):
            self._red(blue, 60.01, amount_tax=-7.8)
        action = blue.action_make_red()
        draft = self.TaxInvoice.with_user(self.finance).with_context(**action["context"]).create({})
        self.assertEqual((draft.amount_untaxed, draft.amount_tax, draft.amount_total), (-60, -7.8, -67.8))
        self.assertEqual(blue.state, "issued", "a draft takes nothing back")
        draft.write({"number": str(next(self.numbers)), "date": "2026-03-26"})
        draft.action_issue()
        self.assertEqual((blue.red_amount, blue.state), (113, "red_lettered"))
        with self.assertRefused("cannot be taken back|more than its total", ValidationError):
            self._red(blue, 0.01)
        with self.assertRefused("takes back an invoice that was issued", ValidationError):
            self._red(first, 1)

    def test_a_draft_is_not_taken_back(self):
        draft = self._tax_invoice(state="draft")
        with self.assertRefused("that was issued", ValidationError):
            self._red(draft, 10)
        other = self.env["res.partner"].create({"name": "Another", "is_company": True})
        blue = self._tax_invoice(partner_id=other.id)
        with self.assertRefused("another customer", ValidationError):
            self._red(blue, 10)

    def test_paper_alone_is_void_and_in_its_month(self):
        paper = {"kind": "paper_special", "code": "3100231130", "day": "2026-03-20"}
        with freeze_time("2026-03-31 04:00:00"):
            digital = self._tax_invoice(void_reason="Wrong name")
            with self.assertRefused("only invoices on paper"):
                digital.action_void()
            invoice = self._tax_invoice(number="12345678", **paper)
            with self.assertRefused("Say why"):
                invoice.action_void()
            invoice.void_reason = "Wrong name"
            with self.assertRaises(AccessError):
                invoice.with_user(self.assistant).action_void()
            invoice.action_void()
            self.assertEqual(invoice.state, "void")
            late = self._tax_invoice(number="12345679", void_reason="Wrong name", **paper)
        with freeze_time("2026-03-31 16:30:00"), self.assertRefused("in the month"):
            late.action_void()

    def test_register(self):
        invoice = self._tax_invoice(amount_tax=13)
        sheet = load_workbook(
            BytesIO(invoice.with_user(self.director)._register_records([])._register_file().read())
        ).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertGreater(len(rows[0]), 6)
        row = dict(zip(rows[0], rows[1], strict=True))
        self.assertEqual(
            (row["Invoice Number"], row["Total"], row["Issued On"].date()), (invoice.number, 113, date(2026, 3, 20))
        )

    def test_its_account_manager(self):
        """Of the invoice in Odoo, else of the customer."""
        self.assertEqual(self._tax_invoice().user_id, self.manager1)
        move = self._invoice(self.manager2, 100, "2026-03-20")
        self.assertEqual(self._tax_invoice(moves={move: 100}).user_id, self.manager2)


@tagged("post_install", "-at_install")
class TestTaxInvoiceAllocation(TaxInvoiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = (cls._invoice(cls.manager1, 100, "2026-03-20") for _number in range(2))

    def test_many_to_many(self):
        """One invoice of two, and a third that stands on two."""
        third = self._invoice(self.manager1, 60, "2026-03-21")
        one = self._tax_invoice(250, moves={self.first: 100, self.second: 100, third: 50})
        other = self._tax_invoice(20, moves={third: 10})
        self.assertEqual((one.open_amount, other.open_amount), (0, 10))
        self.assertEqual((third._tax_invoiced_amount(), third.with_user(self.finance).tax_invoice_count), (60, 2))

    def test_no_more_than_there_is_on_either_side(self):
        with self.assertRefused("more than its total", ValidationError):
            self._tax_invoice(99.99, moves={self.first: 100})
        self._tax_invoice(70.1, moves={self.first: 70.1})
        with self.assertRefused("of its total", ValidationError):
            self._tax_invoice(30, moves={self.first: 29.91})
        self._tax_invoice(29.9, moves={self.first: 29.9})
        self.assertEqual(self.first._tax_invoiced_amount(), 100)

    def test_only_what_belongs_together(self):
        draft = self._invoice(self.manager1, 10, "2026-03-20")
        draft.button_draft()
        with self.assertRefused("post it first", ValidationError):
            self._tax_invoice(10, moves={draft: 10})
        other = self.env["res.partner"].create(
            {"name": "Another", "is_company": True, "property_account_receivable_id": self.receivable.id}
        )
        foreign = self._invoice(self.manager1, 10, "2026-03-20", partner_id=other.id)
        with self.assertRefused("not an invoice to", ValidationError):
            self._tax_invoice(10, moves={foreign: 10})
        with self.assertRefused("negative ones", ValidationError):
            self._tax_invoice(10, moves={self.first: -10})
        contact = self.env["res.partner"].create({"name": "Bookkeeper", "parent_id": self.customer.id})
        self._tax_invoice(10, moves={self.first: 10}, partner_id=contact.id)

    def test_an_invoice_in_odoo_is_not_made_smaller_than_that(self):
        """Before and after the payment: the invoice is opened again, changed and posted."""
        self._tax_invoice(100, moves={self.first: 100})
        self.first.button_draft()
        self.first.invoice_line_ids.price_unit = 99
        with self.assertRefused("of its total of .*99.00", ValidationError):
            self.first.action_post()
        self.first.invoice_line_ids.price_unit = 120
        self.first.action_post()

    def test_red_letters_on_credit_notes(self):
        blue = self._tax_invoice(100, moves={self.first: 100})
        note = self._invoice(self.manager1, 40, "2026-03-25", kind="out_refund")
        with self.assertRefused("negative ones", ValidationError):
            self._tax_invoice(40, moves={note: 40})
        self._red(blue, 40, moves={note: -40})
        self.assertEqual(note._tax_invoiced_amount(), -40)
        with self.assertRefused("of its total", ValidationError):
            self._red(blue, 1, moves={note: -1})

    def test_finance_reads_invoices_to_customers_and_nothing_else_of_the_books(self):
        receipt = self._pay(self._due(self.first), 100, "2026-03-22")
        moves = self.env["account.move"].with_user(self.finance)
        self.assertIn(self.first, moves.search([]))
        self.assertEqual(
            set(moves.search([]).mapped("move_type")) - {"out_invoice", "out_refund", "out_receipt"}, set()
        )
        with self.assertRaises(AccessError):
            receipt.with_user(self.finance).read(["name"])
        with self.assertRaises(AccessError):
            self.first.with_user(self.finance).write({"ref": "Mine"})

    def test_the_draft_of_what_is_left(self):
        self._tax_invoice(30, moves={self.first: 30})
        action = (self.first | self.second).with_user(self.finance).action_register_tax_invoice()
        form = Form(self.TaxInvoice.with_user(self.finance).with_context(**action["context"]))
        invoice = form.save()
        self.assertEqual(invoice.amount_total, 170)
        self.assertEqual(invoice.line_ids.mapped("amount"), [70, 100])
        self.assertEqual(invoice.partner_id, self.customer)

    def test_the_amount_proposed_is_what_is_left_of_both(self):
        self._tax_invoice(30, moves={self.first: 30})
        invoice = self._tax_invoice(150, state="draft")
        for move, amount in ((self.first, 70), (self.second, 80)):
            line = self.env["sales.tax.invoice.line"].create({"tax_invoice_id": invoice.id, "move_id": move.id})
            self.assertEqual(line.amount, amount)

    def test_constant_queries(self):
        moves = [self._invoice(self.manager1, 10, "2026-03-20") for _number in range(8)]

        def cost(number):
            draft = self._tax_invoice(10 * number, state="draft")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            draft.line_ids = [Command.create({"move_id": move.id, "amount": 1}) for move in moves[:number]]
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(1)
        few, many = cost(4), cost(8)
        self.assertLessEqual(many, few + 1)


@tagged("post_install", "-at_install")
class TestTaxInvoiceXml(TaxInvoiceCommon):
    def test_read(self):
        values = einvoice_xml.read(XML)
        self.assertEqual(values["number"], NUMBER)
        self.assertEqual(values["date"], date(2026, 3, 20))
        self.assertEqual(
            [str(values[name]) for name in ("amount_untaxed", "amount_tax", "amount_total")],
            ["1000.00", "130.00", "1130.00"],
        )
        self.assertEqual((values["buyer_vat"], values["seller_vat"]), ("91320500MA1B00000Y", "91310000MA1K00000X"))

    def test_tolerant_and_harmless(self):
        for raw, expected in (
            (
                b"<a><IssueTime>2026\xe5\xb9\xb403\xe6\x9c\x8820\xe6\x97\xa5</IssueTime></a>",
                {"date": date(2026, 3, 20)},
            ),
            (b"<a><IssueTime>yesterday</IssueTime><InvoiceNumber>12</InvoiceNumber></a>", {}),
            (b"<a><TotalTaxAm>NaN</TotalTaxAm><TotalAmWithoutTax>x</TotalAmWithoutTax></a>", {}),
            (b"<a/>", {}),
            (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a><InvoiceNumber>&e;</InvoiceNumber></a>', {}),
        ):
            with self.subTest(raw=raw):
                self.assertEqual(einvoice_xml.read(raw), expected)
        for raw in (b"", b"no xml", b"<a>", b"\x00", b"<a>" + b" " * 5_000_001 + b"</a>"):
            with self.subTest(raw=raw[:10]), self.assertRaises(ValueError):
                einvoice_xml.read(raw)

    def test_fills_in_what_is_empty(self):
        self.customer.vat = "91320500MA1B00000Y"
        form = Form(self.TaxInvoice.with_user(self.finance))
        form.amount_untaxed = 1000
        form.xml_file = base64.b64encode(XML)
        invoice = form.save()
        self.assertEqual((invoice.number, invoice.partner_id), (NUMBER, self.customer))
        self.assertEqual((invoice.amount_untaxed, invoice.amount_tax, invoice.amount_total), (1000, 130, 1130))
        self.assertEqual(invoice.buyer_vat, "91320500MA1B00000Y")

    def test_warns_where_nothing_is_read(self):
        for content, sentence in ((b"<a/>", "Nothing of an invoice"), (b"<a>", "no XML")):
            draft = self.TaxInvoice.new({"xml_file": base64.b64encode(content)})
            self.assertIn(sentence, draft._onchange_xml_file()["warning"]["message"])
        self.company.vat = "91310000MA1K99999X"
        draft = self.TaxInvoice.new({"xml_file": base64.b64encode(XML), "company_id": self.company.id})
        self.assertIn("not ours", draft._onchange_xml_file()["warning"]["message"])


@tagged("post_install", "-at_install")
class TestInvoiceHandover(TaxInvoiceCommon):
    def test_a_log_is_not_rewritten(self):
        invoice = self._tax_invoice()
        handover = self._hand_over(self.manager1, tax_invoices=invoice, note="With the goods")
        self.assertEqual(handover.handed_by_id, self.manager1)
        self.assertEqual((handover.documents, handover.receiver), (invoice.number, "Mr. Xu"))
        self.assertEqual((invoice.handover_count, invoice.handover_date), (1, handover.date))
        for user in (self.manager1, self.assistant, self.finance, self.director, self.gm):
            own = handover.with_user(user)
            for act in (lambda own=own: own.write({"receiver": "Mrs. Li"}), own.unlink, lambda own=own: own.copy()):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    act()
        with self.assertRefused("not rewritten", AccessError):
            handover.sudo().write({"date": fields.Datetime.now()})
        with self.assertRefused("is kept", AccessError):
            handover.sudo().unlink()
        with self.assertRaises(AccessError):
            invoice.with_user(self.assistant).write({"handover_ids": [Command.clear()]})

    def test_bad_input(self):
        invoice = self._tax_invoice(pdf_file=PDF)
        for vals, sentence in (
            ({"method": "courier"}, "courier's number"),
            ({"method": "in_person", "receiver": " "}, "who received it"),
            ({"method": "mail", "email": False}, "mail address"),
            ({"method": "in_person", "date": datetime.now() + timedelta(days=1)}, "handed over later"),
            ({"tax_invoice_ids": [Command.clear()]}, "Choose what"),
        ):
            with self.subTest(vals=vals), self.assertRefused(sentence):
                self._hand_over(tax_invoices=invoice, **vals)
        with self.assertRefused("is not issued"):
            self._hand_over(tax_invoices=self._tax_invoice(state="draft"))
        with self.assertRefused("no file to send"):
            self._hand_over(tax_invoices=self._tax_invoice(), method="mail")
        other = self.env["res.partner"].create({"name": "Another", "is_company": True})
        with self.assertRefused("of one customer"):
            self._hand_over(tax_invoices=invoice | self._tax_invoice(partner_id=other.id))

    def test_another_ones_invoice_is_not_slipped_in(self):
        mine = self._tax_invoice()
        theirs = self._tax_invoice(user_id=self.manager2.id)
        with self.assertRaises(AccessError):
            self._hand_over(self.manager1, tax_invoices=mine, tax_invoice_ids=[Command.set((mine | theirs).ids)])

    def test_mail_goes_with_the_files_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        template = self.env.ref("sales_dept_kpi.mail_template_invoice_handover")
        template.with_context(lang="zh_CN").subject = "发票 {{ object.documents }}"
        invoice = self._tax_invoice(pdf_file=PDF, amount_tax=13)
        handover = self._hand_over(self.manager1, tax_invoices=invoice, method="mail")
        mail = self.env["mail.mail"].sudo().search([("model", "=", handover._name), ("res_id", "=", handover.id)])
        self.assertEqual(mail.recipient_ids.email or mail.email_to, "buyer@customer.example")
        self.assertEqual(mail.subject, f"发票 {invoice.number}")
        self.assertIn(f"{invoice.number},", mail.body_html)
        self.assertEqual(mail.attachment_ids.mapped("name"), [f"{invoice.number}.pdf"])
        self.assertEqual(mail.attachment_ids.raw, base64.b64decode(PDF))
        self.assertEqual((handover.method, handover.email), ("mail", "buyer@customer.example"))
        sent = mail.attachment_ids.with_user(self.finance)
        self.assertEqual(sent.raw, base64.b64decode(PDF))
        with self.assertRaises(AccessError):
            sent.write({"raw": b"%PDF- else"})

    def test_invoices_in_odoo_are_handed_over_too(self):
        move = self._invoice(self.manager1, 100, "2026-03-20")
        handover = self._hand_over(
            self.manager1, moves=move, method="courier", tracking_number=" SF1399021000001 ", carrier="SF"
        )
        self.assertEqual((handover.move_ids, handover.tracking_number), (move, "SF1399021000001"))
        self.assertEqual(move.with_user(self.manager1).invoice_handover_count, 1)
        draft = self._invoice(self.manager1, 100, "2026-03-20")
        draft.button_draft()
        with self.assertRefused("no posted invoice"):
            self._hand_over(self.manager1, moves=draft)

    def test_slip(self):
        invoice = self._tax_invoice(pdf_file=PDF)
        handover = self._hand_over(tax_invoices=invoice)
        html = self.env["ir.actions.report"]._render_qweb_html("sales_dept_kpi.report_invoice_handover", handover.ids)[
            0
        ]
        for text in (invoice.number, "Mr. Xu", "Signature and Seal", "100.00"):
            self.assertIn(text, html.decode())

    def test_outsiders_hand_nothing_over(self):
        invoice = self._tax_invoice()
        for user in (self.outsider, self.engineering, self.manager2, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._hand_over(user, tax_invoices=invoice)
