from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_visit_position = fields.Boolean(related="company_id.sales_dept_visit_position", readonly=False)
