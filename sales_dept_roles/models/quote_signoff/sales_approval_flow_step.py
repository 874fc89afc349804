from odoo import api, models


class SalesApprovalFlowStep(models.Model):
    _inherit = "sales.approval.flow.step"

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.flow_id._quote_signoff_changed()
        return steps

    def write(self, vals):
        flows = self.flow_id
        result = super().write(vals)
        if "flow_id" in vals:
            (flows | self.flow_id)._quote_signoff_changed()
        return result

    def unlink(self):
        # A flow without steps exempts, so its last step matters.
        flows = self.flow_id
        result = super().unlink()
        flows._quote_signoff_changed()
        return result
