from odoo.tests import tagged

from odoo.addons.sales_dept_roles.tests.common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestLogisticsInstalled(SalesDeptCommon):
    def test_installing_switches_nothing_on(self):
        companies = self.env["res.company"].search([])
        self.assertTrue(companies)
        self.assertFalse(any(companies.mapped("sales_dept_delivery_notice")))

    def test_handbook(self):
        self.company.action_sales_dept_apply_handbook()
        self.assertTrue(self.company.sales_dept_delivery_notice)
