from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

CUSTOMER_DOCUMENTS = ("out_invoice", "out_refund", "out_receipt")


class SalesTaxInvoiceLine(models.Model):
    """How much of a tax-office invoice is which of Odoo's invoices, in the company's currency with tax."""

    _name = "sales.tax.invoice.line"
    _description = "Invoice in Odoo of a Tax-Office Invoice"
    _order = "tax_invoice_id, id"
    _check_company_auto = True

    tax_invoice_id = fields.Many2one(
        "sales.tax.invoice", required=True, index=True, ondelete="cascade", check_company=True
    )
    move_id = fields.Many2one(
        "account.move",
        "Invoice in Odoo",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('move_type', 'in', ('out_invoice', 'out_refund', 'out_receipt')), ('state', '=', 'posted'),"
        " ('company_id', '=', company_id), ('commercial_partner_id', '=', commercial_partner_id)]",
    )
    company_id = fields.Many2one(related="tax_invoice_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    commercial_partner_id = fields.Many2one(related="tax_invoice_id.partner_id.commercial_partner_id")
    amount = fields.Monetary(
        required=True,
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        help="As much of the invoice in Odoo stands on this tax-office invoice; negative on a red letter.",
    )
    move_amount = fields.Monetary(related="move_id.amount_total_signed", string="Total in Odoo")
    date = fields.Date(related="tax_invoice_id.date")
    state = fields.Selection(related="tax_invoice_id.state")

    _once = models.UniqueIndex(
        "(tax_invoice_id, move_id)", "An invoice in Odoo stands once on a tax-office invoice: add the amounts up."
    )
    _something = models.Constraint("CHECK (amount <> 0)", "Say how much of the invoice in Odoo it is.")

    @api.depends("move_id")
    def _compute_amount(self):
        """What is left of both."""
        for line in self:
            invoice, move = line.tax_invoice_id, line.move_id
            if line.amount or not move or not invoice.amount_total:
                line.amount = line.amount
                continue
            others = invoice.line_ids - line
            of_invoice = invoice.amount_total - sum(others.mapped("amount"))
            if of_invoice < 0:
                line.amount = of_invoice
            else:
                line.amount = min(of_invoice, move.amount_total_signed - move._tax_invoiced_amount())

    @api.constrains("amount", "move_id", "tax_invoice_id")
    def _check_allocation(self):
        # The moves are those of the users who bring them in; their sums are everybody's.
        lines = self.sudo()
        lines.move_id._lock_tax_invoiced()
        for line in lines:
            if message := line._allocation_error_message():
                raise ValidationError(message)
        lines._check_invoice_sums()
        lines.move_id._check_tax_invoiced()

    def _allocation_error_message(self):
        """Return why the invoice in Odoo does not belong to the tax-office invoice, or False."""
        self.ensure_one()
        invoice, move = self.tax_invoice_id, self.move_id
        if move.move_type not in CUSTOMER_DOCUMENTS or move.state != "posted":
            return self.env._(
                "%(move)s is no posted invoice to a customer: post it first, or choose another.",
                move=move.display_name,
            )
        if move.commercial_partner_id != invoice.partner_id.commercial_partner_id:
            return self.env._(
                "%(move)s is not an invoice to %(customer)s.",
                move=move.display_name,
                customer=invoice.partner_id.commercial_partner_id.display_name,
            )
        if self.amount * invoice.amount_total < 0 or (move.move_type == "out_refund" and self.amount > 0):
            return self.env._(
                "%(move)s: invoices stand on it with positive amounts, credit notes and red letters with "
                "negative ones.",
                move=move.display_name,
            )
        return False

    def _check_invoice_sums(self):
        for invoice in self.tax_invoice_id:
            if invoice.currency_id.compare_amounts(abs(invoice.allocated_amount), abs(invoice.amount_total)) > 0:
                raise ValidationError(
                    self.env._(
                        "%(invoice)s: its invoices in Odoo are more than its total. Reduce their amounts.",
                        invoice=invoice.display_name,
                    )
                )

    @api.model
    def _sums_by_move(self, moves):
        """``{id: amount that stands on tax-office invoices}`` of `moves`, for everybody's invoices together."""
        rows = self.sudo()._read_group([("move_id", "in", moves.ids)], ["move_id"], ["amount:sum"])
        return defaultdict(float, {move.id: amount for move, amount in rows})
