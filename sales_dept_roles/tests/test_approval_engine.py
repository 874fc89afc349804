from datetime import datetime, timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import Command, api, fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import SalesDeptCommon
from .fake_models import load_fake_models


class ApprovalCommon(SalesDeptCommon):
    """The engine on a document of its own, so that nothing of the quotation helps it along."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        load_fake_models(cls, "SalesDeptTestDocument")
        cls.Document = cls.env["sales.dept.test.document"]
        model = cls.env["ir.model"]._get("sales.dept.test.document")
        cls.env["ir.model.access"].create(
            {
                "name": "test document",
                "model_id": model.id,
                "group_id": cls.env.ref("base.group_user").id,
                "perm_read": True,
                "perm_write": True,
                "perm_create": True,
                "perm_unlink": True,
            }
        )
        cls.doc_flow = cls.env["sales.approval.flow"].create(
            {
                "name": "Test document",
                "model_id": model.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Director",
                            "sequence": 10,
                            "group_id": cls._group("director").id,
                            "working_days": 1,
                            "escalation_group_id": cls._group("general_manager").id,
                        }
                    ),
                    Command.create({"name": "Finance", "sequence": 20, "group_id": cls._group("finance_verifier").id}),
                    Command.create(
                        {"name": "Engineering", "sequence": 20, "group_id": cls._group("review_engineering").id}
                    ),
                ],
            }
        )

    @classmethod
    def _group(cls, name):
        return cls.env.ref(f"sales_dept_roles.group_{name}")

    def _create_document(self, user=None, **vals):
        return self.Document.with_user(user or self.manager1).create({"name": "Doc", "amount": 10, **vals})

    def _submitted(self, **vals):
        document = self._create_document(**vals)
        document.action_approval_submit()
        return document

    def _summary_queries(self, count, state):
        """Queries that the summaries of `count` documents take, of which the second state of things is read."""
        documents = self.Document.browse([self._submitted(name=f"{state} {number}").id for number in range(count)])
        if state == "stale":
            documents.amount = 20
        self.env.flush_all()
        self.env.invalidate_all()
        documents = documents.with_user(self.gm)
        # What one document takes by itself.
        documents[:1].mapped("approval_summary")
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(len(list(filter(None, documents.mapped("approval_summary")))), count)
        self.assertEqual(set(documents.mapped("approval_state")), {state})
        return self.env.cr.sql_log_count - before

    def _in_force(self, document):
        return document.sudo()._approval_in_force()


@tagged("post_install", "-at_install")
class TestApprovalEngine(ApprovalCommon):
    def test_summaries_of_many_documents(self):
        for state in ("pending", "stale"):
            self._summary_queries(2, state)
            with self.subTest(state=state):
                self.assertEqual(self._summary_queries(10, state), self._summary_queries(5, state))

    def test_steps_in_order_and_in_parallel(self):
        document = self._submitted()
        self.assertEqual(document.approval_state, "pending")
        self.assertEqual(self._in_force(document).waiting_for, "Sales Director")
        with self.assertRefused("waits for: Sales Director", AccessError):
            document.with_user(self.finance).action_approval_approve()
        document.with_user(self.director).action_approval_approve()
        self.assertEqual(self._in_force(document).waiting_for, "Finance Verifier, Engineering")
        document.with_user(self.engineering).action_approval_approve()
        self.assertEqual(document.approval_state, "pending")
        document.with_user(self.finance).action_approval_approve("In order.")
        self.assertEqual(document.approval_state, "approved")
        self.assertEqual(document.granted_count, 1)
        self.assertEqual(
            self._in_force(document).decision_ids.mapped("user_id"), self.director | self.engineering | self.finance
        )

    def test_conditional_step(self):
        self.doc_flow.step_ids[1].domain = "[('amount', '>', 100)]"
        document = self._submitted()
        self.assertEqual(len(self._in_force(document).task_ids), 2)
        self.assertEqual(len(self._in_force(self._submitted(amount=500)).task_ids), 3)

    def test_no_step_applies(self):
        self.doc_flow.step_ids.domain = "[('amount', '>', 100)]"
        with self.assertRefused("Approval Flows"):
            self._submitted()

    def test_refused_with_reason(self):
        document = self._submitted()
        for reason in (False, "   "):
            with self.assertRefused("Say why"):
                self._in_force(document).with_env(self.env).with_user(self.director)._decide("rejected", reason)
        document.with_user(self.director).action_approval_reject("Too expensive")
        self.assertEqual(document.approval_state, "rejected")
        approval = self._in_force(document)
        self.assertEqual(approval.reason, "Too expensive")
        self.assertEqual(set(approval.task_ids.mapped("state")), {"done", "cancelled"})
        self.assertEqual(document.refused_count, 1)
        self.assertIn("Too expensive", document.message_ids[0].body + document.message_ids[1].body)

    def test_reject_button_asks_for_the_reason(self):
        document = self._submitted()
        action = document.with_user(self.director).action_approval_reject()
        self.assertEqual(action["res_model"], "sales.approval.decide")
        wizard = self.env["sales.approval.decide"].with_user(self.director).with_context(**action["context"])
        wizard.create({"comment": "No"}).action_decide()
        self.assertEqual(document.approval_state, "rejected")

    def test_restart_keeps_history(self):
        document = self._submitted()
        document.with_user(self.director).action_approval_reject("No")
        document.action_approval_submit()
        self.assertEqual(document.approval_state, "pending")
        self.assertEqual(sorted(document.sudo().approval_ids.mapped("state")), ["pending", "superseded"])
        self.assertEqual(len(document.sudo().approval_ids.decision_ids), 1)

    def test_double_click_changes_nothing(self):
        document = self._submitted()
        document.action_approval_submit()
        self.assertEqual(len(document.sudo().approval_ids), 1)
        document.with_user(self.director).action_approval_approve()
        with self.assertRefused("You do not hold that role", AccessError):
            document.with_user(self.director).action_approval_approve()
        self.assertEqual(len(self._in_force(document).decision_ids), 1)

    def test_four_eyes(self):
        document = self._create_document(user=self.director)
        document.action_approval_submit()
        with self.assertRefused("somebody else", AccessError):
            document.action_approval_approve()
        self.assertNotIn(
            self._in_force(document),
            self.env["sales.approval"].with_user(self.director).search([("can_decide", "=", True)]),
        )

    def test_withdraw(self):
        document = self._submitted()
        self.assertTrue(document.approval_can_withdraw)
        self.assertFalse(document.with_user(self.manager2).approval_can_withdraw)
        self.assertFalse(document.with_user(self.director).approval_can_withdraw)
        with self.assertRefused("Only", AccessError):
            document.with_user(self.manager2).action_approval_withdraw()
        document.action_approval_withdraw("Typing error")
        self.assertEqual(document.approval_state, "none")
        self.assertEqual(document.sudo().approval_ids.state, "withdrawn")
        with self.assertRefused("not waiting"):
            document.action_approval_withdraw()
        with self.assertRefused("not waiting"):
            document.with_user(self.director).action_approval_approve()

    def test_changed_while_waiting(self):
        document = self._submitted()
        document.amount = 11
        self.assertEqual(document.approval_state, "stale")
        with self.assertRefused("was changed after"):
            self._in_force(document).with_env(self.env).with_user(self.director).action_approve()
        document.action_approval_submit()
        self.assertEqual(document.approval_state, "pending")
        document.with_user(self.director).action_approval_approve()

    def test_term_that_came_later(self):
        """A module that is installed later undoes no signature; and asks for its term from then on."""
        spec = type(self.Document)._approval_spec
        with patch.object(type(self.Document), "_approval_spec", lambda self: {"amount": None}):
            signed = self._submitted()
            for user in (self.director, self.finance, self.engineering):
                signed.with_user(user).action_approval_approve()
        self.assertEqual(list(self._in_force(signed).terms), ["amount"])
        self.assertEqual(list(spec(self.Document)), ["name", "amount"])
        self.assertTrue(signed._approval_matches(self._in_force(signed)))
        signed.name = "Another"
        self.assertEqual(signed.approval_state, "approved", "nobody signed the name")
        self.assertFalse(self._in_force(signed)._diff())
        signed.amount = 11
        self.assertEqual(signed.approval_state, "stale")
        self.assertEqual([label for label, _old, _new in self._in_force(signed)._diff()], ["Amount"])

    def test_flow_edited_under_way(self):
        document = self._submitted()
        self.doc_flow.step_ids[1:].unlink()
        self.doc_flow.step_ids.group_id = self._group("general_manager")
        document.with_user(self.director).action_approval_approve()
        self.assertEqual(document.approval_state, "pending", "still as it was asked")

    def test_deleted_document(self):
        document = self._submitted()
        approval = self._in_force(document)
        document.unlink()
        self.assertEqual(approval.state, "withdrawn")
        self.assertEqual(approval.res_name, "Doc")
        self.assertFalse(self.env["sales.approval"].with_user(self.director).search([("can_decide", "=", True)]))

    def test_delegation(self):
        document = self._submitted()
        delegation = (
            self.env["sales.approval.delegation"]
            .with_user(self.director)
            .create({"delegate_id": self.assistant.id, "date_to": fields.Date.today(), "reason": "Exhibition"})
        )
        self.assertEqual(delegation.state, "running")
        document.with_user(self.assistant).action_approval_approve()
        decision = self._in_force(document).decision_ids
        self.assertEqual((decision.user_id, decision.on_behalf_id), (self.assistant, self.director))
        self.assertEqual(decision.display_name, f"{self.assistant.name} for {self.director.name}")

    def test_delegation_of_a_role_that_its_giver_does_not_hold(self):
        """Once it is escalated, the giver's other role is asked: that one was not delegated."""
        document = self._submitted()
        task = self._in_force(document).task_ids[0]
        task.sudo().is_escalated = True
        self.assertIn(self.env.ref("sales_dept_roles.group_general_manager"), task._asked_groups())
        values = {"user_id": self.gm.id, "delegate_id": self.assistant.id, "date_to": fields.Date.today()}
        delegation = self.env["sales.approval.delegation"].create(
            {**values, "reason": "Away", "group_id": task.group_id.id}
        )
        self.assertNotIn(task.group_id, self.gm.all_group_ids)
        found = self.env["sales.approval"].with_user(self.assistant).search([("can_decide", "=", True)])
        self.assertNotIn(task.approval_id, found)
        with self.assertRaises(AccessError):
            document.with_user(self.assistant).action_approval_approve()
        delegation.group_id = False
        document.with_user(self.assistant).action_approval_approve()
        self.assertEqual(task.decision_id.on_behalf_id, self.gm)

    def test_delegation_for_one_company(self):
        """Decided and found: documents of that company only."""
        other = self.env["res.company"].create({"name": "Other"})
        for user in self.manager1 | self.director | self.assistant | self.finance | self.engineering:
            user.company_ids |= other
        here, there = self._submitted(), self._submitted(company_id=other.id)
        values = {"user_id": self.director.id, "delegate_id": self.assistant.id, "date_to": fields.Date.today()}
        self.env["sales.approval.delegation"].create({**values, "reason": "Away", "company_id": other.id})
        companies = (self.company | other).ids
        assistant = self.assistant.with_context(allowed_company_ids=companies)
        Approvals = self.env["sales.approval"].with_user(assistant).with_context(allowed_company_ids=companies)
        found = Approvals.search([("can_decide", "=", True), ("res_model", "=", here._name)])
        self.assertEqual(found, self._in_force(there))
        with self.assertRaises(AccessError):
            here.with_user(assistant).action_approval_approve()
        there.with_user(assistant).with_context(allowed_company_ids=companies).action_approval_approve()
        self.assertEqual(self._in_force(there).decision_ids.on_behalf_id, self.director)

    def test_delegation_to_who_does_not_work_there(self):
        """Authority in a company is not given to somebody who has no part in it."""
        other = self.env["res.company"].create({"name": "Other"})
        for user in self.manager1 | self.director:
            user.company_ids |= other
        there = self._submitted(company_id=other.id)
        values = {"user_id": self.director.id, "delegate_id": self.assistant.id, "date_to": fields.Date.today()}
        self.env["sales.approval.delegation"].create({**values, "reason": "Away"})
        self.assertFalse(self._in_force(there).task_ids._filter_decidable(self.assistant))
        Task = self.env["sales.approval.task"].sudo()
        open_there = Task.search([("approval_id", "=", self._in_force(there).id), ("state", "=", "open")])
        self.assertTrue(open_there)
        self.assertFalse(open_there & Task.search(Task._decidable_domain(self.assistant)))
        self.assistant.company_ids |= other
        self.assertTrue(open_there & Task.search(Task._decidable_domain(self.assistant)))
        self.assertTrue(open_there._filter_decidable(self.assistant))

    def test_delegation_from_its_first_to_its_last_day(self):
        """Days of the giver's company: from midnight to midnight there, decided and found."""
        document = self._submitted()
        values = {"user_id": self.director.id, "delegate_id": self.assistant.id, "reason": "Away"}
        self.env["sales.approval.delegation"].create({**values, "date_from": "2026-11-03", "date_to": "2026-11-04"})
        Approvals = self.env["sales.approval"].with_user(self.assistant)
        # Midnight in UTC: 16:00 the day before in Shanghai, 07:00 or 08:00 the same day in Los Angeles.
        edges = {
            "Asia/Shanghai": (
                "2026-11-02 15:59:59",
                "2026-11-02 16:00:00",
                "2026-11-04 15:59:59",
                "2026-11-04 16:00:00",
            ),
            "America/Los_Angeles": (
                "2026-11-03 07:59:59",
                "2026-11-03 08:00:00",
                "2026-11-05 07:59:59",
                "2026-11-05 08:00:00",
            ),
        }
        for zone, moments in edges.items():
            self.company.resource_calendar_id.tz = zone
            for moment, may in zip(moments, (False, True, True, False), strict=True):
                with self.subTest(zone=zone, moment=moment), freeze_time(moment):
                    self.env.invalidate_all()
                    tasks = self._in_force(document).task_ids
                    self.assertEqual(bool(tasks._filter_decidable(self.assistant)), may)
                    found = Approvals.search([("can_decide", "=", True), ("res_id", "=", document.id)])
                    self.assertEqual(bool(found), may)

    def test_overdue_after_its_deadline(self):
        """To the second: nobody is reminded at the deadline itself."""
        with freeze_time("2026-11-02 02:00:00"):
            task = self._in_force(self._submitted()).task_ids[0]
            task.notified_date = fields.Datetime.now()
        Task = self.env["sales.approval.task"].sudo()
        for seconds, is_overdue in ((-1, False), (0, False), (1, True)):
            with self.subTest(seconds=seconds), freeze_time(task.deadline + timedelta(seconds=seconds)):
                self.assertEqual(task in Task._search_overdue_unreminded(), is_overdue)
                approval = task.approval_id
                approval.invalidate_recordset(["is_overdue"])
                self.assertEqual(approval.is_overdue, is_overdue)
                self.assertEqual(approval in approval.search([("is_overdue", "=", True)]), is_overdue)

    def test_reminded_again_after_twenty_hours(self):
        """So that the next day's mail comes at the same hour, also where the one before was late."""
        with freeze_time("2026-11-02 02:00:00"):
            task = self._in_force(self._submitted()).task_ids[0]
        with freeze_time("2026-11-05 08:00:00"):
            now = fields.Datetime.now()
            for seconds, is_reminded in ((-1, False), (0, False), (1, True)):
                task.notified_date = now - timedelta(hours=20, seconds=seconds)
                with self.subTest(seconds=seconds):
                    self.assertEqual(task in task._search_overdue_unreminded(), is_reminded)

    def test_delegation_of_who_left(self):
        document = self._submitted()
        task = self._in_force(document).task_ids[0]
        values = {"user_id": self.director.id, "delegate_id": self.assistant.id, "date_to": fields.Date.today()}
        self.env["sales.approval.delegation"].create({**values, "reason": "Away"})
        for active in (True, False):
            self.director.active = active
            with self.subTest(active=active):
                self.assertEqual(bool(task._filter_decidable(self.assistant)), active)
                self.assertEqual(task in task.search(task._decidable_domain(self.assistant)), active)
                self.assertEqual(self.assistant in task._approvers()[task], active)
        with self.assertRaises(AccessError):
            document.with_user(self.assistant).action_approval_approve()

    def test_delegation_tells_the_delegate(self):
        document = self._submitted()
        values = {"user_id": self.director.id, "delegate_id": self.assistant.id, "reason": "Away"}
        with freeze_time("2026-11-02 08:00:00"):
            delegation = self.env["sales.approval.delegation"].create(
                {**values, "date_from": "2026-11-03", "date_to": "2026-11-04"}
            )
            self.assertNotIn(self.assistant, document.activity_ids.user_id)
        for moment, is_asked in (("2026-11-03 08:00:00", True), ("2026-11-05 08:00:00", False)):
            with freeze_time(moment):
                self.env["sales.approval"]._cron_notify()
                self.assertEqual(self.assistant in document.activity_ids.user_id, is_asked, moment)
        with freeze_time("2026-11-03 08:00:00"):
            delegation.date_to = "2026-11-06"
            self.assertIn(self.assistant, document.activity_ids.user_id)

    def test_delegation_ends_where_it_was_given(self):
        """Not in a time zone that the client names."""
        document = self._submitted()
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        with freeze_time("2026-11-03 17:00:00"):
            self.env["sales.approval.delegation"].create(
                {
                    "user_id": self.director.id,
                    "delegate_id": self.assistant.id,
                    "date_from": "2026-11-02",
                    "date_to": "2026-11-03",
                    "reason": "Away",
                }
            )
            for zone in ("UTC", "Etc/GMT+12", "Asia/Shanghai"):
                with self.subTest(zone=zone), self.assertRaises(AccessError):
                    document.with_user(self.assistant).with_context(tz=zone).action_approval_approve()

    def test_used_delegation_is_kept(self):
        document = self._submitted()
        today = fields.Date.today()
        delegation = (
            self.env["sales.approval.delegation"]
            .with_user(self.director)
            .create({"delegate_id": self.assistant.id, "date_to": today + timedelta(days=5), "reason": "Away"})
        )
        delegation.reason = "On leave"
        document.with_user(self.assistant).action_approval_approve()
        for values in (
            {"delegate_id": self.finance.id},
            {"reason": "Another"},
            {"date_from": today - timedelta(days=9)},
            {"date_to": today + timedelta(days=9)},
        ):
            with self.subTest(values=values), self.assertRefused("make a new one"):
                delegation.write(values)
        delegation.date_to = delegation.date_to
        delegation.date_to = today
        delegation.active = False

    def test_orphans_do_not_stop_the_others(self):
        """Below the ORM a document may vanish, and with its module a model."""
        gone, lost, there = self._submitted(), self._submitted(), self._submitted()
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM sales_dept_test_document WHERE id = %s", [gone.id])
        lost_approval = self._in_force(lost)
        self.env.cr.execute("UPDATE sales_approval SET res_model = 'gone.model' WHERE id = %s", [lost_approval.id])
        self.env.invalidate_all()
        with self.assertRefused("was deleted"):
            lost_approval.action_open_document()
        self.env["sales.approval"]._cron_notify()
        self.assertEqual(lost_approval.state, "withdrawn")
        self.assertEqual(self._in_force(there).task_ids[0].notified_date.date(), fields.Date.today())

    def test_delegation_limits(self):
        Delegation = self.env["sales.approval.delegation"]
        today = fields.Date.today()
        values = {
            "user_id": self.director.id,
            "delegate_id": self.assistant.id,
            "date_from": today,
            "date_to": today,
            "reason": "Away",
        }
        cases = {
            "over": {"date_from": today - timedelta(days=3), "date_to": today - timedelta(days=1)},
            "not begun": {"date_from": today + timedelta(days=1), "date_to": today + timedelta(days=3)},
            "another role": {"group_id": self._group("general_manager").id},
            "another company": {"company_id": self.env["res.company"].create({"name": "Other"}).id},
            "archived": {"active": False},
            "of one without the role": {"user_id": self.gm.id},
        }
        for name, vals in cases.items():
            with self.subTest(case=name):
                document = self._submitted()
                delegation = Delegation.create({**values, **vals})
                with self.assertRefused("do not hold that role", AccessError):
                    document.with_user(self.assistant).action_approval_approve()
                delegation.active = False
        # The delegate of the requester does not decide the requester's own document either.
        document = self._create_document(user=self.director)
        document.action_approval_submit()
        Delegation.create(values)
        with self.assertRefused("do not hold that role", AccessError):
            document.with_user(self.assistant).action_approval_approve()

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        document = self.Document.sudo().create({"name": "Theirs", "company_id": other.id})
        document.with_user(self.env.ref("base.user_admin")).sudo().action_approval_submit()
        with self.assertRefused("do not hold that role", AccessError):
            self._in_force(document).with_env(self.env).with_user(self.director)._decide("approved")
        self.assertFalse(self.env["sales.approval"].with_user(self.director).search([("res_name", "=", "Theirs")]))

    def test_superuser_has_no_role(self):
        """Neither the administrator nor code in superuser mode signs for a role."""
        document = self._submitted()
        for user in (self.env.ref("base.user_admin"), self.env.ref("base.user_root"), self.outsider):
            with self.assertRefused("do not hold that role", AccessError):
                document.with_user(user).sudo().action_approval_approve()

    def test_drawn_signature(self):
        self.doc_flow.step_ids[0].signature_required = True
        document = self._submitted()
        with self.assertRefused("drawn signature"):
            document.with_user(self.director).action_approval_approve()
        drawing = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        action = document.with_user(self.director).action_approval_sign()
        self.env["sales.approval.decide"].with_user(self.director).with_context(**action["context"]).create(
            {"signature": drawing}
        ).action_decide()
        self.assertTrue(self._in_force(document).decision_ids.signature)
        self.assertTrue(self.director.sudo().sales_dept_signature, "kept for next time")
        document2 = self._submitted()
        document2.with_user(self.director).action_approval_approve()
        self.assertTrue(self._in_force(document2).decision_ids.signature)

    def test_bulk(self):
        documents = [self._submitted() for _number in range(3)]
        changed = documents[1]
        changed.amount = 99
        approvals = self.env["sales.approval"].with_user(self.director).search([("can_decide", "=", True)])
        self.assertEqual(len(approvals), 3)
        result = approvals.action_approve()
        self.assertIn("2 documents: signed off", result["params"]["message"])
        self.assertIn("was changed after", result["params"]["message"])
        self.assertEqual((result["params"]["type"], result["params"]["sticky"]), ("warning", True))
        self.assertEqual(self._in_force(changed).decision_ids, self.env["sales.approval.decision"])
        result = self._in_force(self._submitted()).with_env(self.env).with_user(self.director).action_approve()
        self.assertEqual((result["params"]["type"], result["params"]["sticky"]), ("success", False))

    def test_inbox(self):
        document = self._submitted()
        Approval = self.env["sales.approval"]
        waits = [("can_decide", "=", True)]
        self.assertEqual(Approval.with_user(self.director).search(waits), self._in_force(document))
        self.assertFalse(Approval.with_user(self.finance).search(waits), "not yet asked")
        document.with_user(self.director).action_approval_approve()
        self.assertFalse(Approval.with_user(self.director).search(waits))
        self.assertEqual(Approval.with_user(self.finance).search(waits), self._in_force(document))
        self.assertEqual(Approval.with_user(self.finance).search(waits).kind, "Test Document")

    def test_activities(self):
        document = self._submitted()
        self.assertEqual(document.activity_ids.user_id, self.director)
        document.with_user(self.director).action_approval_approve()
        self.assertEqual(document.activity_ids.user_id, self.finance | self.engineering)
        document.with_user(self.finance).action_approval_reject("No")
        self.assertFalse(document.activity_ids)

    def test_to_dos_do_not_depend_on_who_is_at_work(self):
        document = self._submitted()
        document.sudo().activity_ids.unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        for _number in range(2):
            document.with_user(self.outsider)._approval_refresh_activities()
            self.assertEqual(document.sudo().activity_ids.user_id, self.director)

    def test_lost_to_dos_are_made_again(self):
        """Also where no activity is left that says that something is to be done."""
        document = self._submitted()
        document.sudo().activity_ids.unlink()
        self.env.flush_all()
        self.env["sales.approval"]._refresh_all_activities()
        self.assertEqual(document.sudo().activity_ids.user_id, self.director)

    def test_day_of_a_to_do_without_a_limit(self):
        """It is the day on which the step was asked, and not the one on which the document was submitted."""
        with freeze_time("2026-11-02 02:00:00"):
            document = self._submitted()
        with freeze_time("2026-11-05 02:00:00"):
            document.with_user(self.director).action_approval_approve()
        self.assertEqual(set(document.activity_ids.mapped("date_deadline")), {fields.Date.to_date("2026-11-05")})

    def test_one_mail_per_approver(self):
        for _number in range(3):
            self._submitted()
        Mail = self.env["mail.mail"]
        before = Mail.search([])
        self.env["sales.approval"]._cron_notify()
        mails = Mail.search([]) - before
        self.assertEqual(len(mails), 1)
        self.assertEqual(mails.recipient_ids, self.director.partner_id)
        self.assertEqual(mails.subject, "3 to sign")
        self.assertIn(self.director.company_id.name, mails.body_html, "from the reader's company")
        self.assertEqual(mails.body_html.count("/mail/view?model=sales.dept.test.document"), 3)
        self.env["sales.approval"]._cron_notify()
        self.assertEqual(Mail.search([]) - before, mails, "told once")

    def test_reminder_and_escalation(self):
        monday = datetime(2026, 11, 2, 2, 0)
        with freeze_time(monday):
            document = self._submitted()
            self.env["sales.approval"]._cron_notify()
        task = self._in_force(document).task_ids[0]
        self.assertEqual(task.deadline.date(), datetime(2026, 11, 3).date())
        with freeze_time(monday + timedelta(days=1)):
            self.env["sales.approval"]._cron_notify()
            self.assertEqual(task.reminder_count, 0, "not overdue yet")
        with freeze_time(datetime(2026, 11, 4, 10, 0)):
            self.assertTrue(self._in_force(document).is_overdue)
            self.env["sales.approval"]._cron_notify()
            self.env["sales.approval"]._cron_notify()
            self.assertEqual(task.reminder_count, 1, "once a day")
            self.assertFalse(task.is_escalated)
            with self.assertRefused("do not hold that role", AccessError):
                document.with_user(self.gm).action_approval_approve()
        with freeze_time(datetime(2026, 11, 5, 10, 0)):
            self.env["sales.approval"]._cron_notify()
            self.assertTrue(task.is_escalated)
            self.assertIn(self.gm, document.activity_ids.user_id)
        with freeze_time(datetime(2026, 11, 7, 10, 0)):
            self.env["sales.approval"]._cron_notify()
            self.assertEqual(task.reminder_count, 2, "not on a Saturday")
            document.with_user(self.gm).action_approval_approve()
        self.assertEqual(task.decision_id.user_id, self.gm)

    def test_deadline_follows_the_calendar(self):
        with freeze_time(datetime(2026, 11, 2, 2, 0)):
            document = self._submitted()
            task = self._in_force(document).task_ids[0]
            before = task.deadline
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "date_from": "2026-11-03 00:00:00",
                    "date_to": "2026-11-03 23:59:59",
                    "calendar_id": False,
                }
            )
            self.assertEqual(task.deadline - before, timedelta(days=1))

    def test_working_days_taken(self):
        with freeze_time(datetime(2026, 11, 5, 2, 0)):
            document = self._submitted()
        with freeze_time(datetime(2026, 11, 10, 2, 0)):
            document.with_user(self.director).action_approval_reject("No")
        self.assertEqual(self._in_force(document).working_days, 3, "Friday, Monday, Tuesday")

    def test_record_of_signatures_is_final(self):
        document = self._submitted()
        document.with_user(self.director).action_approval_approve()
        decision = self._in_force(document).decision_ids
        with self.assertRefused("cannot be changed"):
            decision.comment = "Something else"
        for record in (decision, self._in_force(document)):
            with self.assertRefused("cannot be deleted"):
                record.unlink()

    def test_one_in_force_in_the_database(self):
        document = self._submitted()
        approval = self._in_force(document)
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute(
                "INSERT INTO sales_approval (res_model, res_id, res_name, flow_id, company_id, requester_id,"
                " request_date, digest, state) SELECT res_model, res_id, res_name, flow_id, company_id, requester_id,"
                " request_date, digest, state FROM sales_approval WHERE id = %s",
                [approval.id],
            )

    def test_queries_do_not_grow_with_approvals(self):
        def queries(count):
            for _number in range(count):
                self._submitted()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["sales.approval"].with_user(self.director).search([("can_decide", "=", True)]).mapped("can_decide")
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertLessEqual(queries(20), queries(2))


