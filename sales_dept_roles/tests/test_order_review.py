from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SalesDeptCommon


class OrderReviewCommon(SalesDeptCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"
        cls.company.sales_dept_order_review = "all"
        cls.production = cls._create_role_user("production_test", "group_review_production")
        cls.purchasing = cls._create_role_user("purchasing_test", "group_review_purchasing")
        cls.quality = cls._create_role_user("quality_test", "group_review_quality")
        cls.departments = [cls.engineering, cls.production, cls.purchasing, cls.quality, cls.finance]

    @classmethod
    def _create_order(cls, **vals):
        return cls._create_quotation(user_id=cls.manager1.id, commitment_date="2030-03-15 09:00:00", **vals)

    @classmethod
    def _ask(cls, order):
        """The account manager asks for the review of `order`."""
        review = order.with_user(cls.manager1)._order_review()
        review.action_approval_submit()
        return review

    def _agree(self, review, *users):
        """Let `users` agree, or all departments that are asked."""
        for user in users or self.departments:
            asked = review.with_user(user)
            if users or any(asked.mapped("approval_can_decide")):
                asked.action_approval_approve()

    def _pass(self, order):
        review = self._ask(order)
        review.with_user(self.gm).action_approval_approve()
        self._agree(review)
        return review


@tagged("post_install", "-at_install")
class TestOrderReview(OrderReviewCommon):
    # === COURSE === #

    def test_way_of_a_review(self):
        order = self._create_order()
        self.assertTrue(order.order_review_required and order.order_review_missing)
        review = self._ask(order)
        self.assertRegex(review.name, r"^ORV/\d{4}/\d{4,}$")
        self.assertEqual(review.state, "sales")
        self.assertFalse(review.sign_date)
        self.assertEqual(order.order_review_state, "sales")
        review.with_user(self.gm).action_approval_approve()
        self.assertEqual(review.state, "review")
        self.assertTrue(review.sign_date)
        self.assertEqual(len(review.opinion_ids), 6)
        self._agree(review, self.engineering, self.production, self.purchasing, self.quality)
        self.assertEqual(review.state, "review")
        self._agree(review, self.finance)
        self.assertEqual(review.state, "passed")
        self.assertEqual(set(review.opinion_ids.mapped("opinion")), {"agree"})
        self.assertFalse(order.order_review_missing)
        order.with_user(self.manager1).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_glance(self):
        """Each sees what the review is about; what the order earns those alone who may."""
        review = self._ask(self._create_order())
        self.assertIn("Margin", self.assertDialogSays(review, self.gm, "Lines", "Wanted On", "Payment Terms"))
        review.with_user(self.gm).action_approval_approve()
        for user, sees in ((self.finance, True), (self.engineering, False), (self.quality, False)):
            with self.subTest(user=user.login):
                self.assertEqual("Margin" in self.assertDialogSays(review, user, "Lines"), sees)

    def test_department_refuses(self):
        order = self._create_order()
        review = self._ask(order)
        review.with_user(self.gm).action_approval_approve()
        review.with_user(self.quality).action_approval_reject("The tolerance cannot be measured.")
        self.assertEqual(review.state, "refused")
        self.assertEqual(review.reason, "The tolerance cannot be measured.")
        with self.assertRefused("refused: The tolerance cannot be measured"):
            order.with_user(self.manager1).action_confirm()
        again = order.with_user(self.manager1)._order_review()
        self.assertNotEqual(again, review)
        self.assertEqual(again.state, "draft")

    def test_conditions_are_accepted_by_the_account_manager(self):
        order = self._create_order()
        review = self._ask(order)
        review.with_user(self.gm).action_approval_approve()
        with self.assertRefused("on which conditions"):
            review.with_user(self.purchasing).action_approval_agree_with_conditions(" ")
        review.with_user(self.purchasing).action_approval_agree_with_conditions("Steel is paid in advance.")
        self._agree(review, self.engineering, self.production, self.quality, self.finance)
        self.assertEqual(review.state, "conditions")
        with self.assertRefused("waits until manager1_test"):
            order.with_user(self.manager1).action_confirm()
        for user in (self.purchasing, self.assistant, self.gm):
            with self.subTest(user=user.login), self.assertRefused("for manager1_test .* to accept", AccessError):
                review.with_user(user).action_accept_conditions()
        review.with_user(self.manager1).action_accept_conditions()
        self.assertEqual(review.state, "passed")
        opinion = review.opinion_ids.filtered(lambda opinion: opinion.opinion == "conditional")
        self.assertEqual(opinion.accept_uid, self.manager1)
        self.assertEqual(opinion.comment, "Steel is paid in advance.")

    def test_conditions_refused(self):
        order = self._create_order()
        review = self._ask(order)
        review.with_user(self.gm).action_approval_approve()
        review.with_user(self.purchasing).action_approval_agree_with_conditions("Steel is paid in advance.")
        self._agree(review, self.engineering, self.production, self.quality, self.finance)
        review.with_user(self.manager1).action_refuse_conditions()
        self.assertEqual(review.state, "refused")
        with self.assertRefused("refused"):
            order.with_user(self.manager1).action_confirm()

    def _review_with_conditions(self, order):
        review = self._ask(order)
        review.with_user(self.gm).action_approval_approve()
        review.with_user(self.purchasing).action_approval_agree_with_conditions("Steel is paid in advance.")
        self._agree(review, self.engineering, self.production, self.quality, self.finance)
        self.assertEqual(review.state, "conditions")
        return review

    def test_conditions_refused_for_a_reason(self):
        review = self._review_with_conditions(self._create_order())
        with self.assertRefused("for manager1_test .* to accept", AccessError):
            review.with_user(self.gm).action_refuse_conditions("No")
        review.with_user(self.manager1).action_refuse_conditions("The customer pays on delivery")
        self.assertEqual(review.reason, "The customer pays on delivery")

    def test_conditions_of_an_order_that_changed(self):
        """They were for another order than it is now."""
        order = self._create_order()
        review = self._review_with_conditions(order)
        order.order_line.with_user(self.manager1).price_unit = 90
        for answer in ("action_accept_conditions", "action_refuse_conditions"):
            with self.subTest(answer=answer), self.assertRefused("has no conditions to accept"):
                getattr(review.with_user(self.manager1), answer)()
        order.order_line.with_user(self.manager1).price_unit = 100
        review.with_user(self.manager1).action_accept_conditions()
        with self.assertRefused("has no conditions to accept"):
            review.with_user(self.manager1).action_accept_conditions()

    def test_what_keeps_it_from_being_asked(self):
        """The first thing that is wrong is said, and what is mended is not said again."""
        self.company.sales_dept_quote_signoff = "all"
        order = self._create_order(order_line=[])
        review = order.with_user(self.manager1)._order_review()
        order.with_user(self.manager1)._action_cancel()
        with self.assertRefused("review|cancelled"):
            review.action_approval_submit()
        self.assertIn("is closed", review._approval_submit_error_message())
        order.with_user(self.manager1).action_draft()
        review = order.with_user(self.manager1)._order_review()
        with self.assertRefused("has no lines yet"):
            review.action_approval_submit()
        order.with_user(self.manager1).order_line = [Command.create({"product_id": self.product.id})]
        with self.assertRefused("has not been signed off"):
            review.action_approval_submit()
        self._sign(order)
        review.action_approval_submit()
        self.assertEqual(review.state, "sales")

    # === THE CLOCK === #

    def test_clock_starts_with_the_signature_and_runs_over_national_day(self):
        """Signed on 30 September; 1-8 October are holidays, the 10th is worked instead: due on 13 October."""
        calendar = self.company.resource_calendar_id
        calendar.tz = "Asia/Shanghai"
        self.env["resource.calendar.leaves"].create(
            {
                "name": "National Day",
                "calendar_id": False,
                "company_id": self.company.id,
                "date_from": "2026-09-30 16:00:00",
                "date_to": "2026-10-08 15:59:59",
            }
        )
        self.env["resource.calendar.workday"].create(
            {"name": "Make-up day", "date": "2026-10-10", "company_id": self.company.id}
        )
        with freeze_time("2026-09-28 02:00:00"):
            review = self._ask(self._create_order())
        with freeze_time("2026-09-30 02:00:00"):
            review.with_user(self.gm).action_approval_approve()
        self.assertEqual(review.sign_date, datetime(2026, 9, 30, 2))
        # Working days after the 30th: 9 (Friday), 10 (Saturday, worked), 12, 13 October.
        self.assertEqual(review.deadline.date().isoformat(), "2026-10-13")

    def test_deadline_follows_the_calendar(self):
        with freeze_time("2026-11-02 02:00:00"):
            review = self._ask(self._create_order())
            review.with_user(self.gm).action_approval_approve()
        before = review.deadline
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "company_id": self.company.id,
                "date_from": "2026-11-04 00:00:00",
                "date_to": "2026-11-04 23:59:59",
            }
        )
        self.assertGreater(review.deadline, before)

    def test_receipt_is_the_basis_of_on_time(self):
        with freeze_time("2026-11-02 02:00:00"):
            late = self._ask(self._create_order())
            early = self._ask(self._create_order())
            (late | early).with_user(self.gm).action_approval_approve()
        with freeze_time("2026-11-04 02:00:00"):
            self._agree(late | early)
            (late | early).with_user(self.assistant).action_hand_out()
            early.with_user(self.manager1).action_receive()
        with freeze_time("2026-11-10 02:00:00"):
            self.assertTrue(late.is_overdue)
            self.assertIn(late, late.search([("is_overdue", "=", True)]))
            late.with_user(self.manager1).action_receive()
            # A second click changes nothing.
            early.with_user(self.manager1).action_receive()
        self.assertEqual((early.timeliness, early.working_days), ("on_time", 2))
        self.assertEqual((late.timeliness, late.working_days), ("late", 6))
        self.assertEqual(early.receive_date, datetime(2026, 11, 4, 2))
        [(share,)] = self.env["sale.order.review"]._read_group(
            [("id", "in", (late | early).ids)], [], ["on_time_share:avg"]
        )
        self.assertEqual(share, 50.0)

    def test_hand_out_and_receive_rights(self):
        review = self._pass(self._create_order())
        with self.assertRefused("not handed out yet"):
            review.with_user(self.manager1).action_receive()
        for user in (self.manager1, self.engineering):
            with self.subTest(user=user.login), self.assertRefused("sales assistant", AccessError):
                review.with_user(user).action_hand_out()
        review.with_user(self.assistant).action_hand_out()
        moment = review.hand_out_date
        review.with_user(self.assistant).action_hand_out()
        self.assertEqual(review.hand_out_date, moment)
        activity = review.activity_ids.filtered(lambda activity: activity.user_id == self.manager1)
        self.assertEqual(len(activity), 1)
        for user in (self.assistant, self.manager2, self.gm):
            with self.subTest(user=user.login), self.assertRefused("is received by", AccessError):
                review.with_user(user).action_receive()
        review.with_user(self.manager1).action_receive()
        self.assertEqual(review.receive_uid, self.manager1)
        self.assertFalse(review.activity_ids)

    def test_only_passed_reviews_are_handed_out(self):
        review = self._ask(self._create_order())
        with self.assertRefused("Only passed reviews"):
            review.with_user(self.assistant).action_hand_out()

    def test_handed_out_as_it_was_judged(self):
        order = self._create_order()
        review = self._pass(order)
        order.order_line.with_user(self.manager1).price_unit = 90
        with self.assertRefused("changed after its review"):
            review.with_user(self.assistant).action_hand_out()
        self.assertFalse(review.hand_out_date)
        order.order_line.with_user(self.manager1).price_unit = 100
        review.with_user(self.assistant).action_hand_out()
        self.assertTrue(review.hand_out_date, "as it was, it is what they judged")

    def test_received_at_the_deadline(self):
        """To the second: at the deadline is on time and not overdue, a second later it is not."""
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        with freeze_time("2026-11-02 02:00:00"):
            early, late = (self._ask(self._create_order()) for _number in range(2))
            (early | late).with_user(self.gm).action_approval_approve()
            self._agree(early | late)
            (early | late).with_user(self.assistant).action_hand_out()
        deadline = early.deadline
        self.assertEqual(late.deadline, deadline)
        Review = self.env["sale.order.review"]
        with freeze_time(deadline):
            self.assertFalse(late.is_overdue)
            self.assertNotIn(late, Review.search([("is_overdue", "=", True)]))
            early.with_user(self.manager1).action_receive()
        late.invalidate_recordset(["is_overdue"])
        with freeze_time(deadline + timedelta(seconds=1)):
            self.assertTrue(late.is_overdue)
            self.assertIn(late, Review.search([("is_overdue", "=", True)]))
            late.with_user(self.manager1).action_receive()
            self.assertFalse(late.is_overdue, "late it is, and waits for nobody any more")
            self.assertNotIn(late, Review.search([("is_overdue", "=", True)]))
        self.assertEqual((early.timeliness, late.timeliness), ("on_time", "late"))
        self.assertEqual((early.on_time_share, late.on_time_share), (100, 0))

    # === DATES === #

    def test_promised_dates_go_to_the_order(self):
        order = self._create_order()
        review = self._ask(order)
        line = review.line_ids
        self.assertEqual(str(line.wanted_date), "2030-03-15")
        self.assertEqual(line.promised_date, line.wanted_date)
        self.assertFalse(line.is_later, "as wanted is not later")
        with self.assertRefused("while its opinion", AccessError):
            line.with_user(self.production).promised_date = "2030-04-01"
        review.with_user(self.gm).action_approval_approve()
        review.with_user(self.production).write(
            {"line_ids": [Command.update(line.id, {"promised_date": "2030-04-01"})]}
        )
        self.assertTrue(line.is_later)
        self._agree(review)
        self.assertEqual(str(order.order_line.promised_date), "2030-04-01")
        self.assertEqual(str(order.order_line.wanted_date), "2030-03-15")
        self.assertEqual(order.commitment_date.date().isoformat(), "2030-04-01")
        # The promise itself makes nothing stale.
        self.assertEqual(order.order_review_state, "passed")
        with self.assertRefused("while its opinion", AccessError):
            line.with_user(self.production).promised_date = "2030-05-01"

    def test_production_promises_each_line(self):
        order = self._create_quotation(user_id=self.manager1.id)
        review = self._ask(order)
        review.with_user(self.gm).action_approval_approve()
        with self.assertRefused("promises a date for each line.*Precision Shaft"):
            review.with_user(self.production).action_approval_approve()
        self.assertFalse(review.opinion_ids.filtered("opinion").filtered(lambda o: o.group_id.name == "Production"))
        review.line_ids.with_user(self.production).promised_date = "2030-04-01"
        review.with_user(self.production).action_approval_approve()

    def test_new_wish_after_the_promise_asks_again(self):
        order = self._create_order()
        self._pass(order)
        order.with_user(self.manager1).commitment_date = "2030-02-01 09:00:00"
        self.assertEqual(order.order_review_state, "stale")
        self.assertEqual(str(order.order_line.wanted_date), "2030-02-01")

    def test_promise_is_planned_for(self):
        self.product = self.env["product.product"].create({"name": "Stored Shaft", "is_storable": True})
        order = self._create_order(order_line=[Command.create({"product_id": self.product.id})])
        review = self._ask(order)
        review.with_user(self.gm).action_approval_approve()
        review.line_ids.with_user(self.production).promised_date = "2030-04-01"
        self._agree(review)
        order.with_user(self.manager1).action_confirm()
        self.assertEqual(order.order_line.move_ids.date_deadline.date().isoformat(), "2030-04-01")

    # === CHANGES === #

    def test_change_makes_it_stale_and_asks_those_concerned(self):
        order = self._create_order()
        first = self._pass(order)
        order.with_user(self.manager1).action_confirm()
        order.order_line.with_user(self.manager1).price_unit = 90
        self.assertEqual(order.order_review_state, "stale")
        self.assertIn("90", order.with_user(self.manager1).order_review_changes)
        activities = order.activity_ids.filtered(lambda activity: "supplementary review" in (activity.note or ""))
        self.assertEqual(len(activities), 1)
        second = self._ask(order)
        self.assertEqual(first.state, "superseded")
        self.assertEqual(second.previous_id, first)
        asked = second._approval_in_force().task_ids.group_id
        self.assertEqual(
            asked,
            self.env.ref("sales_dept_roles.group_general_manager")
            | self.env.ref("sales_dept_roles.group_finance_verifier"),
        )
        self.assertEqual(len(second.opinion_ids), 6)
        self.assertEqual(len(second.opinion_ids.filtered("carried_from")), 4)
        second.with_user(self.gm).action_approval_approve()
        second.with_user(self.finance).action_approval_approve()
        self.assertEqual(second.state, "passed")
        self.assertEqual(order.order_review_state, "passed")

    def test_change_under_way_asks_again_on_the_same_form(self):
        order = self._create_order()
        review = self._ask(order)
        review.with_user(self.gm).action_approval_approve()
        self._agree(review, self.engineering, self.quality)
        with self.assertRefused("still waits for.*Production"):
            order.with_user(self.manager1).action_confirm()
        order.order_line.with_user(self.manager1).product_uom_qty = 5
        with self.assertRefused("was changed after"):
            order.with_user(self.manager1).action_confirm()
        self.assertEqual(review.approval_state, "stale")
        with self.assertRefused("was changed after"):
            review.with_user(self.production).action_approval_approve()
        review.with_user(self.manager1).action_approval_submit()
        asked = set(review._approval_in_force().task_ids.group_id.mapped("name"))
        self.assertNotIn("Engineering", asked)
        self.assertIn("Production", asked)
        self.assertEqual(review.line_ids.product_uom_qty, 5)

    def test_subjects_are_configured_by_field(self):
        step = self.env.ref("sales_dept_roles.approval_flow_order_review_step_quality")
        step.subject_field_ids |= self.env.ref("sale.field_sale_order_line__price_unit")
        order = self._create_order()
        self._pass(order)
        order.order_line.with_user(self.manager1).price_unit = 90
        review = self._ask(order)
        self.assertIn(
            self.env.ref("sales_dept_roles.group_review_quality"), review._approval_in_force().task_ids.group_id
        )

    # === POLICY === #

    def test_policy_off_and_by_rule(self):
        self.company.sales_dept_order_review = "off"
        order = self._create_order()
        self.assertFalse(order.order_review_required)
        order.with_user(self.manager1).action_confirm()
        self.company.sales_dept_order_review = "rule"
        order = self._create_order()
        order.with_user(self.manager1).action_confirm()
        flow = self.env.ref("sales_dept_roles.approval_flow_order_review").copy(
            {"domain": "[('amount_total', '>', 150)]", "name": "Large orders"}
        )
        self.assertEqual(flow.condition_model, "sale.order")
        with self.assertRefused("was not reviewed"):
            self._create_order().with_user(self.manager1).action_confirm()
        small = self._create_order()
        small.order_line.price_unit = 1
        small.with_user(self.manager1).action_confirm()
        self.assertEqual(small.state, "sale")

    def test_new_product_as_a_condition(self):
        order = self._create_order()
        self.assertTrue(order.has_new_product)
        self.assertIn(order, self.env["sale.order"].search([("has_new_product", "=", True)]))
        self._pass(order)
        order.with_user(self.manager1).action_confirm()
        other = self._create_order()
        self.assertFalse(other.has_new_product)
        self.assertNotIn(other, self.env["sale.order"].search([("has_new_product", "=", True)]))

    def test_what_is_new_is_held_by_rule(self):
        """While it is being confirmed, an order is no earlier order of itself."""
        self.company.sales_dept_order_review = "rule"
        flow = self.env.ref("sales_dept_roles.approval_flow_order_review")
        for number, name in enumerate(["has_new_product", "is_new_customer"]):
            rule = flow.copy({"domain": f"[('{name}', '=', True)]", "name": name})
            customer = self.env["res.partner"].create({"name": f"Newcomer {number}", "is_company": True})
            product = self.env["product.product"].create({"name": f"Novelty {number}", "type": "service"})
            line = {"product_id": product.id, "product_uom_qty": 1, "price_unit": 5}
            order = self._create_order(partner_id=customer.id, order_line=[Command.create({**line})])
            for attempt in (order.action_confirm, lambda order=order: order.write({"state": "sale"})):
                self.env.invalidate_all()
                with self.subTest(name=name), self.assertRefused("was not reviewed"):
                    attempt()
            self._pass(order)
            self.env.invalidate_all()
            order.with_user(self.manager1).action_confirm()
            self.assertTrue(order[name], "it is the first one still")
            self.assertIn(order, self.env["sale.order"].search([(name, "=", True)]))
            second = self._create_order(partner_id=customer.id, order_line=[Command.create({**line})])
            self.assertFalse(second[name])
            second.with_user(self.manager1).action_confirm()
            self.assertEqual(second.state, "sale")
            self.env.invalidate_all()
            self.assertEqual((order[name], second[name]), (True, False), "it stays the first one")
            found = self.env["sale.order"].search([(name, "=", True)])
            self.assertEqual((order in found, second in found), (True, False))
            rule.active = False

    def test_new_in_a_batch_is_held_by_rule(self):
        """Two that are confirmed at the same moment do not vouch for each other."""
        self.company.sales_dept_order_review = "rule"
        flow = self.env.ref("sales_dept_roles.approval_flow_order_review")
        for name in ("has_new_product", "is_new_customer"):
            rule = flow.copy({"domain": f"[('{name}', '=', True)]", "name": name})
            customer = self.env["res.partner"].create({"name": f"Newcomer {name}", "is_company": True})
            product = self.env["product.product"].create({"name": f"Novelty {name}", "type": "service"})
            values = [
                {
                    "partner_id": customer.id,
                    "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 1})],
                }
                for _number in range(2)
            ]
            orders = self.env["sale.order"].create(values)
            for attempt in (
                orders.action_confirm,
                lambda orders=orders: orders.write({"state": "sale"}),
                lambda values=values: self.env["sale.order"].create([{**vals, "state": "sale"} for vals in values]),
            ):
                self.env.invalidate_all()
                with self.subTest(name=name), self.assertRefused("was not reviewed"):
                    attempt()
            rule.active = False

    def test_condition_that_confirming_changes(self):
        self.company.sales_dept_order_review = "rule"
        flow = self.env.ref("sales_dept_roles.approval_flow_order_review")
        for domain in ("[('state', 'in', ('draft', 'sent'))]", "[('date_order', '<', '2029-01-01')]"):
            rule = flow.copy({"domain": domain, "name": domain})
            order = self._create_order(date_order="2028-06-01 02:00:00")
            with self.subTest(domain=domain), self.assertRefused("was not reviewed"):
                order.action_confirm()
            rule.active = False
            order.action_confirm()
            self.assertEqual(order.state, "sale")

    def test_departments_one_after_the_other(self):
        """The clock runs from the general manager's signature, however many stages come after it."""
        self.env.ref("sales_dept_roles.approval_flow_order_review_step_production").sequence = 90
        with freeze_time("2030-01-07 02:00:00"):
            review = self._ask(self._create_order())
            review.with_user(self.gm).action_approval_approve()
        deadline = review.deadline
        with freeze_time("2030-01-10 02:00:00"):
            self._agree(review, self.engineering, self.purchasing, self.quality, self.finance)
            self.assertTrue(review.with_user(self.production).approval_can_decide)
            self.assertEqual((str(review.sign_date), review.deadline), ("2030-01-07 02:00:00", deadline))
            review.order_id.order_line.with_user(self.manager1).product_uom_qty += 1
            review.with_user(self.manager1).action_approval_submit()
        with freeze_time("2030-01-11 02:00:00"):
            review.with_user(self.gm).action_approval_approve()
        self.assertEqual(str(review.sign_date), "2030-01-11 02:00:00", "asked anew, it starts anew")

    def test_somebody_can_always_answer(self):
        """The customer accepted an order that is nobody's: who leads the sales accepts the conditions."""
        order = self._create_order()
        order.user_id = order.team_id = False
        order._on_accepted_while_held()
        review = order.order_review_id
        review.with_user(self.gm).action_approval_approve()
        review.with_user(self.purchasing).action_approval_agree_with_conditions("Steel is paid in advance.")
        self._agree(review)
        self.assertEqual(review.state, "conditions")
        answering = review._account_manager()
        self.assertTrue(answering.active)
        self.assertTrue(answering.has_group("sales_dept_roles.group_director"))
        self.assertIn(answering, review.activity_ids.user_id)
        review.with_user(answering).action_accept_conditions()
        review.with_user(self.assistant).action_hand_out()
        review.with_user(answering).action_receive()
        self.assertTrue(review.receive_date)

    def test_customer_accepts_though_no_flow_applies(self):
        self.env.ref("sales_dept_roles.approval_flow_order_review").step_ids.domain = "[('amount_total', '<', 0)]"
        order = self._create_order()
        order._on_accepted_while_held()
        self.assertEqual(order.order_review_state, "draft")
        self.assertIn(self.manager1, order.activity_ids.user_id)

    def test_copy_of_an_order_wants_nothing_yet(self):
        order = self._create_order()
        self.assertTrue(order.order_line.wanted_date)
        self.assertFalse(order.copy().order_line.wanted_date)

    def test_unsigned_quotation_is_not_reviewed(self):
        self.company.sales_dept_quote_signoff = "all"
        order = self._create_order()
        review = order.with_user(self.manager1)._order_review()
        with self.assertRefused("has not been signed off"):
            review.action_approval_submit()

    def test_one_in_force_per_order(self):
        order = self._create_order()
        self._ask(order)
        with mute_logger("odoo.sql_db"), self.assertRefused("one_in_force", IntegrityError):
            self.env["sale.order.review"].with_user(self.manager1).create({"order_id": order.id})
        self.assertEqual(len(order.order_review_ids), 1)

    def test_cancelled_order_asks_nobody(self):
        order = self._create_order()
        review = self._ask(order)
        order.with_user(self.manager1)._action_cancel()
        self.assertEqual(review.state, "superseded")
        self.assertFalse(review.activity_ids)

    def test_withdrawn_request(self):
        review = self._ask(self._create_order())
        review.with_user(self.manager1).action_approval_withdraw("Wrong drawing")
        self.assertEqual(review.state, "draft")
        review.with_user(self.manager1).action_approval_submit()
        self.assertEqual(review.state, "sales")

    # === COST === #

    def test_stock_is_shown_in_the_unit_of_the_line(self):
        product = self.env["product.product"].create({"name": "Stored", "is_storable": True})
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._create_order(
            order_line=[
                Command.create({"product_id": product.id, "product_uom_id": unit.id, "product_uom_qty": 12})
                for unit in (dozen, product.uom_id)
            ]
        )
        self.env["stock.quant"]._update_available_quantity(product, order.warehouse_id.lot_stock_id, 2405)
        lines = self._ask(order).with_user(self.production).line_ids
        for name in ("qty_available", "free_qty"):
            self.assertEqual(lines.mapped(name), [200.41, 2405])
        self.assertEqual(lines.mapped("product_uom_id.name"), [dozen.name, product.uom_id.name])

    def test_queries_do_not_grow_with_lines(self):
        def queries(lines):
            order = self._create_order(
                order_line=[Command.create({"product_id": self.product.id, "price_unit": n}) for n in range(lines)]
            )
            review = self._ask(order)
            self.env.flush_all()
            self.env.invalidate_all()
            specification = {
                "name": {},
                "partner_id": {"fields": {"display_name": {}}},
                "approval_summary": {},
                "line_ids": {
                    "fields": {
                        "product_id": {"fields": {"display_name": {}}},
                        "product_uom_qty": {},
                        "wanted_date": {},
                        "promised_date": {},
                        "qty_available": {},
                        "incoming_qty": {},
                        "free_qty": {},
                    }
                },
                "opinion_ids": {"fields": {"group_id": {"fields": {"display_name": {}}}, "opinion": {}}},
            }
            reader = review.with_user(self.production)
            reader.web_read(specification)
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            reader.web_read(specification)
            return self.cr.sql_log_count - before

        self.assertEqual(queries(3), queries(30))

    def test_taken_away_the_gate_lets_all_pass(self):
        """Counterfactual: without the gate the same order is confirmed on each path."""
        SaleOrder = self.env.registry["sale.order"]
        with patch.object(SaleOrder, "_order_review_missing", lambda self, *args: self.browse()):
            order = self._create_order()
            order.with_user(self.manager1).action_confirm()
            self.assertEqual(order.state, "sale")
        with self.assertRaises(UserError):
            self._create_order().with_user(self.manager1).action_confirm()
