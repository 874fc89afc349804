import base64
from datetime import datetime
from io import BytesIO
from unittest.mock import patch

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .customer_statement_common import CustomerStatementCommon


@tagged("post_install", "-at_install")
class TestCustomerStatementCourse(CustomerStatementCommon):
    """Sent, confirmed or corrected, answered, verified, invoiced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._shipped(10, "2026-03-10")

    def _correct(self, statement, **words):
        words = {"quantity": None, "price_unit": None, "remark": "", **words}
        return statement.sudo()._correct({statement.line_ids.sorted("number")[0]: words}, "Ms Zhao", "portal")

    # === SENT === #

    def test_one_mail_with_both(self):
        """In the customer's language, with the paper and the spreadsheet, kept as they went out."""
        # A mail that was sent would be deleted.
        with patch.object(type(self.env["mail.mail"]), "unlink", lambda mails: True):
            statement = self._sent()
        mail = self.env["mail.mail"].search([("model", "=", "customer.statement"), ("res_id", "=", statement.id)])
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertEqual(sorted(name.rsplit(".", 1)[1] for name in mail.attachment_ids.mapped("name")), ["pdf", "xlsx"])
        self.assertIn(statement.access_token, mail.body_html)
        issue = statement.issue_ids
        self.assertEqual((issue.version, issue.closing_balance, issue.email), (1, 100, self.customer.email))
        with self.assertRaises(AccessError):
            issue.with_user(self.director).write({"closing_balance": 1})
        paper = self.env["ir.attachment"].search([("res_model", "=", issue._name), ("res_field", "=", "paper")])
        with self.assertRaises(AccessError):
            paper.with_user(self.director).write({"raw": b"x"})

    def test_no_address(self):
        self.customer.email = False
        with self.assertRaises(UserError):
            self._sent()

    # === ANSWERED === #

    def test_confirmed_once(self):
        statement = self._sent()
        statement._confirm(" Ms Zhao ", "portal")
        self.assertEqual((statement.state, statement.confirmed_by), ("confirmed", "Ms Zhao"))
        with self.assertRaises(UserError):
            statement._confirm("Mr Li", "portal")
        with self.assertRaises(UserError):
            self._correct(statement, quantity=9)

    def test_confirmed_on_paper(self):
        statement = self._sent().with_user(self.manager1)
        with self.assertRaises(UserError):
            statement.action_confirm_on_paper()
        statement.reply_slip = base64.b64encode(b"%PDF-1.4 scan")
        statement.action_confirm_on_paper()
        self.assertEqual((statement.state, statement.confirmed_source), ("confirmed", "paper"))
        with self.assertRaises(UserError):
            statement.reply_slip = False

    def test_corrected_and_accepted(self):
        """Quantity and price corrected; the difference is an adjustment of the next version."""
        statement = self._sent()
        correction = self._correct(statement, quantity=8, price_unit=9.5, remark="2 were broken")
        self.assertEqual((statement.state, correction.amount), ("corrected", -24))
        self.assertTrue(statement.activity_ids.filtered(lambda todo: todo.user_id == self.manager1))
        with self.assertRaises(UserError):
            statement._confirm("Ms Zhao", "portal")
        with self.assertRaises(UserError):
            statement.with_user(self.assistant).action_reissue()
        correction.with_user(self.manager1).action_accept()
        self.assertEqual(self._rows(statement), [("shipment", 10, 100), ("adjustment", -2, -24)])
        self.assertEqual((statement.closing_balance, statement.state), (76, "sent"))
        self.assertFalse(statement.activity_ids)
        with self.assertRaises(UserError):
            correction.with_user(self.manager1).action_accept()
        statement.with_user(self.assistant).action_reissue()
        self.assertEqual((statement.version, statement.issue_ids.mapped("closing_balance")), (2, [76, 100]))
        self.assertAddsUp(statement)

    def test_what_was_agreed_is_no_late_line(self):
        """Accepted, and then mended in stock and order as agreed: nothing is left for the next statement."""
        statement = self._sent()
        self._correct(statement, quantity=8, price_unit=9.5).with_user(self.manager1).action_accept()
        self.move.quantity = 8
        self.move.sale_line_id.price_unit = 9.5
        following = self._statement("2026-04-01")
        self.assertEqual((following.opening_balance, self._rows(following)), (76, []))

    def test_refused_with_words(self):
        statement = self._sent()
        correction = self._correct(statement, quantity=8)
        wizard = self.env["customer.statement.refuse"].with_user(self.manager1)
        wizard.create({"correction_ids": correction.ids, "words": "Signed for 10"}).action_refuse()
        self.assertEqual((correction.state, correction.answer), ("refused", "Signed for 10"))
        self.assertEqual((statement.state, statement.closing_balance), ("sent", 100))

    def test_a_line_corrected_twice(self):
        """The later word counts, and the earlier one stays on record."""
        statement = self._sent()
        first = self._correct(statement, quantity=8)
        second = self._correct(statement, quantity=9)
        self.assertEqual((first.state, second.state, statement.open_correction_count), ("replaced", "open", 1))
        with self.assertRaises(UserError):
            first.with_user(self.manager1).action_accept()

    def test_nothing_said(self):
        statement = self._sent()
        for words in ({}, {"quantity": 10}, {"price_unit": -1}, {"quantity": -10}):
            with self.assertRaises(UserError), self.cr.savepoint():
                self._correct(statement, **words)
        with self.assertRaises(UserError):
            statement._correct({}, "", "portal", "x")
        self.assertTrue(statement._correct({}, "Ms Zhao", "portal", "Delivery 12 is missing"))

    # === BY SPREADSHEET === #

    def _filled(self, statement, cells, title=None):
        """The spreadsheet that went out, with `cells` filled in: ``{(row below the heading, heading): value}``."""
        book = openpyxl.load_workbook(BytesIO(base64.b64decode(statement.issue_ids[0].sheet)))
        sheet = book.active
        if title:
            sheet["A1"] = title
        heading = next(row for row in sheet.iter_rows() if row[0].value == "No.")
        columns = {cell.value: cell.column for cell in heading}
        for (row, name), value in cells.items():
            sheet.cell(heading[0].row + row, columns[name], value)
        output = BytesIO()
        book.save(output)
        return output.getvalue()

    def test_corrected_by_spreadsheet(self):
        statement = self._sent()
        content = self._filled(statement, {(1, "Right Quantity"): 8, (1, "Your Remark"): "2 broken"})
        correction = statement._correct_by_sheet(content, "Ms Zhao")
        self.assertEqual(
            (correction.quantity, correction.price_unit, correction.remark, correction.source),
            (8, 10, "2 broken", "file"),
        )

    def test_spreadsheets_that_cannot_be_read(self):
        statement = self._sent()
        wrong = {
            "no spreadsheet": b"hello",
            "a word for a number": self._filled(statement, {(1, "Right Quantity"): "eight"}),
            "a line that is not there": self._filled(statement, {(1, "No."): 7, (1, "Right Quantity"): 8}),
            "another version": self._filled(statement, {(1, "Right Quantity"): 8}, title=f"{statement.name} v2"),
            "nothing in it": self._filled(statement, {}),
        }
        for what, content in wrong.items():
            with self.subTest(what), self.assertRaises(UserError), self.cr.savepoint():
                statement._correct_by_sheet(content, "Ms Zhao")
        self.assertFalse(statement.correction_ids)

    # === VERIFIED === #

    def test_verified_by_finance(self):
        statement = self._sent()
        with self.assertRaises(UserError):
            statement.with_user(self.assistant).action_approval_submit()
        statement._confirm("Ms Zhao", "portal")
        statement.with_user(self.assistant).action_approval_submit()
        self.assertEqual(statement.state, "waiting")
        with self.assertRaises(AccessError):
            statement.with_user(self.manager1).action_approval_approve()
        statement.with_user(self.finance).action_approval_approve()
        self.assertEqual(statement.state, "validated")
        with self.assertRaises(UserError):
            statement.with_user(self.assistant).action_cancel()

    def test_lines_that_are_not_those_confirmed(self):
        """The seal: lines changed in the database, past everything, are not verified."""
        statement = self._sent()
        statement._confirm("Ms Zhao", "portal")
        self.cr.execute("UPDATE customer_statement_line SET amount = 1 WHERE statement_id = %s", [statement.id])
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            statement.with_user(self.assistant).action_approval_submit()

    def test_an_empty_one_is_verified_too(self):
        self._validated()
        self.assertEqual(self._validated("2026-04-01").state, "validated")

    def test_refused_by_finance(self):
        statement = self._sent()
        statement._confirm("Ms Zhao", "portal")
        statement.with_user(self.assistant).action_approval_submit()
        with self.assertRaises(UserError):
            statement.with_user(self.assistant).action_reopen()
        statement.with_user(self.finance).action_approval_reject("A receipt is missing")
        self.assertEqual(statement.state, "confirmed")
        statement.with_user(self.assistant).action_reopen()
        self.assertEqual(statement.state, "sent")

    # === INVOICED === #

    def test_invoiced_as_stated(self):
        """Exactly the stated quantities, once: neither what left after the closing day, nor twice."""
        order = self.move.sale_line_id.order_id
        order.order_line.product_uom_qty = 30
        self.goods.invoice_policy = "delivery"
        self._ship(order, 5, datetime(2026, 4, 1, 4))
        statement = self._sent()
        self.assertEqual((statement.goods_total, statement.to_invoice_total), (100, 100))
        with self.assertRaises(UserError):
            statement.with_user(self.assistant).action_make_invoices()
        statement._confirm("Ms Zhao", "portal")
        statement.with_user(self.assistant).action_approval_submit()
        statement.with_user(self.finance).action_approval_approve()
        with self.assertRaises(AccessError):
            statement.with_user(self.engineering).action_make_invoices()
        statement.with_user(self.assistant).action_make_invoices()
        invoice = statement.invoice_ids
        self.assertEqual((invoice.state, invoice.invoice_line_ids.mapped("quantity")), ("draft", [10]))
        self.assertEqual((statement.to_invoice_total, statement.invoiced_total), (0, 100))
        statement.with_user(self.assistant).action_make_invoices()
        self.assertEqual(statement.invoice_ids, invoice)
        self.assertEqual(invoice.customer_statement_ids, statement)

    def test_invoiced_in_part_before(self):
        self._bill(self.move.sale_line_id.order_id, 4, "2026-03-11")
        statement = self._validated()
        self.assertEqual((statement.invoiced_total, statement.to_invoice_total), (40, 60))
        foot = dict(statement._sheet_foot())
        self.assertEqual((foot["Goods Invoiced Already"], foot["Goods to Be Invoiced"]), (40, 60))
        statement.with_user(self.finance).action_make_invoices()
        self.assertEqual(statement.invoice_ids.invoice_line_ids.quantity, 6)

    def test_invoiced_as_corrected(self):
        """Quantity and price as the customer corrected them, to the cent."""
        statement = self._sent()
        self._correct(statement, quantity=8, price_unit=9.5).with_user(self.manager1).action_accept()
        statement.with_user(self.assistant).action_reissue()
        statement._confirm("Ms Zhao", "portal")
        statement.with_user(self.assistant).action_approval_submit()
        statement.with_user(self.finance).action_approval_approve()
        statement.with_user(self.assistant).action_make_invoices()
        self.assertEqual(statement.invoice_ids.amount_untaxed, 76)
        self.assertEqual(statement.invoice_ids.invoice_line_ids.filtered("sale_line_ids").quantity, 8)

    def test_credited_where_more_came_back(self):
        self.goods.invoice_policy = "delivery"
        first = self._validated()
        first.with_user(self.assistant).action_make_invoices()
        self._back(self.move, 4, "2026-04-01")
        second = self._validated("2026-04-02")
        self.assertEqual(second.to_invoice_total, -40)
        second.with_user(self.assistant).action_make_invoices()
        credit = second.invoice_ids
        self.assertEqual((credit.move_type, credit.invoice_line_ids.quantity), ("out_refund", 4))
        self.assertEqual((first.to_invoice_total, second.to_invoice_total), (0, 0))

    def _agreed(self, base):
        """An agreement in force whose payment terms count from `base`."""
        agreement = (
            self.env["sales.agreement"]
            .with_user(self.manager1)
            .create(
                {
                    "partner_id": self.customer.id,
                    "subject": "Supply of gears",
                    "terms": "<p>As always.</p>",
                    "date_start": "2026-01-01",
                    "date_end": "2026-12-31",
                    "payment_base": base,
                }
            )
        )
        agreement.action_approval_submit()
        for user in (self.director, self.gm):
            agreement.with_user(user).action_approval_approve()
        agreement.write({"signed_scan": base64.b64encode(b"%PDF-1.4 signed"), "signed_scan_name": "signed.pdf"})
        return agreement

    def test_terms_count_as_agreed(self):
        """From the last day of the statement, or of the goods on it: not from what left after it."""
        order = self.move.sale_line_id.order_id
        order.order_line.product_uom_qty = 30
        self.goods.invoice_policy = "delivery"
        self._ship(order, 5, datetime(2026, 4, 1, 4))
        statement = self._validated()
        for base, day in (("statement", "2026-03-31"), ("shipment", "2026-03-10"), ("invoice", "False")):
            with self.subTest(base=base):
                agreement = self._agreed(base)
                statement.with_user(self.assistant).action_make_invoices()
                self.assertEqual(statement.invoice_ids.invoice_line_ids.quantity, 10)
                self.assertEqual(str(statement.invoice_ids.sales_dept_base_date), day)
                statement.invoice_ids.unlink()
                agreement.with_user(self.director)._terminate(self.company._local_today(), "Test")

    # === REMINDED === #

    def test_not_answered_in_time(self):
        statement = self._sent()
        statement._write_protected({"answer_by": "2026-03-01"})
        self.Statement._cron_remind()
        self.assertFalse(statement.activity_ids)
        self.company.sales_dept_customer_statement = True
        self.Statement._cron_remind()
        self.Statement._cron_remind()
        self.assertEqual(statement.activity_ids.user_id, self.manager1)
        self.assertEqual(len(statement.activity_ids), 1)
        statement._confirm("Ms Zhao", "portal")
        self.assertFalse(statement.activity_ids)

    # === WHO MAY === #

    def test_rights(self):
        statement = self._sent()
        for user in (self.manager1, self.assistant, self.director, self.gm, self.finance):
            statement.with_user(user).read(["closing_balance"])
        for user in (self.manager2, self.engineering, self.outsider):
            with self.assertRaises(AccessError), self.cr.savepoint():
                statement.with_user(user).read(["closing_balance"])
        for user in (self.gm, self.finance, self.manager2):
            with self.assertRaises(AccessError), self.cr.savepoint():
                statement.with_user(user).action_cancel()
        correction = self._correct(statement, quantity=8)
        for user in (self.gm, self.finance, self.manager2):
            with self.assertRaises(AccessError), self.cr.savepoint():
                correction.with_user(user).action_accept()
        with self.assertRaises(AccessError):
            correction.with_user(self.manager1).write({"quantity": 10})

    # === ON PAPER === #

    def test_paper(self):
        statement = self._sent()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("sales_dept_kpi.report_customer_statement", statement.ids)[0]
            .decode()
        )
        for text in (statement.name, "Gear", "100.00", "Reply Slip", "Supplier (Seal)"):
            self.assertIn(text, html)

    def test_capitals_in_china(self):
        """Of a company in China, of yuan: on the paper and in the spreadsheet."""
        cny = self.env.ref("base.CNY")
        cny.active = True
        other = self.env["res.partner"].create({"name": "Other Ltd"})
        statement = self._statement(partner_id=other.id, currency_id=cny.id, opening_balance=-1409.5)
        for country, words in (("base.cn", "人民币负壹仟肆佰零玖元伍角"), ("base.de", False)):
            self.company.country_id = self.env.ref(country)
            paper = self.env["ir.actions.report"]._render_qweb_html(
                "sales_dept_kpi.report_customer_statement", statement.ids
            )[0]
            self.assertEqual("人民币" in paper.decode(), bool(words))
            written = [value for _label, value in statement._sheet_foot() if isinstance(value, str)]
            self.assertEqual(written, [words] if words else [])
            if words:
                self.assertIn(words, paper.decode())
