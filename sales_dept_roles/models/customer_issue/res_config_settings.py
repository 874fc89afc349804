from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sales_dept_issue_portal = fields.Boolean(related="company_id.sales_dept_issue_portal", readonly=False)
    sales_dept_issue_close_days = fields.Integer(related="company_id.sales_dept_issue_close_days", readonly=False)
    sales_dept_issue_alias_name = fields.Char(
        "Mail Address for Issues",
        compute="_compute_sales_dept_issue_alias_name",
        inverse="_inverse_sales_dept_issue_alias_name",
    )
    sales_dept_issue_alias_domain = fields.Char(
        related="company_id.alias_domain_id.name", string="Domain of the Address"
    )

    @api.depends("company_id")
    def _compute_sales_dept_issue_alias_name(self):
        for settings in self:
            settings.sales_dept_issue_alias_name = settings.company_id.sales_dept_issue_alias_id.alias_name

    def _inverse_sales_dept_issue_alias_name(self):
        for settings in self:
            settings.company_id._set_issue_alias(settings.sales_dept_issue_alias_name)
