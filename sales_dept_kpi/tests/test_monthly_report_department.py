from freezegun import freeze_time

from odoo.tests import tagged

from .report_common import ReportCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-02 04:00:00")
class TestMonthlyReportDepartment(ReportCommon):
    """The department's report: the company's figures, a row for each person, and what all of them list."""

    def test_rolls_up(self):
        self._keep_books()
        for user, amount in ((self.manager1, 100), (self.manager2, 30)):
            self._invoice(user, amount, "2026-08-01")
            self._measured(user, amount, 200, locked=False)
        total = self.env["sales.kpi.total"].search([("kpi_id", "=", self.kpi.id)])
        total.write({"numerator": 130, "denominator": 400, "value": 32.5, "has_value": True, "threshold": 90})
        total.verdict = "missed"
        total.month_id._write_protected({"state": "locked"})
        one, other = self._make(self.manager1 | self.manager2)
        department = self._department()
        self.assertEqual(department.user_id, self.director)
        self.assertEqual(department.member_ids.user_id, self.manager1 | self.manager2)
        self.assertEqual((department.collection_count, department.collection_amount), (2, 130))
        self.assertEqual(
            department.collection_amount, sum(department.member_ids.mapped("collection_amount")), "its people's sum"
        )
        self.assertEqual(sorted(department.line_ids.mapped("name")), sorted((one | other).line_ids.mapped("name")))
        self.assertEqual(department.line_ids.user_id, self.manager1 | self.manager2)
        figure = department.figure_ids
        self.assertEqual((figure.numerator, figure.denominator, figure.result_text), (130, 400, "32.5 %"))
        self.assertEqual(figure.numerator, sum((one | other).figure_ids.mapped("numerator")))

    def test_keeps_up_with_its_people(self):
        report = self._make()
        department = self._department()
        member = department.member_ids
        self.assertEqual((member.state, member.is_late), ("draft", False))
        own = self._submitted(report, help_needed="A sample")
        self.assertEqual((member.state, member.help_needed), ("waiting", "A sample"))
        own.with_user(self.director).action_approval_reject("Too short")
        self.assertEqual(member.state, "sent_back")
        own.action_approval_submit()
        self._submitted(department)
        own.with_user(self.director).action_approval_approve()
        self.assertEqual(member.state, "waiting", "what was submitted stays as it was")
        self.assertEqual(report.state, "confirmed")

    def test_who_is_late_stands_in_it(self):
        self._make()
        with freeze_time("2026-10-09 04:00:00"):
            department = self._department()
            department.with_user(self.director).action_take_figures()
            self.assertTrue(department.member_ids.is_late)
            html = self.env["ir.actions.report"]._render_qweb_html(
                "sales_dept_kpi.report_monthly_report", department.ids
            )[0]
            self.assertRegex(html.decode(), r"manager1_test[\s\S]*To Be Written[\s\S]*Late")

    def test_goes_to_the_general_manager(self):
        self._make()
        department = self._submitted(self._department())
        self.assertEqual(department.approval_ids.waiting_for, "General Manager")
        department.with_user(self.gm).action_approval_approve()
        self.assertEqual(department.state, "confirmed")

    def test_plan_is_asked_again(self):
        """The department's plan is answered in its next report, not in the director's own."""
        self._make(self.director)
        department = self._submitted(self._department())
        october = department.date_to.replace(day=1, month=10)
        own = self._make(self.director, october)
        self.assertFalse(own.answered_ids)
        self.assertEqual(self._department(october).answered_ids, department.item_ids)

    def test_without_a_director(self):
        self.director.active = False
        self._make()
        self.assertFalse(self._department())
