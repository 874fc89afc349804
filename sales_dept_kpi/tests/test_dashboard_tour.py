from odoo.tests import HttpCase, tagged

from .dashboard_common import DashboardCommon


@tagged("post_install", "-at_install")
class TestDashboardTour(DashboardCommon, HttpCase):
    def test_matrix_by_mouse_and_keyboard(self):
        self.start_tour("/odoo/kpi-matrix", "sales_dept_kpi_matrix", login="director_test")
        self.assertEqual(self._month_of(self.last).state, "locked")

    def test_matrix_on_the_phone(self):
        """A card a person; a figure opens its documents."""
        self.browser_size, self.touch_enabled = "390x844", True
        self.start_tour("/odoo/kpi-matrix", "sales_dept_kpi_matrix_phone", login="director_test")

    def test_my_duties_show_figures(self):
        self.env.ref("sales_dept_roles.duty_manager_3_2_5").kpi_ids = self.kpi
        self.start_tour("/odoo/my-duties", "sales_dept_kpi_my_duties", login="manager1_test")
