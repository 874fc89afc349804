from io import BytesIO

from pdfminer.high_level import extract_text

from odoo.tests import tagged
from odoo.tools import file_open

from .customer_statement_common import CustomerStatementCommon

REPORT = "sales_dept_kpi.action_report_customer_statement"
SCRIPT = "sales_dept_roles/static/report/paper_pages.js"


@tagged("post_install", "-at_install")
class TestCustomerStatementPaper(CustomerStatementCommon):
    """The statement as it comes out of the printer, by whatever build of wkhtmltopdf there is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Styles and script are put in below: nothing is fetched.
        cls.env["ir.config_parameter"].sudo().set_param("report.url", "http://127.0.0.1:9")
        bundle = cls.env["ir.qweb"]._get_asset_bundle("web.report_assets_common", css=True, js=False)
        with file_open(SCRIPT) as file:
            cls.head = f"<style>{bundle.css().raw.decode()}</style><script>{file.read()}</script></head>"

    def _pages(self, count):
        """The texts of the pages of a statement with so many lines."""
        statement = self._statement()
        row = {"statement_id": statement.id, "kind": "adjustment", "name": "Agreed", "date": "2026-03-10"}
        self.env["customer.statement.line"]._insert([{**row, "amount": 1, "amount_untaxed": 1}] * count)
        statement._take_totals()
        report = self.env["ir.actions.report"]._get_report(REPORT)
        html = report._render_qweb_html(REPORT, statement.ids)[0].decode()
        bodies = report._prepare_html(html, report_model=statement._name)[0]
        bodies = [str(body).replace("</head>", self.head, 1) for body in bodies]
        pdf = report._run_wkhtmltopdf(bodies, report_ref=REPORT)
        statement.unlink()
        return [" ".join(page.split()) for page in extract_text(BytesIO(pdf)).split("\f")[:-1]]

    def test_one_page(self):
        self.assertEqual(len(self._pages(3)), 1)

    def test_the_slip_stays_with_the_totals(self):
        """However much room the lines leave: neither the slip nor the seals go to the next page alone."""
        turned = False
        for count in (26, 30, 34, 38):
            with self.subTest(count=count):
                pages = self._pages(count)
                [last] = [page for page in pages if "Reply Slip" in page]
                self.assertEqual(last, pages[-1])
                for text in ("+ Shipments", "Closing Balance", "Supplier (Seal)"):
                    self.assertIn(text, last)
                turned |= len(pages) > 1
        self.assertTrue(turned, "All of it fits everywhere: this proves nothing")

    def test_many_lines(self):
        pages = self._pages(150)
        self.assertGreater(len(pages), 3)
        for number, page in enumerate(pages, 1):
            self.assertIn(f"Page {number} of {len(pages)}", page)
            if "Agreed" in page:
                self.assertIn("Money Received", page, "the heading is repeated")
        self.assertEqual(sum(page.count("Agreed") for page in pages), 150)
