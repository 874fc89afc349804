from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_monthly_report = fields.Boolean(related="company_id.sales_dept_monthly_report", readonly=False)
    sales_dept_monthly_report_days = fields.Integer(related="company_id.sales_dept_monthly_report_days", readonly=False)
