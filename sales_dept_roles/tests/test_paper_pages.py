import io
import re
from unittest.mock import patch

from pdfminer.high_level import extract_pages, extract_text
from pdfminer.layout import LTTextContainer, LTTextLine
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tests.common import BaseCase
from odoo.tools import file_open

from odoo.addons.base.models import ir_actions_report

from ..models.paper.page_foot import PageFoot, foot_of, joined, with_feet
from .common import SalesDeptCommon

REPORT = "sales_dept_roles.action_report_product_quotation"
SCRIPT = "sales_dept_roles/static/report/paper_pages.js"
MARGIN_POINTS = 28


def pdf_of(*sizes):
    content = io.BytesIO()
    canvas = Canvas(content)
    for number, size in enumerate(sizes, 1):
        canvas.setPageSize(size)
        canvas.drawString(100, 300, f"Sheet {number}")
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def texts(pdf):
    return [" ".join(page.split()) for page in extract_text(io.BytesIO(pdf)).split("\f")[:-1]]


@tagged("post_install", "-at_install")
class TestPageFoot(BaseCase):
    def test_each_page_is_numbered(self):
        pages = texts(with_feet(pdf_of(A4, A4, A4), PageFoot("QR-SAL-01 (A/1)", "S00007", "Page {page} of {pages}")))
        self.assertEqual(len(pages), 3)
        for number, page in enumerate(pages, 1):
            self.assertIn(f"Sheet {number}", page)
            self.assertIn("QR-SAL-01 (A/1)", page)
            self.assertIn("S00007", page)
            self.assertIn(f"Page {number} of 3", page)

    def test_in_chinese_and_across(self):
        [page] = texts(
            with_feet(pdf_of(landscape(A4)), PageFoot("受控表单", "库存明细表", "第 {page} 页，共 {pages} 页"))
        )
        self.assertIn("受控表单", page)
        self.assertIn("库存明细表", page)
        self.assertIn("第 1 页，共 1 页", page)

    def test_it_stands_in_the_margin(self):
        pdf = with_feet(pdf_of(A4), PageFoot("", "S00007", "Page {page} of {pages}"))
        [foot] = [line for line in lines_of(pdf)[0] if "Page 1 of 1" in line.get_text()]
        self.assertLess(foot.y1, MARGIN_POINTS)
        self.assertLess(foot.x1, A4[0] - 25)

    def test_what_a_paper_asks_for(self):
        body = "<p><div class='o_paper_foot'><div>A\n 1</div><div/><div><b>Page</b> {page}</div></div></p>"
        self.assertEqual(foot_of(body), PageFoot("A 1", "", "Page {page}"))
        self.assertIsNone(foot_of("<div>Another addon's report</div>"))

    def test_joined(self):
        self.assertEqual(texts(joined([pdf_of(A4, A4), pdf_of(A4)])), ["Sheet 1", "Sheet 2", "Sheet 1"])


def lines_of(pdf):
    """The lines of text on each page, with their places."""
    return [
        [line for box in page if isinstance(box, LTTextContainer) for line in box if isinstance(line, LTTextLine)]
        for page in extract_pages(io.BytesIO(pdf))
    ]


