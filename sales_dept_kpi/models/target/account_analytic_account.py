from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .sales_target import BUDGETS, MEASURES


class AccountAnalyticAccount(models.Model):
    """An account on which a budget of the sales department is spent: what is booked on it is what was spent."""

    _inherit = "account.analytic.account"

    sales_dept_budget = fields.Selection(
        [(measure, label) for measure, label in MEASURES if measure in BUDGETS],
        string="Sales Budget",
        help="What is booked on this account counts as spent of that budget: costs, less what came back. Plan against "
        "Actual shows it beside the target.",
    )
    sales_dept_team_id = fields.Many2one(
        "crm.team",
        "Budget of the Team",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Whose budget is spent on this account. Empty: the company's.",
    )
    sales_dept_user_id = fields.Many2one(
        "res.users",
        "Budget of the Person",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('share', '=', False)]",
        help="Whose budget is spent on this account. Empty: the team's, or the company's.",
    )

    @api.constrains("sales_dept_budget", "sales_dept_team_id", "sales_dept_user_id")
    def _check_sales_dept_budget(self):
        for account in self:
            if not account.sales_dept_budget and (account.sales_dept_team_id or account.sales_dept_user_id):
                raise ValidationError(
                    self.env._(
                        "%(account)s spends no sales budget: say which, or leave team and person empty.",
                        account=account.display_name,
                    )
                )

    @api.model
    def _spending_accounts(self, company):
        """The accounts on which `company` spends its budgets, archived ones too, as superuser."""
        return (
            self.sudo()
            .with_context(active_test=False)
            .search(
                Domain("sales_dept_budget", "!=", False) & Domain("company_id", "in", [False, *company.parent_ids.ids])
            )
        )
