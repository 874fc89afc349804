from odoo.tests import HttpCase, tagged

from .target_common import TargetCommon


@tagged("post_install", "-at_install")
class TestTargetTour(TargetCommon, HttpCase):
    def test_from_proposal_to_approval(self):
        """The year after the target's, from last year's figures to the general manager's signature."""
        self.target.unlink()
        today = self.company._local_today()
        self._invoice(today.replace(year=today.year - 1, day=1), 1000)
        self._invoice(today.replace(day=1), 1000)
        self.start_tour("/odoo/sales-targets", "sales_dept_target_propose", login="director_test")
        target = self.env["sales.target"].search([("company_id", "=", self.company.id)])
        path = f"/odoo/sales-targets/{target.id}"
        self.start_tour(path, "sales_dept_target_confirm", login="manager1_test")
        # Who has nothing to reach has nothing to confirm.
        self.assertFalse(target.with_user(self.director).unconfirmed_count)
        self.start_tour(path, "sales_dept_target_submit", login="director_test")
        self.start_tour(path, "sales_dept_target_sign", login="gm_test")
        self.assertEqual(target.state, "approved")
