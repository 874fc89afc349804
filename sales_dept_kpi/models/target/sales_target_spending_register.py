from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class SalesTargetSpending(models.Model):
    """What was spent of budgets, as XLSX."""

    _name = "sales.target.spending"
    _inherit = ["sales.target.spending", "sales.figures.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Spent of Budgets")

    @api.model
    def _register_columns(self):
        return [
            "date",
            "measure",
            RegisterColumn("account_name", width=30),
            "team_id",
            "user_id",
            RegisterColumn("partner_id", width=30),
            "document",
            RegisterColumn("name", width=40),
            "amount",
            RegisterColumn("company_id", width=30),
        ]
