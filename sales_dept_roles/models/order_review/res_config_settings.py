from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_order_review = fields.Selection(
        related="company_id.sales_dept_order_review", readonly=False, required=True
    )
    sales_dept_review_days = fields.Integer(related="company_id.sales_dept_review_days", readonly=False)
