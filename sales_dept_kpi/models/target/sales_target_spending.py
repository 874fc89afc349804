from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .sales_target import BUDGETS, MEASURES


class SalesTargetSpending(models.Model):
    """What was spent of the budgets for promotion and exhibitions: the analytic lines of the accounts that name one.

    Bills and entries write them when they are posted, and take them away when they are reset. There is no other ledger
    of budgets: what finance booked is what was spent.
    """

    _name = "sales.target.spending"
    _description = "Spent of a Budget"
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "account.analytic.account": ["name", "sales_dept_budget", "sales_dept_team_id", "sales_dept_user_id"],
        "account.analytic.line": ["amount", "company_id", "date", "move_line_id", "name", "partner_id"],
        "account.move.line": ["move_id"],
        "account.move": ["name"],
    }

    date = fields.Date(readonly=True, help="That of the booking.")
    measure = fields.Selection(
        [(measure, label) for measure, label in MEASURES if measure in BUDGETS], "Budget", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    account_name = fields.Char("Account", compute="_compute_account_name")
    account_id = fields.Many2one("account.analytic.account", "Analytic Account", readonly=True)
    partner_id = fields.Many2one("res.partner", "Supplier", readonly=True)
    document = fields.Char(readonly=True, help="The bill or entry; empty where the line was entered by hand.")
    name = fields.Char("Description", readonly=True)
    amount = fields.Monetary("Spent", readonly=True, help="Without taxes that come back; less refunds.")
    move_id = fields.Many2one("account.move", readonly=True)

    @property
    def _table_query(self):
        parts = [
            part for company in self.env.companies.sudo() for part in self._parts_of(company, SQL("TRUE"))
        ] or self._parts_of(self.env["res.company"], SQL("FALSE"))
        return SQL(" UNION ALL ").join(SQL("(%s)", part) for part in parts)

    @api.depends("account_id")
    @api.depends_context("lang")
    def _compute_account_name(self):
        # As in lists: whoever may read the line reads the names on it.
        for row in self:
            row.account_name = row.sudo().account_id.display_name

    @api.model
    @api.private
    def _measured(self, company):
        """The budgets of which `company` says where they are spent; of others nothing is known."""
        return set(self.env["account.analytic.account"]._spending_accounts(company).mapped("sales_dept_budget"))

    @api.model
    @api.private
    def _rows_sql(self, company, date_from, date_to):
        """Return the ``SQL`` of what `company` spent from `date_from` until before `date_to`; None where it says not on
        what: `date`, `measure`, `team_id`, `user_id`, `amount` and what the rows show.
        """
        for model in self._depends:
            self.env[model].flush_model()
        days = SQL("line.date >= %s AND line.date < %s", date_from, date_to)
        parts = self._parts_of(company, days)
        return SQL(" UNION ALL ").join(SQL("(%s)", part) for part in parts) if parts else None

    @api.model
    def _parts_of(self, company, days):
        """The lines by the plan that names the budget, a query each: a line counts once, by the first of its plans."""
        accounts = self.env["account.analytic.account"]._spending_accounts(company)
        columns = accounts.grouped(lambda account: account.plan_id._column_name())
        if not company:
            columns = {"account_id": accounts.browse()}
        before, parts = [], []
        for column in sorted(columns):
            parts.append(self._column_sql(column, before, company, days))
            before.append(column)
        return parts

    @api.model
    def _column_sql(self, column, before, company, days):
        return SQL(
            """
            SELECT line.id, line.date, account.sales_dept_budget AS measure, line.company_id,
                   account.sales_dept_team_id AS team_id, account.sales_dept_user_id AS user_id,
                   account.id AS account_id, line.partner_id, move.name AS document, line.name, -line.amount AS amount,
                   move.id AS move_id
              FROM account_analytic_line line
              JOIN account_analytic_account account ON account.id = %(account)s
         LEFT JOIN account_move_line item ON item.id = line.move_line_id
         LEFT JOIN account_move move ON move.id = item.move_id
             WHERE account.sales_dept_budget IS NOT NULL AND line.company_id IS NOT DISTINCT FROM %(company)s
               AND %(days)s AND %(first)s
            """,
            account=SQL.identifier("line", column),
            company=company.id or None,
            days=days,
            first=SQL(" AND ").join(
                [
                    SQL(
                        "NOT EXISTS (SELECT 1 FROM account_analytic_account other"
                        " WHERE other.id = %s AND other.sales_dept_budget IS NOT NULL)",
                        SQL.identifier("line", name),
                    )
                    for name in before
                ]
                or [SQL("TRUE")]
            ),
        )

    # === ACTIONS === #

    @api.readonly
    def action_open_document(self):
        """Open the bill or entry, by the reader's own rights.

        :raises UserError: when it was entered by hand, so that there is none
        :raises AccessError: when the reader may not look into the books
        """
        self.ensure_one()
        if not self.move_id:
            raise UserError(
                self.env._("“%(line)s” was entered on the account by hand: there is no bill.", line=self.name)
            )
        if not self.move_id.has_access("read"):
            raise AccessError(
                self.env._("%(bill)s is in the books, which you may not open: ask finance for it.", bill=self.document)
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }
