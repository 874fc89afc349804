from io import BytesIO

import xlsxwriter

from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WaybillTemplate(http.Controller):
    @http.route("/sales_dept/waybill_template", type="http", auth="user", methods=["GET"], readonly=True)
    def waybill_template(self):
        """A spreadsheet with the columns that the import of waybills reads, headed in the user's language."""
        Waybill = request.env["freight.waybill"]
        Waybill.check_access("read")
        output = BytesIO()
        with xlsxwriter.Workbook(output, {"in_memory": True}) as workbook:
            sheet = workbook.add_worksheet(Waybill._register_title()[:31])
            heading = workbook.add_format({"bold": True, "bottom": 1})
            formats = {
                "name": workbook.add_format({"num_format": "@"}),
                "shipped_date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
                "signed_date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            }
            for position, (name, label) in enumerate(Waybill._sheet_labels().items()):
                # Numbers are text from the first: a spreadsheet rounds long ones.
                sheet.set_column(position, position, 18, formats.get(name))
                sheet.write_string(0, position, f"{label} *" if name in ("name", "shipped_date") else label, heading)
            sheet.freeze_panes(1, 0)
        return request.make_response(
            output.getvalue(),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{Waybill._register_title()}.xlsx")),
            ],
        )
