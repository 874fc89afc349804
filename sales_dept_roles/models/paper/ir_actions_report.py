import base64
import io

import qrcode

from odoo import api, fields, models

from odoo.addons.base.models import ir_actions_report

from .page_foot import foot_of, joined, with_feet

# What a millimetre is to builds of wkhtmltopdf without patched Qt, measured: they lay pages out for 125 pixels an inch.
PIXELS_PER_MM = 125 / 25.4
# Odoo's body keeps some room at both sides.
GUTTERS = 32
# Where a page is ended by us, some room is left for what differs between screen and print.
SPARE_PIXELS = 24


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    is_sales_dept_paper = fields.Boolean(
        "Form of the Sales Department",
        readonly=True,
        help="Printed with the department's layout: its form number and version, and a numbered foot on each page.",
    )

    def _get_rendering_context(self, report, docids, data):
        """Tell papers which form they are, and what this build of wkhtmltopdf cannot do."""
        data = super()._get_rendering_context(report, docids, data)
        if report.is_sales_dept_paper:
            data["paper_report"] = report
            data["cuts_rows"] = not ir_actions_report._wkhtml().is_patched_qt
            data["paper_pixels"] = report._paper_pixels()
        return data

    def _paper_pixels(self):
        """Width and height of what is printed on a page of this report."""
        paper = self.get_paperformat()
        width = paper.print_page_width - paper.margin_left - paper.margin_right
        height = paper.print_page_height - paper.margin_top - paper.margin_bottom
        return int(width * PIXELS_PER_MM) - GUTTERS, int(height * PIXELS_PER_MM) - SPARE_PIXELS

    def _paper_qr(self, document):
        """A QR code that opens `document` for whoever may see it, as the address of an image."""
        address = f"{document.get_base_url()}/mail/view?model={document._name}&res_id={document.id}"
        picture = io.BytesIO()
        # Not by reportlab, whose pictures need a part that is not installed everywhere.
        qrcode.make(address, box_size=4, border=0).save(picture, format="PNG")
        return f"data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()}"

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        """Papers are printed one by one, so that each has its own pages; others as they are."""
        options = {
            "landscape": landscape,
            "specific_paperformat_args": specific_paperformat_args,
            "set_viewport_size": set_viewport_size,
        }
        if not report_ref or not self._get_report(report_ref).is_sales_dept_paper:
            return super()._run_wkhtmltopdf(bodies, report_ref, header=header, footer=footer, **options)
        papers = []
        for body in bodies:
            pdf = super()._run_wkhtmltopdf([body], report_ref, **options)
            foot = foot_of(body)
            papers.append(with_feet(pdf, foot) if foot else pdf)
        return joined(papers)
