from odoo import api, models


class SalesApprovalFlow(models.Model):
    _inherit = "sales.approval.flow"

    @api.model
    def _after_change(self, concerned, names=None):
        """Quotations may need a signature, or need none any more, when a flow of theirs changes."""
        result = super()._after_change(concerned, names)
        if "sale.order" in concerned:
            self._quote_signoff_recompute()
        return result

    @api.model
    def _quote_signoff_recompute(self):
        companies = self.env["res.company"].sudo().search([("sales_dept_quote_signoff", "in", ("rule", "all"))])
        if companies:
            self.env["sale.order"]._quote_signoff_recompute_released(companies)
