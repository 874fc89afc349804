from odoo import http
from odoo.http import content_disposition, request


class RushRequestRegisterController(http.Controller):
    @http.route("/sales_dept/rush_requests.xlsx", type="http", auth="user", readonly=True)
    def rush_request_register(self, ids=""):
        """The register of rush requests as XLSX; the user's own record rules decide what is in it.

        :param str ids: comma-separated ids of requests; empty for all
        """
        wanted = [int(number) for number in ids.split(",") if number.isdigit()]
        requests = request.env["sale.rush.request"].search([("id", "in", wanted)] if wanted else [])
        filename = request.env._("Rush Request Register") + ".xlsx"
        return request.make_response(
            requests._register_xlsx(),
            headers=[
                ("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                ("Content-Disposition", content_disposition(filename)),
            ],
        )
