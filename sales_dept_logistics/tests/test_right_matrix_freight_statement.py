import base64

from odoo import Command
from odoo.tests import tagged

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

HEAD = """# Who may what with freight statements

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_logistics/tests/test_right_matrix_freight_statement.py`. The roles are those of `rights.md`. Everybody sees
those of their own company only. Who may sign is said by the approval flow: finance verifies, then the director signs.
"""


@tagged("post_install", "-at_install")
class TestRightMatrix(RightMatrixCase):
    """docs/rights-freight-statements.md says what each role may do with them; each cell of it is tried here."""

    addon = "sales_dept_logistics"
    prefix = (
        "freight.statement",
        "freight.tolerance",
        "freight.credit",
        "freight.carrier.invoice",
        "freight.analysis",
        "freight.dispute",
        "freight.accrual",
    )
    page = "rights-freight-statements.md"
    head = HEAD

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        service = cls.env["product.product"].create({"name": "Freight", "type": "service"})
        cls.partner = cls.env["res.partner"].create({"name": "Carrier Ltd", "email": "carrier@carrier.example"})
        cls.carrier = cls.env["delivery.carrier"].create(
            {"name": "Carrier", "product_id": service.id, "partner_id": cls.partner.id}
        )
        Account = cls.env["account.account"]
        expense, payable = (
            Account.create({"name": name, "code": code, "account_type": kind, "reconcile": kind == "liability_payable"})
            for name, code, kind in (("Freight", "F60001", "expense"), ("Payable", "F20001", "liability_payable"))
        )
        cls.expense = expense
        cls.env["account.journal"].create(
            {"name": "Freight Bills", "code": "FRB", "type": "purchase", "default_account_id": expense.id}
        )
        cls.partner.property_account_payable_id = payable
        cls.freight = cls.env.ref("sales_dept_logistics.charge_freight")

    def _statement(self):
        """A matched statement with one exception."""
        waybill = self.env["freight.waybill"].create(
            {"name": "A1", "carrier_id": self.carrier.id, "shipped_date": "2024-03-10"}
        )
        self.env["freight.waybill.charge"].sudo().create(
            {
                "waybill_id": waybill.id,
                "kind_id": self.freight.id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "expected_amount": 100,
            }
        )
        statement = self.env["freight.statement"].create(
            {"carrier_id": self.carrier.id, "date_from": "2024-03-01", "date_to": "2024-03-31"}
        )
        statement.row_ids = [Command.create({"sheet": "1", "row_number": 1})]
        self.env["freight.statement.line"].create(
            {
                "statement_id": statement.id,
                "row_id": statement.row_ids.id,
                "reference": "A1",
                "kind_id": self.freight.id,
                "amount": 130,
            }
        )
        statement._after_reading()
        statement._match()
        return statement

    def _decided(self, decision="dispute"):
        statement = self._statement()
        statement.line_ids._decide(decision)
        return statement

    def _waiting(self):
        statement = self._decided("accept")
        statement.with_user(self.people["Assistant"]).action_approval_submit()
        return statement

    def _signed(self):
        return self._approve_by(self._waiting(), "Finance", "Director").with_env(self.env)

    def _round(self):
        statement = self._decided()
        statement.action_claim()
        statement.dispute_ids.line_ids.outcome = "corrected"
        return statement.dispute_ids

    def _credit(self):
        return self.env["freight.credit"].create(
            {
                "carrier_id": self.carrier.id,
                "amount": 5,
                "reason": "broken",
                "currency_id": self.company.currency_id.id,
            }
        )

    def _invoice(self, *steps):
        invoice = self.env["freight.carrier.invoice"].create(
            {
                "carrier_id": self.carrier.id,
                "number": "1",
                "date": "2024-04-01",
                "amount": 5,
                "scan": base64.b64encode(b"%PDF-1.4"),
            }
        )
        for step in steps:
            getattr(invoice, step)()
        return invoice

    def _make_company_records(self):
        statement = self._signed()
        statement.action_create_bill()
        other = self.env["freight.statement"].create(
            {"carrier_id": self.carrier.id, "date_from": "2024-04-01", "date_to": "2024-04-30"}
        )
        self.env["freight.statement.line"].create({"statement_id": other.id, "reference": "B1", "amount": 7})
        other._after_reading()
        other._match()
        other.line_ids._decide("dispute")
        other.action_claim()
        self._file().action_read()
        self._credit()
        self._accrual()
        self.env["freight.tolerance"].create({"company_id": self.company.id, "over_amount": 1})

    def _file(self):
        """A file on a statement, to be confirmed."""
        statement = self.env["freight.statement"].create(
            {"carrier_id": self.carrier.id, "date_from": "2024-05-01", "date_to": "2024-05-31"}
        )
        text = "运单号,发货日期,运费\nA1,2024-05-03,5\n".encode()
        attachment = self.env["ir.attachment"].create({"name": "may.csv", "raw": text})
        statement.action_add_files(attachment.ids)
        return statement.file_ids

    def _accrual(self):
        """What is not billed of February."""
        waybill = self.env["freight.waybill"].create(
            {"name": "F1", "carrier_id": self.carrier.id, "shipped_date": "2024-02-10"}
        )
        self.env["freight.waybill.charge"].sudo().create(
            {
                "waybill_id": waybill.id,
                "kind_id": self.freight.id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "expected_amount": 40,
            }
        )
        return self.env["freight.accrual"].create({"date": "2024-02-29"})

    def _bookable(self):
        self.carrier.product_id.property_account_expense_id = self.expense
        self.company.sales_dept_freight_accrual_journal_id = self.env["account.journal"].create(
            {"name": "Accruals", "code": "FRA", "type": "general"}
        )
        self.company.sales_dept_freight_accrual_account_id = self.env["account.account"].create(
            {"name": "Accrued Freight", "code": "F20002", "account_type": "liability_current"}
        )
        return self._accrual()

    def _drop(self, statement):
        attachment = self.env["ir.attachment"].with_env(statement.env).create({"name": "a.csv", "raw": b"a,b"})
        statement.action_add_files(attachment.ids)

    def _action_cases(self):
        Statement = self.env["freight.statement"]
        values = {"carrier_id": self.carrier.id, "date_from": "2024-03-01", "date_to": "2024-03-31"}
        yield "Statement: make one", lambda: Statement, lambda statements: statements.create(values)
        yield "Statement: read how it adds up", self._statement, lambda found: found.read(["reconciliation"])
        yield "Statement: match again", self._statement, lambda statement: statement.action_match()
        yield "Statement: cancel", self._statement, lambda statement: statement.action_cancel()
        yield "Statement: drop a file", self._statement, self._drop
        yield (
            "File: say what a column is",
            lambda: self._file().column_ids[0],
            lambda found: found.write({"field": "note"}),
        )
        yield "File: read", self._file, lambda file: file.action_read()
        yield "File: cancel", self._file, lambda file: file.action_cancel()
        yield "Lines: accept", lambda: self._statement().line_ids, lambda lines: lines.action_accept()
        yield "Lines: dispute", lambda: self._statement().line_ids, lambda lines: lines.action_dispute()
        yield "Lines: leave out", lambda: self._statement().line_ids, lambda lines: lines._decide("exclude", "no")
        yield "Lines: download", lambda: self._statement().line_ids, lambda lines: lines._register_records(lines.ids)
        yield "Statement: submit", lambda: self._decided("accept"), lambda found: found.action_approval_submit()
        yield "Statement: verify", self._waiting, lambda statement: statement.action_approval_approve()
        yield (
            "Statement: sign once verified",
            lambda: self._approve_by(self._waiting(), "Finance"),
            lambda statement: statement.action_approval_approve(),
        )
        yield "Statement: claim from the carrier", self._decided, lambda statement: statement.action_claim()
        yield "Dispute: settle", self._round, lambda dispute: dispute.action_settle()
        yield "Credit: note one", lambda: self.env["freight.credit"], self._note_credit
        yield "Credit: promised", self._credit, lambda credit: credit.action_promised()
        yield "Statement: make the bill", self._signed, lambda statement: statement.action_create_bill()
        yield "Invoice: it is here", self._invoice, lambda invoice: invoice.action_receive()
        yield (
            "Invoice: hand to finance",
            lambda: self._invoice("action_receive"),
            lambda invoice: invoice.action_hand_over(),
        )
        yield (
            "Invoice: give receipt",
            lambda: self._invoice("action_receive", "action_hand_over"),
            lambda invoice: invoice.action_give_receipt(),
        )
        Accrual = self.env["freight.accrual"]
        yield "Accrual: make one", lambda: Accrual, lambda accruals: accruals.create({"date": "2024-02-29"})
        yield "Accrual: book", self._bookable, lambda accrual: accrual.action_book()
        yield (
            "Tolerances: change",
            lambda: self.env.ref("sales_dept_logistics.tolerance_freight_default"),
            lambda tolerance: tolerance.write({"over_amount": 2}),
        )

    def _note_credit(self, credits_):
        return credits_.create(
            {
                "carrier_id": self.carrier.id,
                "amount": 5,
                "reason": "broken",
                "currency_id": self.company.currency_id.id,
            }
        )
