from datetime import date, timedelta
from io import BytesIO

from openpyxl import load_workbook
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .acceptance_draft_common import DraftCommon


@tagged("post_install", "-at_install")
class TestAcceptanceDraft(DraftCommon):
    # === WHAT STANDS ON IT === #

    def test_six_months_at_most(self):
        self._draft(issue_date="2026-03-05", maturity_date="2026-09-05")
        # Six months from the last of August end on the last of February.
        self._draft(received="2026-03-05", issue_date="2025-08-31", maturity_date="2026-02-28")
        with self.assertRefused("more than six months", ValidationError):
            self._draft(issue_date="2026-03-05", maturity_date="2026-09-06")

    def test_dates_and_amounts_that_cannot_be(self):
        tomorrow = self.today + timedelta(days=1)
        with self.assertRefused("before it was issued", ValidationError):
            self._draft(issue_date="2026-03-06")
        with self.assertRefused("still to come", ValidationError):
            self._draft(received=str(tomorrow))
        for vals in ({"amount": 0}, {"maturity_date": "2026-03-05"}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._draft(**vals)

    def test_number_once_in_a_company(self):
        draft = self._draft(name="1308 1020 0001")
        self.assertEqual(draft.name, "130810200001", "blanks say nothing")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._draft(name="13081020 0001")
        other = self.env["res.company"].create({"name": "Other"})
        self.Draft.create(self._prepare_draft(name="130810200001", company_id=other.id))

    def test_invoices_of_somebody_else(self):
        other = self.env["res.partner"].create({"name": "Other", "property_account_receivable_id": self.receivable.id})
        invoice = self._invoice(self.manager1, 100, "2026-03-01", partner_id=other.id)
        with self.assertRefused("is not an invoice of", ValidationError):
            self._draft().sudo().invoice_ids = invoice

    def test_account_manager_is_the_customers(self):
        with Form(self.Draft.with_user(self.manager1)) as form:
            form.name, form.drawer, form.acceptor, form.amount = "1", "A", "B", 5
            form.issue_date = form.receipt_date = "2026-03-05"
            form.maturity_date = "2026-06-05"
            form.partner_id = self.customer
        self.assertEqual(form.record.user_id, self.manager1)
        self.assertEqual(form.record.state, "entered")

    # === RECEIPT === #

    def test_receipt_is_a_payment_that_settles_the_oldest(self):
        late = self._invoice(self.manager1, 70, "2026-03-01", due="2026-04-30")
        early = self._invoice(self.manager1, 60, "2026-03-01", due="2026-03-31")
        draft = self._held(100)
        self.assertEqual(draft.state, "held")
        self.assertEqual(draft.payment_id.date, date(2026, 3, 5))
        self.assertEqual(draft.payment_id.amount, 100)
        self.assertEqual((early.payment_state, late.amount_residual), ("paid", 30))
        self.assertEqual(self._balance(self.in_hand), 100)
        self.assertEqual(draft.paid_names, ", ".join(sorted((early.name, late.name))))
        (event,) = draft.event_ids
        self.assertEqual((event.kind, event.amount, event.user_id), ("held", 100, self.finance))
        self.assertEqual(event.entry_name, draft.payment_id.move_id.name)

    def test_receipt_settles_the_chosen_invoice(self):
        early = self._invoice(self.manager1, 60, "2026-03-01", due="2026-03-31")
        late = self._invoice(self.manager1, 70, "2026-03-01", due="2026-04-30")
        self._held(50, invoices=late)
        self.assertEqual((early.amount_residual, late.amount_residual), (60, 20))

    def test_more_than_is_owed_stays_with_the_customer(self):
        invoice = self._invoice(self.manager1, 60, "2026-03-01")
        draft = self._held(100)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(draft._received_lines().amount_residual, -40)
        self.assertFalse(self._held(30).sudo().payment_id.reconciled_invoice_ids, "nothing is owed any more")

    def test_receipt_wants_a_journal_with_an_account(self):
        draft = self._draft().with_user(self.finance)
        self.draft_journal.inbound_payment_method_line_ids.payment_account_id = False
        with self.assertRefused("has no account for what is received"):
            draft.action_receive()
        self.company.sales_dept_draft_journal_id = False
        with self.assertRefused("a journal of their own"):
            draft.action_receive()
        self.assertEqual(draft.state, "entered")
        self.assertFalse(draft.event_ids)

    def test_registered_it_is_fixed(self):
        draft = self._held()
        for name, value in (("amount", 5), ("maturity_date", "2026-05-05"), ("partner_id", self.supplier.id)):
            with self.assertRefused("what stands on it is fixed"):
                draft.with_user(self.finance).write({name: value})
        with self.assertRefused("it is kept"):
            draft.with_user(self.finance).unlink()
        entered = self._draft()
        entered.amount = 7
        entered.unlink()

    def test_results_are_not_written_by_hand(self):
        draft = self._held()
        for name, value in (("state", "paid"), ("realised_date", "2026-03-01"), ("payment_id", False), ("cost", 1)):
            with self.assertRaises(AccessError):
                draft.with_user(self.finance).write({name: value})
        with self.assertRaises(AccessError):
            draft.event_ids.with_user(self.finance).write({"date": "2026-03-01"})
        with self.assertRaises(AccessError):
            self.env["sales.acceptance.draft.event"].with_user(self.finance).create(
                {"draft_id": draft.id, "kind": "paid", "date": "2026-03-06", "user_id": self.finance.id}
            )
        with self.assertRaises(AccessError):
            self._draft(state="held")

    # === PASSED ON, CASHED === #

    def test_paid_at_maturity(self):
        self._invoice(self.manager1, 100, "2026-03-01")
        draft = self._held(100)
        self._step(draft, "paid", "2026-06-13", fee=0.5)
        self.assertEqual((draft.state, draft.close_date, draft.cost), ("paid", date(2026, 6, 13), 0.5))
        self.assertEqual((self._balance(self.in_hand), str(self._balance(self.bank_account))), (0, "99.5"))
        self.assertEqual(str(self._balance(self.costs)), "0.5")
        self.assertEqual(draft.payment_id.state, "paid")

    def test_endorsed_pays_a_supplier(self):
        draft = self._held(100)
        self._step(draft, "endorsed", "2026-03-20")
        self.assertEqual((draft.state, draft.event_ids[-1].party), ("endorsed", "Steel Supplier Ltd"))
        self.assertEqual((self._balance(self.in_hand), self._balance(self.payable)), (0, 100))
        owed = draft.event_ids[-1].move_id.line_ids.filtered(lambda line: line.account_id == self.payable)
        self.assertEqual(owed.partner_id, self.supplier)

    def test_discounted_for_interest(self):
        draft = self._held(100)
        self._step(draft, "discounted", "2026-03-20", interest=1.23, fee=0.1)
        self.assertEqual((draft.state, draft.realised_date), ("discounted", date(2026, 3, 20)))
        self.assertEqual(str(self._balance(self.bank_account)), "98.67")
        self.assertEqual(draft.event_ids[-1].net_amount, 98.67)
        self.company.sales_dept_draft_cost_account_id = False
        other = self._held(100)
        with self.assertRefused("need an account"):
            self._step(other, "discounted", "2026-03-20", interest=1)
        self._step(other, "discounted", "2026-03-20")

    def test_steps_that_cannot_be(self):
        draft = self._held(100)
        tomorrow = self.today + timedelta(days=1)
        for kind, day, vals, sentence in (
            ("paid", "2026-03-04", {}, "when it last changed hands"),
            ("paid", str(tomorrow), {}, "still to come"),
            ("endorsed", "2026-06-14", {}, "no longer passed on"),
            ("discounted", "2026-03-20", {"interest": 100}, "less than its amount"),
            ("discounted", "2026-03-20", {"fee": -1}, "more than nothing"),
            ("endorsed", "2026-03-20", {"partner_id": False}, "to whom"),
            ("paid", "2026-03-20", {"journal_id": False}, "which bank account"),
            ("dishonoured", "2026-03-20", {"note": " "}, "the reason stays"),
        ):
            with self.subTest(kind=kind, day=day), self.assertRefused(sentence):
                self._step(draft, kind, day, **vals)
        self._step(draft, "paid", "2026-06-13")
        for kind in ("paid", "endorsed", "dishonoured", "returned"):
            with self.assertRefused("Paid. From there"):
                self._step(draft, kind, "2026-06-14")
        self.assertEqual(len(draft.event_ids), 2)

    # === BACK === #

    def test_dishonoured_brings_the_receivable_back_as_it_was_due(self):
        """The invoice is open again and overdue since its own due date, for every reader of due dates."""
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        draft = self._held(100)
        self.assertEqual(self._overdue("2026-07-01"), [])
        self._step(draft, "dishonoured", "2026-06-15")
        self.assertEqual(self._overdue("2026-07-01"), [(date(2026, 3, 31), 100)])
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("not_paid", 100))
        self.assertEqual((self._balance(self.in_hand), self._balance(self.receivable)), (0, 100))
        self.assertEqual(draft._received_lines().amount_residual, 0)
        self.assertEqual((draft.event_ids[-1].party, draft.payment_id.state), ("Bank of Ningbo", "rejected"))
        self._pay(self._due(invoice), 100, "2026-07-01")
        self.assertEqual(invoice.payment_state, "paid")

    def test_instalments_come_back_each_with_its_own_date(self):
        terms = self._terms((30, 10), (70, 40))
        invoice = self._invoice(self.manager1, 100, "2026-03-01", invoice_payment_term_id=terms.id)
        draft = self._held(50)
        self.assertEqual(self._overdue("2026-07-01"), [(date(2026, 4, 10), 50)])
        self._step(draft, "dishonoured", "2026-06-15")
        self.assertEqual(self._overdue("2026-07-01"), [(date(2026, 3, 11), 30), (date(2026, 4, 10), 70)])
        self.assertEqual(invoice.amount_residual, 100)

    def test_dishonoured_after_it_was_passed_on(self):
        """Recourse: the supplier is owed again, the bank takes its money back, in full and without its interest."""
        self._invoice(self.manager1, 200, "2026-03-01", due="2026-03-31")
        endorsed, discounted = self._held(100), self._held(100)
        self._step(endorsed, "endorsed", "2026-03-20")
        self._step(discounted, "discounted", "2026-03-20", interest=2)
        for draft in (endorsed, discounted):
            self._step(draft, "dishonoured", "2026-06-15")
            self.assertFalse(draft.realised_date)
        self.assertEqual((self._balance(self.payable), self._balance(self.bank_account)), (0, -2))
        self.assertEqual((self._balance(self.in_hand), self._balance(self.costs)), (0, 2))
        self.assertEqual(self._overdue("2026-07-01"), [(date(2026, 3, 31), 200)])

    def test_what_is_booked_follows_the_draft(self):
        """Neither the payment nor an entry is taken back past the draft, on whatever path; others are."""
        draft = self._held(100)
        self._step(draft, "paid", "2026-06-13")
        for move in draft.event_ids.move_id:
            for method in ("button_draft", "button_cancel"):
                with self.assertRefused("stands as long as it"):
                    getattr(move, method)()
        with self.assertRefused("stands as long as it"):
            draft.payment_id.action_draft()
        self._pay(self.env["account.move.line"], 5, "2026-06-13").button_draft()

    def test_supplier_without_an_account(self):
        self.supplier.property_account_payable_id = False
        draft = self._held(100)
        with self.assertRefused("Steel Supplier Ltd has no account"):
            self._step(draft, "endorsed", "2026-03-20")

    def test_returned(self):
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        draft = self._held(100)
        self._step(draft, "returned", "2026-03-09")
        self.assertEqual((draft.state, invoice.amount_residual, self._balance(self.in_hand)), ("returned", 100, 0))

    def test_dishonoured_when_the_period_of_the_receipt_is_locked(self):
        """Nothing is changed in what is locked; what happened in it is booked on the first open day."""
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        draft = self._held(100)
        before = draft.payment_id.move_id.line_ids.mapped(lambda line: (line.balance, line.date, line.parent_state))
        self.company.fiscalyear_lock_date = "2026-06-30"
        self._step(draft, "dishonoured", "2026-06-15")
        event = draft.event_ids[-1]
        self.assertEqual((event.date, event.move_id.date), (date(2026, 6, 15), date(2026, 7, 1)))
        self.assertEqual(invoice.amount_residual, 100)
        after = draft.payment_id.move_id.line_ids.mapped(lambda line: (line.balance, line.date, line.parent_state))
        self.assertEqual(after, before)

    def _euro(self):
        """A currency whose unit is 7 of the company's at first, 6.5 when drafts are received, 6 in June, 6.2 later."""
        euro = self.env["res.currency"].create({"name": "KEU", "symbol": "K€", "rounding": 0.01})
        euro.rate_ids = [
            Command.create({"name": day, "rate": 1 / rate, "company_id": self.company.id})
            for day, rate in (("2026-01-01", 7), ("2026-04-15", 6.5), ("2026-06-01", 6), ("2026-06-18", 6.2))
        ]
        return euro

    def _exchanged(self):
        """What exchange differences come to: gains with a minus, as income stands in the books."""
        entries = self.env["account.move"].search(
            [("journal_id", "=", self.company.currency_exchange_journal_id.id), ("state", "=", "posted")]
        )
        accounts = self.company.income_currency_exchange_account_id | self.company.expense_currency_exchange_account_id
        lines = entries.line_ids.filtered(lambda line: line.account_id in accounts)
        return round(sum(lines.mapped("balance")), 2)

    def test_exchange_difference_when_it_is_cashed(self):
        """As with any payment in another currency: what the rate did between receipt and cash is a difference."""
        euro = self._euro()
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31", currency=euro)
        draft = self._held(100, received="2026-05-05", currency_id=euro.id)
        self.assertEqual((self._balance(self.in_hand), self._exchanged()), (650, 50))
        self._step(draft, "paid", "2026-06-15")
        self.assertEqual((self._balance(self.in_hand), self._balance(self.bank_account)), (0, 600))
        self.assertEqual(self._exchanged(), 100, "50 until it was received, 50 while it was in hand")
        self.assertTrue(draft._held_lines().reconciled)

    def test_exchange_difference_when_it_comes_back(self):
        """Whoever discounted it takes the money of that day back; the invoice is owed as it was booked."""
        euro = self._euro()
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31", currency=euro)
        draft = self._held(100, received="2026-05-05", currency_id=euro.id)
        self._step(draft, "discounted", "2026-06-10", interest=10)
        self.assertEqual((self._balance(self.bank_account), self._balance(self.costs)), (540, 60))
        self._step(draft, "dishonoured", "2026-06-20")
        self.assertEqual((invoice.amount_residual, self._balance(self.receivable)), (100, 700))
        self.assertEqual((self._balance(self.in_hand), self._balance(self.bank_account)), (0, 540 - 620))
        self.assertEqual(self._exchanged(), 20, "Given 600 for it, and 620 given back")

    def test_exchange_difference_not_on_an_account_that_is_not_matched(self):
        self.in_hand.reconcile = False
        euro = self._euro()
        draft = self._held(100, received="2026-05-05", currency_id=euro.id)
        self._step(draft, "paid", "2026-06-15")
        self.assertEqual((self._balance(self.in_hand), self._balance(self.bank_account)), (0, 650))

    def test_in_another_currency(self):
        """In hand until it came back: what it was taken in for goes out again, whatever the rate is meanwhile."""
        euro = self._euro()
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31", currency=euro)
        draft = self._held(100, received="2026-05-05", currency_id=euro.id)
        self.assertEqual(invoice.payment_state, "paid")
        self._step(draft, "dishonoured", "2026-06-15")
        self.assertEqual((invoice.amount_residual, self._balance(self.in_hand)), (100, 0))
        self.assertEqual(self._balance(self.receivable), 700)
        self.assertEqual(draft._received_lines().amount_residual, 0)

    # === TELLING === #

    def _asked(self, draft, name):
        kind = self.env.ref(f"sales_dept_kpi.mail_activity_draft_{name}")
        return draft.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def _received_days_ago(self, days, left):
        """A draft that is held and has so many days left."""
        return self._held(
            received=str(self.today - timedelta(days=days)), maturity_date=self.today + timedelta(days=left)
        )

    def test_finance_is_asked_before_maturity_once(self):
        soon, later = self._received_days_ago(50, 10), self._received_days_ago(50, 11)
        paid = self._received_days_ago(50, 1)
        self._step(paid, "paid", str(self.today))
        for _turn in range(2):
            self.Draft._cron_remind()
        (asked,) = self._asked(soon, "present")
        self.assertEqual((asked.user_id, asked.date_deadline), (self.finance, soon.maturity_date))
        self.assertFalse(self._asked(later | paid, "present"))
        self.finance.active = False
        self.company.sales_dept_draft_days = 11
        self.Draft._cron_remind()
        self.assertNotEqual(self._asked(later, "present").user_id, self.finance)
        self._step(soon, "endorsed", str(self.today), user=self.env.ref("base.user_admin"))
        self.assertFalse(self._asked(soon, "present"))

    def test_account_manager_is_told_that_it_bounced(self):
        draft = self._held(100)
        self._step(draft, "dishonoured", "2026-06-15")
        (asked,) = self._asked(draft, "dishonoured")
        self.assertEqual(asked.user_id, self.manager1)
        self.assertIn("100", asked.summary)
        self.assertIn("No cover", asked.note)

    def test_notes_beside_the_status(self):
        matured = self._held(100)
        self.assertIn("is it paid, or dishonoured?", matured.state_note)
        passed_on = self._received_days_ago(5, 60)
        self.assertFalse(passed_on.state_note)
        self._step(passed_on, "endorsed", str(self.today))
        self.assertIn("Passed on to Steel Supplier Ltd", passed_on.state_note)

    # === RIGHTS === #

    def test_who_may_what(self):
        draft = self._draft()
        for user in (self.manager1, self.assistant, self.director, self.gm):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                draft.with_user(user).action_receive()
        accountant = self._create_users(self._prepare_user("accountant_test", "account.group_account_invoice"))
        draft.with_user(accountant).action_receive()
        for user in (self.manager1, self.assistant, self.director, self.gm):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._step(draft, "paid", "2026-06-13", user=user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                draft.with_user(user)._take("paid", date(2026, 6, 13))
        self._step(draft, "paid", "2026-06-13", user=accountant)

    def test_account_managers_have_their_own_customers(self):
        draft = self._held()
        self.assertFalse(self.Draft.with_user(self.manager2).search([("id", "=", draft.id)]))
        with self.assertRaises(AccessError):
            draft.event_ids.with_user(self.manager2).read(["party"])
        with self.assertRaises(AccessError):
            self._draft(user=self.manager2)
        self.assertTrue(draft.with_user(self.manager1).event_ids.read(["party", "entry_name"]))
        for user in (self.director, self.gm, self.finance):
            self.assertTrue(draft.with_user(user).read(["name", "paid_names", "state_note"]))
        with self.assertRaises(AccessError):
            draft.with_user(self.director).write({"user_id": self.director.id})
        with self.assertRaises(AccessError):
            draft.with_user(self.outsider).read(["name"])

    def test_shown_where_a_company_has_drafts(self):
        menus = self.env["ir.ui.menu"].with_user(self.finance)
        menu = self.env.ref("sales_dept_kpi.menu_acceptance_drafts")
        self.assertIn(menu.id, menus.load_menus(False))
        self.company.sales_dept_drafts = False
        self.assertNotIn(menu.id, menus.load_menus(False))
        self.company.country_id = self.env.ref("base.cn")
        self.assertTrue(self.company.sales_dept_drafts)
        self.assertIn(menu.id, menus.load_menus(False))

    # === REGISTER, PAPERS === #

    def test_register_has_a_column_for_each_kind(self):
        drafts = self._draft(100) | self._draft(50.5, kind="commercial", acceptor="Haoyu Motors")
        sheet = load_workbook(BytesIO(drafts._register_file().read())).active
        rows = list(sheet.iter_rows(values_only=True))
        bank, commercial = (rows[0].index(name) for name in ("Bank Acceptance", "Commercial Acceptance"))
        self.assertEqual([row[bank] for row in rows[1:]], [100, None])
        self.assertEqual([row[commercial] for row in rows[1:]], [None, 50.5])

    def test_papers(self):
        draft = self._held(1409.5)
        other = self._held(50, kind="commercial")
        Report = self.env["ir.actions.report"].with_user(self.manager1)
        receipt = Report._render_qweb_html("sales_dept_kpi.report_acceptance_draft", draft.ids)[0].decode()
        self.assertIn(draft.name, receipt)
        self.assertNotIn("What Happened", receipt)
        listed = Report._render_qweb_html("sales_dept_kpi.report_acceptance_draft_list", (draft | other).ids)[
            0
        ].decode()
        self.assertIn("1,409.50", listed)
        self.assertEqual((draft | other)._sheets()[0]["commercial"], 50)

    def test_queries_do_not_grow_with_drafts(self):
        invoices = [self._invoice(self.manager1, 10, "2026-03-01") for _number in range(8)]
        drafts = self.Draft.union(*(self._held(10, invoices=invoice) for invoice in invoices))
        names = ["name", "paid_names", "state_note", "days_left", "user_id", "cost"]

        def count(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.with_user(self.director).read(names)
            return self.env.cr.sql_log_count - before

        count(drafts)
        few, many = count(drafts[:4]), count(drafts)
        self.assertLessEqual(many, few + 1)
        with self.assertRaises(UserError):
            drafts[0].with_user(self.finance).action_receive()
