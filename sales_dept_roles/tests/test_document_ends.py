from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_department_leave import DepartmentLeaveCommon


class DocumentEndsCommon(DepartmentLeaveCommon):
    """One document of each kind, each waiting for signatures."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.production = cls._create_role_user("production_test", "group_review_production")
        cls.company.write({"sales_dept_quote_signoff": "off", "sales_dept_order_review": "all"})

    # === DOCUMENTS === #

    def _quotation(self):
        self.company.sales_dept_quote_signoff = "all"
        return self._submitted(self._create_quotation())

    def _review(self):
        self.company.sales_dept_quote_signoff = "off"
        order = self._create_quotation(user_id=self.manager1.id, commitment_date="2030-03-15 09:00:00")
        return self._submitted(order.with_user(self.manager1)._order_review())

    def _rush(self):
        self.company.sales_dept_quote_signoff = "off"
        order = self._create_quotation(user_id=self.manager1.id, commitment_date="2030-03-15 09:00:00")
        return self._submitted(
            self.env["sale.rush.request"]
            .with_user(self.manager1)
            .create(
                {
                    "order_id": order.id,
                    "reason": "Line stands still",
                    "line_ids": [
                        Command.create(
                            {"sale_line_id": order.order_line.id, "quantity": 1, "wanted_date": "2030-03-01"}
                        )
                    ],
                }
            )
        )

    def _agreement(self):
        return self._submitted(
            self.env["sales.agreement"]
            .with_user(self.manager1)
            .create({"partner_id": self.customer.id, "subject": "Parts", "terms": "<p>Net 30</p>"})
        )

    def _customer_file(self):
        self.company.sales_dept_customer_file_item_ids = False
        customer = self.env["res.partner"].create({"name": "Filed Ltd", "is_company": True})
        return self._submitted(customer.with_user(self.manager1))

    def _leave_request(self):
        return self._leave("2031-03-03")

    def _requisition(self):
        return self._submitted(
            self.env["sales.manpower.requisition"]
            .with_user(self.manager1)
            .create(
                {
                    "position": "Export Manager",
                    "wanted_date": "2099-01-01",
                    "duties": "<p>Sells</p>",
                    "department_id": self.department.id,
                }
            )
        )

    @staticmethod
    def _submitted(document):
        document.action_approval_submit()
        return document

    # === WAYS OF ENDING === #

    @classmethod
    def _ways(cls):
        """Return ``{name: (document, way of ending it)}``: every kind of document on each path on which it ends."""
        order_of = {"review": lambda document: document.order_id, "rush": lambda document: document.order_id}
        ways = {}
        for name, order in {"quotation": lambda document: document, **order_of}.items():
            make = getattr(cls, f"_{name}")
            ways |= {
                f"{name}: button": (
                    make,
                    lambda self, d, order=order: order(d).with_user(self.manager1).action_cancel(),
                ),
                f"{name}: write": (make, lambda self, d, order=order: order(d).sudo().write({"state": "cancel"})),
                f"{name}: client's context": (
                    make,
                    lambda self, d, order=order: (
                        order(d).with_context(mail_activity_automation_skip=True, active_test=True)._action_cancel()
                    ),
                ),
                f"{name}: database": (
                    make,
                    lambda self, d, order=order: self._by_sql(order(d), "state", "cancel"),
                ),
            }
        return ways | {
            "quotation: deleted": (cls._quotation, lambda self, d: d.sudo().unlink()),
            "review: superseded": (cls._review, lambda self, d: d.sudo()._supersede()),
            "review: state": (cls._review, lambda self, d: d._write_protected({"state": "superseded"})),
            "agreement: terminated": (
                cls._agreement,
                lambda self, d: d._write_protected({"termination_date": "2026-01-01", "termination_reason": "Over"}),
            ),
            "file: archived": (cls._customer_file, lambda self, d: d.sudo().action_archive()),
            "file: write": (cls._customer_file, lambda self, d: d.sudo().write({"active": False})),
            "file: deleted": (cls._customer_file, lambda self, d: d.sudo().unlink()),
            "file: of a contact": (
                cls._customer_file,
                lambda self, d: d.sudo().write({"is_company": False, "parent_id": self.customer.id}),
            ),
            "file: merged": (
                cls._customer_file,
                lambda self, d: (
                    self.env["base.partner.merge.automatic.wizard"]
                    .create({})
                    ._merge((d | self.customer).ids, self.customer)
                ),
            ),
            "file: database": (cls._customer_file, lambda self, d: self._by_sql(d, "active", False)),
            "leave: refused": (cls._leave_request, lambda self, d: d.with_user(self.officer).action_refuse()),
            "leave: cancelled": (cls._leave_request, lambda self, d: d.sudo()._force_cancel("No need")),
            "leave: write": (cls._leave_request, lambda self, d: d.sudo().write({"state": "cancel"})),
            "leave: deleted": (cls._leave_request, lambda self, d: d.unlink()),
            "leave: database": (cls._leave_request, lambda self, d: self._by_sql(d, "state", "cancel")),
            "requisition: closed": (cls._requisition, lambda self, d: d._close_requisition("No need")),
            "requisition: deleted": (cls._requisition, lambda self, d: d.unlink()),
        }

    def _by_sql(self, record, name, value):
        """Past the ORM: then it is the cron that sees it."""
        record.flush_recordset()
        # pylint: disable-next=sql-injection
        self.env.cr.execute(f"UPDATE {record._table} SET {name} = %s WHERE id = %s", (value, record.id))
        record.invalidate_recordset()
        self.env["sales.approval"].sudo()._withdraw_orphans()


@tagged("post_install", "-at_install")
class TestDocumentEnds(DocumentEndsCommon):
    def test_nothing_is_asked_about_what_has_ended(self):
        """On every path, of every kind: no open signature, no to-do, no row in anybody's inbox."""
        Approval, Activity = self.env["sales.approval"], self.env["mail.activity"]
        types = [
            self.env.ref(f"sales_dept_roles.mail_activity_{name}").id
            for name in ("approval", "order_review_conditions", "order_review_receive")
        ]
        tried = set()
        for name, (make, end) in self._ways().items():
            with self.subTest(way=name), self.cr.savepoint() as savepoint:
                document = make(self)
                model, res_id = document._name, document.id
                approval = document.sudo()._approval_in_force()
                self.assertEqual(approval.state, "pending")
                approvers = approval.task_ids._approvers()
                users = self.env["res.users"].union(*approvers.values())
                self.assertTrue(users)
                todos = Activity.sudo().search(
                    [("res_model", "=", model), ("res_id", "=", res_id), ("activity_type_id", "in", types)]
                )
                self.assertTrue(todos)
                end(self, document)
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertIn(approval.state, ("withdrawn", "superseded"))
                self.assertTrue(approval.reason)
                self.assertFalse(approval.task_ids.filtered(lambda task: task.state in ("open", "waiting")))
                self.assertFalse(
                    Activity.sudo().search(
                        [("res_model", "=", model), ("res_id", "=", res_id), ("activity_type_id", "in", types)]
                    )
                )
                for user in users:
                    inbox = Approval.with_user(user).search([("can_decide", "=", True)])
                    self.assertNotIn(approval, inbox, user.login)
                # Nor does the cron find anything to ask.
                Approval.sudo()._cron_notify()
                self.assertFalse(todos.exists())
                tried.add(model)
                savepoint.rollback()
        # Documents of the addons above this one are tried there.
        kinds = {
            name
            for name in self.env["sales.approval.flow"]._approval_model_names()
            if self.env[name]._original_module not in ("sales_dept_logistics", "sales_dept_kpi")
        }
        self.assertEqual(
            tried | {"sales.dept.test.document"},
            {*kinds, "sales.dept.test.document"},
            "each kind of document was tried",
        )

    def test_without_the_rule_they_go_on_asking(self):
        """Counterfactual."""
        order = self._quotation()
        with patch.object(self.registry["sale.order"], "_approval_filter_ended", lambda self: self.browse()):
            order.action_cancel()
        self.assertEqual(order.sudo()._approval_in_force().state, "pending")
        # What slipped through is not signed, and the cron takes it back.
        with self.assertRefused("was cancelled"):
            order.with_user(self.gm).action_approval_approve()
        self.env["sales.approval"].sudo()._cron_notify()
        self.assertEqual(order.sudo().approval_ids.state, "withdrawn")

    def test_what_was_kept_back_is_nobodys_any_more(self):
        """Messages, an acceptance and a choice of a cancelled order wait for nobody; its payment is still there."""
        order = self._create_quotation(user_id=self.manager1.id)
        names = ("message_held", "order_held", "beyond_offer", "order_changed", "payment_held")
        types = [self.env.ref(f"sales_dept_roles.mail_activity_{name}") for name in names]
        for name in names:
            order._ask_responsible(f"sales_dept_roles.mail_activity_{name}", "To do")
        order.activity_schedule("mail.mail_activity_data_call", user_id=self.manager1.id)
        self.assertEqual(len(order.activity_ids), len(names) + 1)
        order.with_user(self.manager1).action_cancel()
        self.assertEqual(
            order.activity_ids.activity_type_id, types[-1] | self.env.ref("mail.mail_activity_data_call"), "no other"
        )

    def test_many_end_with_few_queries(self):
        counts = []
        for number in (3, 6):
            orders = self.env["sale.order"].union(*(self._quotation() for _ in range(number)))
            self.env.flush_all()
            self.env.invalidate_all()
            approvals = orders.sudo().approval_ids
            before = self.cr.sql_log_count
            with patch.object(self.registry["sale.order"], "_approval_post", lambda self, body: None):
                orders.sudo()._approval_take_back(lambda order: ("withdrawn", "Over"))
                self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(set(approvals.mapped("state")), {"withdrawn"})
        self.assertLessEqual(counts[1], counts[0] + 6)

    # === SUPERSEDED REVIEWS === #

    def _passed_review(self):
        review = self._review()
        for user in (self.gm, self.engineering, self.production, self.finance, self.purchasing, self.quality):
            if review.with_user(user).approval_can_decide:
                review.with_user(user).action_approval_approve()
        self.assertEqual(review.state, "passed")
        return review

    @property
    def purchasing(self):
        return self._once("purchasing")

    @property
    def quality(self):
        return self._once("quality")

    def _once(self, name):
        found = self.env["res.users"].search([("login", "=", f"{name}_test")])
        return found or self._create_role_user(f"{name}_test", f"group_review_{name}")

    def test_superseded_review_is_not_received_and_scores_nothing(self):
        handed_out, received = self._passed_review(), self._passed_review()
        (handed_out | received).with_user(self.assistant).action_hand_out()
        received.with_user(self.manager1).action_receive()
        share = self.env["sale.order.review"]._read_group(
            [("id", "in", (handed_out | received).ids)], [], ["on_time_share:avg"]
        )
        self.assertEqual(share, [(100.0,)])
        (handed_out | received).sudo()._supersede()
        self.assertFalse((handed_out | received).activity_ids)
        with self.assertRefused("not in force any more"):
            handed_out.with_user(self.manager1).action_receive()
        self.assertFalse(handed_out.with_user(self.manager1).can_receive)
        share = self.env["sale.order.review"]._read_group(
            [("id", "in", (handed_out | received).ids)], [], ["on_time_share:avg"]
        )
        self.assertIs(share[0][0], False, "neither on time nor late")
        self.assertFalse(received.timeliness)
        passed = self._passed_review()
        passed.sudo()._supersede()
        with self.assertRefused("Only passed reviews"):
            passed.with_user(self.assistant).action_hand_out()

    def test_passed_review_of_a_cancelled_order(self):
        """Not handed out and not received while the order is cancelled; it stands again when the order comes back."""
        review, waiting = self._passed_review(), self._passed_review()
        review.with_user(self.assistant).action_hand_out()
        self.assertTrue(review.activity_ids)
        (review | waiting).order_id.sudo()._action_cancel()
        self.assertFalse(review.activity_ids)
        with self.assertRefused("not in force any more"):
            review.with_user(self.manager1).action_receive()
        with self.assertRefused("not in force any more"):
            waiting.with_user(self.assistant).action_hand_out()
        review.order_id.sudo().action_draft()
        self.env["sales.approval"].sudo()._cron_notify()
        self.assertEqual(review.activity_ids.user_id, self.manager1)
        review.with_user(self.manager1).action_receive()
        self.assertEqual(review.timeliness, "on_time")

    def test_receipt_names_no_other_companys_review(self):
        review = self._passed_review()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_role_user("stranger_test", "group_account_manager")
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError) as caught:
            review.with_user(stranger).with_context(allowed_company_ids=other.ids).action_receive()
        for secret in (review.name, self.manager1.name, review.order_id.name):
            self.assertNotIn(secret, str(caught.exception))


