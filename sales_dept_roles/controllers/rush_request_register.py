from odoo import http
from odoo.http import request

from ..register_xlsx import xlsx_response


class RushRequestRegisterController(http.Controller):
    @http.route("/sales_dept/rush_register.xlsx", type="http", auth="user", readonly=True)
    def rush_register(self, ids=""):
        """The register of rush requests as XLSX; the user's own record rules decide what is in it.

        :param str ids: comma-separated ids of requests; empty for all
        """
        domain = []
        if wanted := [int(number) for number in ids.split(",") if number.isdigit()]:
            domain.append(("id", "in", wanted))
        requests = request.env["sale.rush.request"].search(domain)
        return xlsx_response(request.env._("Rush Request Register"), requests._rush_register_xlsx())
