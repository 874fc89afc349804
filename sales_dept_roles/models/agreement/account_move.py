from odoo import models


class AccountMove(models.Model):
    """Invoices fall due as the agreement with the customer says."""

    _inherit = "account.move"

    def _count_terms_by_agreement(self, base, day_of):
        """Have those of `self`, which are drafts, count from their base, whose agreement in force says so.

        One with other payment terms than the agreement's follows its own.

        :param str base: a value of the agreement's `payment_base`
        :param day_of: function of an invoice that returns its day, or nothing where there is none
        """
        invoices = self.filtered(lambda move: move.move_type == "out_invoice" and move.state == "draft")
        # Whoever invoices may not read the agreement, but its terms hold.
        agreements = self.env["sales.agreement"].sudo()
        agreements = agreements._in_force_with_base(base, invoices.company_id, invoices.commercial_partner_id)
        for invoice in invoices:
            agreement = agreements.get((invoice.company_id, invoice.commercial_partner_id))
            terms = agreement and agreement.payment_term_id
            if agreement and terms in (invoice.invoice_payment_term_id, terms.browse()) and (day := day_of(invoice)):
                invoice._count_terms_from(day)

    def _last_shipment_day(self):
        """The company's day on which the last of the goods on this invoice left, or None."""
        self.ensure_one()
        shipments = self.invoice_line_ids.sale_line_ids.sudo().move_ids.filtered(
            lambda move: move.state == "done" and move.location_dest_id.usage == "customer"
        )
        return max((self.company_id._local_day(move.date) for move in shipments), default=None)
