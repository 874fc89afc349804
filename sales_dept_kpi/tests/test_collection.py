from datetime import date, datetime

from freezegun import freeze_time
from openpyxl import load_workbook
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import format_date, mute_logger

from .collection_common import CollectionCommon

MARCH = "2026-03-01"
# 18:00 in Shanghai.
NOW = "2026-03-10 10:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCollectionPlan(CollectionCommon):
    def _lines(self, plan):
        return [(line.date_due, line.amount, line.standing) for line in plan.line_ids.sorted("date_due")]

    def test_due_instalments_only(self):
        """B6: 90,000 at 30/30/40 % is planned instalment by instalment, each in its own month."""
        terms = self._terms((30, 10), (30, 40), (40, 70))
        self._invoice(self.manager1, 90000, "2026-02-01", invoice_payment_term_id=terms.id)
        self.assertEqual(
            self._lines(self._plan()),
            [(date(2026, 2, 11), 27000, "overdue"), (date(2026, 3, 13), 27000, "due")],
        )
        self.assertEqual([amount for _day, amount, _ in self._lines(self._plan("2026-04-01"))], [27000, 27000, 36000])

    def test_only_what_is_open(self):
        """B8, B9: 100 paid 60 + 40 has no line; of 100 paid 40 it is 60."""
        paid, partly = (self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20") for _ in range(2))
        for amount in (60, 40):
            self._pay(self._due(paid), amount, "2026-03-05")
        self._pay(self._due(partly), 40, "2026-03-05")
        plan = self._plan()
        self.assertEqual(plan.line_ids.mapped(lambda line: (line.move_id.id, line.amount)), [(partly.id, 60)])
        self.assertEqual((plan.due_amount, plan.overdue_amount, plan.planned_amount, plan.line_count), (60, 0, 60, 1))

    def test_whose_it_is(self):
        """A colleague's invoice, a draft, a cancelled one and a credit note are not in the plan."""
        self._invoice(self.manager2, 10, "2026-03-01", due="2026-03-20")
        self._invoice(self.manager1, 20, "2026-03-01", due="2026-03-20").button_draft()
        self._invoice(self.manager1, 30, "2026-03-01", due="2026-03-20").button_cancel()
        self._invoice(self.manager1, 40, "2026-03-01", due="2026-03-20", kind="out_refund")
        self._invoice(self.manager1, 50, "2026-03-01", due="2026-03-20")
        self.assertEqual(self._plan().line_ids.mapped("amount"), [50])

    def test_xlsx_says_of_which_month(self):
        """The whole of it, not its first day."""
        self._invoice(self.manager1, 50, "2026-03-01", due="2026-03-20")
        plan = self._plan().with_user(self.director)
        month = " – ".join(format_date(self.env, date(2026, 3, day)) for day in (1, 31))
        for rows in (plan, plan.line_ids):
            sheet = load_workbook(rows._register_file()).active
            head = dict(row[:2] for row in sheet.iter_rows(max_row=3, values_only=True))
            self.assertEqual((list(head), head["Period"]), (["Company", "Period", "As Of"], month))

    def test_taken_again_words_stay(self):
        gone, stays = (self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20") for _ in range(2))
        plan = self._plan()
        line = plan.line_ids.filtered(lambda line: line.move_id == stays)
        line.write({"note": "After the 25th", "expected_date": "2026-03-26"})
        self._pay(self._due(gone), 100, "2026-03-09")
        self._pay(self._due(stays), 30, "2026-03-09")
        added = self._invoice(self.manager1, 7, "2026-03-09", due="2026-03-30")
        plan.action_make()
        self.assertEqual(
            plan.line_ids.sorted("amount").mapped(lambda line: (line.move_id.id, line.amount, line.note)),
            [(added.id, 7, False), (stays.id, 70, "After the 25th")],
        )
        self.assertEqual(plan.planned_amount, 77)

    def test_filed_method_and_person(self):
        self.customer.customer_file_payment_method = "bank_acceptance"
        person = self.env["res.partner"].create(
            {"name": "Ms Lin", "parent_id": self.customer.id, "customer_file_function": "finance"}
        )
        self._invoice(self.manager1, 100, "2026-02-01", due="2026-02-20")
        line = self._plan().line_ids
        self.assertEqual((line.payment_method, line.person_id, line.person_name), ("bank_acceptance", person, "Ms Lin"))
        self.assertEqual(line.expected_date, date(2026, 3, 1))

    def test_approved_it_is_frozen_and_progress_stands_beside_it(self):
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        plan = self._approved(self._plan())
        self.assertEqual(plan.state, "approved")
        line = plan.line_ids
        with self.assertRefused("stays as it is"):
            line.note = "Later"
        with self.assertRefused("stays as it is"):
            plan.note = "Later"
        with self.assertRefused("stays as it is"):
            plan.unlink()
        self._pay(self._due(invoice), 40, "2026-03-09")
        self.env.invalidate_all()
        self.assertEqual((line.amount, line.settled, line.open_now), (100, 40, 60))
        self.assertEqual((plan.planned_amount, plan.settled_amount, plan.settled_share), (100, 40, 40))
        # Even an invoice that is taken back leaves what was approved.
        invoice.line_ids.remove_move_reconcile()
        invoice.button_draft()
        self.env.invalidate_all()
        self.assertEqual((line.amount, line.settled, plan.state), (100, 0, "approved"))

    def test_what_came_afterwards_stands_apart(self):
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        plan = self._approved(self._plan())
        later = self._invoice(self.manager1, 30, "2026-03-09", due="2026-03-30")
        self.Plan._cron_add_later()
        self.Plan._cron_add_later()
        self.assertEqual(plan.addition_ids.move_id, later)
        self.assertEqual(plan.line_ids.mapped("amount"), [100])
        self.assertEqual((plan.planned_amount, plan.approval_state), (100, "approved"))
        plan.addition_ids.note = "Pays with the next one"

    def test_waiting_it_is_not_taken_again(self):
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        plan = self._plan()
        plan.action_approval_submit()
        with self.assertRefused("was submitted"):
            plan.action_make()
        plan.action_approval_withdraw()
        plan.action_make()

    def test_nothing_due_is_not_submitted(self):
        with self.assertRefused("has no items yet"):
            self._plan().action_approval_submit()

    def test_nobody_approves_their_own(self):
        self.director.group_ids += self.env.ref("sales_dept_roles.group_account_manager")
        self._invoice(self.director, 100, "2026-03-01", due="2026-03-20")
        plan = self._plan(user=self.director)
        plan.action_approval_submit()
        with self.assertRaises(AccessError):
            plan.action_approval_approve()
        plan.with_user(self.gm).action_approval_approve()
        self.assertEqual(plan.state, "approved")

    def test_items_are_not_set_by_hand(self):
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        plan = self._plan()
        with self.assertRaises(AccessError):
            plan.line_ids.amount = 1
        with self.assertRaises(AccessError):
            plan.write({"planned_amount": 1})
        with self.assertRaises(AccessError):
            plan.write({"line_ids": [Command.create({"name": "X"})]})
        with self.assertRaises(UserError):
            plan.line_ids.unlink()

    def test_one_a_month(self):
        self._plan()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._plan("2026-03-17")

    def test_the_dialog_makes_those_that_lack(self):
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        self._invoice(self.manager2, 100, "2026-03-01", due="2026-03-20")
        mine = self.env["sales.collection.plan.make"].with_user(self.manager1).create({"date": "2026-03-15"})
        self.assertEqual(mine.user_ids, self.manager1)
        mine.action_make()
        with self.assertRefused("nobody who is chosen lacks one"):
            mine.action_make()
        all_of_them = self.env["sales.collection.plan.make"].with_user(self.assistant).create({"date": "2026-03-15"})
        self.assertEqual(all_of_them.user_ids & (self.manager1 | self.manager2), self.manager1 | self.manager2)
        all_of_them.action_make()
        self.assertEqual(self.Plan.search([("date_from", "=", MARCH)]).user_id, self.manager1 | self.manager2)

    def test_own_only(self):
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        plan = self._plan()
        self.assertFalse(self.Plan.with_user(self.manager2).search([]))
        with self.assertRaises(AccessError):
            plan.with_user(self.manager2).action_make()
        with self.assertRaises(AccessError):
            self.Plan.with_user(self.manager2).create({"user_id": self.manager1.id, "date_from": "2026-05-01"})
        with self.assertRaises(AccessError):
            plan.with_user(self.finance).action_make()
        self.assertEqual(plan.with_user(self.finance).line_ids.amount, 100)
        plan.with_user(self.assistant).action_make()

    def test_queries_do_not_grow(self):
        """As many queries for twice as many items."""
        counts = []
        for number in (1, 5, 10):
            for _ in range(number):
                self._invoice(self.manager1, 10, "2026-03-01", due="2026-03-20")
            plan = self.Plan.with_user(self.manager1).create(
                {"user_id": self.manager1.id, "date_from": f"2026-{number:02}-01"}
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plan.action_make()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        # The first also reads what is read once.
        self.assertEqual(*counts[1:])


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCollectionPromise(CollectionCommon):
    def setUp(self):
        super().setUp()
        self.invoice = self._invoice(self.manager1, 100, "2026-02-01", due="2026-02-20")
        self.line = self._due(self.invoice)

    def _judge(self, day):
        self.env.flush_all()
        self.env.invalidate_all()
        with freeze_time(f"{day} 10:00:00"):
            self.Promise._cron_judge()

    def test_kept(self):
        promise = self._promise(self.line, "2026-03-12")
        self.assertEqual((promise.amount, promise.user_id, promise.state), (100, self.manager1, "open"))
        self._pay(self.line, 100, "2026-03-12")
        self.env.invalidate_all()
        self.assertEqual((promise.state, promise.paid, promise.outcome), ("kept", 100, False))
        self._judge("2026-03-13")
        self.assertEqual((promise.outcome, promise.paid_then), ("kept", 100))
        self.assertFalse(promise.activity_ids)

    def test_a_day_late_is_broken_and_asked_about_once(self):
        promise = self._promise(self.line, "2026-03-12")
        self._pay(self.line, 100, "2026-03-13")
        self._judge("2026-03-13")
        self._judge("2026-03-14")
        self.assertEqual((promise.outcome, promise.paid_then), ("broken", 0))
        self.assertEqual(promise.activity_ids.user_id, self.manager1)
        self.assertEqual(len(promise.activity_ids), 1)
        promise.activity_ids.action_feedback()
        self._judge("2026-03-15")
        self.assertFalse(promise.activity_ids)

    def test_in_part(self):
        promise = self._promise(self.line, "2026-03-12", amount=80)
        self._pay(self.line, 30, "2026-03-11")
        self._judge("2026-03-13")
        self.assertEqual((promise.outcome, promise.paid_then), ("partly", 30))

    def test_what_was_paid_before_is_not_counted_again(self):
        self._pay(self.line, 40, "2026-03-01")
        self.env.invalidate_all()
        promise = self._promise(self.line, "2026-03-12")
        self.assertEqual((promise.amount, promise.paid), (60, 0))
        self._judge("2026-03-13")
        self.assertEqual(promise.outcome, "broken")

    def test_what_was_known_is_not_counted_whatever_its_day(self):
        """A payment dated after the day promised, but known when it was promised, neither helps nor harms; an old one
        that is only matched anew is no payment."""
        self._pay(self.line, 40, "2026-03-30")
        other = self._due(self._invoice(self.manager1, 100, "2026-02-01", due="2026-02-20"))
        self._pay(other, 10, "2026-03-01")
        self.env.invalidate_all()
        kept, broken = self._promise(self.line, "2026-03-12"), self._promise(other, "2026-03-12")
        self._pay(self.line, 60, "2026-03-11")
        credit = other.matched_credit_ids.credit_move_id
        other.remove_move_reconcile()
        (other | credit).reconcile()
        self._judge("2026-03-13")
        self.assertEqual((kept.outcome, kept.paid_then, broken.outcome), ("kept", 60, "broken"))

    def test_un_reconciling_later_rewrites_nothing(self):
        kept = self._promise(self.line, "2026-03-12")
        self._pay(self.line, 100, "2026-03-12")
        self._judge("2026-03-13")
        self.line.remove_move_reconcile()
        self._judge("2026-03-14")
        self.assertEqual((kept.outcome, kept.state, kept.paid), ("kept", "kept", 100))

    def test_before_its_day_it_opens_again(self):
        promise = self._promise(self.line, "2026-03-12")
        self._pay(self.line, 100, "2026-03-10")
        self.env.invalidate_all()
        self.assertEqual(promise.state, "kept")
        self.line.remove_move_reconcile()
        self.env.invalidate_all()
        self.assertEqual(promise.state, "open")

    def test_the_day_is_the_companys(self):
        """B14 of promises: at 01:00 in Shanghai, where the day has passed, it is still that day in UTC."""
        promise = self._promise(self.line, "2026-03-12")
        with freeze_time("2026-03-12 15:59:00"):
            self.Promise._cron_judge()
            self.assertFalse(promise.outcome)
        with freeze_time("2026-03-12 17:00:00"):
            self.Promise._cron_judge()
            self.assertEqual(promise.outcome, "broken")

    def test_several_instalments_b16(self):
        """B16: with one of two paid the promise for both is not kept."""
        both = self.line | self._due(self._invoice(self.manager1, 50, "2026-02-01", due="2026-02-21"))
        promise = self._promise(both, "2026-03-12")
        self.assertEqual(promise.amount, 150)
        self._pay(both[1], 50, "2026-03-11")
        self._judge("2026-03-13")
        self.assertEqual((promise.outcome, promise.paid_then), ("partly", 50))

    def test_bad_input(self):
        stranger = self._customer("Other")
        with self.assertRefused("is no open item", ValidationError):
            self.Promise.create(
                {"partner_id": stranger.id, "date": "2026-03-12", "move_line_ids": [Command.set(self.line.ids)]}
            )
        colleagues = self._due(self._invoice(self.manager2, 50, "2026-02-01", due="2026-02-21"))
        with self.assertRaises(AccessError):
            self._promise(self.line | colleagues, "2026-03-12")
        with self.assertRefused("more than is open", ValidationError):
            self._promise(self.line, "2026-03-12", amount=101)
        with self.assertRefused("has passed", ValidationError):
            self._promise(self.line, "2026-03-09")
        with self.assertRefused("items of one currency", ValidationError):
            self.Promise.create({"partner_id": self.customer.id, "date": "2026-03-12", "amount": 5})

    def test_it_is_not_rewritten(self):
        promise = self._promise(self.line, "2026-03-12")
        with self.assertRefused("stays as it is"):
            promise.date = "2026-04-12"
        with self.assertRefused("stays as it is"):
            promise.amount = 1
        with self.assertRaises(AccessError):
            promise.write({"outcome": "kept"})
        with self.assertRaises(AccessError):
            promise.with_user(self.manager1).unlink()
        promise.note = "By cheque"
        promise.action_withdraw()
        self.assertEqual(promise.state, "withdrawn")
        with self.assertRefused("is decided"):
            promise.action_withdraw()

    def test_rights(self):
        promise = self._promise(self.line, "2026-03-12")
        self.assertFalse(self.Promise.with_user(self.manager2).search([]))
        with self.assertRaises(AccessError):
            self._promise(self.line, "2026-03-12", user=self.manager2)
        with self.assertRaises(AccessError):
            self._promise(self.line, "2026-03-12", user=self.finance)
        self.assertEqual(promise.with_user(self.finance).amount, 100)
        self._promise(self.line, "2026-03-14", user=self.assistant)

    def test_plan_shows_it(self):
        promise = self._promise(self.line, "2026-03-12")
        line = self._plan().line_ids
        self.assertEqual((line.promise_id, line.promise_date, line.promise_state), (promise, promise.date, "open"))
        self.assertEqual(line.expected_date, promise.date)

    def test_queries_do_not_grow(self):
        counts = []
        for number in (1, 3, 6):
            for _ in range(number):
                self._promise(self._due(self._invoice(self.manager1, 10, "2026-02-01", due="2026-02-20")), "2026-03-12")
            promises = self.Promise.search([], order="id desc", limit=number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            promises.mapped("state")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCollectionTodo(CollectionCommon):
    def _order(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.Todo.with_user(user or self.manager1).search([])
        return [(row.partner_id.name, row.reason) for row in rows]

    def test_worst_first(self):
        for name, due, amount in (
            ("Today", "2026-03-10", 900),
            ("Little long", "2026-01-10", 10),
            ("Much short", "2026-03-01", 1000),
            ("Later", "2026-03-11", 5000),
        ):
            self._invoice(self.manager1, amount, "2026-01-01", due=due, partner_id=self._customer(name).id)
        broken = self._customer("Broken")
        line = self._due(self._invoice(self.manager1, 5, "2026-01-01", due="2026-03-01", partner_id=broken.id))
        with freeze_time("2026-03-05"):
            self._promise(line, "2026-03-07")
        self.Promise._cron_judge()
        self.assertEqual(
            self._order(),
            [
                ("Broken", "broken"),
                ("Much short", "overdue"),
                ("Little long", "overdue"),
                ("Today", "due_today"),
                ("Later", "later"),
            ],
        )

    def test_due_today_is_not_overdue(self):
        """B14: due today is not overdue, in the company's time zone."""
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-10")
        self.assertEqual(self._todo().mapped("reason"), ["due_today"])
        self.assertFalse(self._items().is_overdue)
        with freeze_time("2026-03-10 15:59:00"):
            self.assertFalse(self._items().is_overdue)
        with freeze_time("2026-03-10 16:01:00"):
            self.assertEqual(self._items().mapped("days_overdue"), [1])
            self.assertEqual(self._todo().overdue_amount, 100)

    def test_chasing_one_silences_nobody_else(self):
        """B11: A is chased today; B and C are still listed, and A is again tomorrow."""
        partners = [self._customer(name) for name in "ABC"]
        for number, partner in enumerate(partners):
            self._invoice(self.manager1, 300 - number, "2026-01-01", due="2026-02-01", partner_id=partner.id)
        self.assertEqual([name for name, _ in self._order()], ["A", "B", "C"])
        self.Contact.with_user(self.manager1).create({"partner_id": partners[0].id, "result": "Boss is away"})
        self.assertEqual([name for name, _ in self._order()], ["B", "C", "A"])
        self.assertEqual([self._todo(partner).is_top for partner in partners], [False, True, True])
        with freeze_time("2026-03-11 10:00:00"):
            self.assertEqual([name for name, _ in self._order()], ["A", "B", "C"])

    def test_sums(self):
        """B13: 100 and 250 are 350, not twice the last."""
        for amount in (100, 250):
            self._invoice(self.manager1, amount, "2026-01-01", due="2026-02-01")
        row = self._todo()
        self.assertEqual((row.overdue_amount, row.open_amount, row.item_count), (350, 350, 2))

    def test_one_of_two_paid_is_open(self):
        """B16: with the last of two items paid the customer is still to be chased."""
        first, last = (self._invoice(self.manager1, 100, "2026-01-01", due=due) for due in ("2026-02-01", "2026-02-02"))
        self._pay(self._due(last), 100, "2026-03-01")
        self.assertEqual(self._todo().overdue_amount, 100)
        self._pay(self._due(first), 100, "2026-03-01")
        self.assertFalse(self._todo())

    def test_disputed_and_promised_are_not_chased(self):
        lines = self._due(
            *(self._invoice(self.manager1, amount, "2026-01-01", due="2026-02-01") for amount in (100, 200, 400))
        ).sorted("balance")
        self._dispute(lines[0], 30)
        self._promise(lines[1], "2026-03-20")
        row = self._todo()
        self.assertEqual(
            (row.overdue_amount, row.disputed_amount, row.promised_amount, row.open_amount), (470, 30, 200, 700)
        )

    def test_nobody_spoke_for_long(self):
        line = self._due(self._invoice(self.manager1, 100, "2026-01-01", due="2026-02-01"))
        self._promise(line, "2026-05-20")
        self.assertEqual(self._todo().reason, "silent")
        self.Contact.create({"partner_id": self.customer.id, "date": datetime(2026, 3, 5, 10)})
        self.assertEqual(self._todo().reason, "later")
        with freeze_time("2026-03-12 10:00:00"):
            self.assertEqual(self._todo().reason, "silent")

    def test_own_customers(self):
        self._invoice(self.manager1, 100, "2026-01-01", due="2026-02-01")
        self._invoice(self.manager2, 30, "2026-01-01", due="2026-02-01")
        self.assertEqual(self._todo(user=self.manager1).mapped("overdue_amount"), [100])
        self.assertEqual(self._todo(user=self.manager2).mapped("overdue_amount"), [30])
        self.assertEqual(sum(self._todo(user=self.finance).mapped("overdue_amount")), 130)
        self.assertEqual(self._todo(user=self.manager1)._items().mapped("amount"), [100])
        with self.assertRaises(AccessError):
            self._todo(user=self.engineering)

    def test_one_tap(self):
        line = self._due(self._invoice(self.manager1, 100, "2026-01-01", due="2026-02-01"))
        row = self._todo(user=self.manager1)
        context = row.action_promise()["context"]
        self.assertEqual(
            (context["default_partner_id"], context["default_move_line_ids"]), (self.customer.id, line.ids)
        )
        promise = self.Promise.with_user(self.manager1).with_context(**context).create({"date": "2026-03-20"})
        self.assertEqual((promise.amount, promise.move_line_ids), (100, line))
        contact = self.Contact.with_user(self.manager1).with_context(**row.action_log_contact()["context"]).create({})
        self.assertEqual((contact.kind, contact.user_id, contact.author_id), ("call", self.manager1, self.manager1))

    def test_the_log_is_not_rewritten(self):
        contact = self.Contact.with_user(self.manager1).create(
            {"partner_id": self.customer.id, "result": "Next week", "next_date": "2026-03-17"}
        )
        self.assertEqual(contact.activity_ids.date_deadline, date(2026, 3, 17))
        self.assertEqual(contact.activity_ids.user_id, self.manager1)
        for user in (self.manager1, self.director):
            with self.assertRaises(UserError):
                contact.with_user(user).result = "Never"
            with self.assertRaises(AccessError):
                contact.with_user(user).unlink()
        with self.assertRefused("stays as it is"):
            contact.result = "Never"
        with self.assertRaises(AccessError):
            self.Contact.create({"partner_id": self.customer.id, "author_id": self.director.id})
        with self.assertRaises(AccessError):
            self.Contact.with_user(self.manager2).create({"partner_id": self.customer.id})


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCollectionDispute(CollectionCommon):
    def setUp(self):
        super().setUp()
        self.line = self._due(self._invoice(self.manager1, 100, "2026-01-01", due="2026-02-01"))

    def test_open_and_settled(self):
        dispute = self._dispute(self.line)
        self.assertEqual((dispute.amount, dispute.state, dispute.user_id), (100, "open", self.manager1))
        self.assertEqual(dispute.activity_ids.user_id, self.finance)
        for user in (self.manager1, self.assistant):
            with self.assertRefused("settled by finance", AccessError):
                dispute.with_user(user)._settle("Credited")
        with self.assertRefused("Write how"):
            dispute.with_user(self.finance)._settle(" ")
        wizard = self.env["sales.collection.settle"].with_user(self.finance)
        wizard.create({"dispute_id": dispute.id, "settlement": "Credited 30"}).action_settle()
        self.assertEqual(
            (dispute.state, dispute.settled_by_id, dispute.settlement), ("settled", self.finance, "Credited 30")
        )
        self.assertFalse(dispute.activity_ids)
        with self.assertRefused("settled already"):
            dispute.with_user(self.director)._settle("Again")

    def test_bad_input(self):
        with self.assertRefused("only .* of it is open", ValidationError):
            self._dispute(self.line, 101)
        dispute = self._dispute(self.line, 40)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._dispute(self.line, 10)
            self.env.flush_all()
        with self.assertRefused("stays as it is"):
            dispute.amount = 1
        with self.assertRaises(AccessError):
            dispute.write({"state": "settled"})
