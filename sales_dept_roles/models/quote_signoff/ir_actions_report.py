from odoo import models
from odoo.exceptions import AccessError


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        """Close quotations to outsiders, and mark what colleagues print."""
        unreleased = self._quotes_unreleased(report, docids)
        data = super()._get_rendering_context(report, docids, data)
        if unreleased:
            data["quotes_not_signed_off"] = unreleased
        return data

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        """A PDF kept from an earlier print shows earlier terms, and a marked copy must not be kept."""
        report = self._get_report(report_ref)
        if report.attachment and report.model == "sale.order":
            self._quotes_unreleased(report, res_ids)
            if self.env["sale.order"].sudo().browse(res_ids)._quote_signoff_filter_required():
                self = self.with_context(report_pdf_no_attachment=True)
        return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)

    def _quotes_unreleased(self, report, docids):
        """Return the unreleased orders among `docids` of `report`, for colleagues.

        :raises AccessError: for anybody else. The portal renders as superuser, so it is the user at
            the door who counts
        """
        orders = self.env["sale.order"]
        if report.model == orders._name:
            # Before anything is read as superuser: what that leaves in the cache, anybody's page could show.
            orders.browse(docids).exists().check_access("read")
            orders = orders.sudo().browse(docids).exists()._quote_signoff_unreleased()
        if orders and not self.env.user._is_internal():
            raise AccessError(self.env._("This quotation is still being prepared."))
        return orders
