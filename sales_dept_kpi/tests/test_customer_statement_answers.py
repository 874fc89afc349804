from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .customer_statement_common import CustomerStatementCommon

REMIND = "sales_dept_kpi.mail_activity_statement_remind"
ANSWER = "sales_dept_kpi.mail_activity_statement_answer"


@tagged("post_install", "-at_install")
class TestCustomerStatementAnswers(CustomerStatementCommon):
    """What each side may still say when, and what is left to do after it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._shipped(10, "2026-03-10")
        cls._shipped(4, "2026-03-11")

    def _correct(self, statement, number=1, **words):
        line = statement.line_ids.filtered(lambda line: line.number == number and line.kind == "shipment")
        words = {"quantity": None, "price_unit": None, "remark": "", **words}
        return statement.sudo()._correct({line: words}, "Ms Zhao", "portal")

    def _todos(self, statement, xmlid):
        kind = self.env.ref(xmlid)
        return statement.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    # === CONFIRMED === #

    def test_confirmed_by_somebody(self):
        statement = self._sent()
        for name in ("", "  ", None):
            with self.assertRefused("Write your name"):
                statement._confirm(name, "portal")
        colleague = self.env["res.partner"].create({"name": "Ms Zhao", "parent_id": self.customer.id})
        statement._confirm("Ms Zhao", "portal", colleague)
        self.assertEqual(statement.confirmed_partner_id, colleague)

    def test_confirmed_for_the_customer_where_nobody_is_known(self):
        statement = self._sent()
        statement._confirm("Ms Zhao", "portal")
        self.assertEqual(statement.confirmed_partner_id, self.customer)

    def test_what_is_not_out_is_not_confirmed(self):
        draft = self._statement()
        with self.assertRefused("Draft"):
            draft._confirm("Ms Zhao", "portal")
        with self.assertRefused("Draft"):
            self._correct(draft, quantity=1)
        draft.with_user(self.assistant).action_send()
        draft.with_user(self.assistant).action_cancel()
        with self.assertRefused("Cancelled"):
            draft._confirm("Ms Zhao", "portal")

    def test_confirmed_after_its_corrections_were_answered(self):
        statement = self._sent()
        correction = self._correct(statement, remark="Late")
        with self.assertRefused("not answered yet"):
            statement._confirm("Ms Zhao", "portal")
        statement._refuse(correction, "It was on time")
        statement._confirm("Ms Zhao", "portal")
        self.assertEqual(statement.state, "confirmed")

    def test_confirmed_on_paper_by_whose_customer_it_is(self):
        statement = self._sent()
        for user in (self.manager2, self.finance, self.gm):
            with self.assertRaises(AccessError):
                statement.with_user(user).action_confirm_on_paper()

    # === CANCELLED === #

    def test_what_is_cancelled(self):
        """What went out and is not being verified: also what was corrected or confirmed."""
        draft = self._statement()
        with self.assertRefused("not cancelled"):
            draft.with_user(self.assistant).action_cancel()
        draft.with_user(self.assistant).action_send()
        self._correct(draft, quantity=9)
        draft.with_user(self.assistant).action_cancel()
        self.assertEqual(draft.state, "cancelled")
        with self.assertRefused("not cancelled"):
            draft.with_user(self.assistant).action_cancel()
        confirmed = self._sent()
        confirmed._confirm("Ms Zhao", "portal")
        confirmed.with_user(self.assistant).action_approval_submit()
        with self.assertRefused("not cancelled"):
            confirmed.with_user(self.assistant).action_cancel()
        confirmed.with_user(self.finance).action_approval_reject("No")
        confirmed.with_user(self.assistant).action_cancel()
        self.assertEqual(confirmed.state, "cancelled")

    def test_cancelled_where_what_followed_was_cancelled_too(self):
        first = self._sent("2026-03-15")
        second = self._sent()
        second.with_user(self.assistant).action_cancel()
        first.with_user(self.assistant).action_cancel()
        self.assertEqual(first.state, "cancelled")

    # === CORRECTED === #

    def test_what_may_be_said_of_a_line(self):
        statement = self._sent()
        with self.assertRefused("same sign"):
            self._correct(statement, quantity=-1)
        with self.assertRefused("not less than nothing"):
            self._correct(statement, price_unit=-0.01)
        nothing = self._correct(statement, quantity=0)
        self.assertEqual((nothing.quantity, nothing.amount), (0, -100))
        free = self._correct(statement, number=2, price_unit=0)
        self.assertEqual((free.price_unit, free.amount), (0, -40))

    def test_lines_that_are_corrected(self):
        """Receipts are not, nor lines of another statement."""
        self._receive(50, "2026-03-12")
        statement = self._sent()
        receipt = statement.line_ids.filtered(lambda line: line.kind == "receipt")
        words = {"quantity": None, "price_unit": None, "remark": "Paid more"}
        with self.assertRefused("by a remark on the statement only"):
            statement.sudo()._correct({receipt: words}, "Ms Zhao", "portal")
        self._shipped(1, "2026-04-01")
        following = self._sent("2026-04-01")
        shipment = statement.line_ids.filtered(lambda line: line.number == 1)
        with self.assertRefused("by a remark on the statement only"):
            following.sudo()._correct({shipment: words}, "Ms Zhao", "portal")

    def test_remarks_are_no_corrections_of_figures(self):
        statement = self._sent()
        with self.assertRefused("Nothing is corrected"):
            self._correct(statement, remark="   ")
        with self.assertRefused("Nothing is corrected"):
            statement.sudo()._correct({}, "Ms Zhao", "portal", "   ")
        correction = self._correct(statement, remark=" It was late ")
        self.assertEqual((correction.remark, correction.amount), ("It was late", 0))
        statement._accept(correction)
        self.assertEqual(len(statement.line_ids), 2, "there is nothing to adjust")
        self.assertEqual(statement.closing_balance, 140)

    def test_a_whole_statement_is_remarked_on(self):
        statement = self._sent()
        correction = statement.sudo()._correct({}, "Ms Zhao", "portal", " A delivery is missing ")
        self.assertEqual(
            (correction.line_id, correction.remark), (statement.line_ids.browse(), "A delivery is missing")
        )
        statement._accept(correction)
        self.assertEqual((correction.state, len(statement.line_ids)), ("accepted", 2))

    def test_quantity_and_price_that_come_to_the_same(self):
        """5 × 20 for 10 × 10: nothing is owed otherwise, and yet it is said what was delivered."""
        statement = self._sent()
        correction = self._correct(statement, quantity=5, price_unit=20)
        self.assertEqual(correction.amount, 0)
        statement._accept(correction)
        self.assertEqual(self._rows(statement)[-1], ("adjustment", -5, 0))

    def test_said_anew_of_one_line(self):
        """The later word takes the place of the earlier one of that line, and of no other or answered one."""
        statement = self._sent()
        answered = self._correct(statement, quantity=9)
        statement._refuse(answered, "No")
        first, other = self._correct(statement, quantity=8), self._correct(statement, number=2, quantity=3)
        again = self._correct(statement, quantity=7)
        states = [correction.state for correction in (answered, first, other, again)]
        self.assertEqual(states, ["refused", "replaced", "open", "open"])

    # === ANSWERED === #

    def test_refused_with_words(self):
        statement = self._sent()
        correction = self._correct(statement, quantity=8)
        for words in ("", "  ", None):
            with self.assertRefused("Say why"):
                statement._refuse(correction, words)
        statement._refuse(correction, " Signed for 10 ")
        self.assertEqual(correction.answer, "Signed for 10")
        self.assertEqual((correction.answer_user_id, bool(correction.answer_date)), (self.env.user, True))
        with self.assertRefused("answered already"):
            statement._refuse(correction, "Once more")

    def test_to_do_until_all_are_answered(self):
        statement = self._sent()
        first, second = self._correct(statement, quantity=8), self._correct(statement, number=2, quantity=3)
        self.assertEqual(self._todos(statement, ANSWER).user_id, self.manager1)
        statement._accept(first)
        self.assertTrue(self._todos(statement, ANSWER))
        statement._refuse(second, "No")
        self.assertFalse(self._todos(statement, ANSWER))

    def test_who_is_to_answer(self):
        """The account manager; where they left, who sent it."""
        statement = self._sent()
        self.assertEqual(statement._owner(), self.manager1)
        self.manager1.active = False
        self.assertEqual(statement._owner(), self.assistant)

    # === REMINDED === #

    def test_reminded_of_what_is_overdue(self):
        self.company.sales_dept_customer_statement = True
        statement = self._sent()
        today = self.company._local_today()
        self.assertEqual(
            statement.answer_by, today + timedelta(days=self.company.sales_dept_statement_answer_days), "of the setting"
        )
        statement._write_protected({"answer_by": today})
        self.Statement._cron_remind()
        self.assertFalse(self._todos(statement, REMIND), "the day is not over")
        statement._write_protected({"answer_by": today - timedelta(days=1)})
        self.Statement._cron_remind()
        self.assertEqual(self._todos(statement, REMIND).date_deadline, today - timedelta(days=1))

    def test_nobody_is_reminded_of_what_was_answered(self):
        self.company.sales_dept_customer_statement = True
        statement = self._sent()
        statement._write_protected({"answer_by": "2026-03-31"})
        self.Statement._cron_remind()
        self.assertTrue(self._todos(statement, REMIND))
        self._correct(statement, quantity=9)
        self.assertFalse(self._todos(statement, REMIND), "it was answered with a correction")
        self.Statement._cron_remind()
        self.assertFalse(self._todos(statement, REMIND))
        self.assertTrue(self._todos(statement, ANSWER))

    def test_reminders_end_with_the_statement(self):
        self.company.sales_dept_customer_statement = True
        statement = self._sent()
        statement._write_protected({"answer_by": "2026-03-31"})
        self.Statement._cron_remind()
        self.assertTrue(self._todos(statement, REMIND))
        statement.with_user(self.assistant).action_cancel()
        self.assertFalse(self._todos(statement, REMIND))

    # === VERIFIED === #

    def test_asked_anew_after_finance_refused_only(self):
        statement = self._sent()
        with self.assertRefused("not refused by finance"):
            statement.with_user(self.assistant).action_reopen()
        statement._confirm("Ms Zhao", "portal")
        with self.assertRefused("not refused by finance"):
            statement.with_user(self.assistant).action_reopen()
        statement.with_user(self.assistant).action_approval_submit()
        self.assertEqual(statement.preparer_id, self.assistant)
        statement.with_user(self.finance).action_approval_reject("A receipt is missing")
        with self.assertRaises(AccessError):
            statement.with_user(self.finance).action_reopen()
        statement.with_user(self.assistant).action_reopen()
        self.assertFalse(statement.confirmed_by or statement.confirmed_date or statement.confirmed_source)
        with self.assertRefused("not refused by finance"):
            statement.with_user(self.assistant).action_reopen()

    def test_verified_once(self):
        statement = self._validated()
        approvals = statement.approval_ids
        statement.with_user(self.assistant).action_approval_submit()
        self.assertEqual((statement.state, statement.approval_ids), ("validated", approvals), "nothing is asked anew")
        self.env.flush_all()
        self.cr.execute("UPDATE customer_statement SET closing_balance = 1 WHERE id = %s", [statement.id])
        self.env.invalidate_all()
        with self.assertRefused("validated already"):
            statement.with_user(self.assistant).action_approval_submit()

    def test_changed_while_it_was_verified(self):
        statement = self._sent()
        statement._confirm("Ms Zhao", "portal")
        statement.with_user(self.assistant).action_approval_submit()
        self.env.flush_all()
        self.cr.execute("UPDATE customer_statement_line SET amount = 1 WHERE statement_id = %s", [statement.id])
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            statement.with_user(self.finance).action_approval_approve()
        self.assertNotEqual(statement.state, "validated")

    # === THE LINK === #

    def test_the_link_holds_through_its_last_day(self):
        statement = self._sent()
        days = self.company.sales_dept_statement_link_days
        self.assertEqual(statement.link_until, self.company._local_today() + timedelta(days=days))
        statement._write_protected({"link_until": "2026-04-20"})
        # The last moment of the 20th in Shanghai, and the first of the 21st.
        for moment, holds in (("2026-04-20 15:59:59", True), ("2026-04-20 16:00:00", False)):
            with freeze_time(moment):
                self.assertEqual(statement._link_holds(), holds, moment)
        statement._write_protected({"link_until": False})
        self.assertFalse(statement._link_holds())


@tagged("post_install", "-at_install")
class TestCustomerStatementDue(CustomerStatementCommon):
    """Whose statement is due, and what its period is."""

    def _due(self, until="2026-03-31"):
        rows = self.Statement._due(self.company, date.fromisoformat(until))
        return [(partner, str(day)) for partner, _currency, day in rows if partner == self.customer]

    def test_who_had_something_lately(self):
        self.assertFalse(self._due())
        self._shipped(10, "2026-03-10")
        self.assertEqual(self._due(), [(self.customer, "2026-03-31")])
        self.assertFalse(self._due("2026-06-30"), "too long ago for a first one")

    def test_what_left_after_the_day_is_none_of_it(self):
        order = self._order(self.manager1, 10)
        self._ship(order, 10, datetime(2026, 4, 1, 4))
        self.assertFalse(self._due())
        self._ship(order, 1, datetime(2026, 3, 31, 4))
        self.assertTrue(self._due())

    def test_days_are_the_companys(self):
        """What left on 31 March at 16:30 UTC left on 1 April in Shanghai: it is of April, and makes one due then."""
        self.customer.customer_file_closing_day = 1
        self.assertEqual(self._sent("2026-03-31").closing_balance, 0)
        self._ship(self._order(self.manager1, 10), 10, datetime(2026, 3, 31, 16, 30))
        self.assertFalse(self._due("2026-03-31"))
        self.assertEqual(self._due("2026-04-01"), [(self.customer, "2026-04-01")])

    def test_a_first_one_by_the_companys_day(self):
        order = self._order(self.manager1, 10)
        self._ship(order, 5, datetime(2026, 3, 31, 16, 30))
        self.assertFalse(self._due(), "it left in April")
        self._ship(order, 5, datetime(2026, 3, 31, 15, 30))
        self.assertTrue(self._due())

    def test_who_owes_goes_on(self):
        self._shipped(10, "2026-02-10")
        self._sent("2026-02-28")
        self.assertEqual(self._due(), [(self.customer, "2026-03-31")], "with nothing new, and something open")
        self.assertFalse(self._due("2026-02-28"), "stated already")

    def test_who_owes_nothing_and_had_nothing_is_left_out(self):
        self._shipped(10, "2026-02-10")
        self._receive(100, "2026-02-20")
        first = self._sent("2026-02-28")
        self.assertEqual(first.closing_balance, 0)
        self.assertFalse(self._due())
        self._shipped(1, "2026-03-10")
        self.assertTrue(self._due())

    def test_after_one_that_was_cancelled(self):
        self._shipped(10, "2026-03-10")
        statement = self._sent()
        self.assertFalse(self._due())
        statement.with_user(self.assistant).action_cancel()
        self.assertTrue(self._due())

    def test_a_draft_is_not_followed(self):
        self._shipped(10, "2026-02-10")
        draft = self._statement("2026-02-28")
        until = date(2026, 3, 31)
        self.assertFalse(self.Statement._make(self.company, until, self.customer))
        draft.with_user(self.assistant).action_send()
        made = self.Statement._make(self.company, until, self.customer)
        self.assertEqual((made.previous_id, made.state), (draft, "draft"))

    def test_a_period_is_over(self):
        with self.assertRefused("not over yet"):
            self._statement("2026-04-03")
        self.assertEqual(str(self._statement("2026-04-02").date_to), "2026-04-02", "what is known of the day so far")

    def test_somebody_is_named(self):
        with self.assertRefused("for which customer"):
            self.Statement.create({"date_to": "2026-03-31"})

    def test_opening_of_a_first_one_only(self):
        first = self._sent("2026-02-28")
        second = self._statement()
        with self.assertRefused("opens with what"):
            second.with_user(self.assistant).action_propose_opening()
        with self.assertRaises(UserError):
            first.with_user(self.assistant).action_propose_opening()

    def test_opening_is_what_was_posted_before(self):
        self._invoice(self.manager1, 70, "2026-02-28")
        self._invoice(self.manager1, 30, "2026-03-01")
        self._invoice(self.manager1, 9, "2026-02-20").button_draft()
        statement = self._statement(date_from="2026-03-01")
        statement.with_user(self.assistant).action_propose_opening()
        self.assertEqual(statement.opening_balance, 70)
