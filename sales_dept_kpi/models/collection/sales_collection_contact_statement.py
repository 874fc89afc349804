from odoo import models

from .sales_collection_letter import REPORT


class SalesCollectionContact(models.Model):
    """The statement of open items that goes out with a reminder; what was sent is the file, which stays."""

    _inherit = "sales.collection.contact"

    def _statement_parts(self):
        """What the customer owes now, by currency, as the user at work sees it."""
        self.ensure_one()
        letters = self.env["sales.collection.letter"]._letters(self.partner_id, self.company_id)
        return letters.get(self.partner_id, [])

    def _statement_file_name(self):
        self.ensure_one()
        return self.env._("Open items %(date)s.pdf", date=self.sent_day or self.company_id._local_today())

    def _statement_pdf(self):
        self.ensure_one()
        pdf, _kind = self.env["ir.actions.report"]._render_qweb_pdf(REPORT, self.ids)
        return pdf
