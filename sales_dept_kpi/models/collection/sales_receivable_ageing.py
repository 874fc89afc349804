from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.sales_dept_logistics.models.stock_ageing.days import last_month_end
from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn

from ..kpi.sales_figures_register_mixin import Span
from .sales_receivable_item import KINDS

CRON = "sales_dept_kpi.ir_cron_receivable_ageing"
# Columns of the ageing: name, first and last day overdue.
BUCKETS = (
    ("not_due", None, 0),
    ("days_1_30", 1, 30),
    ("days_31_60", 31, 60),
    ("days_61_90", 61, 90),
    ("days_over_90", 91, None),
)
AMOUNTS = [name for name, _first, _last in BUCKETS]


class SalesReceivableAgeing(models.Model):
    """What was open at a month's end, by instalment and how long it was overdue then. Once taken it stays.

    What was reconciled after that day is undone in it, so that its rows add up to the balance of the receivable
    accounts on that day, whenever it is taken.
    """

    _name = "sales.receivable.ageing"
    _description = "Ageing of Receivables"
    _inherit = ["sales.dept.protected.mixin", "sales.figures.register.mixin"]
    _order = "date desc, partner_id, date_due, id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    date = fields.Date("As Of", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, index=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", "Account Manager", readonly=True, index=True, ondelete="restrict")
    move_line_id = fields.Many2one(
        "account.move.line", "Journal Item", readonly=True, index="btree_not_null", ondelete="set null"
    )
    move_id = fields.Many2one(
        "account.move", "Journal Entry", readonly=True, index="btree_not_null", ondelete="set null"
    )
    name = fields.Char("Document", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    date_invoice = fields.Date("Invoiced On", readonly=True)
    date_due = fields.Date("Due On", readonly=True)
    days_overdue = fields.Integer(readonly=True, aggregator=None)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company's Currency")
    amount = fields.Monetary("Open Amount", readonly=True, aggregator=None)
    not_due = fields.Monetary(currency_field="company_currency_id", readonly=True)
    days_1_30 = fields.Monetary("1–30 Days", "company_currency_id", readonly=True)
    days_31_60 = fields.Monetary("31–60 Days", "company_currency_id", readonly=True)
    days_61_90 = fields.Monetary("61–90 Days", "company_currency_id", readonly=True)
    days_over_90 = fields.Monetary("Over 90 Days", "company_currency_id", readonly=True)
    total = fields.Monetary(currency_field="company_currency_id", readonly=True)

    _once = models.UniqueIndex(
        "(company_id, date, move_line_id)", "This item stands in the ageing of that day already."
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | (set(self._fields) - set(models.MAGIC_COLUMNS))

    # === TAKING IT === #

    @api.model
    def _take(self, company, day):
        """Take the ageing of `company` at the end of `day`, unless it is there; return how many rows it has.

        As superuser; one statement, however many items there are.
        """
        taken = Domain("company_id", "=", company.id) & Domain("date", "=", day)
        if count := self.search_count(taken):
            return count
        self.env["sales.collection.basis"]._flush_basis()
        self.env.cr.execute(self._insert_sql(company, day))
        self.invalidate_model()
        return self.env.cr.rowcount

    @api.model
    def _insert_sql(self, company, day):
        columns = self._row_values_sql(day)
        return SQL(
            """
            INSERT INTO sales_receivable_ageing (%(names)s)
            SELECT %(values)s
              FROM (SELECT open.*, GREATEST(%(day)s - open.date_due, 0) AS days FROM (%(items)s) open) item
            """,
            names=SQL(", ").join(map(SQL.identifier, columns)),
            values=SQL(", ").join(columns.values()),
            day=day,
            items=self.env["sales.collection.basis"]._items_as_of_sql(company, day),
        )

    @api.model
    def _row_values_sql(self, day):
        """``{column: SQL}``, of an `item` and its `days` overdue."""
        taken = ("company_id", "partner_id", "user_id", "move_id", "name", "kind", "date_invoice", "date_due")
        return {
            **{name: SQL.identifier("item", name) for name in (*taken, "currency_id", "amount")},
            "move_line_id": SQL("item.id"),
            "date": SQL("%s", day),
            "create_date": SQL("%s", fields.Datetime.now()),
            "days_overdue": SQL("item.days"),
            "total": SQL("item.amount_company"),
            **{name: self._bucket_sql(first, last) for name, first, last in BUCKETS},
        }

    @api.model
    def _bucket_sql(self, first, last):
        return SQL(
            "CASE WHEN item.days >= %s AND item.days <= %s THEN item.amount_company ELSE 0 END",
            first or 0,
            1_000_000 if last is None else last,
        )

    # === EACH MONTH === #

    @api.model
    def _cron_month_end(self):
        """Take the ageing of the last month's end for each company that wants it and has none."""
        companies = self.env["res.company"].search([("sales_dept_collection", "=", True)])
        self.env["sales.dept.job"]._run(
            CRON,
            companies.filtered(lambda company: not self._taken(company)),
            lambda batch: [self._take(company, last_month_end(company._local_today())) for company in batch],
            batch_size=1,
        )

    @api.model
    def _taken(self, company):
        day = last_month_end(company._local_today())
        return self.search_count(Domain("company_id", "=", company.id) & Domain("date", "=", day), limit=1)

    # === REGISTER === #

    @api.model
    def _register_title(self):
        return self.env._("Ageing of Receivables")

    def _register_spans(self):
        """The days, and when each was taken: it stands as it was then."""
        rows = self._read_group(
            [("id", "in", self.ids)],
            ["date:day", "company_id"],
            ["create_date:min", "create_date:max"],
            order="date:day DESC",
        )
        return [Span(company, format_date(self.env, day), first, last) for day, company, first, last in rows]

    @api.model
    def _register_columns(self):
        return [
            "date", "partner_id", "user_id", "name", "kind", "date_invoice", "date_due", "days_overdue",
            "currency_id", "amount", *AMOUNTS, "total", RegisterColumn("company_id", width=30),
        ]  # fmt: skip
