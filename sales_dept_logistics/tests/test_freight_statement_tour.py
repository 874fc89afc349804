from datetime import date
from io import BytesIO

from openpyxl import load_workbook

from odoo.tests import HttpCase, tagged

from .freight_statement_common import FreightStatementCommon
from .statement_files import xlsx


@tagged("post_install", "-at_install")
class TestFreightStatementTour(FreightStatementCommon, HttpCase):
    def test_from_the_file_to_the_differences(self):
        """A file dropped on an empty statement → how it is read → read in the background → what differs, and why."""
        for number in (1, 2):
            self._shipped(number)
        statement = self._statement(matched=False)
        heading = ["运单号", "发货日期", "目的地", "重量", "运费"]
        rows = [
            [f"SF{number:08}", date(2031, 3, 10), "Guangdong", 10, amount] for number, amount in ((1, 100), (2, 130))
        ]
        self._leave("march.xlsx", xlsx(["March"], heading, *rows, ["合计", None, None, 20, 230]))
        path = f"/odoo/freight-statements/{statement.id}"
        self.start_tour(path, "sales_dept_freight_drop", login="assistant_test")
        self.assertEqual(statement.file_ids.state, "waiting")
        self.env["freight.statement.file"]._cron_read()
        self.env["freight.statement"]._cron_match()
        self.env.invalidate_all()
        self.assertEqual((statement.state, statement.row_count, statement.open_count), ("open", 5, 1))
        self.start_tour(path, "sales_dept_freight_differences", login="assistant_test")

    def test_from_differences_to_the_invoice(self):
        """Differences → dispute → answer read back → signed → billed → invoice received, receipted."""
        self._keep_books()
        self._shipped(1)
        self._shipped(2)
        statement = self._statement({"reference": "SF00000001"}, {"reference": "SF00000002", "amount": 130})
        path = f"/odoo/freight-statements/{statement.id}"
        self.start_tour(path, "sales_dept_freight_dispute", login="assistant_test")
        self.env.invalidate_all()
        dispute = statement.dispute_ids
        self.assertEqual((dispute.state, statement.disputed_total), ("claimed", 30))

        self._leave_answers(dispute)
        self.start_tour(path, "sales_dept_freight_answer", login="assistant_test")
        self.env.invalidate_all()
        self.assertEqual((dispute.state, dispute.recovered_total, statement.state), ("settled", 30, "waiting"))

        for login in ("finance_test", "director_test"):
            self.start_tour(path, "sales_dept_freight_sign", login=login)
        self.env.invalidate_all()
        self.assertEqual(statement.state, "signed")

        self.start_tour(path, "sales_dept_freight_bill", login="finance_test")
        self.env.invalidate_all()
        self.assertEqual(statement.bill_ids.move_id.amount_untaxed, 200)

        self._leave("invoice.pdf", b"%PDF-1.4 invoice")
        self.start_tour(path, "sales_dept_freight_invoice", login="assistant_test")
        invoice = statement.invoice_ids
        self.start_tour(f"/odoo/carrier-invoices/{invoice.id}", "sales_dept_freight_receipt", login="finance_test")
        self.env.invalidate_all()
        self.assertEqual(
            (invoice.state, invoice.number, invoice.receipt_user_id), ("receipted", "12345678", self.finance)
        )

    def _leave_answers(self, dispute):
        """The carrier fills in the file that was sent."""
        book = load_workbook(dispute.line_ids._register_file())
        sheet = book.worksheets[0]
        headings = {cell.value: cell.column for cell in sheet[1]}
        sheet.cell(2, headings["Answer"], "Accepted")
        output = BytesIO()
        book.save(output)
        self._leave("answers.xlsx", output.getvalue())

    def _leave(self, name, content):
        self.env["ir.attachment"].with_user(self.assistant).create({"name": name, "raw": content})
