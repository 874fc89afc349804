from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_stock_ageing = fields.Boolean(related="company_id.sales_dept_stock_ageing", readonly=False)
    sales_dept_max_stock_months = fields.Integer(related="company_id.sales_dept_max_stock_months", readonly=False)
