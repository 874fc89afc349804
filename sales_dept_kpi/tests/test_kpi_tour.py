from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .kpi_common import KpiCommon


@tagged("post_install", "-at_install")
class TestKpiTour(KpiCommon, HttpCase):
    def test_month_is_looked_at_locked_and_opened_again(self):
        """From a figure to its documents; the month is locked; what changed since is shown; it is opened again."""
        last = self.company._local_today().replace(day=1) - timedelta(days=1)
        due = self.company._moment_of(last - timedelta(days=5))
        late = self._review(self.manager1, due, due + timedelta(days=1))
        self._review(self.manager1, due, due)
        month = self._compute(str(last))
        self.start_tour(f"/odoo/kpi-months/{month.id}", "sales_dept_kpi_month_lock", login="director_test")
        self.assertEqual(month.state, "locked")
        late._write_protected({"receive_date": due})
        self.start_tour(f"/odoo/kpi-months/{month.id}", "sales_dept_kpi_month_reopen", login="gm_test")
        self.assertEqual((month.state, month.log_ids[0].reason), ("open", "The paper was dated wrongly"))

    def test_kpi_is_made_on_screen(self):
        self.env["crm.lead"].create(
            {
                "name": "Won lead",
                "type": "opportunity",
                "user_id": self.manager1.id,
                "date_deadline": self._today(),
                "company_id": self.company.id,
            }
        )
        self.start_tour("/odoo/kpis", "sales_dept_kpi_on_screen", login="director_test")
        kpi = self.env["sales.kpi"].search([("source", "=", False)])
        self.assertEqual(kpi.name, "Leads closing this month")
        month = self._compute(self._today())
        result = month.result_ids.filtered(lambda result: result.kpi_id == kpi)
        self.assertEqual((result.user_id, result.value), (self.manager1, 1))
