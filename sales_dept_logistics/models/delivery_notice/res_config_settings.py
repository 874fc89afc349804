from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_delivery_notice = fields.Boolean(related="company_id.sales_dept_delivery_notice", readonly=False)
