from odoo import api, fields, models
from odoo.tools import SQL

from .sales_receivable_item import SalesReceivableItem

# So many customers of a person are to be chased in a day.
TOP = 5
REASONS = [
    ("broken", "Promise Broken"),
    ("overdue", "Overdue"),
    ("due_today", "Due Today"),
    ("silent", "Nobody Spoke for Long"),
    ("later", "Nothing to Do Now"),
]


class SalesCollectionTodo(models.Model):
    """Whom to chase today: a row for each customer who owes a person something, worst first.

    First who broke a promise, then who is overdue, by amount × days; what is disputed, or promised for a day to come,
    does not count. Whoever was spoken with today comes after all others, and silences nobody else.
    """

    _name = "sales.collection.todo"
    _description = "Customers to Chase"
    _auto = False
    _order = "is_top desc, rank, id"
    _rec_name = "partner_id"
    _depends = {
        **SalesReceivableItem._depends,
        "sales.collection.promise": ["outcome", "date", "move_line_ids"],
        "sales.collection.contact": ["date", "kind", "partner_id", "company_id", "next_date"],
        "res.company": ["sales_dept_collection_silent_days"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Account Manager", readonly=True)
    phone = fields.Char(related="partner_id.phone")
    item_count = fields.Integer("Items", readonly=True)
    open_amount = fields.Monetary(readonly=True, help="With credit notes and payments not used yet.")
    overdue_amount = fields.Monetary(
        "To Chase", readonly=True, help="Overdue, and neither disputed nor promised for a day to come."
    )
    due_today_amount = fields.Monetary("Due Today", readonly=True)
    disputed_amount = fields.Monetary("Disputed", readonly=True)
    promised_amount = fields.Monetary("Promised", readonly=True)
    days_overdue = fields.Integer(readonly=True, aggregator="max", help="Of the oldest item.")
    broken_count = fields.Integer("Broken Promises", readonly=True)
    last_contact_date = fields.Datetime("Last Spoken With", readonly=True)
    contacted_today = fields.Boolean("Spoken With Today", readonly=True)
    next_date = fields.Date("Next On", readonly=True)
    reason = fields.Selection(REASONS, "Why", readonly=True)
    rank = fields.Integer("Place", readonly=True, aggregator=None, help="Among the customers of the account manager.")
    is_top = fields.Boolean("Chase Today", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT ranked.*, NOT contacted_today AND reason <> 'later' AND rank <= %(top)s AS is_top
              FROM (SELECT reasoned.*,
                           ROW_NUMBER() OVER (
                               PARTITION BY company_id, user_id
                               ORDER BY contacted_today, ARRAY_POSITION(%(reasons)s, reason), weight DESC, id
                           ) AS rank
                      FROM (SELECT summed.*, %(reason)s AS reason FROM (%(summed)s) summed) reasoned) ranked
            """,
            top=TOP,
            reasons=[code for code, _label in REASONS],
            reason=self._reason_sql(),
            summed=self._summed_sql(),
        )

    @api.model
    def _reason_sql(self):
        return SQL(
            """
            CASE WHEN broken_count > 0 AND overdue_amount > 0 THEN 'broken'
                 WHEN overdue_amount > 0 THEN 'overdue'
                 WHEN due_today_amount > 0 THEN 'due_today'
                 WHEN days_overdue > 0 AND COALESCE(last_day, '-infinity') <= today - silent_days THEN 'silent'
                 ELSE 'later' END
            """
        )

    @api.model
    def _summed_sql(self):
        """A row for each customer, with what is said of them."""
        company = self.env["res.company"]
        return SQL(
            """
            SELECT owed.*, spoken.date AS last_contact_date, spoken.next_date, company.day AS today,
                   company.silent_days, %(last_day)s AS last_day,
                   COALESCE(%(last_day)s = company.day, FALSE) AS contacted_today
              FROM (%(owed)s) owed
              JOIN (SELECT id, %(today)s AS day, sales_dept_collection_silent_days AS silent_days
                      FROM res_company) company ON company.id = owed.company_id
         LEFT JOIN (SELECT company_id, partner_id, MAX(date) AS date, MAX(next_date) AS next_date
                      FROM sales_collection_contact WHERE kind <> 'escalation'
                  GROUP BY company_id, partner_id) spoken
                   ON spoken.company_id = owed.company_id AND spoken.partner_id = owed.partner_id
            """,
            owed=self._owed_sql(),
            today=company._local_today_sql(SQL("res_company.id")),
            last_day=company._local_day_sql(SQL("spoken.date"), SQL("owed.company_id")),
        )

    @api.model
    def _owed_sql(self):
        """What each customer owes whom; as its number the first of its items, which belongs to no other row."""
        return SQL(
            """
            SELECT MIN(item.id) AS id, item.company_id, item.partner_id, item.user_id,
                   COUNT(*) FILTER (WHERE item.amount > 0) AS item_count,
                   SUM(item.amount_company) AS open_amount,
                   COALESCE(SUM(chased) FILTER (WHERE item.is_overdue AND NOT item.is_promised), 0) AS overdue_amount,
                   COALESCE(SUM(chased * item.days_overdue)
                       FILTER (WHERE item.is_overdue AND NOT item.is_promised), 0) AS weight,
                   COALESCE(SUM(chased) FILTER (WHERE item.kind = 'invoice' AND item.date_due = item.today), 0)
                       AS due_today_amount,
                   COALESCE(SUM(item.amount_company - chased), 0) AS disputed_amount,
                   COALESCE(SUM(chased) FILTER (WHERE item.is_promised), 0) AS promised_amount,
                   COALESCE(MAX(item.days_overdue) FILTER (WHERE item.is_overdue), 0) AS days_overdue,
                   COUNT(DISTINCT broken.id) AS broken_count
              FROM (SELECT open.*, open.amount_company * (
                               1 - LEAST(open.disputed / NULLIF(open.amount, 0), 1)) AS chased
                      FROM (%(items)s) open) item
         LEFT JOIN (SELECT rel.move_line_id, MAX(promise.id) AS id
                      FROM sales_collection_promise promise
                      JOIN sales_collection_promise_item_rel rel ON rel.promise_id = promise.id
                     WHERE promise.outcome IN ('broken', 'partly') GROUP BY rel.move_line_id) broken
                   ON broken.move_line_id = item.id AND NOT item.is_promised
             WHERE item.partner_id IS NOT NULL
          GROUP BY item.company_id, item.partner_id, item.user_id
            HAVING SUM(item.amount_company) FILTER (WHERE item.amount > 0) > 0
            """,
            items=self.env["sales.receivable.item"]._table_query,
        )

    # === ACTIONS === #

    def _items(self):
        """The open items of the customers of `self` that the user sees."""
        return self.env["sales.receivable.item"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("user_id", "in", [row.user_id.id for row in self]),
            ]
        )

    def action_open_items(self):
        """Open what the customers of `self` owe."""
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_receivable_items")
        return {**action, "domain": [("id", "in", self._items().ids)], "context": {}}

    def action_log_contact(self):
        """Write down a talk with the customer."""
        return self._dialog("sales.collection.contact", self.env._("Log a Contact"), default_kind="call")

    def action_promise(self):
        """Write down what the customer promised, by default for all that is overdue."""
        return self._dialog("sales.collection.promise", self.env._("Promise"))

    def _dialog(self, model, title, **context):
        self.ensure_one()
        items = self._items().filtered(lambda item: item.is_overdue)
        # A promise is of one currency.
        items = items.filtered(lambda item: item.currency_id == items.currency_id[:1])
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_company_id": self.company_id.id,
                "default_partner_id": self.partner_id.id,
                "default_move_line_ids": items.ids,
                **context,
            },
        }

    def action_remind(self):
        """Open what would be mailed to the customers of `self`."""
        return self.env["sales.collection.remind"]._open(self.partner_id, self.company_id)
