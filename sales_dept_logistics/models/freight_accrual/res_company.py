from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_freight_accrual_journal_id = fields.Many2one(
        "account.journal",
        "Freight Accruals: Journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Without a journal and an account nothing is accrued.",
    )
    sales_dept_freight_accrual_account_id = fields.Many2one(
        "account.account",
        "Freight Accruals: Account",
        check_company=True,
        domain="[('account_type', '=', 'liability_current')]",
        help="What is owed to carriers for shipments that no bill is there for yet.",
    )
