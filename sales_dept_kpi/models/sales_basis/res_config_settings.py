from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_sales_basis = fields.Selection(related="company_id.sales_dept_sales_basis", readonly=False)
