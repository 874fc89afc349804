from odoo import http
from odoo.fields import Domain
from odoo.http import request

from .register import wanted_domain, xlsx_response


class QuoteRegisterController(http.Controller):
    @http.route("/sales_dept/quotation_register.xlsx", type="http", auth="user", readonly=True)
    def quotation_register(self, ids=""):
        """The quotation register as XLSX; the user's own record rules decide what is in it.

        :param str ids: comma-separated ids of approvals; empty for all
        """
        approvals = request.env["sales.approval"].search(Domain("res_model", "=", "sale.order") & wanted_domain(ids))
        return xlsx_response(request.env._("Quotation Register"), approvals._quote_register_xlsx())
