from odoo import api, fields, models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    sales_dept_keeps_shared = fields.Boolean(
        compute="_compute_sales_dept_keeps_shared",
        help="May change configuration that all companies share: administrators, and who works in each company.",
    )

    @api.depends("group_ids", "company_ids")
    def _compute_sales_dept_keeps_shared(self):
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        for user in self:
            user.sales_dept_keeps_shared = user.has_group("base.group_system") or not (companies - user.company_ids)

    @api.model
    def _company_of_new_configuration(self):
        """The company for which the user at work makes configuration: none, where it may be for all of them."""
        return self.env["res.company"] if self.env.su or self.env.user.sales_dept_keeps_shared else self.env.company
