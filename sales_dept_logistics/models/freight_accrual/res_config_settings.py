from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_freight_accrual_journal_id = fields.Many2one(
        related="company_id.sales_dept_freight_accrual_journal_id", readonly=False
    )
    sales_dept_freight_accrual_account_id = fields.Many2one(
        related="company_id.sales_dept_freight_accrual_account_id", readonly=False
    )
