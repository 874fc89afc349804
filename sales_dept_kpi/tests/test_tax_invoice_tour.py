from datetime import timedelta

from odoo.fields import Command, Datetime
from odoo.tests import HttpCase, tagged

from .tax_invoice_common import TaxInvoiceCommon


@tagged("post_install", "-at_install")
class TestTaxInvoiceTour(TaxInvoiceCommon, HttpCase):
    def test_from_shipment_to_handed_over(self):
        self.customer.name = "Tour Customer Ltd"
        self.assistant.group_ids = [
            Command.link(self.env.ref("sales_dept_roles.group_finance_verifier").id),
            Command.link(self.env.ref("account.group_account_invoice").id),
        ]
        order = self._order(self.manager1, 10)
        self._ship(order, 10, Datetime.now() - timedelta(days=1))
        order.order_line.qty_delivered = 10
        self.env.flush_all()
        self.start_tour("/odoo/invoicing-due", "sales_dept_tax_invoice", login="assistant_test")
        invoice = order.invoice_ids
        self.assertEqual((invoice.state, invoice.amount_total), ("posted", 100))
        tax_invoice = invoice.tax_invoice_line_ids.tax_invoice_id
        self.assertEqual((tax_invoice.state, tax_invoice.amount_total), ("issued", 100))
        self.assertEqual(tax_invoice.handover_ids.mapped("method"), ["courier"])
        row = self.env["sales.invoicing.due"].search([("order_id", "=", order.id)])
        self.assertEqual(row.state, "done")
