"""The customers' statements of a month, made all at once, beside the queries that somebody would write by hand.

At SCALE=1 there are 5,000 customers with 250,000 shipments and 50,000 receipts of the month that is stated, and eleven
times as many of the year before it, in a database of their own. The bare queries take what was shipped and received of
the month with its price into a table without anything else: no chain, no taxes, no numbers of the customer, no changes
of what was stated before, no running balance.
"""

from contextlib import closing
from datetime import date, timedelta

from common import addons
from databases import clone, depends_of, installed
from postgres import execute

from bench import operations
from bench.data import cursor_of
from bench.harness import Comparison
from bench.subjects.stock_ageing import Copies

DATABASE = "sd_bench_statements"
# For the 20,000 quotations of SCALE=1.
QUOTATIONS, CUSTOMERS = 20_000, 5_000
SHIPMENTS, RECEIPTS = 50, 10
MONTHS = 12
# Of one statement.
MOST_LINES = 2_000
RATIO_LIMIT = 2.0
PAIRS = 3


def measure_installed(bench):
    scale = bench.quotations / QUOTATIONS
    clone(bench.variables, installed(bench.variables, "minimal", depends_of(addons())), bench.database(DATABASE))
    with closing(bench.worker(DATABASE)) as worker:
        models = worker("kpi_models")
    customers = round(CUSTOMERS * scale)
    with cursor_of(bench.variables, DATABASE) as cursor:
        Items(cursor, models).make(customers)
    execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
    worker = bench.worker(DATABASE)
    worker("settle")
    items = customers * (SHIPMENTS + RECEIPTS)
    costs = Comparison.run(lambda _n: worker("statements_bare"), lambda _n: worker("statements_made"), PAIRS)
    beside = f"bare SQL, {items:,} items"
    bench.table.times(f"Statements of {customers:,} customers", beside, costs, ratio_limit=RATIO_LIMIT)
    costs = Comparison.run(lambda _n: worker("statements_bare"), lambda _n: worker("statements_collected"), PAIRS)
    bench.table.times("… their lines and sums alone", beside, costs, ratio_limit=RATIO_LIMIT)
    paper = Comparison.run(lambda _n: worker("statement_rows"), lambda _n: worker("statement_sheet"), PAIRS)
    bench.table.times(f"XLSX of {MOST_LINES:,} lines", "its rows as texts", paper, seconds_limit=2)


class Items(Copies):
    """Customers, and what left for them and was received from them in each month."""

    def make(self, customers):
        self.cursor.execute("SELECT setseed(0.17)")
        partner = self._copy(
            "res_partner",
            customers,
            {"name": "'Customer ' || n", "complete_name": "'Customer ' || n"},
            model=self.models["partner"],
        )
        self.cursor.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s", [partner])
        shipments, receipts = customers * SHIPMENTS * MONTHS, customers * RECEIPTS * MONTHS
        whose = f"{partner} + n %% {customers}"
        day = f"(date_trunc('month', current_date)::date - 1 - (n / {customers} * 7 %% {MONTHS * 30})::int)"
        with self._in_bulk("sale_order"):
            order = self._copy(
                "sale_order",
                shipments,
                {"name": "'BS' || n", "partner_id": whose, "partner_invoice_id": whose, "partner_shipping_id": whose},
            )
        with self._in_bulk("sale_order_line"):
            line = self._copy("sale_order_line", shipments, {"order_id": f"{order} + n"})
        with self._in_bulk("stock_move"):
            self._copy(
                "stock_move",
                shipments,
                {
                    "sale_line_id": f"{line} + n",
                    "date": f"{day}::timestamp + INTERVAL '5 hours'",
                    "write_date": f"{day}::timestamp + INTERVAL '5 hours'",
                },
            )
        self.cursor.execute("UPDATE sale_order_line SET write_date = '2020-01-01' WHERE id >= %s", [line])
        with self._in_bulk("account_move"), self._in_bulk("account_move_line"):
            entry = self._copy(
                "account_move", receipts, {"name": "'BR' || n", "date": day}, model=self.models["payment"]
            )
            self._copy(
                "account_move_line",
                receipts,
                {"move_id": f"{entry} + n", "partner_id": whose, "date": day},
                model=self.models["credit"],
            )


class Operations(operations.Operations):
    @staticmethod
    def _statement_month():
        last = date.today().replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last

    def statements_bare(self):
        with self.measured() as (env, measure):
            first, last = self._statement_month()
            values = {"company": env.company.id, "first": first, "until": last + timedelta(days=1)}
            return measure(lambda: env.cr.execute(BARE, values))

    def statements_made(self):
        with self.measured() as (env, measure):
            _first, last = self._statement_month()
            return measure(lambda: env["customer.statement"]._make(env.company, last))

    def statements_collected(self):
        with self.measured() as (env, measure):
            _first, last = self._statement_month()
            made = env["customer.statement"]._make(env.company, last)
            return measure(made._collect)

    def _long_statement(self, env):
        """A statement of :data:`MOST_LINES` lines."""
        _first, last = self._statement_month()
        partner = env["res.partner"].search([("name", "=", "Customer 0")])
        statement = env["customer.statement"].create({"partner_id": partner.id, "date_to": last})
        (line,) = statement.line_ids[:1]
        for _number in range(MOST_LINES - len(statement.line_ids)):
            row = {"statement_id": statement.id, "kind": "adjustment", "name": line.name, "date": line.date}
            env["customer.statement.line"]._insert([{**row, "amount": 1, "amount_untaxed": 1}])
        statement._take_totals()
        return statement

    def statement_rows(self):
        with self.measured() as (env, measure):
            return measure(self._long_statement(env)._printed_lines)

    def statement_sheet(self):
        with self.measured() as (env, measure):
            return measure(self._long_statement(env)._sheet_file)


BARE = """
    CREATE TABLE bench_stated AS
    SELECT ordered.partner_invoice_id AS partner_id, move.id AS item_id, move.date::date AS date, line.name,
           move.quantity, line.price_unit, ROUND((move.quantity * line.price_unit)::numeric, 2) AS amount
      FROM stock_move move
      JOIN sale_order_line line ON line.id = move.sale_line_id
      JOIN sale_order ordered ON ordered.id = line.order_id
     WHERE move.company_id = %(company)s AND move.state = 'done' AND move.date >= %(first)s AND move.date < %(until)s
 UNION ALL
    SELECT item.partner_id, item.id, item.date, item.name, NULL, NULL, item.amount_currency
      FROM account_move_line item
      JOIN account_account account ON account.id = item.account_id
      JOIN account_move entry ON entry.id = item.move_id
     WHERE item.company_id = %(company)s AND account.account_type = 'asset_receivable' AND entry.move_type = 'entry'
       AND entry.state = 'posted' AND item.date >= %(first)s AND item.date < %(until)s
"""
