from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    # A month of all salespeople is read from the first index alone; the second finds a customer's first invoice.
    _sales_basis = models.Index(
        "(company_id, invoice_date) INCLUDE (id, invoice_user_id, amount_untaxed_signed) "
        "WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund')"
    )
    _sales_basis_customer = models.Index(
        "(commercial_partner_id, invoice_date) WHERE state = 'posted' AND move_type = 'out_invoice'"
    )
