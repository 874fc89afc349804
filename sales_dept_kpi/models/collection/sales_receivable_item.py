from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn

from .sales_collection_basis import DEPENDS

KINDS = [("invoice", "Invoice"), ("credit", "Credit Note"), ("payment", "Payment"), ("other", "Other")]


class SalesReceivableItem(models.Model):
    """An open item of a customer: an instalment that is not paid, a credit note or a payment that is not used.

    Its number is that of the journal item. Whoever answers for the customer sees it without rights in accounting.
    """

    _name = "sales.receivable.item"
    _description = "Open Item"
    _inherit = ["sales.figures.register.mixin"]
    _register_day = None
    _auto = False
    _order = "date_due, id"
    _depends = {**DEPENDS, "sales.collection.dispute": ["move_line_id", "amount", "state"]}

    name = fields.Char("Document", readonly=True)
    move_id = fields.Many2one("account.move", "Journal Entry", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Account Manager", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    date_invoice = fields.Date("Invoiced On", readonly=True)
    date_due = fields.Date("Due On", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company's Currency")
    amount = fields.Monetary("Open Amount", readonly=True, aggregator=None)
    amount_company = fields.Monetary("Open (Company's Currency)", "company_currency_id", readonly=True)
    disputed = fields.Monetary("Of Which Disputed", readonly=True, aggregator=None)
    days_overdue = fields.Integer(readonly=True, aggregator=None, help="Due today is not overdue.")
    is_overdue = fields.Boolean("Overdue", readonly=True)
    is_promised = fields.Boolean("Promised", readonly=True, help="A promise for it whose day has not passed.")

    @property
    def _table_query(self):
        basis = self.env["sales.collection.basis"]
        return SQL(
            """
            SELECT item.*, COALESCE(disputed.amount, 0) AS disputed, days AS days_overdue,
                   days > 0 AND item.amount > 0 AS is_overdue,
                   EXISTS (SELECT 1 FROM sales_collection_promise_item_rel rel
                             JOIN sales_collection_promise promise ON promise.id = rel.promise_id
                            WHERE rel.move_line_id = item.id AND promise.outcome IS NULL
                              AND promise.date >= item.today) AS is_promised
              FROM (SELECT open.*, local.day AS today, GREATEST(local.day - open.date_due, 0) AS days
                      FROM (%(items)s) open JOIN (%(todays)s) local ON local.company_id = open.company_id) item
         LEFT JOIN (%(disputed)s) disputed ON disputed.id = item.id
            """,
            items=basis._open_items_sql(),
            todays=self.env["res.company"]._local_todays_sql(),
            disputed=basis._disputed_sql(),
        )

    @api.depends("name", "date_due")
    def _compute_display_name(self):
        for item in self:
            item.display_name = f"{item.name} ({item.date_due})"

    @api.model
    def _register_title(self):
        return self.env._("Open Items")

    @api.model
    def _register_columns(self):
        return [
            "partner_id", "name", "kind", "date_invoice", "date_due", "days_overdue", "currency_id", "amount",
            RegisterColumn("disputed", value=lambda item: item.disputed or None),
            "amount_company", "user_id", RegisterColumn("company_id", width=30),
        ]  # fmt: skip

    def action_open_invoice(self):
        """Open the document behind it."""
        self.ensure_one()
        return self.move_id.get_formview_action()
