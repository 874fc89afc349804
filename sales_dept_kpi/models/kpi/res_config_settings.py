from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_kpi = fields.Boolean(related="company_id.sales_dept_kpi", readonly=False)
    sales_dept_freight_days = fields.Integer(related="company_id.sales_dept_freight_days", readonly=False)
