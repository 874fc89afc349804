from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_quote_signoff = fields.Selection(
        related="company_id.sales_dept_quote_signoff", readonly=False, required=True
    )

    def action_sales_dept_apply_handbook(self):
        self.company_id.action_sales_dept_apply_handbook()
        return {"type": "ir.actions.client", "tag": "reload"}
