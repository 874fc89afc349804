from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.sales_dept_roles.controllers.register import XLSX


class TargetSheet(http.Controller):
    @http.route("/sales_dept/target/<int:target_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def target_sheet(self, target_id):
        """The figures of a target as XLSX, as far as the user sees them, headed in the user's language."""
        target = request.env["sales.target"].browse(target_id).exists()
        if not target:
            raise request.not_found()
        target.check_access("read")
        return request.make_response(
            target._sheet_file(),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{target.display_name}.xlsx")),
            ],
        )
