from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged
from odoo.tests.common import BaseCase

from ..models.order_dates.date_column import BadRow, read_dates
from .test_order_review import OrderReviewCommon

WANTED = "2031-03-14"


@tagged("post_install", "-at_install")
class TestDateColumn(BaseCase):
    def test_the_year_stands_first(self):
        for text in (
            "2026-12-01",
            " 2026-12-1 ",
            "2026/12/1",
            "2026.12.01",
            "2026年12月1日",
            "2026 年 12 月 1 日",
            "2026-12-01 00:00:00",
        ):
            with self.subTest(text=text):
                self.assertEqual(read_dates(text), ([date(2026, 12, 1)], []))

    def test_what_is_no_date(self):
        for text in (
            "12/1",
            "1/12/2026",
            "26-12-01",
            "2026-13-01",
            "2026-02-30",
            "2026-12/01",
            "2026年12-01",
            "2026-12-01 09:30",
            "20261201",
            "soon",
            "46357",
        ):
            with self.subTest(text=text):
                self.assertEqual(read_dates(text), ([], [BadRow(1, text)]))

    def test_rows(self):
        self.assertEqual(read_dates("2026-12-01\r\n2026-12-02\r\n\r\n"), ([date(2026, 12, 1), date(2026, 12, 2)], []))
        self.assertEqual(read_dates("2026-12-01\n\n2026-12-03")[1], [BadRow(2, "")])
        for nothing in ("", False, " \n\n"):
            self.assertEqual(read_dates(nothing), ([], []))


class OrderReviewDatesCommon(OrderReviewCommon):
    @classmethod
    def _create_long_order(cls, count=30, **vals):
        return cls._create_quotation(
            user_id=cls.manager1.id,
            order_line=[
                Command.create({"product_id": cls.product.id, "name": f"Shaft {number}", "product_uom_qty": number + 1})
                for number in range(count)
            ],
            **vals,
        )

    @classmethod
    def _judged(cls, order):
        """The review of `order` that waits for the departments."""
        review = cls._ask(order)
        review.with_user(cls.gm).action_approval_approve()
        return review

    def _dialog(self, action, user):
        self.assertEqual(action["res_model"], "sale.order.review.dates")
        return self.env["sale.order.review.dates"].with_user(user).browse(action["res_id"])


