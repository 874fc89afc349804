from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_repr

from odoo.addons.sales_dept_roles.models.paper.capitals import amount_in_capitals


class SalesAcceptanceDraft(models.Model):
    """The receipt that the customer is handed, and the list of drafts."""

    _inherit = "sales.acceptance.draft"

    paid_names = fields.Char(
        "Pays Invoices", compute="_compute_paid_names", help="The invoices that its payment is matched with."
    )

    @api.depends("payment_id", "invoice_ids", "state")
    def _compute_paid_names(self):
        # Whoever reads the draft reads which invoices it pays.
        for draft, invoices in zip(self, map(lambda draft: draft._paid_invoices(), self.sudo()), strict=True):
            draft.paid_names = ", ".join(invoices.sorted("name").mapped("name"))

    def _paid_invoices(self):
        return self.payment_id.reconciled_invoice_ids or self.invoice_ids

    def _amount_in_capitals(self):
        """The amount in capitals, where papers of the company write it so, or False."""
        if not self.company_id._writes_capitals(self.currency_id):
            return False
        amount = Decimal(float_repr(self.amount, self.currency_id.decimal_places))
        return f"人民币{amount_in_capitals(amount)}"

    def _sheets(self):
        """``[{"company", "currency", "drafts", "bank", "commercial"}]``: what stands on one sheet, by maturity."""
        return [
            {
                "company": company,
                "currency": currency,
                "drafts": drafts.sorted(lambda draft: (draft.maturity_date, draft.id)),
                **{
                    kind: currency.round(
                        sum(drafts.filtered(lambda draft, kind=kind: draft.kind == kind).mapped("amount"))
                    )
                    for kind in ("bank", "commercial")
                },
            }
            for (company, currency), drafts in self.grouped(lambda draft: (draft.company_id, draft.currency_id)).items()
        ]
