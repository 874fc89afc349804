from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .collection_common import CollectionCommon

NOW = "2026-06-10 04:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCollectionRemind(CollectionCommon):
    """Letters: what is asked for, in which tone, once a day."""

    def _amounts(self, partner=None):
        return [
            (part["currency"].name, [row["amount"] for row in part["rows"]], part["credited"], part["net"])
            for part in self._letter(partner)
        ]

    def _open(self, partners=None, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        action = (
            self.env["sales.collection.remind"]
            .with_user(user or self.manager1)
            ._open(partners or self.customer, self.company)
        )
        return self.env["sales.collection.remind"].with_user(user or self.manager1).browse(action["res_id"])

    def test_the_rest_and_only_what_is_due(self):
        """B9: of 100 paid 40 it asks for 60; of instalments only for the one that is due."""
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        self._pay(self._due(invoice), 40, "2026-04-01")
        terms = self._terms((50, 10), (50, 300))
        self._invoice(self.manager1, 500, "2026-03-01", invoice_payment_term_id=terms.id)
        ((_name, rows, _credited, net),) = self._amounts()
        self.assertEqual((sorted(rows), net), ([60, 250], 310))

    def test_credit_notes_are_set_off(self):
        """B10: 1,000 overdue with an open credit note of 200 is 800; with a payment on account of 100, 700."""
        self._invoice(self.manager1, 1000, "2026-03-01", due="2026-03-31")
        self._invoice(self.manager1, 200, "2026-04-01", kind="out_refund")
        self.assertEqual([part[1:] for part in self._amounts()], [([1000], -200, 800)])
        self._credit(100, "2026-04-02")
        self.assertEqual([part[2:] for part in self._amounts()], [(-300, 700)])
        self._credit(900, "2026-04-02")
        self.assertFalse(self._amounts(), "nothing is owed on balance")

    def test_disputed_is_left_out(self):
        """B12: left out as long as it is disputed, the rest of the invoice is not; asked for again once settled."""
        lines = self._due(*(self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31") for _ in range(2)))
        self._dispute(lines[0])
        part = self._dispute(lines[1], 30)
        self.assertEqual([row[1] for row in self._amounts()], [[70]])
        part.with_user(self.finance)._settle("They pay")
        self.assertEqual([row[1] for row in self._amounts()], [[100]])

    def test_due_today_is_not_dunned(self):
        """B14: due today is not asked for; tomorrow it is."""
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-06-10")
        self.assertFalse(self._amounts())
        with freeze_time("2026-06-10 16:30:00"):
            self.assertTrue(self._amounts())

    def test_cancelled_credit_note(self):
        """B15: a cancelled credit note neither counts nor warns."""
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        self._invoice(self.manager1, 30, "2026-03-01", kind="out_refund").button_cancel()
        self.assertEqual([row[2:] for row in self._amounts()], [(0, 100)])

    def test_in_its_own_currency(self):
        """B17: an invoice in foreign currency stands in that currency, lines and ageing; another currency beside it."""
        dollar = self.env["res.currency"].create({"name": "KUS", "symbol": "K$", "rounding": 0.01})
        dollar.rate_ids = [Command.create({"name": "2026-01-01", "rate": 1 / 7, "company_id": self.company.id})]
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-05-31", currency=dollar)
        self._invoice(self.manager1, 50, "2026-03-01", due="2026-04-20")
        parts = {part["currency"]: part for part in self._letter()}
        self.assertEqual(parts[dollar]["net"], 100)
        self.assertEqual(parts[dollar]["buckets"]["days_1_30"], 100)
        self.assertEqual(parts[self.company.currency_id]["buckets"]["days_31_60"], 50)

    def test_sent_once_a_day_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-06-01")
        dialog = self._open()
        line = dialog.line_ids
        self.assertEqual((line.level, line.recipient_id, line.is_sent), ("1", self.customer, True))
        self.assertIn(invoice.name, line.statement)
        reader = line._in_their_language()
        self.assertEqual(reader.env.lang, "zh_CN")
        self.assertIn("到期发票", line.subject)
        dialog.action_send()
        contact = self.Contact.search([("partner_id", "=", self.customer.id)])
        self.assertEqual((contact.kind, contact.level, contact.sent_day), ("mail", "1", date(2026, 6, 10)))
        self.assertEqual(contact.move_line_ids, self._due(invoice))
        message = contact.message_ids.filtered(lambda message: message.message_type == "comment")
        self.assertEqual(message.partner_ids, self.customer)
        self.assertEqual(len(message.attachment_ids), 1)
        self.assertEqual(message.subject, line.subject)
        with self.assertRefused("reminder today already"):
            dialog.action_send()
        again = self._open()
        self.assertFalse(again.line_ids)
        self.assertIn("a reminder was sent today already", again.left_out)
        # Two at the same time: the second is refused by the database.
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            double = self.Contact.create({"partner_id": self.customer.id})
            double._write_protected({"level": "1", "sent_day": contact.sent_day})
            double.flush_recordset()
        # Nor by a colleague who sells to the same customer.
        self._invoice(self.manager2, 30, "2026-03-01", due="2026-06-01")
        self.assertFalse(self._open(user=self.manager2).line_ids)
        with freeze_time("2026-06-11 04:00:00"):
            self.assertTrue(self._open().line_ids)

    def test_levels(self):
        """A level rises with the reminders sent and with the days overdue, and only with both."""
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-06-05")
        for day, level in (
            ("2026-06-10", "1"),
            ("2026-06-12", "1"),
            ("2026-06-25", "2"),
            ("2026-07-01", "2"),
            ("2026-08-01", "3"),
            ("2026-09-01", "3"),
        ):
            with freeze_time(f"{day} 04:00:00"):
                dialog = self._open()
                self.assertEqual(dialog.line_ids.level, level, day)
                dialog.action_send()
        # Another debt begins anew.
        self._pay(self._due(invoice), 100, "2026-09-02")
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-04-05")
        with freeze_time("2026-09-03 04:00:00"):
            self.assertEqual(self._open().line_ids.level, "1")

    def test_nothing_to_ask_for(self):
        stranger = self._customer("Pays well")
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        dialog = self._open(self.customer | stranger)
        self.assertEqual(dialog.line_ids.partner_id, self.customer)
        self.assertIn("Pays well: nothing that is overdue", dialog.left_out)
        dialog.line_ids.is_sent = False
        with self.assertRefused("No letter is ticked"):
            dialog.action_send()

    def test_no_address(self):
        self.customer.email = False
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        with self.assertRefused("has no e-mail address"):
            self._open().action_send()

    def test_paid_in_the_meantime(self):
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        dialog = self._open()
        self._pay(self._due(invoice), 100, "2026-06-10")
        self.env.invalidate_all()
        with self.assertRefused("has paid by now"):
            dialog.action_send()

    def test_a_colleagues_invoices_are_not_in_it(self):
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        self._invoice(self.manager2, 30, "2026-03-01", due="2026-03-31")
        self.assertEqual([row[3] for row in self._amounts()], [100])
        self.assertEqual(self._open(user=self.assistant).line_ids.amounts, self.company.currency_id.format(130))
        with self.assertRaises(AccessError):
            self._open(user=self.finance)

    def test_escalation(self):
        self.company.sales_dept_collection_escalation_days = 60
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-04-12")
        old = self._invoice(self.manager1, 30, "2026-03-01", due="2026-04-11")
        self.Contact._cron_escalate()
        told = self.Contact.search([("kind", "=", "escalation"), ("company_id", "=", self.company.id)])
        self.assertFalse(told, "it is off")
        self.company.sales_dept_collection = True
        self.Contact._cron_escalate()
        self.Contact._cron_escalate()
        told = self.Contact.search([("kind", "=", "escalation"), ("company_id", "=", self.company.id)])
        self.assertEqual(told.move_line_ids, self._due(old), "60 days are reached by one")
        self.assertEqual(told.user_id, self.manager1)
        self.assertIn(self.director, told.activity_ids.user_id)
        self.assertIn(old.name, told.activity_ids[0].note)
        with freeze_time("2026-06-11 04:00:00"):
            self.Contact._cron_escalate()
            self.assertEqual(
                len(self.Contact.search([("kind", "=", "escalation"), ("company_id", "=", self.company.id)])), 2
            )
        # Nobody was spoken with.
        self.assertFalse(self._todo().contacted_today)

    def test_papers(self):
        """The statement that goes out, and the plan: as HTML they have what they are to say, in one kind of table."""
        self._invoice(self.manager1, 1000, "2026-03-01", due="2026-03-31")
        refund = self._invoice(self.manager1, 200, "2026-04-01", kind="out_refund")
        contact = self.Contact.with_user(self.manager1).create({"partner_id": self.customer.id})
        report = self.env["ir.actions.report"].with_user(self.manager1)
        letter = report._render_qweb_html("sales_dept_kpi.report_collection_letter", contact.ids)[0].decode()
        for text in ("Statement of Open Items", "1,000.00", refund.name, "200.00", "800.00", self.customer.name):
            self.assertIn(text, letter)
        self.assertNotIn('class="o_paper_qr"><img', letter)
        plan = self._approved(self._plan("2026-06-01"))
        paper = report._render_qweb_html("sales_dept_kpi.report_collection_plan", plan.ids)[0].decode()
        for text in ("Collection Plan", "1,000.00", self.director.name, plan.line_ids.name):
            self.assertIn(text, paper)