@tagged("post_install", "-at_install")
class TestOrderReviewDates(OrderReviewDatesCommon):
    # === WHAT THE CUSTOMER WANTS === #

    def test_wanted_dates_are_asked_for_with_the_review(self):
        order = self._create_long_order(3)
        wizard = self._dialog(order.with_user(self.manager1).action_ask_for_review(), self.manager1)
        self.assertFalse(order.order_review_ids, "nothing is made before the dates are there")
        with Form(wizard) as form:
            form.same_date = WANTED
        opened = wizard.action_apply()
        self.assertEqual(opened["res_model"], "sale.order.review")
        self.assertEqual(set(map(str, order.order_line.mapped("wanted_date"))), {WANTED})
        self.assertEqual(order.order_review_id.line_ids.mapped("wanted_date"), order.order_line.mapped("wanted_date"))

    def test_asked_once_and_only_where_needed(self):
        order = self._create_long_order(2, commitment_date="2031-03-14 09:00:00")
        self.assertEqual(order.with_user(self.manager1).action_ask_for_review()["res_model"], "sale.order.review")
        open_one = self._create_long_order(2)
        wizard = self._dialog(open_one.with_user(self.manager1).action_ask_for_review(), self.manager1)
        wizard.action_apply()
        self.assertFalse(any(open_one.order_line.mapped("wanted_date")), "the customer left it open")
        self.assertEqual(open_one.with_user(self.manager1).action_ask_for_review()["res_model"], "sale.order.review")

    def test_dates_that_are_there_stay(self):
        order = self._create_long_order(2)
        order.order_line[0].wanted_date = "2031-02-02"
        wizard = self._dialog(order.with_user(self.manager1).action_ask_for_review(), self.manager1)
        with Form(wizard) as form, form.line_ids.edit(1) as line:
            line.date = "2031-02-03"
        wizard.action_apply()
        self.assertEqual(list(map(str, order.order_line.mapped("wanted_date"))), ["2031-02-02", "2031-02-03"])

    # === A COLUMN === #

    def test_a_column(self):
        order = self._create_long_order(3)
        wizard = self._dialog(order.with_user(self.manager1).action_ask_for_review(), self.manager1)
        with Form(wizard) as form:
            form.pasted = "2031-01-05\n2031/1/6\n2031年1月7日\n"
        wizard.action_apply()
        self.assertEqual(
            list(map(str, order.order_line.mapped("wanted_date"))), ["2031-01-05", "2031-01-06", "2031-01-07"]
        )

    def test_a_column_that_cannot_be_meant(self):
        order = self._create_long_order(3)
        wizard = self._dialog(order.with_user(self.manager1).action_ask_for_review(), self.manager1)
        for pasted, sentence in {
            "2031-01-05\n12/1\n2031-01-07": r"Row 2: “12/1” is no date",
            "12/1\n12/2\n12/3": r"Row 1: “12/1” .* 2 more rows",
            "2031-01-05\n\n2031-01-07": r"Row 2 is empty",
            "2031-01-05\n2031-01-06": r"2 dates for 3 lines",
            "2031-01-05\n" * 4: r"4 dates for 3 lines",
        }.items():
            with self.subTest(pasted=pasted):
                with Form(wizard) as form:
                    form.pasted = pasted
                    self.assertRegex(form.paste_problem, sentence)
                self.assertFalse(any(wizard.line_ids.mapped("date")))
                with self.assertRefused(sentence):
                    wizard.action_apply()

    # === WHAT PRODUCTION PROMISES === #

    def test_promises_are_asked_for_before_the_signature(self):
        review = self._judged(self._create_long_order(3))
        for outcome, action in (("approved", "action_agree"), ("conditional", "action_agree_with_conditions")):
            with self.subTest(outcome=outcome):
                asked = getattr(review.with_user(self.production), action)()
                self.assertEqual(self._dialog(asked, self.production).outcome, outcome)
        # The same from My Approvals; and not of those who promise nothing, nor by who refuses.
        approval = review.sudo().approval_in_force_id
        theirs = approval.with_user(self.production)
        for sign in (theirs.action_sign, theirs.action_sign_card):
            self._dialog(sign(), self.production)
        decide = "sales.approval.decide"
        self.assertEqual(review.with_user(self.purchasing).action_agree()["res_model"], decide)
        self.assertEqual(approval.with_user(self.production).action_reject()["res_model"], decide)

    def test_promising_goes_on_to_the_signature(self):
        review = self._judged(self._create_long_order(3))
        wizard = self._dialog(review.with_user(self.production).action_agree(), self.production)
        with Form(wizard) as form, form.line_ids.edit(0) as line:
            line.date = "2031-04-01"
        with self.assertRefused("these rows have none yet: 2, 3"):
            wizard.action_apply()
        with Form(wizard) as form:
            form.same_date = "2031-04-02"
        action = wizard.action_apply()
        self.assertEqual(action["res_model"], "sales.approval.decide")
        self.assertEqual(action["context"]["default_outcome"], "approved")
        self.assertEqual(set(map(str, review.line_ids.mapped("promised_date"))), {"2031-04-02"})

    def test_several_at_once(self):
        """Of a selection those that lack dates stay, and are named; the others are signed."""
        dated = self._judged(self._create_long_order(1, commitment_date="2031-03-14 09:00:00"))
        undated = self._judged(self._create_long_order(1))
        approvals = (dated | undated).sudo().approval_in_force_id.with_user(self.production)
        context = approvals.action_sign()["context"]
        wizard = self.env["sales.approval.decide"].with_user(self.production).with_context(**context).create({})
        told = wizard.action_decide()["params"]["message"]
        self.assertRegex(told, f"promises a date for each line of {undated.name}")
        self.assertEqual(dated.opinion_ids.filtered("opinion").group_id, self._asked_and_promised(dated))
        self.assertNotIn(undated._promising_group(), undated.opinion_ids.filtered("opinion").group_id)

    def _asked_and_promised(self, review):
        """Who has given an opinion by now: the general manager, and production."""
        return self.env.ref("sales_dept_roles.group_general_manager") | review._promising_group()

    def test_as_wanted(self):
        order = self._create_long_order(3, commitment_date="2031-03-14 09:00:00")
        review = self._judged(order)
        production = review.with_user(self.production)
        production.action_promise_dates(dict.fromkeys(map(str, review.line_ids.ids), "2031-05-05"))
        wizard = self._dialog(production.action_open_dates(), self.production)
        self.assertEqual(wizard.action_as_wanted()["res_id"], wizard.id)
        wizard.action_apply()
        self.assertEqual(set(map(str, review.line_ids.mapped("promised_date"))), {WANTED})

    def test_dates_of_another_review(self):
        review = self._judged(self._create_long_order(1))
        other = self._judged(self._create_long_order(1))
        with self.assertRefused("do not belong to"):
            review.with_user(self.production).action_promise_dates({other.line_ids.id: "2031-05-05"})

    def test_only_production_promises(self):
        review = self._judged(self._create_long_order(1))
        promise = {review.line_ids.id: "2031-05-05"}
        for user in (self.manager1, self.purchasing, self.gm, self.outsider):
            with self.subTest(user=user.login):
                for attempt in (
                    lambda user=user: review.with_user(user).action_promise_dates(promise),
                    lambda user=user: review.with_user(user).action_open_dates(),
                ):
                    with self.assertRaises(AccessError):
                        attempt()
        self.assertFalse(review.line_ids.promised_date)
        review.with_user(self.production).action_promise_dates(promise)
        self.assertEqual(str(review.line_ids.promised_date), "2031-05-05")

    def test_a_dialog_opens_nothing(self):
        """Who makes the dialog by RPC gets no further than with the order and the review themselves."""
        order = self._create_long_order(1)
        review = self._judged(order)
        Dates = self.env["sale.order.review.dates"]
        for user in (self.outsider, self.portal_user):
            for subject in ({"order_id": order.id}, {"review_id": review.id}):
                with self.subTest(user=user.login, subject=subject), self.assertRaises(AccessError):
                    Dates.with_user(user).create(subject)
        wizard = Dates.with_user(self.manager1).create({"review_id": review.id})
        wizard.line_ids.date = "2031-05-05"
        with self.assertRaises(AccessError):
            wizard.action_apply()
        with self.assertRaises(AccessError):
            wizard.with_user(self.production).read(["line_ids"])

    def test_dates_cost_no_query_per_line(self):
        def queries(count):
            review = self._judged(self._create_long_order(count))
            production = review.with_user(self.production)
            dates = dict.fromkeys(review.line_ids.ids, "2031-05-05")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            production.action_promise_dates(dates)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(5), queries(40))

    # === WHEN IT IS DUE === #

    def test_one_deadline(self):
        """What is due for all on the same day is said once, in the words of My Approvals."""
        review = self._judged(self._create_long_order(1)).with_user(self.manager1)
        approval = review.sudo().approval_in_force_id.with_env(review.env)
        self.assertTrue(approval.due_text)
        self.assertEqual(review.approval_summary.count(approval.due_text), 1)
        review.sudo().approval_in_force_id.task_ids.filtered(lambda task: task.state == "open")[
            0
        ].deadline = "2031-01-01 09:00:00"
        review.invalidate_recordset()
        self.assertIn("Jan 1", review.approval_summary)
        self.assertGreater(review.approval_summary.count(approval.due_text), 1)


@tagged("post_install", "-at_install")
class TestOrderReviewDatesTour(OrderReviewDatesCommon, HttpCase):
    def test_thirty_wanted_dates_pasted(self):
        order = self._create_long_order()
        self.start_tour(f"/odoo/sales/{order.id}", "sales_dept_wanted_dates", login="manager1_test")
        days = order.order_line.mapped("wanted_date")
        self.assertEqual((str(days[0]), str(days[-1]), len(set(days))), ("2031-01-01", "2031-01-30", 30))
        self.assertEqual(order.order_review_id.state, "sales")

    def test_thirty_promises(self):
        review = self._judged(self._create_long_order())
        self.start_tour(f"/odoo/order-reviews/{review.id}", "sales_dept_promised_dates", login="production_test")
        self.assertEqual(set(map(str, review.line_ids.mapped("promised_date"))), {"2031-02-20"})
        opinion = review.opinion_ids.filtered(lambda opinion: opinion.group_id == review._promising_group())
        self.assertEqual(opinion.opinion, "agree")
