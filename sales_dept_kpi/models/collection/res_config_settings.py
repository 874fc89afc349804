from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_collection = fields.Boolean(related="company_id.sales_dept_collection", readonly=False)
    sales_dept_collection_silent_days = fields.Integer(
        related="company_id.sales_dept_collection_silent_days", readonly=False
    )
    sales_dept_collection_escalation_days = fields.Integer(
        related="company_id.sales_dept_collection_escalation_days", readonly=False
    )
