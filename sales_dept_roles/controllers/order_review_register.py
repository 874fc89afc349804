from odoo import http
from odoo.http import content_disposition, request


class OrderReviewRegisterController(http.Controller):
    @http.route("/sales_dept/order_reviews.xlsx", type="http", auth="user", readonly=True)
    def order_review_register(self, ids=""):
        """The register of order reviews as XLSX; the user's own record rules decide what is in it.

        :param str ids: comma-separated ids of reviews; empty for all
        """
        wanted = [int(number) for number in ids.split(",") if number.isdigit()]
        reviews = request.env["sale.order.review"].search([("id", "in", wanted)] if wanted else [])
        filename = request.env._("Order Reviews") + ".xlsx"
        return request.make_response(
            reviews._register_xlsx(),
            headers=[
                ("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
                ("Content-Disposition", content_disposition(filename)),
            ],
        )
