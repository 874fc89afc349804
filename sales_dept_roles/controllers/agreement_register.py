from odoo import http
from odoo.http import request

from .register import wanted_domain, xlsx_response


class AgreementRegisterController(http.Controller):
    @http.route("/sales_dept/agreement_register.xlsx", type="http", auth="user", readonly=True)
    def agreement_register(self, ids=""):
        """The register of agreements as XLSX; the user's own record rules decide what is in it.

        :param str ids: comma-separated ids of agreements; empty for all
        """
        agreements = request.env["sales.agreement"].search(wanted_domain(ids))
        return xlsx_response(request.env._("Agreement Register"), agreements._register_xlsx())
