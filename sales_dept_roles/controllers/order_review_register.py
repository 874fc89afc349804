from odoo import http
from odoo.http import request

from .register import wanted_domain, xlsx_response


class OrderReviewRegisterController(http.Controller):
    @http.route("/sales_dept/order_reviews.xlsx", type="http", auth="user", readonly=True)
    def order_review_register(self, ids=""):
        """The register of order reviews as XLSX; the user's own record rules decide what is in it.

        :param str ids: comma-separated ids of reviews; empty for all
        """
        reviews = request.env["sale.order.review"].search(wanted_domain(ids))
        return xlsx_response(request.env._("Order Reviews"), reviews._register_xlsx())
