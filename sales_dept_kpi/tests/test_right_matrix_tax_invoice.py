from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

from .tax_invoice_common import PDF, TaxInvoiceCommon

HEAD = """# Who may what: tax-office invoices and handing over

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_kpi/tests/test_right_matrix_tax_invoice.py`. A role is a group; one person may hold several. Record rules
narrow what is seen further: account managers see what is of their own customers. The log of what was handed over is
made by its dialog, and by the portal; nobody writes it.
"""


@tagged("post_install", "-at_install")
class TestRightMatrix(TaxInvoiceCommon, RightMatrixCase):
    """docs/rights-tax-invoices.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_kpi"
    prefix = ("sales.tax.invoice", "sales.invoice.hand", "sales.invoicing.due")
    page = "rights-tax-invoices.md"
    head = HEAD

    def _move(self):
        return self._invoice(self.owner, 100, "2026-03-20")

    def _own(self, state="issued", **vals):
        return self._tax_invoice(100, state=state, user_id=self.owner.id, pdf_file=PDF, **vals)

    def _make_company_records(self):
        move = self._move()
        invoice = self._own(moves={move: 100})
        self._hand_over(tax_invoices=invoice)
        order = self._order(self.owner, 1)
        self._ship(order, 1, self.env.cr.now())

    def _row(self):
        order = self._order(self.owner, 10)
        self._ship(order, 10, self.env.cr.now())
        self._bill(order, 10, "2026-03-20")
        self.env.flush_all()
        return self.env["sales.invoicing.due"].search([("order_id", "=", order.id)])

    def _hand(self, documents):
        dialog = documents.env["sales.invoice.hand.over"].browse(documents.action_hand_over()["res_id"])
        dialog.write({"method": "in_person", "receiver": "Mr. Xu"})
        dialog.action_confirm()

    def _values(self):
        return {
            "number": str(next(self.numbers)),
            "date": "2026-03-20",
            "partner_id": self.customer.id,
            "amount_untaxed": 10,
        }

    def _action_cases(self):
        yield (
            "Tax-office invoice: register a draft",
            lambda: self.env["sales.tax.invoice"],
            lambda model: model.create(self._values()),
        )
        yield "Tax-office invoice: read", self._own, lambda invoice: invoice.read(["number", "amount_total"])
        yield "Tax-office invoice: read a file", self._own, lambda invoice: invoice.read(["pdf_file"])
        yield (
            "Tax-office invoice: add the invoice in Odoo",
            lambda: self._own(moves={self._move(): 10}),
            lambda invoice: invoice.write({"line_ids": [Command.update(invoice.line_ids.id, {"amount": 20})]}),
        )
        yield "Tax-office invoice: issue", lambda: self._own("draft"), lambda invoice: invoice.action_issue()
        yield (
            "Tax-office invoice: make it void",
            lambda: self._own(
                kind="paper_special",
                code="3100231130",
                number="12345678",
                day=self._today(),
                void_reason="Wrong name",
            ),
            lambda invoice: invoice.action_void(),
        )
        yield "Tax-office invoice: delete a draft", lambda: self._own("draft"), lambda invoice: invoice.unlink()
        yield "Tax-office invoice: hand over", self._own, self._hand
        yield "Invoice in Odoo: hand over", self._move, self._hand
        yield (
            "Invoice in Odoo: choose those that stand on it",
            self._move,
            lambda move: move.action_register_tax_invoice(),
        )
        yield (
            "Handed over: read the log",
            lambda: self._hand_over(tax_invoices=self._own()),
            lambda handover: handover.read(["documents"]),
        )
        yield "Shipment to invoice: read", self._row, lambda row: row.read(["remaining_amount"])
        yield "Shipment to invoice: create the invoice", self._row, lambda row: row.action_create_invoice()
        yield "Register as XLSX", self._own, lambda invoice: invoice._register_records([])._register_file()
