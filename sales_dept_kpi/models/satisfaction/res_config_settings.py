from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_satisfaction_sending = fields.Selection(
        related="company_id.sales_dept_satisfaction_sending", readonly=False, required=True
    )
    sales_dept_satisfaction_survey_id = fields.Many2one(
        related="company_id.sales_dept_satisfaction_survey_id", readonly=False
    )
    sales_dept_satisfaction_delay = fields.Integer(related="company_id.sales_dept_satisfaction_delay", readonly=False)
    sales_dept_satisfaction_interval = fields.Integer(
        related="company_id.sales_dept_satisfaction_interval", readonly=False
    )
    sales_dept_satisfaction_open_days = fields.Integer(
        related="company_id.sales_dept_satisfaction_open_days", readonly=False
    )
    sales_dept_satisfaction_function = fields.Selection(
        related="company_id.sales_dept_satisfaction_function", readonly=False
    )
    sales_dept_satisfaction_limit_quotation = fields.Integer(
        related="company_id.sales_dept_satisfaction_limit_quotation", readonly=False
    )
    sales_dept_satisfaction_limit_technical = fields.Integer(
        related="company_id.sales_dept_satisfaction_limit_technical", readonly=False
    )
    sales_dept_satisfaction_limit_quality = fields.Integer(
        related="company_id.sales_dept_satisfaction_limit_quality", readonly=False
    )
    sales_dept_satisfaction_limit_delivery = fields.Integer(
        related="company_id.sales_dept_satisfaction_limit_delivery", readonly=False
    )
    sales_dept_satisfaction_limit_logistics = fields.Integer(
        related="company_id.sales_dept_satisfaction_limit_logistics", readonly=False
    )
