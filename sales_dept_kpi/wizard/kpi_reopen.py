from odoo import fields, models


class SalesKpiReopen(models.TransientModel):
    _name = "sales.kpi.reopen"
    _description = "Open a Month Again"

    month_id = fields.Many2one("sales.kpi.month", required=True, readonly=True)
    reason = fields.Text(required=True, help="It is kept with the month.")

    def action_confirm(self):
        self.ensure_one()
        self.month_id._reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
