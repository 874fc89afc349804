from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_drafts = fields.Boolean(related="company_id.sales_dept_drafts", readonly=False)
    sales_dept_draft_journal_id = fields.Many2one(related="company_id.sales_dept_draft_journal_id", readonly=False)
    sales_dept_draft_cost_account_id = fields.Many2one(
        related="company_id.sales_dept_draft_cost_account_id", readonly=False
    )
    sales_dept_draft_collected = fields.Selection(related="company_id.sales_dept_draft_collected", readonly=False)
    sales_dept_draft_days = fields.Integer(related="company_id.sales_dept_draft_days", readonly=False)
