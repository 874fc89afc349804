from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.sale.controllers.portal import CustomerPortal

# Where the portal writes what the customer chooses; the last part of its address.
CHOICES = "/update_line_dict"


class QuoteSignoffPortal(CustomerPortal):
    def _document_check_access(self, model_name, document_id, access_token=None):
        """Close every portal page of a quotation (page, PDF, EDI, files, acceptance, payment).

        A token does not open it, and what is said is what a stranger would hear. Only what the customer
        herself chose beyond the offer she may choose again.
        """
        if model_name == "sale.order" and request.httprequest.path.endswith(CHOICES):
            if order := self._order_beyond_offer(document_id, access_token):
                return order
        document_sudo = super()._document_check_access(model_name, document_id, access_token=access_token)
        if model_name == "sale.order" and not request.env.user._is_internal():
            if document_sudo._quote_signoff_unreleased():
                raise AccessError(request.env._("This quotation is still being prepared."))
            # Terms also change with what stands elsewhere, such as the customer's own address.
            document_sudo._drop_outdated_signatures()
            # Not with each file of hers, for which nothing is written.
            if not request.env.cr.readonly:
                document_sudo._note_given("portal")
        return document_sudo

    def _order_beyond_offer(self, order_id, access_token):
        """Return the customer's quotation that waits because of what she chose herself, as superuser, or None."""
        order = request.env["sale.order"].sudo().browse(order_id).exists()
        user = request.env.user
        if not order.is_beyond_offer or user._is_internal() or not order._quote_signoff_unreleased():
            return None
        has_token = access_token and order.access_token and consteq(order.access_token, access_token)
        is_hers = not user._is_public() and order.partner_id.commercial_partner_id == (
            user.partner_id.commercial_partner_id
        )
        return order if has_token or is_hers else None

    @http.route()
    def portal_order_page(self, order_id, report_type=None, access_token=None, **kw):
        """What the customer chose beyond the offer has no price yet that she may read: she can take it back."""
        if not report_type and (order := self._order_beyond_offer(order_id, access_token)):
            return request.render(
                "sales_dept_roles.quote_beyond_offer",
                {
                    "sale_order": order,
                    "choices": order._customer_choices(),
                    "page_name": "quote",
                    "undo_url": order.get_portal_url(suffix="/undo_choice"),
                },
            )
        return super().portal_order_page(order_id, report_type=report_type, access_token=access_token, **kw)

    @http.route("/my/orders/<int:order_id>/undo_choice", type="http", auth="public", methods=["POST"], website=True)
    def portal_quote_undo_choice(self, order_id, access_token=None, **kw):
        """The customer takes back what she chose."""
        if order := self._order_beyond_offer(order_id, access_token):
            order._undo_customer_choice()
            return request.redirect(order.get_portal_url())
        return request.redirect("/my")

    @http.route()
    def portal_my_sale_order_download_edi(self, order_id=None, access_token=None, **kw):
        """A data file carries no visible mark, so not even colleagues get one of an unreleased quotation."""
        if request.env["sale.order"].sudo().browse(order_id).exists()._quote_signoff_unreleased():
            return request.redirect("/my")
        return super().portal_my_sale_order_download_edi(order_id=order_id, access_token=access_token, **kw)
