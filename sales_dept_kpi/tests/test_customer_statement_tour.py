from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .customer_statement_common import CustomerStatementCommon


@tagged("post_install", "-at_install")
class TestCustomerStatementTour(CustomerStatementCommon, HttpCase):
    """In a browser: from the shipment to the statement, to the customer's word, to the invoice."""

    # A browser knows no other day than today.
    now = None

    def test_from_shipment_to_invoice(self):
        self.portal_user.password = "portal_test"  # noqa: S105 # a login of this test
        self._shipped(10, fields.Date.to_string(self.company._local_today().replace(day=1) - timedelta(days=9)))
        self.start_tour("/odoo/customer-statements", "sales_dept_statement_send", login="assistant_test")
        statement = self.Statement.search([("partner_id", "=", self.customer.id)])
        self.assertEqual((statement.state, statement.closing_balance), ("sent", 100))
        self.start_tour("/my/statements", "sales_dept_statement_confirm", login="portal_test")
        self.assertEqual((statement.state, statement.confirmed_by), ("confirmed", "Ms Zhao"))
        url = f"/odoo/customer-statements/{statement.id}"
        self.start_tour(url, "sales_dept_statement_submit", login="assistant_test")
        self.assertEqual(statement.state, "waiting")
        self.start_tour(url, "sales_dept_statement_verify", login="finance_test")
        self.assertEqual((statement.state, statement.invoice_ids.state), ("validated", "draft"))
        self.assertEqual(statement.invoice_ids.invoice_line_ids.quantity, 10)
