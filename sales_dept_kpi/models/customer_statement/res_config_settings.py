from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_customer_statement = fields.Boolean(related="company_id.sales_dept_customer_statement", readonly=False)
    sales_dept_statement_answer_days = fields.Integer(
        related="company_id.sales_dept_statement_answer_days", readonly=False
    )
    sales_dept_statement_link_days = fields.Integer(related="company_id.sales_dept_statement_link_days", readonly=False)
