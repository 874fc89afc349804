from odoo import http
from odoo.http import content_disposition, request

from .waybill_template import XLSX


class RateMatrix(http.Controller):
    @http.route("/sales_dept/rate_matrix/<int:card_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def rate_matrix(self, card_id):
        """The prices of a rate card as XLSX, headed in the user's language."""
        card = request.env["freight.rate.card"].browse(card_id).exists()
        if not card:
            raise request.not_found()
        card.check_access("read")
        return request.make_response(
            card._matrix_file(),
            headers=[("Content-Type", XLSX), ("Content-Disposition", content_disposition(f"{card.name}.xlsx"))],
        )
