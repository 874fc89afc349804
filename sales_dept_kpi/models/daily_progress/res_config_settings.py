from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_daily_mail = fields.Boolean(related="company_id.sales_dept_daily_mail", readonly=False)
