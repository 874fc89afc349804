import random
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_agreement import SCAN
from .test_order_review import OrderReviewCommon

ON_THE_WAY = {"not_needed", "later", "open", "waiting", "held", "conditional", "passed"}


class GateRailCommon(OrderReviewCommon):
    """A company with all gates of an order on, and a customer who has what customers need."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "sales_dept_quote_signoff": "all",
                "sales_dept_order_review": "all",
                "sales_dept_customer_file": True,
                "sales_dept_agreement": True,
            }
        )
        today = cls.company._local_today()
        cls.agreement = (
            cls.env["sales.agreement"]
            .with_user(cls.manager1)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "subject": "Supply",
                    "terms": "<p>Prices hold.</p>",
                    "date_start": today - timedelta(days=9),
                    "date_end": today + timedelta(days=900),
                }
            )
        )
        cls.agreement.action_approval_submit()
        cls.agreement.with_user(cls.director).action_approval_approve()
        cls.agreement.with_user(cls.gm).action_approval_approve()
        cls.agreement.write({"signed_scan": SCAN, "signed_scan_name": "signed.pdf"})
        cls.company.sales_dept_customer_file_item_ids = False
        cls.customer.with_user(cls.manager1).action_approval_submit()
        cls.customer.with_user(cls.finance).action_approval_approve()

    def _rail(self, order, user=None):
        order.invalidate_recordset(["gate_rail", "gate_next", "gate_offers"])
        rail = order.with_user(user or self.manager1).gate_rail
        return {step["key"]: step for step in rail or []}

    def _next(self, order, user=None):
        order.invalidate_recordset(["gate_rail", "gate_next", "gate_offers"])
        return order.with_user(user or self.manager1).gate_next

    def _first_left(self, order):
        return next((key for key, step in self._rail(order).items() if not step["is_done"]), "done")


@tagged("post_install", "-at_install")
class TestGateRail(GateRailCommon):
    """What stands on the rail, for whom, and what is the next thing to do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_customer_file = False
        cls.order = cls._create_order()

    def test_nothing_of_it_without_a_policy(self):
        self.company.write(
            {"sales_dept_quote_signoff": "off", "sales_dept_order_review": "off", "sales_dept_agreement": False}
        )
        self.assertFalse(self._rail(self.order))
        self.assertFalse(self._next(self.order))
        self.assertFalse(self.order.gate_stage)
        for kind in ("list", "search"):
            arch = self.env["sale.order"].with_user(self.manager1).get_views([(False, kind)])["views"][kind]["arch"]
            self.assertNotIn("gate_stage", arch)
        self.company.sales_dept_agreement = True
        for kind in ("list", "search"):
            arch = self.env["sale.order"].with_user(self.manager1).get_views([(False, kind)])["views"][kind]["arch"]
            self.assertIn("gate_stage", arch)

    def test_whole_way(self):
        """From one button that stands out to the next, each for whom it is."""
        order = self.order
        rail = self._rail(order)
        keys = [key for key in rail if key not in ("delivery_notice", "shipped")]
        self.assertEqual(keys, ["signoff", "sent", "review", "agreement", "confirm", "invoiced"])
        self.assertLessEqual({step["state"] for step in rail.values()}, ON_THE_WAY)
        self.assertEqual(self._next(order), "action_approval_submit")
        order.with_user(self.manager1).action_approval_submit()
        self.assertEqual(self._next(order), "nothing", "it waits for somebody else")
        self.assertEqual(self._next(order, self.gm), "action_approval_sign")
        order.with_user(self.gm).action_approval_approve()
        self.assertEqual(self._next(order), "action_quotation_send", "sending comes before the review")
        self.assertIn("action_ask_for_review", order.with_user(self.manager1).gate_offers)
        order.with_user(self.manager1).action_quotation_sent()
        self.assertEqual(self._next(order), "action_ask_for_review")
        review = order.with_user(self.manager1)._order_review()
        self.assertEqual(self._rail(order)["review"]["actions"][0]["label"], "Submit for Review")
        review.action_approval_submit()
        self.assertEqual(self._next(order), "nothing")
        review.with_user(self.gm).action_approval_approve()
        self._agree(review)
        self.assertEqual(self._next(order), "action_confirm")
        order.with_user(self.manager1).action_confirm()
        rail = self._rail(order)
        self.assertEqual(rail["confirm"]["state"], "passed")
        self.assertEqual(rail["review"]["state"], "passed")

    def test_whose_turn_and_until_when(self):
        step = self.flow.step_ids[:1]
        step.working_days = 2
        with freeze_time("2030-03-04 02:00:00"):
            self.order.with_user(self.manager1).action_approval_submit()
            signoff = self._rail(self.order)["signoff"]
            self.assertEqual(signoff["state"], "waiting")
            self.assertIn("gm_test", signoff["turn"])
            self.assertNotIn("manager1_test", signoff["turn"])
            self.assertEqual(signoff["left"], "2 working days left")
            self.assertFalse(signoff["is_late"])
            self.assertEqual(self._rail(self.order, self.gm)["signoff"]["word"], "your turn")
        with freeze_time("2030-03-05 02:00:00"):
            self.assertEqual(self._rail(self.order)["signoff"]["left"], "1 working day left")
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "company_id": self.company.id,
                    "date_from": "2030-03-05 22:00:00",
                    "date_to": "2030-03-06 21:59:59",
                }
            )
            self.assertEqual(self._rail(self.order)["signoff"]["left"], "1 working day left", "that one does not count")
        with freeze_time("2030-03-09 02:00:00"):
            self.order.invalidate_recordset()
            self.order.sudo().approval_in_force_id.invalidate_recordset(["is_overdue"])
            signoff = self._rail(self.order)["signoff"]
            self.assertTrue(signoff["is_late"])
            self.assertFalse(signoff["left"])

    def test_changed_since(self):
        self._sign(self.order)
        self.order.with_user(self.manager1).order_line.price_unit = 90
        signoff = self._rail(self.order)["signoff"]
        self.assertEqual((signoff["state"], signoff["word"]), ("held", "changed since"))
        self.assertEqual(self._next(self.order), "action_approval_submit")
        details = self.order.with_user(self.manager1).gate_details("signoff")
        self.assertIn("Unit Price", details)
        self.assertIn("o_stale_signature", details)
        self.assertNotIn("fa-check ", details, "no signature looks as if it stood")

    def test_refused(self):
        self.order.with_user(self.manager1).action_approval_submit()
        self.order.with_user(self.gm).action_approval_reject("Too cheap")
        signoff = self._rail(self.order)["signoff"]
        self.assertEqual((signoff["state"], signoff["word"]), ("held", "refused"))
        self.assertIn("Too cheap", signoff["sentence"])

    def test_conditions(self):
        order = self._sign(self.order)
        review = self._ask(order)
        review.with_user(self.gm).action_approval_approve()
        self._agree(review, self.engineering, self.production, self.purchasing, self.quality)
        review.with_user(self.finance).action_approval_agree_with_conditions("30 % in advance")
        step = self._rail(order)["review"]
        self.assertEqual(step["state"], "waiting")
        self.assertEqual(step["turn"], self.manager1.name)
        self.assertEqual([action["name"] for action in step["actions"]][0], "action_accept_conditions")
        self.assertFalse(self._rail(order, self.director)["review"]["actions"], "they are not the director's to accept")
        review.with_user(self.manager1).action_accept_conditions()
        self.assertEqual(self._rail(order)["review"]["state"], "conditional")
        details = order.with_user(self.manager1).gate_details("review")
        self.assertIn("o_conditional_signature", details)
        self.assertIn("30 % in advance", details)

    def test_receipt_only_for_whom_it_is(self):
        order = self._sign(self.order)
        review = self._pass(order)
        self.assertEqual(self._next(order, self.assistant), "action_quotation_send")
        self.assertIn("action_hand_out", order.with_user(self.assistant).gate_offers)
        self.assertNotIn("action_hand_out", order.with_user(self.manager1).gate_offers)
        review.with_user(self.assistant).action_hand_out()
        for user, is_theirs in ((self.manager1, True), (self.director, False), (self.assistant, False)):
            self._next(order, user)
            self.assertEqual("action_receive" in order.with_user(user).gate_offers, is_theirs, user.login)
        review.with_user(self.manager1).action_receive()
        self._next(order)
        self.assertNotIn("action_receive", order.with_user(self.manager1).gate_offers)

    def test_departments_see_how_far_it_is(self):
        """On the form of the review, though they may not open the order: how it stands, and no more."""
        review = self._ask(self._sign(self.order))
        review.with_user(self.gm).action_approval_approve()
        with self.assertRaises(AccessError):
            self.order.with_user(self.engineering).read(["gate_rail"])
        rail = {step["key"]: step for step in review.with_user(self.engineering).gate_rail}
        self.assertEqual(list(rail), list(self._rail(self.order)))
        self.assertEqual((rail["signoff"]["state"], rail["review"]["state"]), ("passed", "waiting"))
        self.assertIn("engineering_test", rail["review"]["turn"])
        for step in rail.values():
            self.assertFalse(step["sentence"] or step["actions"] or step["has_details"], step["key"])

    def test_not_needed_by_rule(self):
        self.company.sales_dept_quote_signoff = "rule"
        step = self._rail(self.order)["signoff"]
        self.assertEqual(step["state"], "not_needed")
        self.assertEqual(self._next(self.order), "action_quotation_send")

    def test_reader_without_the_right_to_edit(self):
        """What one may not do is not offered."""
        self.assertEqual(self._next(self.order, self.director), "action_approval_submit")
        self.order.sudo().user_id = self.manager2
        reader = self._create_role_user("reader_test", "group_account_manager")
        rule = self.env.ref("sale.sale_order_personal_rule")
        rule.write({"perm_read": False})
        self.assertFalse(self.order.with_user(reader).has_access("write"))
        self.assertTrue(self._rail(self.order, reader))
        self.assertEqual(self._next(self.order, reader), "nothing")
        self.assertFalse(self.order.with_user(reader).gate_offers)

    def test_rush_only_where_there_is_a_promise(self):
        order = self.order.with_user(self.manager1)
        self.assertFalse(order.can_request_rush)
        order.order_line._write_protected({"promised_date": fields.Date.to_date("2030-03-20")})
        self.assertTrue(order.can_request_rush)

    def test_outsiders(self):
        self._sign(self.order)
        theirs = self.order.with_user(self.portal_user)
        self.assertTrue(theirs.read(["name"]), "the counterpart: they read the order")
        for name in ("gate_rail", "gate_stage"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                theirs.read([name])
        for work in (
            lambda: theirs.gate_details("signoff"),
            lambda: theirs.search([("gate_stage", "=", "sent")]),
            lambda: theirs.browse().formatted_read_group([], ["gate_stage"], ["__count"]),
        ):
            with self.assertRaises(AccessError):
                work()
        self.assertFalse(theirs.gate_next)
        colleague = self.order.with_user(self.outsider)
        with self.assertRaises(AccessError):
            colleague.gate_details("signoff")

    # === LISTS === #

    def _various_orders(self):
        """Orders at many places of the way, by chance."""
        chance = random.Random(20261130)
        stranger = self.env["res.partner"].create({"name": "Stranger", "is_company": True})
        orders = self.env["sale.order"]
        for _number in range(24):
            partner = chance.choice([self.customer, self.customer, stranger])
            order = self._create_order(partner_id=partner.id)
            orders |= order
            if chance.random() < 0.2:
                order.signed_contract = SCAN
            if chance.random() < 0.2:
                continue
            order.with_user(self.manager1).action_approval_submit()
            if chance.random() < 0.2:
                continue
            order.with_user(self.gm).action_approval_approve()
            if chance.random() < 0.6:
                order.with_user(self.manager1).action_quotation_sent()
            if chance.random() < 0.6:
                self._pass(order)
            if chance.random() < 0.3:
                order.with_user(self.manager1).order_line.price_unit = 90
                if chance.random() < 0.6:
                    self._sign(order)
            elif not order.with_user(self.manager1)._gate_held("sale") and chance.random() < 0.7:
                order.with_user(self.manager1).action_confirm()
        return orders

    def test_lists_say_what_the_rail_says(self):
        """The database's word and that of the documents are the same, whatever the policies."""
        orders = self._various_orders()
        rule = self.env["sales.approval.flow"].create(
            {
                "name": "Strangers",
                "model_id": self.env["ir.model"]._get_id("sale.order.review"),
                "sequence": 0,
                "domain": "[('partner_id.name', '=', 'Stranger')]",
            }
        )
        policies = [
            {},
            {"sales_dept_order_review": "rule"},
            {"sales_dept_order_review": "off", "sales_dept_customer_file": True},
            {"sales_dept_quote_signoff": "rule"},
            {"sales_dept_quote_signoff": "off", "sales_dept_agreement": False, "sales_dept_order_review": "all"},
        ]
        seen = set()
        for active in (False, True):
            rule.active = active
            for values in policies:
                self.company.write(values)
                self.env.flush_all()
                self.env.invalidate_all()
                expected = {order: self._first_left(order) for order in orders}
                self.assertEqual({order: order.gate_stage for order in orders}, expected, values)
                seen |= set(expected.values())
                for stage in set(expected.values()):
                    found = orders.search([("id", "in", orders.ids), ("gate_stage", "=", stage)])
                    self.assertEqual(set(found), {order for order in orders if expected[order] == stage})
        self.assertLessEqual({"signoff", "sent", "review", "agreement", "customer_file", "confirm"}, seen)

    def test_grouped_and_searched(self):
        cancelled = self._create_order()
        cancelled.with_user(self.manager1)._action_cancel()
        orders = self.order | cancelled
        Orders = self.env["sale.order"].with_user(self.manager1)
        groups = Orders.formatted_read_group([("id", "in", orders.ids)], ["gate_stage"], ["__count"])
        self.assertEqual({group["gate_stage"]: group["__count"] for group in groups}, {"signoff": 1, False: 1})
        for operator, value, found in (
            ("=", "signoff", self.order),
            ("!=", "signoff", cancelled),
            ("in", ["signoff", "sent"], self.order),
            ("=", False, cancelled),
        ):
            domain = [("id", "in", orders.ids), ("gate_stage", operator, value)]
            self.assertEqual(Orders.search(domain), found, domain)
            self.assertEqual(orders.filtered_domain(domain), found, domain)

    # === WHAT IT COSTS === #

    def _queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        return self.env.cr.sql_log_count - before

    def test_one_query_for_a_page_of_a_list(self):
        orders = self._create_order()
        for _number in range(9):
            orders |= self._create_order()
        orders = orders.with_user(self.manager1)
        orders.web_read({"name": {}, "gate_stage": {}})
        plain = self._queries(lambda: orders.web_read({"name": {}}))
        self.assertLessEqual(self._queries(lambda: orders.web_read({"name": {}, "gate_stage": {}})), plain + 1)

    def test_form_costs_no_more_than_with_banners(self):
        """At most two queries more than the fields of which the rail is made, which stood above the order before."""
        order = self._create_order()
        order.with_user(self.manager1).action_approval_submit()
        banners = [
            "quote_signoff_required",
            "quote_signoff_missing",
            "approval_state",
            "approval_summary",
            "approval_can_decide",
            "order_review_required",
            "order_review_missing",
            "order_review_state",
            "order_review_changes",
            "customer_file_hold",
            "agreement_missing",
        ]
        for user in (self.manager1, self.gm):
            theirs = order.with_user(user)
            before = dict.fromkeys(["name", "partner_id", "state", "quote_signoff_missing", *banners], {})
            now = dict.fromkeys(
                ["name", "partner_id", "state", "quote_signoff_missing", "gate_rail", "gate_next", "gate_offers"], {}
            )
            theirs.web_read({**before, **now})
            self.assertLessEqual(
                self._queries(lambda order=theirs, now=now: order.web_read(now)),
                self._queries(lambda order=theirs, before=before: order.web_read(before)) + 2,
            )

    def test_queries_do_not_grow_with_orders(self):
        def orders(count):
            made = self.env["sale.order"].with_user(self.manager1)
            for _number in range(count):
                made |= self._create_order()
            made[: count // 2].action_approval_submit()
            return made

        few, many = orders(4), orders(8)
        counts = {}
        # Once more, since the first reads what stays in memory.
        for _turn in range(2):
            counts = {len(some): self._queries(lambda some=some: some.mapped("gate_rail")) for some in (few, many)}
        self.assertEqual(counts[4], counts[8])

    def test_step_of_a_feature_is_a_stage(self):
        stages = [key for key, _label in self.env["sale.order"]._gate_stages()]
        ours = [key for key in stages if key not in ("delivery_notice", "shipped")]
        self.assertEqual(
            ours, ["signoff", "sent", "review", "customer_file", "agreement", "confirm", "invoiced", "done"]
        )
        self.assertEqual(set(stages) - {"done"}, set(self.env["sale.order"]._gate_stages_sql("sale_order")))

    def test_new_order(self):
        order = (
            self.env["sale.order"]
            .with_user(self.manager1)
            .new({"partner_id": self.customer.id, "order_line": [Command.create({"product_id": self.product.id})]})
        )
        self.assertEqual(order.gate_next, "action_approval_submit")
        self.assertNotIn("action_confirm", order.gate_offers)
        states = {step["key"]: step["state"] for step in order.gate_rail}
        self.assertEqual((states["review"], states["agreement"]), ("later", "later"))
