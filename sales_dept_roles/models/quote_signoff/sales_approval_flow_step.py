from odoo import api, models


class SalesApprovalFlowStep(models.Model):
    _inherit = "sales.approval.flow.step"

    @api.model
    def _after_change(self, concerned, names=None):
        """A flow without steps exempts, so its last step matters, and its first."""
        result = super()._after_change(concerned, names)
        if "sale.order" in concerned and (names is None or "flow_id" in names):
            self.env["sales.approval.flow"]._quote_signoff_recompute()
        return result
