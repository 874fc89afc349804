from dateutil.relativedelta import relativedelta

from odoo.tests import HttpCase, tagged

from .report_common import ReportCommon


@tagged("post_install", "-at_install")
class TestMonthlyReportTour(ReportCommon, HttpCase):
    """In a browser: written, submitted, confirmed; and an appraisal."""

    def test_write_submit_confirm(self):
        self._keep_books()
        last = self.company._local_today().replace(day=1) - relativedelta(months=1)
        before = last - relativedelta(months=1)
        for day in (before, last):
            self._month(day)
        self._invoice(self.manager1, 500, before)
        self._confirmed(self._make(day=before))
        one, other = self._make(self.manager1 | self.manager2, last)
        other._write_protected({"due_date": last})
        # The latest one stands first.
        self.start_tour("/odoo/monthly-reports", "sales_dept_monthly_report_write", login="manager1_test")
        self.assertEqual((one.state, one.answered_ids.outcome), ("waiting", "done"))
        self.start_tour("/odoo/monthly-reports", "sales_dept_monthly_report_confirm", login="director_test")
        self.assertEqual(one.state, "confirmed")

    def test_rate(self):
        self.env["sales.appraisal.criterion"].search([]).active = False
        self.env["sales.appraisal.criterion"].create({"name": "Tasks", "company_id": False})
        day = self.company._local_today() - relativedelta(months=1)
        appraisal = self.env["sales.appraisal"]._make(self.company, "month", day, self.manager1)
        self.start_tour("/odoo/appraisals", "sales_dept_appraisal_rate", login="director_test")
        self.assertEqual((appraisal.state, appraisal.score), ("waiting", 90))
