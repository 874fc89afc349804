from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal


class QuoteSignoffPortal(CustomerPortal):
    def _document_check_access(self, model_name, document_id, access_token=None):
        """Close every portal page of a quotation (page, PDF, EDI, files, acceptance, payment).

        A token does not open it, and what is said is what a stranger would hear.
        """
        document_sudo = super()._document_check_access(model_name, document_id, access_token=access_token)
        if (
            model_name == "sale.order"
            and not request.env.user._is_internal()
            and document_sudo._quote_signoff_unreleased()
        ):
            raise AccessError(request.env._("This quotation is still being prepared."))
        return document_sudo

    @http.route()
    def portal_my_sale_order_download_edi(self, order_id=None, access_token=None, **kw):
        """A data file carries no visible mark, so not even colleagues get one of an unreleased quotation."""
        if request.env["sale.order"].sudo().browse(order_id).exists()._quote_signoff_unreleased():
            return request.redirect("/my")
        return super().portal_my_sale_order_download_edi(order_id=order_id, access_token=access_token, **kw)
