from odoo import http
from odoo.http import request

from .register import wanted_domain, xlsx_response


class RushRequestRegisterController(http.Controller):
    @http.route("/sales_dept/rush_requests.xlsx", type="http", auth="user", readonly=True)
    def rush_request_register(self, ids=""):
        """The register of rush requests as XLSX; the user's own record rules decide what is in it.

        :param str ids: comma-separated ids of requests; empty for all
        """
        requests = request.env["sale.rush.request"].search(wanted_domain(ids))
        return xlsx_response(request.env._("Rush Request Register"), requests._register_xlsx())