@tagged("post_install", "-at_install")
class TestPaperPages(SalesDeptCommon):
    """The quotation as it comes out of the printer, by whatever build of wkhtmltopdf there is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"
        # Without web fonts, which are drawn as outlines: no text can be found in these.
        cls.env["ir.config_parameter"].sudo().set_param("report.url", "http://127.0.0.1:9")
        cls.css = cls._report_css()

    @classmethod
    def _report_css(cls):
        bundle = cls.env["ir.qweb"]._get_asset_bundle("web.report_assets_common", css=True, js=False)
        return bundle.css().raw.decode()

    def _quotation(self, count):
        # A name of sixty characters, whose end can be told from its beginning.
        return self._create_quotation(
            order_line=[
                Command.create({"product_id": self.product.id, "name": self._name(number), "price_unit": number + 1})
                for number in range(count)
            ]
        )

    def _name(self, number):
        return f"begin{number:03} ground shaft of hardened steel, drawing {number:03}-A, end{number:03}"

    def _print(self, *orders, with_script=True):
        """The PDF, made with the styles and the script that else come from the server."""
        Report = self.env["ir.actions.report"].with_user(self.manager1)
        report = Report._get_report(REPORT)
        ids = [order.id for order in orders]
        html = Report._render_qweb_html(REPORT, ids)[0].decode()
        bodies = report._prepare_html(html, report_model="sale.order")[0]
        with file_open(SCRIPT) as file:
            script = f"<script>{file.read()}</script>" if with_script else ""
        styles = f"<style>{self.css}</style>"
        bodies = [str(body).replace("</head>", f"{styles}{script}</head>", 1) for body in bodies]
        return report._run_wkhtmltopdf(bodies, report_ref=REPORT)

    def _rows(self, page):
        return re.findall(r"begin(\d{3})", page), re.findall(r"end(\d{3})", page)

    def test_long_quotation(self):
        order = self._quotation(120)
        pdf = self._print(order)
        pages = texts(pdf)
        self.assertGreater(len(pages), 3)
        found = []
        for number, page in enumerate(pages, 1):
            self.assertIn(f"Page {number} of {len(pages)}", page)
            self.assertIn(order.name, page)
            begun, ended = self._rows(page)
            self.assertEqual(begun, ended, "a row is cut at the end of the page")
            if begun:
                self.assertIn("Quantity", page, "the heading is repeated")
            found += begun
        self.assertEqual(found, [f"{number:03}" for number in range(120)], "each line stands once, in its order")
        self.assertIn("Confirmed by the Customer", pages[-1])
        for page in lines_of(pdf):
            content = [line for line in page if line.y0 > MARGIN_POINTS]
            foot = [line for line in page if line.y0 <= MARGIN_POINTS]
            self.assertTrue(
                all(re.fullmatch(rf"{order.name}|Page \d+ of \d+", line.get_text().strip()) for line in foot)
            )
            self.assertGreater(min(line.y0 for line in content), max(line.y1 for line in foot), "nothing overprints")

    def test_two_hundred_lines_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["sales_dept_roles"], ["zh_CN"])
        self.customer.lang = "zh_CN"
        pages = texts(self._print(self._quotation(200)))
        found = []
        for number, page in enumerate(pages, 1):
            self.assertIn(f"第 {number} 页，共 {len(pages)} 页", page)
            begun, ended = self._rows(page)
            self.assertEqual(begun, ended, "a row is cut at the end of the page")
            if begun:
                self.assertIn("数量", page, "the heading is repeated")
            found += begun
        self.assertEqual(found, [f"{number:03}" for number in range(200)])

    def test_pages_are_filled(self):
        """A page ends where there is no room any more, not long before."""
        page = lines_of(self._print(self._quotation(120)))[1]
        lowest = min(line.y0 for line in page if line.y0 > MARGIN_POINTS)
        self.assertLess(lowest, 120)

    def test_without_the_script(self):
        """What it is for: without it this build repeats no heading."""
        if ir_actions_report._wkhtml().is_patched_qt:
            pages = texts(self._print(self._quotation(60), with_script=False))
            self.assertTrue(all("Quantity" in page for page in pages if self._rows(page)[0]))
        else:
            pages = texts(self._print(self._quotation(60), with_script=False))
            self.assertFalse(all("Quantity" in page for page in pages if self._rows(page)[0]))

    def test_one_line_is_one_page(self):
        pages = texts(self._print(self._quotation(1)))
        self.assertEqual(len(pages), 1)
        self.assertIn("Page 1 of 1", pages[0])

    def test_no_font_of_the_web(self):
        """This build draws web fonts as outlines: long papers take six times as long, and are far larger."""
        web = set(re.findall(r"@font-face\s*{[^}]*font-family:\s*[\"']?([^\"';}]+)", self.css))
        self.assertIn("Lato", web, "What is looked for is not found: this proves nothing")
        [fonts] = re.findall(r"\.o_sales_dept_paper\s*{[^}]*font-family:([^;}]+)", self.css)
        named = {name.strip().strip("\"'") for name in fonts.split(",")}
        self.assertFalse(named & web)

    def test_several_at_once(self):
        """Each paper counts its own pages, also by builds that print one document only."""
        orders = [self._quotation(1), self._quotation(40)]
        pages = texts(self._print(*orders))
        self.assertIn("Page 1 of 1", pages[0])
        self.assertIn(f"Page 1 of {len(pages) - 1}", pages[1])
        for order, page in zip(orders, pages, strict=False):
            self.assertIn(order.name, page)

    def test_other_reports_are_left_alone(self):
        Report = self.env["ir.actions.report"]
        other = "sale.action_report_saleorder"
        with patch.object(type(Report), "_paper_pixels", side_effect=AssertionError):
            html = Report._render_qweb_html(other, self._create_quotation().ids)[0].decode()
        self.assertNotIn("o_paper_foot", html)