@tagged("post_install", "-at_install")
class TestApprovalTodos(DocumentEndsCommon):
    """The to-dos follow what is due, and nobody else has a hand in them."""

    def _todo(self, document, user):
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", document._name),
                    ("res_id", "=", document.id),
                    ("user_id", "=", user.id),
                    ("activity_type_id", "=", self.env.ref("sales_dept_roles.mail_activity_approval").id),
                ]
            )
        )

    def test_nobody_else_ends_moves_or_makes_one(self):
        for make in (type(self)._quotation, type(self)._agreement, type(self)._requisition):
            document = make(self)
            approver = self.env["res.users"].union(
                *document.sudo()._approval_in_force().task_ids._approvers().values()
            )[0]
            todo = self._todo(document, approver)
            self.assertEqual(len(todo), 1)
            admin = self.env.ref("base.user_admin")
            for user in (self.manager1, approver, admin):
                attempts = {
                    "delete": lambda own: own.unlink(),
                    "done": lambda own: own.action_done(),
                    "feedback": lambda own: own.action_feedback("Done"),
                    "cancel": lambda own: own.action_cancel(),
                    "archive": lambda own: own.write({"active": False}),
                    "give away": lambda own: own.write({"user_id": self.manager2.id}),
                    "put off": lambda own: own.action_reschedule_nextweek(),
                    "other type": lambda own: own.write(
                        {"activity_type_id": self.env.ref("mail.mail_activity_data_todo").id}
                    ),
                    "other document": lambda own: own.write({"res_id": 1000000}),
                }
                for name, attempt in attempts.items():
                    with (
                        self.subTest(model=document._name, user=user.login, attempt=name),
                        self.assertRaises(AccessError),
                        self.cr.savepoint(),
                    ):
                        attempt(todo.with_user(user))
            self.assertTrue(todo.exists().active)
            with self.assertRefused("comes from the system", AccessError), self.cr.savepoint():
                document.with_user(self.manager1).activity_schedule(
                    "sales_dept_roles.mail_activity_approval", user_id=self.manager2.id
                )
            document.with_user(approver).action_approval_approve()
            self.assertFalse(todo.exists())

    def test_other_activities_are_free(self):
        order = self._quotation()
        todo = order.activity_schedule("mail.mail_activity_data_todo", user_id=self.manager1.id)
        todo.write({"date_deadline": "2031-01-01"})
        todo.action_feedback("Done")
        # Named by its text, or else by what kind it is.
        todo = self._todo(order, self.gm)
        for summary in ("Sign it today", False):
            todo.summary = summary
            name = summary or todo.activity_type_id.name
            with self.assertRefused(f"“{name}” on .*comes from the system", AccessError), self.cr.savepoint():
                todo.with_user(self.gm).unlink()
        with self.assertRefused("comes from the system", AccessError), self.cr.savepoint():
            other = order.activity_schedule("mail.mail_activity_data_todo", user_id=self.manager1.id)
            other.write({"activity_type_id": self.env.ref("sales_dept_roles.mail_activity_approval").id})

    def test_lost_ones_are_made_again(self):
        order, review = self._quotation(), self._review()
        lost = self._todo(order, self.gm) | self._todo(review, self.gm)
        self.assertEqual(len(lost), 2)
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM mail_activity WHERE id IN %s", (tuple(lost.ids),))
        self.env.invalidate_all()
        self.env["sales.approval"].sudo()._cron_notify()
        self.assertEqual(len(self._todo(order, self.gm)), 1)
        self.assertEqual(len(self._todo(review, self.gm)), 1)
        self.env["sales.approval"].sudo()._cron_notify()
        self.assertEqual(len(self._todo(order, self.gm)), 1, "and made once")

    def test_day_is_the_deadlines_in_the_companys_zone(self):
        self.calendar.tz = "Asia/Shanghai"
        self.env.user.tz = "America/Los_Angeles"
        flow = self.env.ref("sales_dept_roles.approval_flow_quotation")
        flow.step_ids.working_days = 2
        with freeze_time("2031-03-03 17:30:00"):
            # Tuesday the 4th, 01:30, in Shanghai.
            order = self._quotation()
        deadline = order.sudo()._approval_in_force().deadline
        todo = self._todo(order, self.gm)
        self.assertEqual(todo.date_deadline.isoformat(), "2031-03-06")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "company_id": self.company.id,
                "date_from": datetime(2031, 3, 4, 16),
                "date_to": datetime(2031, 3, 5, 15, 59),
            }
        )
        self.assertGreater(order.sudo()._approval_in_force().deadline, deadline)
        self.assertEqual(todo.date_deadline.isoformat(), "2031-03-07", "it follows the deadline")

    def test_zone_changes_the_day(self):
        """The close of work at 23:30 in Auckland is the same day there, and the day before in UTC."""
        self.calendar.tz = "Pacific/Auckland"
        with freeze_time("2031-03-03 08:00:00"):
            order = self._quotation()
        todo, approval = self._todo(order, self.gm), order.sudo()._approval_in_force()
        moment = approval.task_ids.deadline or approval.task_ids.start_date
        local = self.calendar._local_dates([moment], self.company)[0]
        self.assertEqual(todo.date_deadline, local)
        self.assertLessEqual(local - moment.date(), timedelta(days=1))


