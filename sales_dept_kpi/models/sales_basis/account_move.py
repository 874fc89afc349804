from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    # A month is found by the first; the second finds a customer's first invoice.
    _sales_basis = models.Index(
        "(company_id, invoice_date) INCLUDE (invoice_user_id, reversed_entry_id, amount_untaxed_signed) "
        "WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund')"
    )
    _sales_basis_customer = models.Index(
        "(commercial_partner_id, invoice_date) WHERE state = 'posted' AND move_type = 'out_invoice'"
    )
