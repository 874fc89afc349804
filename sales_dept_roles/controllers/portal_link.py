from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from odoo.addons.portal.controllers.mail import MailController
from odoo.addons.portal.controllers.portal import CustomerPortal

MIXIN = "sales.dept.link.mixin"


class PortalLink(CustomerPortal):
    """Documents that open by a link for some days: once they are over, the page says so and sends a new one."""

    def _document_check_access(self, model_name, document_id, access_token=None):
        """A link whose days are over opens nothing; who may read the document by login needs none."""
        document = super()._document_check_access(model_name, document_id, access_token=access_token)
        if (
            isinstance(document, request.env.registry[MIXIN])
            and not document._link_holds()
            and not document.with_user(request.env.user).has_access("read")
        ):
            raise AccessError(request.env._("This link holds no longer."))
        return document

    def _no_document(self, model_name, document_id, access_token):
        """The answer where a document may not be seen: what to do about a link that ended, or else the portal."""
        document = ended_document(model_name, document_id, access_token)
        return self._ended_page(document, access_token) if document else request.redirect("/my")

    @http.route(
        "/my/link/<string:model_name>/<int:document_id>", type="http", auth="public", methods=["POST"], website=True
    )
    def portal_link_renew(self, model_name, document_id, access_token=None, **kw):
        """Whoever has a link that ended asks for a new one: it goes to the address on record, whoever asks."""
        document = ended_document(model_name, document_id, access_token)
        if not document:
            return request.redirect("/my")
        return self._ended_page(document, access_token, "sent" if document._mail_new_link() else "unknown")

    def _ended_page(self, document, access_token, state="ended"):
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "state": state,
                "action": f"/my/link/{document._name}/{document.id}",
                "token": access_token,
                "company": document.company_id,
            }
        )
        return request.render("sales_dept_roles.portal_link_ended", values)


class PortalLinkMail(MailController):
    @classmethod
    def _redirect_to_record(cls, model, res_id, access_token=None, **kwargs):
        """The button of an older mail leads to the page that says that its link ended."""
        if res_id and (document := ended_document(model, int(res_id), access_token)):
            return request.redirect(f"{document.access_url}?access_token={access_token}")
        return super()._redirect_to_record(model, res_id, access_token=access_token, **kwargs)


def ended_document(model_name, document_id, access_token):
    """The document, as superuser, that `access_token` opened once; none where it never did, or still does."""
    if model_name not in request.env or not issubclass(request.env.registry[model_name], request.env.registry[MIXIN]):
        return None
    document = request.env[model_name].sudo().browse(document_id).exists()
    is_ended = document and document._is_ended_link(access_token) and document._is_link_renewable()
    return document if is_ended else None
