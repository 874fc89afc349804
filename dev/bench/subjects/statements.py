"""The customers' statements of a month, made all at once, beside what somebody would do by hand; and what one costs.

At SCALE=1 there are 5,000 customers with 250,000 shipments and 50,000 receipts of the month that is stated, and three
times as many of the months before it, in a database of their own. By hand what was shipped and received of the month is
read with its price and written with COPY into the same tables: no chain, no taxes, no numbers of the customer, nothing
that was changed since it was stated, no running balance, no sums, no digest.
"""

from contextlib import closing
from datetime import date, datetime, timedelta

from common import addons
from databases import clone, depends_of, installed
from postgres import execute
from werkzeug.test import Client

from bench import operations
from bench.data import cursor_of
from bench.harness import Comparison
from bench.operations import clock_of
from bench.subjects.stock_ageing import Copies

DATABASE = "sd_bench_statements"
# For the 20,000 quotations of SCALE=1.
QUOTATIONS, CUSTOMERS = 20_000, 5_000
SHIPMENTS, RECEIPTS = 50, 10
MONTHS = 4
# Of one statement.
MOST_LINES = 2_000
# On a page of the portal.
PAGE_LINES = 80
RATIO_LIMIT, PAGE_LIMIT = 2.0, 1.3
PAIRS = 3
FAR = date(2099, 12, 31)


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
    beside = f"bare SQL and COPY, {items:,} items"
    bench.table.times(f"Statements of {customers:,} customers", beside, costs, ratio_limit=RATIO_LIMIT)
    paper = Comparison.run(lambda _n: worker("statement_rows"), lambda _n: worker("statement_sheet"), PAIRS)
    bench.table.times(f"XLSX of {MOST_LINES:,} lines", "its rows as texts", paper, seconds_limit=2)
    pages = worker("statement_pages")
    costs = Comparison.run(
        lambda _n: worker("statement_page", address=pages["order"]),
        lambda _n: worker("statement_page", address=pages["statement"]),
        5 * PAIRS,
    )
    bench.table.times(f"Portal page, {PAGE_LINES} lines", "Odoo's order page", costs, ratio_limit=PAGE_LIMIT)


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
            return measure(lambda: self._state_by_hand(env, first, last))

    def _state_by_hand(self, env, first, last):
        company = env.company
        env.cr.execute(BARE, {"company": company.id, "first": first, "until": last + timedelta(days=1)})
        found = env.cr.fetchall()
        customers = dict.fromkeys(row[0] for row in found)
        env.cr.execute("SELECT nextval('customer_statement_id_seq') FROM generate_series(1, %s)", [len(customers)])
        statements = {customer: key for customer, (key,) in zip(customers, env.cr.fetchall(), strict=True)}
        whose = (company.id, company.currency_id.id, first, last, first, 1, "draft")
        self._write_copy(
            env,
            "customer_statement",
            ("id", "partner_id", "chain_key", "name", "company_id", "currency_id", "date_from", "date_to",
             "chain_date_from", "version", "state"),
            [(key, partner, partner, f"CS/{key}", *whose) for partner, key in statements.items()],
        )  # fmt: skip
        self._write_copy(
            env,
            "customer_statement_line",
            ("statement_id", "company_id", "in_force", "is_late", "is_difference", "partner_id", "kind", "move_id",
             "picking_id", "sale_line_id", "entry_line", "date", "name", "quantity", "price_unit", "amount",
             "amount_untaxed", "create_uid", "write_uid"),
            [(statements[row[0]], company.id, True, False, False, *row, env.uid, env.uid) for row in found],
        )  # fmt: skip

    def statements_made(self):
        with self.measured() as (env, measure):
            _first, last = self._statement_month()
            return measure(lambda: env["customer.statement"]._make(env.company, last))

    def _long_statement(self, env, count=MOST_LINES):
        """A statement of `count` lines."""
        _first, last = self._statement_month()
        partner = env["res.partner"].search([("name", "=", "Customer 0")])
        statement = env["customer.statement"].create({"partner_id": partner.id, "date_to": last})
        goods = statement.line_ids.filtered(lambda line: line.kind == "shipment")[:1]
        names = ("name", "date", "unit", "quantity", "price_unit", "tax_rate", "amount", "amount_untaxed")
        row = {name: goods[name] for name in names} | {"statement_id": statement.id, "kind": "adjustment"}
        env["customer.statement.line"]._insert([row] * (count - len(statement.line_ids)))
        statement._take_totals()
        return statement

    def statement_pages(self):
        """Make a statement and an order of :data:`PAGE_LINES` lines that were sent; return where their pages are."""
        with self.environment() as env:
            statement = self._long_statement(env, PAGE_LINES)
            statement._write_protected({"sent_date": datetime.now(), "answer_by": date.today(), "link_until": FAR})
            order = env["sale.order"].search([("name", "=like", "BS%")], limit=1)
            long = order.copy({"state": "sent"})
            line = long.order_line[:1]
            for _number in range(PAGE_LINES - len(long.order_line)):
                line.copy({"order_id": long.id})
            return {"statement": statement.get_portal_url(), "order": long.get_portal_url()}

    def statement_page(self, address):
        """Ask for a page as a customer does who has the link; in this process, without a server."""
        from odoo.http import root

        with self.environment() as env:
            clock = clock_of(env.cr)
        client = Client(root)
        # The connection that was measured by is the one that is free.
        queries, begin = 0, clock()
        answer = client.get(address, headers={"Host": "localhost"})
        seconds = clock() - begin
        if answer.status_code != 200 or b"o_portal" not in answer.data:
            raise ValueError(f"{address} answers {answer.status}")
        return {"seconds": seconds, "queries": queries}

    def statement_rows(self):
        with self.measured() as (env, measure):
            return measure(self._long_statement(env)._printed_lines)

    def statement_sheet(self):
        with self.measured() as (env, measure):
            return measure(self._long_statement(env)._sheet_file)


BARE = """
    SELECT ordered.partner_invoice_id, 'shipment', move.id, move.picking_id, line.id, NULL, move.date::date, line.name,
           move.quantity, line.price_unit, ROUND((move.quantity * line.price_unit)::numeric, 2),
           ROUND((move.quantity * line.price_unit)::numeric, 2)
      FROM stock_move move
      JOIN sale_order_line line ON line.id = move.sale_line_id
      JOIN sale_order ordered ON ordered.id = line.order_id
     WHERE move.company_id = %(company)s AND move.state = 'done' AND move.date >= %(first)s AND move.date < %(until)s
 UNION ALL
    SELECT item.partner_id, 'receipt', NULL, NULL, NULL, item.id, item.date, COALESCE(item.name, entry.name),
           NULL, NULL, item.amount_currency, item.amount_currency
      FROM account_move_line item
      JOIN account_account account ON account.id = item.account_id
      JOIN account_move entry ON entry.id = item.move_id
     WHERE item.company_id = %(company)s AND account.account_type = 'asset_receivable' AND entry.move_type = 'entry'
       AND entry.state = 'posted' AND item.date >= %(first)s AND item.date < %(until)s
"""
