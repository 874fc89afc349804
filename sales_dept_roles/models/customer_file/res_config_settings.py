from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_customer_file = fields.Boolean(related="company_id.sales_dept_customer_file", readonly=False)
    sales_dept_customer_file_item_ids = fields.Many2many(
        related="company_id.sales_dept_customer_file_item_ids", readonly=False
    )
