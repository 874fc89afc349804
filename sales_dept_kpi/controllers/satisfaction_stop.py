from odoo import http
from odoo.http import request


class SatisfactionStop(http.Controller):
    """Whoever was asked says that she does not want to be asked any more.

    Opening the link changes nothing: programs that look at mail open all of them.
    """

    @http.route(
        "/satisfaction/stop/<string:token>", type="http", auth="public", website=True, sitemap=False, methods=["GET"]
    )
    def satisfaction_stop(self, token, **kw):
        return self._page(self._invitation(token))

    @http.route(
        "/satisfaction/stop/<string:token>/confirm",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def satisfaction_stop_confirm(self, token, **kw):
        invitation = self._invitation(token)
        invitation._satisfaction_stop()
        return self._page(invitation)

    def _page(self, invitation):
        if not invitation:
            raise request.not_found()
        if lang := invitation.lang_id.code or invitation.partner_id.lang:
            request.update_context(lang=lang)
        return request.render(
            "sales_dept_kpi.satisfaction_stop",
            {
                "token": invitation.access_token,
                "contact": invitation.partner_id,
                # Its name and logo, not those of whoever has the address.
                "res_company": invitation.sales_dept_company_id,
                "is_stopped": invitation.partner_id.sales_dept_survey_opt_out,
            },
        )

    def _invitation(self, token):
        """The invitation of that secret, as superuser: whoever was mailed it speaks for its contact."""
        return (
            request.env["survey.user_input"]
            .sudo()
            .search([("access_token", "=", token), ("sales_dept_partner_id", "!=", False)], limit=1)
        )
