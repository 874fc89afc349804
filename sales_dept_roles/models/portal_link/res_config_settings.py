from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_link_days = fields.Integer(related="company_id.sales_dept_link_days", readonly=False)
