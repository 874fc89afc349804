from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_invoicing_days = fields.Integer(related="company_id.sales_dept_invoicing_days", readonly=False)
