from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import tagged

from .common import SalesDeptCommon

DRAWING = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
ENGINE = ("sales.approval", "sales.approval.task", "sales.approval.decision")


@tagged("post_install", "-at_install")
class TestApprovalRights(SalesDeptCommon):
    """What each role may and may not do with the records of the engine, as a client would try it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quotation()
        cls.order.action_approval_submit()
        cls.approval = cls.order.sudo().approval_ids
        cls.signed = cls._sign(cls._create_quotation())
        cls.decision = cls.signed.sudo().approval_ids.decision_ids
        cls.records = {
            "sales.approval": cls.approval,
            "sales.approval.task": cls.approval.task_ids,
            "sales.approval.decision": cls.decision,
        }
        cls.everybody = (
            cls.gm
            | cls.director
            | cls.manager1
            | cls.manager2
            | cls.assistant
            | cls.finance
            | cls.engineering
            | cls.outsider
            | cls.portal_user
            | cls.env.ref("base.user_admin")
        )

    def test_nobody_writes_approvals(self):
        for user in self.everybody:
            for model in ENGINE:
                record = self.records[model].with_user(user)
                attempts = {
                    "create": lambda record=record: record.create({}),
                    "copy": lambda record=record: record.copy(),
                    "write": lambda record=record: record.write({"state": "approved"}),
                    "unlink": lambda record=record: record.unlink(),
                    "load": lambda record=record: self._load(record),
                }
                for name, attempt in attempts.items():
                    with self.subTest(user=user.login, model=model, attempt=name), self.assertRaises(UserError):
                        attempt()

    def _load(self, record):
        field = {"sales.approval": "reason", "sales.approval.task": "name", "sales.approval.decision": "comment"}
        result = record.load([".id", field[record._name]], [[str(record.id), "forged"]])
        if not result["ids"]:
            raise UserError(str(result["messages"]))

    def test_private_methods_are_not_callable(self):
        """RPC reaches public methods only, and these decide for nobody else."""
        from odoo.service.model import get_public_method

        for name in ("_decide", "_close", "_proceed", "_request", "_lock"):
            with self.subTest(method=name), self.assertRaises(AccessError):
                get_public_method(self.approval, name)

    def test_who_may_decide(self):
        for user in self.everybody - self.gm:
            order = self.order.with_user(user)
            for attempt in (
                lambda order=order: order.action_approval_approve(),
                lambda order=order: order.action_approval_reject("No"),
                lambda user=user: self.approval.with_user(user).action_approve(),
            ):
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    attempt()
        self.assertEqual(self.approval.state, "pending")
        self.order.with_user(self.gm).action_approval_approve()
        self.assertEqual(self.approval.state, "approved")

    def test_nothing_is_told_of_what_one_may_not_see(self):
        """Not what it is, who asked, or whom it waits for."""
        for user in (self.outsider, self.manager2):
            for attempt in (
                lambda order: order.action_approval_approve(),
                lambda order: order.action_approval_reject("No"),
                lambda order: order.sudo().approval_ids.with_env(order.env).action_approve(),
            ):
                self.env.invalidate_all()
                with self.subTest(user=user.login), self.assertRaises(AccessError) as caught:
                    attempt(self.order.with_user(user))
                for secret in (self.order.name, self.manager1.name, "General Manager"):
                    self.assertNotIn(secret, str(caught.exception))

    def test_who_may_submit_and_withdraw(self):
        draft = self._create_quotation()
        for user in (self.manager2, self.finance, self.engineering, self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                draft.with_user(user).action_approval_submit()
        draft.with_user(self.assistant).action_approval_submit()
        with self.assertRaises(AccessError):
            draft.with_user(self.manager1).action_approval_withdraw()
        draft.with_user(self.assistant).action_approval_withdraw()

    def test_who_sees_an_approval(self):
        sees = self.gm | self.gm2 | self.director | self.assistant | self.manager1
        for user in self.everybody - self.portal_user - self.env.ref("base.user_admin"):
            with self.subTest(user=user.login):
                for model, record in self.records.items():
                    found = self.env[model].with_user(user).search([("id", "=", record.id)])
                    self.assertEqual(bool(found), user in sees)
        with self.assertRaises(AccessError):
            self.env["sales.approval"].with_user(self.portal_user).search([])
        with self.assertRaises(AccessError):
            self.decision.with_user(self.outsider).read(["signature"])

    def test_other_company_does_not_see_it(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._create_role_user("gm_other", "group_general_manager")
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(self.env["sales.approval"].with_user(stranger).search([]))
        with self.assertRaises(UserError):
            self.order.with_user(stranger).sudo().action_approval_approve()

    def test_flows(self):
        values = {"name": "Mine", "model_id": self.env["ir.model"]._get_id("sale.order")}
        for user in self.everybody - self.gm - self.env.ref("base.user_admin"):
            Flow = self.env["sales.approval.flow"].with_user(user)
            for attempt in (
                lambda Flow=Flow: Flow.create(values),
                lambda user=user: self.flow.with_user(user).write({"active": False}),
                lambda user=user: self.flow.with_user(user).unlink(),
                lambda user=user: self.flow.step_ids.with_user(user).write({"working_days": 9}),
                lambda user=user: self.flow.step_ids.with_user(user).unlink(),
                lambda user=user: (
                    self.env["sales.approval.flow.step"]
                    .with_user(user)
                    .create({"flow_id": self.flow.id, "name": "Mine", "group_id": self.flow.step_ids.group_id.id})
                ),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    attempt()
        self.flow.with_user(self.gm).write({"note": "Changed"})

    def test_delegations(self):
        Delegation = self.env["sales.approval.delegation"]
        values = {"date_to": Date.today(), "reason": "Away"}
        # Of one's own, by those who hold something to give.
        own = Delegation.with_user(self.gm).create({**values, "delegate_id": self.director.id})
        for user in (self.manager1, self.assistant, self.outsider, self.portal_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                Delegation.with_user(user).create({**values, "user_id": user.id, "delegate_id": self.gm.id})
        # Never another's, whoever one is.
        for user in (self.director, self.gm2, self.finance):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                Delegation.with_user(user).create({**values, "user_id": self.gm.id, "delegate_id": user.id})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                own.with_user(user).write({"delegate_id": self.outsider.id})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                own.with_user(user).unlink()
        mine = Delegation.with_user(self.director).create({**values, "delegate_id": self.assistant.id})
        with self.assertRaises(AccessError):
            mine.with_user(self.director).write({"user_id": self.gm.id})
        with self.assertRefused("internal users only"):
            Delegation.with_user(self.gm).create({**values, "delegate_id": self.portal_user.id})

    def test_dialog_of_another(self):
        """What the general manager typed and drew there is decided on with the next click."""
        dialog = (
            self.env["sales.approval.decide"]
            .with_user(self.gm)
            .create({"approval_ids": [Command.set(self.approval.ids)], "outcome": "rejected", "signature": DRAWING})
        )
        for user in self.everybody - self.gm:
            theirs = dialog.with_user(user)
            for attempt in (
                lambda theirs=theirs: theirs.read(["signature"]),
                lambda theirs=theirs: theirs.write({"outcome": "approved"}),
                lambda theirs=theirs: theirs.action_decide(),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    attempt()
        dialog.comment = "Too dear"
        dialog.action_decide()
        self.assertEqual(self.approval.state, "rejected")
        self.assertFalse(dialog.signature)

    def test_former_employee(self):
        """Who left can be told nothing, and their request is no one's hostage."""
        self.manager1.active = False
        self.order.with_user(self.gm).action_approval_reject("Too dear")
        self.assertEqual(self.approval.state, "rejected")
        order = self._create_quotation(user=self.manager2)
        order.action_approval_submit()
        self.manager2.active = False
        with self.assertRaises(AccessError):
            order.with_user(self.finance).action_approval_withdraw()
        order.with_user(self.director).action_approval_withdraw()
        self.assertEqual(order.approval_state, "none")

    def test_delegate_who_became_a_customer(self):
        Delegation = self.env["sales.approval.delegation"]
        Delegation.with_user(self.gm).create(
            {"delegate_id": self.outsider.id, "date_to": Date.today(), "reason": "Away"}
        )
        Task = self.env["sales.approval.task"].sudo()
        waiting = self.approval.task_ids
        self.assertIn(waiting, Task.search(Task._decidable_domain(self.outsider)))
        self.outsider.active = False
        self.assertNotIn(waiting, Task.search(Task._decidable_domain(self.outsider)))
        self.outsider.active = True
        self.outsider.group_ids = [Command.set(self.env.ref("base.group_portal").ids)]
        self.assertNotIn(waiting, Task.search(Task._decidable_domain(self.outsider)))
        with self.assertRaises(AccessError):
            self.order.with_user(self.outsider).sudo().action_approval_approve()
        self.assertEqual(self.approval.state, "pending")

    def test_own_signature_only(self):
        self.gm.with_user(self.gm).write({"sales_dept_signature": DRAWING})
        self.assertTrue(self.gm.with_user(self.gm).read(["sales_dept_signature"])[0]["sales_dept_signature"])
        for user in (self.director, self.manager1, self.outsider):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.gm.with_user(user).read(["sales_dept_signature"])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.gm.with_user(user).write({"sales_dept_signature": DRAWING})
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "res.users"),
                    ("res_field", "=", "sales_dept_signature"),
                    ("res_id", "=", self.gm.id),
                ]
            )
        )
        self.assertTrue(attachment)
        with self.assertRaises(AccessError):
            attachment.with_user(self.manager1).read(["datas"])

    def test_drawn_signature_of_a_decision(self):
        """The attachment behind the drawing is closed to those who may not see the decision."""
        self.order.with_user(self.gm).action_approval_approve(signature=DRAWING)
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "sales.approval.decision"),
                    ("res_field", "=", "signature"),
                    ("res_id", "=", self.approval.decision_ids.id),
                ]
            )
        )
        self.assertTrue(attachment)
        for user in (self.outsider, self.manager2):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                attachment.with_user(user).read(["datas"])
        for user in (self.manager1, self.gm):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                attachment.with_user(user).write({"datas": False})
