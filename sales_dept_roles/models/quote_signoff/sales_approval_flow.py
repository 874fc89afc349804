from odoo import api, models


class SalesApprovalFlow(models.Model):
    _inherit = "sales.approval.flow"

    @api.model_create_multi
    def create(self, vals_list):
        flows = super().create(vals_list)
        flows._quote_signoff_changed()
        return flows

    def write(self, vals):
        is_concerned = "sale.order" in self.mapped("res_model")
        result = super().write(vals)
        if is_concerned or "sale.order" in self.mapped("res_model"):
            self._quote_signoff_recompute()
        return result

    def unlink(self):
        is_concerned = "sale.order" in self.mapped("res_model")
        result = super().unlink()
        if is_concerned:
            self._quote_signoff_recompute()
        return result

    def _quote_signoff_changed(self):
        """Quotations may need a signature, or need none any more, when a flow of theirs changes."""
        if "sale.order" in self.mapped("res_model"):
            self._quote_signoff_recompute()

    @api.model
    def _quote_signoff_recompute(self):
        companies = self.env["res.company"].sudo().search([("sales_dept_quote_signoff", "in", ("rule", "all"))])
        if companies:
            self.env["sale.order"]._quote_signoff_recompute_released(companies)