@tagged("post_install", "-at_install")
class TestMixedSelection(DocumentEndsCommon):
    """*Approve* and *Refuse* on a selection of several kinds."""

    def _mixed(self):
        documents = [self._leave_request(), self._requisition(), self._agreement(), self._quotation(), self._review()]
        return documents, self.env["sales.approval"].union(*(d.sudo()._approval_in_force() for d in documents))

    def test_all_are_signed(self):
        documents = [self._leave_request(), self._requisition(), self._leave("2031-03-12")]
        approvals = self.env["sales.approval"].union(*(d.sudo()._approval_in_force() for d in documents))
        mine = approvals.with_user(self.director)
        mine.action_approve()
        self.assertEqual(approvals.mapped("decision_ids.user_id"), self.director)
        self.assertEqual(len(approvals.decision_ids), 3)
        self.assertEqual([documents[0].state, documents[2].state], ["validate", "validate"])

    def test_all_are_refused(self):
        documents = [self._leave_request(), self._requisition(), self._leave("2031-03-12")]
        approvals = self.env["sales.approval"].union(*(d.sudo()._approval_in_force() for d in documents))
        action = approvals.with_user(self.director).action_reject()
        wizard = (
            self.env["sales.approval.decide"]
            .with_user(self.director)
            .with_context(**action["context"])
            .create({"comment": "Not now"})
        )
        wizard.action_decide()
        self.assertEqual(set(approvals.mapped("state")), {"rejected"})
        self.assertEqual(documents[0].state, "refuse")

    def test_each_that_cannot_be_is_named(self):
        _documents, approvals = self._mixed()
        decidable = approvals.filtered(lambda approval: approval.with_user(self.director).can_decide)
        self.assertTrue(decidable and approvals - decidable)
        with self.assertRaises(UserError) as caught:
            approvals.with_user(self.director).sudo(False)._decide("rejected", "No")
        for approval in approvals - decidable:
            self.assertIn(approval.res_name, str(caught.exception))
        self.assertEqual(set(approvals.mapped("state")), {"pending"}, "all or none")
        visible = approvals.with_user(self.director)._filtered_access("read")
        result = visible.action_approve()
        self.assertEqual(len(decidable.decision_ids), len(decidable))
        for approval in visible - decidable.with_env(visible.env):
            self.assertIn(approval.res_name, result["params"]["message"])

    def test_queries_do_not_grow_with_kinds(self):
        counts = []
        for number in (2, 4):
            leaves = [self._leave(f"2031-0{number}-{day:02}") for day in range(3, 3 + 4 * number, 4)]
            documents = leaves + [self._requisition() for _ in range(number)]
            approvals = self.env["sales.approval"].union(*(d.sudo()._approval_in_force() for d in documents))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            approvals.with_user(self.director)._decision_error_messages()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 4)