@tagged("post_install", "-at_install")
class TestApprovalConcurrency(TransactionCase):
    """Two people at once, with two real transactions."""

    def test_two_decisions_at_the_same_moment(self):
        """The second waits for the first, fails to serialize, and is run again by Odoo."""
        registry = self.registry
        with registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            cr.execute("SELECT 1")
            flow = env.ref("sales_dept_roles.approval_flow_quotation")
            approval = env["sales.approval"].create(
                {
                    "res_model": "res.partner",
                    "res_id": env.user.partner_id.id,
                    "res_name": "Race",
                    "flow_id": flow.id,
                    "company_id": env.company.id,
                    "requester_id": env.uid,
                    "digest": "0",
                }
            )
            approval_id = approval.id
            # For the other transactions of this test to see.
            cr.commit()  # pylint: disable=invalid-commit
        try:
            with registry.cursor() as first, registry.cursor() as second:
                second.execute("SELECT 1")
                mine = api.Environment(first, api.SUPERUSER_ID, {})["sales.approval"].browse(approval_id)
                mine._lock()
                mine.last_decision_date = fields.Datetime.now()
                mine.flush_recordset()
                second.execute("SET LOCAL lock_timeout = '200ms'")
                theirs = api.Environment(second, api.SUPERUSER_ID, {})["sales.approval"].browse(approval_id)
                with self.assertRaises(psycopg2.errors.LockNotAvailable), mute_logger("odoo.sql_db"):
                    theirs._lock()
                second.rollback()
                second.execute("SELECT 1")
                first.commit()
                theirs = api.Environment(second, api.SUPERUSER_ID, {})["sales.approval"].browse(approval_id)
                with self.assertRaises(psycopg2.errors.SerializationFailure), mute_logger("odoo.sql_db"):
                    theirs._lock()
                second.rollback()
        finally:
            with registry.cursor() as cr:
                cr.execute("DELETE FROM sales_approval WHERE id = %s", [approval_id])
                cr.commit()  # pylint: disable=invalid-commit
