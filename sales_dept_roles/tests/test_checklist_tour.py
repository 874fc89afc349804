from odoo.tests import HttpCase, new_test_user, tagged

from .common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestChecklistTour(SalesDeptCommon, HttpCase):
    def test_switched_on_and_off(self):
        self.env.ref("sales_dept_roles.group_review_quality").user_ids = False
        self.company.write(self.company._sales_dept_off_values())
        new_test_user(self.env, "admin_tour", "base.group_system,sales_team.group_sale_manager")
        self.start_tour("/odoo/settings", "sales_dept_checklist", login="admin_tour")
        for name, value in self.company._sales_dept_handbook_values().items():
            self.assertEqual(self.company[name], value)
