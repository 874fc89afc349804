from odoo.tests import HttpCase, tagged

from .common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestJobCardTour(SalesDeptCommon, HttpCase):
    def test_my_duties(self):
        self._create_quotation(self.manager1)
        self._create_quotation(self.manager1)
        self._create_quotation(self.manager2)
        self.start_tour("/odoo", "sales_dept_my_duties", login="manager1_test")

    def test_no_duties(self):
        self.start_tour("/odoo/my-duties", "sales_dept_no_duties", login="outsider_test")
