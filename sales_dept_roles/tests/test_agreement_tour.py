from odoo import http
from odoo.tests import HttpCase, tagged

from .test_agreement import AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreementTour(AgreementCommon, HttpCase):
    def test_agreement_from_the_held_order(self):
        self.company.sales_dept_agreement = True
        order = self._create_quotation()
        self.start_tour(f"/odoo/sales/{order.id}", "sales_dept_agreement_from_order", login="manager1_test")
        agreement = self.Agreement.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(agreement.state, "approval")
        self.assertEqual(agreement.user_id, self.manager1)

    def test_contract_dropped_on_the_order(self):
        self.company.sales_dept_agreement = True
        order = self._create_quotation()
        self.start_tour(f"/odoo/sales/{order.id}", "sales_dept_contract_of_order", login="manager1_test")
        self.assertTrue(order.signed_contract)
        self.assertEqual(order.signed_contract_name, "contract.pdf")
        self.assertEqual(order.signed_contract_user_id, self.manager1)

    def test_register_download(self):
        agreement = self._create_agreement()
        self.authenticate("manager1_test", "manager1_test")
        response = self.url_open(
            "/sales_dept/register",
            data={"model": "sales.agreement", "ids": f"{agreement.id}", "csrf_token": http.Request.csrf_token(self)},
        )
        self.assertEqual(response.status_code, 200)
        self.assertIn("Agreement%20Register.xlsx", response.headers["Content-Disposition"])
        self.assertTrue(response.content.startswith(b"PK"))
