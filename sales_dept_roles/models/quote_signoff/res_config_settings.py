from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_quote_signoff = fields.Selection(
        related="company_id.sales_dept_quote_signoff", readonly=False, required=True
    )
