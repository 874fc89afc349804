from odoo import api, fields, models
from odoo.exceptions import UserError

from ..clock.bounds import check_dates


class AccountMove(models.Model):
    """An invoice whose payment terms count from another day than its own."""

    _inherit = "account.move"

    sales_dept_base_date = fields.Date(
        "Terms Count From",
        copy=False,
        help="The day of the shipment or of the confirmed statement, where the agreement says that payment terms count "
        "from it. Empty: from the invoice date.",
    )

    @api.depends("sales_dept_base_date")
    def _compute_needed_terms(self):
        counted = self.filtered(lambda move: move.sales_dept_base_date and move.invoice_payment_term_id)
        result = super(AccountMove, self - counted)._compute_needed_terms()
        for move in counted:
            with_base = move.with_context(sales_dept_base_date=move.sales_dept_base_date)
            super(AccountMove, with_base)._compute_needed_terms()
        return result

    @api.constrains("sales_dept_base_date")
    def _check_dates(self):
        check_dates(self, "sales_dept_base_date")

    def write(self, vals):
        if "sales_dept_base_date" in vals:
            self._check_base_date(fields.Date.to_date(vals["sales_dept_base_date"]) or False)
        return super().write(vals)

    def _check_base_date(self, day):
        for move in self:
            if move.state == "posted" and move.sales_dept_base_date != day:
                raise UserError(
                    self.env._(
                        "%(invoice)s is posted: its due dates stand. Reset it to draft to count them from another day.",
                        invoice=move.name,
                    )
                )

    def _count_terms_from(self, base_date):
        """Have the payment terms of `self`, which are drafts, count from `base_date`: a shipment, a statement."""
        self.write({"sales_dept_base_date": base_date})
