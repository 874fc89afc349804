from datetime import datetime

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

HEAD = """# Who may what: KPIs

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_kpi/tests/test_right_matrix.py`. A role is a group; one person may hold several. Record rules narrow what is
seen further: one's own results, and those of the department's figures that one's post answers for.
"""
DUE = datetime(2026, 3, 10, 9)


@tagged("post_install", "-at_install")
class TestRightMatrix(RightMatrixCase):
    """docs/rights-kpi.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_kpi"
    prefix = "sales.kpi"
    page = "rights-kpi.md"
    head = HEAD

    def _month(self, state="open"):
        """March 2026, with a review of the account manager's and one of a colleague's."""
        for user in (self.owner, self.asker):
            order = self._order().sudo()
            order.user_id = user
            review = self.env["sale.order.review"].create({"order_id": order.id})
            review._write_protected({"deadline": DUE, "receive_date": DUE, "state": "passed"})
        month = self.env["sales.kpi.month"]._of(self.env.company, DUE.date()).sudo()
        with freeze_time("2026-04-02"):
            month._compute()
            if state == "locked":
                month._set_state("locked", {"locked_date": DUE, "locked_by_id": self.people["Director"]})
        return month

    def _result(self, user):
        return self._month().result_ids.filtered(
            lambda result: result.kpi_id.source == "order_review" and result.user_id == user
        )

    def _make_company_records(self):
        with freeze_time("2026-04-02"):
            self._month("locked")
        kpi = self.env["sales.kpi"].with_user(self.people["Director"]).create(self._on_screen())
        self.env["sales.kpi.threshold"].sudo().create(
            {"kpi_id": kpi.id, "date_from": "2026-05-01", "threshold": 50, "company_id": self.company.id}
        )
        kpi.sudo().company_id = self.company

    def _company_path(self, model):
        return "total_id.company_id" if model == "sales.kpi.evidence" else super()._company_path(model)

    def _on_screen(self):
        field = self.env["ir.model.fields"]._get
        return {
            "name": "Hot leads",
            "model_id": self.env["ir.model"]._get_id("crm.lead"),
            "date_field_id": field("crm.lead", "date_deadline").id,
            "person_field_id": field("crm.lead", "user_id").id,
            "measure": "total",
            "threshold_ids": [Command.create({"date_from": "2026-01-01", "threshold": 50})],
        }

    def _action_cases(self):
        def method(name, *arguments):
            return lambda record: getattr(record, name)(*arguments)

        def locked():
            with freeze_time("2026-04-02"):
                return self._month("locked")

        yield "Month: compute now", self._month, method("action_compute")
        yield "Month: lock", self._month, method("action_lock")
        yield "Month: open again", locked, method("_reopen", "A credit note was missing")
        yield "Month: difference to now", locked, method("action_show_difference")
        yield "Result of one's own", lambda: self._result(self.owner), lambda result: result.read(["value"])
        yield "Result of a colleague", lambda: self._result(self.asker), lambda result: result.read(["value"])
        yield (
            "Evidence of a colleague",
            lambda: self._result(self.asker).evidence_ids,
            lambda evidence: evidence.read(["name"]),
        )
        yield "Results as XLSX", self._month, lambda month: month.result_ids._register_records([])._register_file()
        yield "KPI: make one on screen", lambda: self.env["sales.kpi"], method("create", self._on_screen())
