from dateutil.relativedelta import relativedelta

from odoo.fields import Command

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

TEXT = {"results": "Two new customers"}


class ReportRights(RightMatrixCase):
    """What the table of rights says about monthly reports and appraisals."""

    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.month = cls.company._local_today().replace(day=1) - relativedelta(months=1)
        # Locked, so that making a report computes no KPIs.
        cls.env["sales.kpi.month"]._of(cls.company, cls.month)._write_protected({"state": "locked"})
        cls.env["sales.appraisal.criterion"].create({"name": "Tasks", "company_id": cls.company.id})

    def _report(self, state="draft"):
        """The account manager's report of last month."""
        Report = self.env["sales.monthly.report"]
        Report._make(self.company, self.month, self.owner)
        report = Report.search([("user_id", "=", self.owner.id), ("date_from", "=", self.month)])
        item = {"name": "Visit", "measure": "By car", "date": self.month}
        own = report.with_user(self.owner)
        own.write({**TEXT, "item_ids": [Command.create(item)]})
        if state != "draft":
            own.action_approval_submit()
        return own

    def _department(self):
        self._report()
        return self.env["sales.monthly.report"].search([("kind", "=", "department"), ("date_from", "=", self.month)])

    def _appraisal(self, state="draft"):
        """The account manager's appraisal for last month."""
        appraisal = self.env["sales.appraisal"]._make(self.company, "month", self.month, self.owner)
        own = appraisal.with_user(self.people["Director"])
        own.rating_ids.rating = 80
        if state != "draft":
            own.action_approval_submit()
        if state in ("approved", "released"):
            own.with_user(self.people["General manager"]).action_approval_approve()
        if state == "released":
            own.action_release()
        return own

    def _make_company_records(self):
        self._report()
        report = self._department()
        kpi = self.env["sales.kpi"].search([], limit=1)
        for model, vals in (
            ("sales.monthly.report.line", {"report_id": report.id, "section": "review", "name": "R1"}),
            ("sales.monthly.report.figure", {"report_id": report.id, "name": "F1", "kpi_id": kpi.id}),
            ("sales.appraisal.figure", {"appraisal_id": self._appraisal().id, "name": "F1", "kpi_id": kpi.id}),
        ):
            self.env[model].create(vals)

    def _action_cases(self):
        def method(name, *arguments):
            return lambda record: getattr(record, name)(*arguments)

        def submitted():
            return self._report("waiting")

        yield "Monthly report: have them made", lambda: self.env["sales.monthly.report.make"], self._make_reports
        yield "Monthly report: read the account manager's", self._report, method("read", ["results"])
        yield "Monthly report: read the department's people", self._department, method("read", ["member_ids"])
        yield "Monthly report: write it", self._report, method("write", TEXT)
        yield "Monthly report: plan for it", self._report, lambda report: report.item_ids.write({"name": "Call"})
        yield "Monthly report: take its figures", self._report, method("action_take_figures")
        yield "Monthly report: submit it", self._report, method("action_approval_submit")
        yield "Monthly report: confirm it", submitted, method("action_approval_approve")
        yield "Monthly report: send it back", submitted, method("action_approval_reject", "Too short")
        yield "Monthly report: delete one that was not submitted", self._report, method("unlink")
        yield "Appraisal: have them made", lambda: self.env["sales.appraisal.make"], self._make_appraisals
        yield "Appraisal: read it before its release", self._appraisal, method("read", ["score"])
        yield "Appraisal: rate", self._appraisal, lambda record: record.rating_ids.write({"rating": 90})
        yield "Appraisal: propose a reward", self._appraisal, method("write", {"reward_amount": 5})
        yield "Appraisal: submit for approval", self._appraisal, method("action_approval_submit")
        yield "Appraisal: approve", lambda: self._appraisal("waiting"), method("action_approval_approve")
        yield "Appraisal: release", lambda: self._appraisal("approved"), method("action_release")
        yield "Appraisal: read it when it is released", lambda: self._appraisal("released"), method("read", ["score"])
        yield "Appraisal: comment it", lambda: self._appraisal("released"), method("_comment", "Thank you")
        yield (
            "Appraisal: read what was said about it",
            lambda: self._appraisal("released").message_ids,
            lambda messages: messages.read(["body"]),
        )
        yield "Appraisal: delete one being rated", self._appraisal, method("unlink")

    def _make_reports(self, dialog):
        dialog.create({"date": self.month, "user_ids": [Command.set(self.owner.ids)]}).action_make()

    def _make_appraisals(self, dialog):
        dialog.create({"kind": "month", "date": self.month, "user_ids": [Command.set(self.owner.ids)]}).action_make()
