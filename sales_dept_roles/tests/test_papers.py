import re
from unittest.mock import patch

from lxml import etree

from odoo.modules import Manifest
from odoo.tests import tagged
from odoo.tools import file_path

from odoo.addons.base.models import ir_actions_report

from .common import SalesDeptCommon

SCSS = "sales_dept_roles/static/report/paper.scss"


@tagged("post_install", "-at_install")
class TestPapers(SalesDeptCommon):
    """The printed papers hold together, whatever builds of wkhtmltopdf print them."""

    def _tables(self):
        """Yield each table of numbered lines with the file it stands in."""
        for path in Manifest.for_addon("sales_dept_roles")["data"]:
            if path.startswith("report/"):
                for table in etree.parse(file_path(f"sales_dept_roles/{path}")).iter("table"):
                    if "o_paper_lines" in table.get("class", ""):
                        yield path, table

    def _columns(self, row):
        """The classes that give the cells of `row` their width."""
        texts = [cell.get("class") or cell.get("t-attf-class") or "" for cell in row.iter("th", "td")]
        return [" ".join(sorted(set(re.findall(r"\bo_\w+", text)))) for text in texts]

    def test_cells_are_as_wide_as_their_headings(self):
        """Where each row is a block of its own, only this keeps the columns straight."""
        tables = list(self._tables())
        self.assertGreaterEqual(len(tables), 9)
        for path, table in tables:
            head = self._columns(table.find("thead/tr"))
            for row in table.iterfind("tbody/tr"):
                columns = self._columns(row)
                if row.find(".//t[@t-if='line.display_type']") is not None:
                    columns = columns[1:]
                if len(columns) > 1:
                    with self.subTest(path=path, line=row.sourceline):
                        self.assertEqual(columns, head)

    def test_widths_are_known(self):
        with open(file_path(SCSS), encoding="utf-8") as file:
            known = set(re.findall(r"> \.(o_\w+)", file.read()))
        for path, table in self._tables():
            columns = {name for row in table.iter("tr") for cell in self._columns(row) for name in cell.split()}
            self.assertFalse(columns - known, path)

    def test_papers_are_of_one_kind(self):
        """A table of another kind may be cut in the middle of a row."""
        for path in Manifest.for_addon("sales_dept_roles")["data"]:
            if path.startswith("report/"):
                for table in etree.parse(file_path(f"sales_dept_roles/{path}")).iter("table"):
                    with self.subTest(path=path, line=table.sourceline):
                        self.assertRegex(table.get("class", ""), r"^o_paper_(head|form|lines|boxes)\b")

    def _job_card(self, is_patched):
        wkhtml = ir_actions_report._wkhtml()._replace(is_patched_qt=is_patched)
        role = self.env["sales.dept.role"].search([], limit=1)
        with patch.object(ir_actions_report, "_wkhtml", return_value=wkhtml):
            report = self.env["ir.actions.report"]
            return report._render_qweb_html("sales_dept_roles.report_job_card", role.ids)[0].decode()

    def test_rows_are_kept_whole(self):
        self.assertIn("o_rows_as_blocks", self._job_card(False))

    def test_headings_repeat_where_they_can(self):
        self.assertNotIn("o_rows_as_blocks", self._job_card(True))

    def test_stylesheet_is_loaded(self):
        files, _external = self.env["ir.qweb"]._get_asset_content("web.report_assets_common")
        self.assertIn(f"/{SCSS}", [file["url"] for file in files])
