import base64

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal

MIMETYPES = {"pdf": "application/pdf", "ofd": "application/ofd", "xml": "application/xml"}


class TaxInvoicePortal(CustomerPortal):
    @http.route(
        "/my/invoices/<int:invoice_id>/tax-invoice/<int:tax_invoice_id>/<any(pdf, ofd, xml):suffix>",
        type="http",
        auth="public",
        website=True,
    )
    def portal_tax_invoice_file(self, invoice_id, tax_invoice_id, suffix, access_token=None, **kw):
        """A file of a tax-office invoice, for whom the invoice in Odoo is for; the first download is logged."""
        try:
            move = self._document_check_access("account.move", invoice_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        invoice = move._portal_tax_invoices().filtered(lambda invoice: invoice.id == tax_invoice_id)
        content = invoice.with_context(bin_size=False)[f"{suffix}_file"]
        if not content:
            raise request.not_found()
        user = request.env.user
        # Colleagues who look at the customer's page do not fetch it for the customer.
        if not user._is_internal():
            invoice._log_download(move.partner_id if user._is_public() else user.partner_id)
        return request.make_response(
            base64.b64decode(content),
            headers=[
                ("Content-Type", MIMETYPES[suffix]),
                ("Content-Disposition", content_disposition(invoice[f"{suffix}_name"])),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
