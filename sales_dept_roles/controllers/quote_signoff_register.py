from odoo import http
from odoo.http import content_disposition, request


class QuoteRegisterController(http.Controller):
    @http.route("/sales_dept/quotation_register.xlsx", type="http", auth="user", readonly=True)
    def quotation_register(self, ids=""):
        """The quotation register as XLSX; the user's own record rules decide what is in it.

        :param str ids: comma-separated ids of approvals; empty for all
        """
        domain = [("res_model", "=", "sale.order")]
        if wanted := [int(number) for number in ids.split(",") if number.isdigit()]:
            domain.append(("id", "in", wanted))
        approvals = request.env["sales.approval"].search(domain)
        filename = request.env._("Quotation Register") + ".xlsx"
        return request.make_response(
            approvals._quote_register_xlsx(),
            headers=[
                ("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                ("Content-Disposition", content_disposition(filename)),
            ],
        )
