from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.http import request

from odoo.addons.portal.controllers.portal import pager
from odoo.addons.sales_dept_roles.controllers.portal_link import PortalLink, ended_document

from ..models.delivery_notice.sale_delivery_notice import SHOWN

# What she may say of goods that did not arrive in order.
AMISS = ("qty_damaged", "qty_lost", "qty_refused", "sign_reason")


class DeliveryNoticePortal(PortalLink):
    """The customer's deliveries: what left for her, and her signature for it, once."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "delivery_count" in counters:
            Notice = request.env["sale.delivery.notice"]
            values["delivery_count"] = Notice.search_count([("state", "in", SHOWN)]) if Notice.has_access("read") else 0
        return values

    @http.route(["/my/deliveries", "/my/deliveries/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_deliveries(self, page=1, **kw):
        Notice = request.env["sale.delivery.notice"]
        domain = [("state", "in", SHOWN)]
        pages = pager(url="/my/deliveries", total=Notice.search_count(domain), page=page, step=self._items_per_page)
        notices = Notice.search(
            domain, order="ship_date desc, id desc", limit=self._items_per_page, offset=pages["offset"]
        )
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "notices": notices.sudo(),
                "page_name": "delivery",
                "pager": pages,
                "default_url": "/my/deliveries",
            }
        )
        return request.render("sales_dept_logistics.portal_my_deliveries", values)

    @http.route("/my/deliveries/<int:notice_id>", type="http", auth="public", website=True)
    def portal_delivery(self, notice_id, access_token=None, message=None, **kw):
        try:
            notice = self._delivery(notice_id, access_token)
        except (AccessError, MissingError):
            return self._no_document("sale.delivery.notice", notice_id, access_token)
        values = self._get_page_view_values(
            notice, access_token, {"notice": notice, "page_name": "delivery", "message": message}, "deliveries", False
        )
        return request.render("sales_dept_logistics.portal_delivery", values)

    @http.route("/my/deliveries/<int:notice_id>/sign", type="jsonrpc", auth="public", website=True)
    def portal_delivery_sign(self, notice_id, access_token=None, name=None, signature=None, received=None):
        """The customer signs for the goods, and says what of them did not arrive in order; once.

        :param list received: ``[{"line_id", "qty_damaged", "qty_lost", "qty_refused", "sign_reason"}]``, quantities as
            they were typed; what is not said to be amiss arrived
        """
        access_token = access_token or request.httprequest.args.get("access_token")
        try:
            notice = self._delivery(notice_id, access_token)
        except (AccessError, MissingError):
            if ended := ended_document("sale.delivery.notice", notice_id, access_token):
                # Its page says so, and sends a new link.
                return {"force_refresh": True, "redirect_url": f"{ended.access_url}?access_token={access_token}"}
            return {"error": request.env._("This delivery is not to be found.")}
        name = name.strip() if isinstance(name, str) else ""
        if not name or not signature or not isinstance(signature, str):
            return {"error": request.env._("Write your name and sign.")}
        try:
            # What is refused leaves nothing behind. Two who sign at the same moment: the second one is run again.
            with request.env.cr.savepoint():
                notice.action_sign_for(
                    name, source="portal", signature=signature, received=self._received_of(received or [])
                )
        except (UserError, ValidationError) as error:
            return {"error": str(error)}
        author = notice.partner_id if request.env.user._is_public() else request.env.user.partner_id
        notice._post_signed(author)
        return {"force_refresh": True, "redirect_url": notice.get_portal_url(query_string="&message=sign_ok")}

    def _received_of(self, rows):
        """Return `rows` by line; the customer says what is amiss, and the rest she received.

        :raises UserError: when they are none
        """
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise UserError(request.env._("It cannot be read what of the goods did not arrive. Open the page again."))
        return {
            str(row.get("line_id")): {name: row[name] for name in AMISS if isinstance(row.get(name), (str, int, float))}
            for row in rows
        }

    def _delivery(self, notice_id, access_token):
        """The notice as superuser, for whom it is for.

        :raises AccessError: for others, before goods have left, and with a link whose time is over
        """
        notice = self._document_check_access("sale.delivery.notice", notice_id, access_token=access_token)
        if notice.state not in SHOWN:
            raise AccessError(request.env._("These goods have not left yet."))
        return notice
