from datetime import timedelta

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

from .collection_common import CollectionCommon


class CollectionRights(RightMatrixCase, CollectionCommon):
    """What the table of rights says about plans, promises, the chasing log, disputes and ageing."""

    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.user_id = cls.owner
        cls.today = cls.company._local_today()
        cls.last_month_end = cls.today.replace(day=1) - timedelta(days=1)

    def _owed(self):
        """An instalment of the account manager's customer that is long overdue."""
        day = self.last_month_end - timedelta(days=80)
        return self._due(self._invoice(self.owner, 100, day, due=day))

    def _new_plan(self, state="draft"):
        self._owed()
        plan = self._plan(self.today, self.owner)
        if state != "draft":
            plan.action_approval_submit()
        if state == "approved":
            plan.with_user(self.people["Director"]).action_approval_approve()
        return plan

    def _new_promise(self):
        return self._promise(self._owed(), self.today, user=self.owner)

    def _new_contact(self):
        return self.Contact.with_user(self.owner).create({"partner_id": self.customer.id, "result": "Friday"})

    def _new_dispute(self):
        return self._dispute(self._owed(), user=self.owner)

    def _new_ageing(self):
        self._owed()
        self.Ageing._take(self.company, self.last_month_end)
        return self.Ageing.search([("company_id", "=", self.company.id)])

    def _row(self):
        self._owed()
        return self._todo(user=self.owner)

    def _make_company_records(self):
        self._new_plan()
        self._new_promise()
        self._new_contact()
        self._new_dispute()
        self._new_ageing()

    def _remind(self, row):
        action = row.action_remind()
        self.env["sales.collection.remind"].with_user(row.env.user).browse(action["res_id"]).action_send()

    def _take_ageing(self, dialog):
        dialog.create({"date": self.last_month_end}).action_take()

    def _promise_from(self, row):
        vals = {"date": self.today, "partner_id": self.customer.id, "move_line_ids": row._items().ids}
        row.env["sales.collection.promise"].create(vals)

    def _dispute_from(self, row):
        vals = {"partner_id": self.customer.id, "move_line_id": row._items().id, "kind": "price", "reason": "Too much"}
        row.env["sales.collection.dispute"].create(vals)

    def _action_cases(self):
        def method(name, *arguments):
            return lambda record: getattr(record, name)(*arguments)

        def waiting():
            return self._new_plan("waiting")

        ageing = lambda: self._owed() and self.env["sales.receivable.ageing.make"]  # noqa: E731
        yield "Open items: read", lambda: self._row()._items(), method("read", ["amount"])
        yield "Chase today: read", self._row, method("read", ["overdue_amount"])
        yield "Chase today: write down a promise", self._row, self._promise_from
        yield "Chase today: remind by mail", self._row, self._remind
        yield "Plan: take what is due", self._new_plan, method("action_make")
        yield "Plan: say when it is expected", self._new_plan, lambda plan: plan.line_ids.write({"note": "Friday"})
        yield "Plan: submit", self._new_plan, method("action_approval_submit")
        yield "Plan: approve", waiting, method("action_approval_approve")
        yield "Plan: print", self._new_plan, lambda plan: plan.line_ids.read(["settled", "promise_state"])
        yield "Plan: as XLSX", self._new_plan, lambda plan: plan.line_ids._register_records([])._register_file()
        yield "Promise: withdraw", self._new_promise, method("action_withdraw")
        yield "Chasing log: read", self._new_contact, method("read", ["result"])
        yield (
            "Chasing log: write into it",
            lambda: self.customer,
            lambda customer: customer.env["sales.collection.contact"].create({"partner_id": customer.id}),
        )
        yield "Dispute: write down", self._row, self._dispute_from
        yield "Dispute: settle", self._new_dispute, method("_settle", "Credited")
        yield "Ageing: take", ageing, self._take_ageing
        yield "Ageing: read", self._new_ageing, method("read", ["total"])
        yield "CEI and DSO: read", self._new_ageing, self._read_figures

    def _read_figures(self, ageing):
        figures = ageing.env["sales.collection.figure"].sudo().search([("company_id", "=", self.company.id)])
        figures.sudo(False).read(["cei"])
