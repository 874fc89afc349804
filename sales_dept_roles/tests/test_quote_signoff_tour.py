from odoo.tests import HttpCase, tagged

from .common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestQuoteSignoffTour(SalesDeptCommon, HttpCase):
    def test_bulk_approval(self):
        orders = self._create_quotation() | self._create_quotation()
        orders.action_approval_submit()
        self.start_tour("/odoo/my-approvals", "sales_dept_bulk_approval", login="gm_test")
        self.assertEqual(set(orders.mapped("approval_state")), {"approved"})
        self.assertEqual(len(orders.sudo().approval_ids.decision_ids), 2)

    def test_policy_off(self):
        self.company.sales_dept_quote_signoff = "off"
        order = self._create_quotation()
        self.start_tour(f"/odoo/sales/{order.id}", "sales_dept_policy_off", login="manager1_test")
