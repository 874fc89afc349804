from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_order_exceptions = fields.Boolean(related="company_id.sales_dept_order_exceptions", readonly=False)
