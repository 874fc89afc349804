"""Collection plans and the ageing of receivables, each beside bare SQL whose rows are written with COPY
into the same table.

At SCALE=1 there are 300,000 open instalments of 5,000 customers, which 50 people answer for, and as many that were
paid, in a database of their own. The bare queries know no partial payments, no promises and nobody to ask.
"""

import io
from contextlib import closing
from datetime import date, timedelta

from common import addons
from databases import clone, depends_of, installed
from postgres import execute

from bench import operations
from bench.data import cursor_of, encoded
from bench.harness import Comparison
from bench.subjects.stock_ageing import Copies

DATABASE = "sd_bench_collection"
# For the 20,000 quotations of SCALE=1.
QUOTATIONS, ITEMS, CUSTOMERS, PEOPLE = 20_000, 300_000, 5_000, 50
DAYS = 300
RATIO_LIMIT = 2.0
PAIRS = 5


def measure_installed(bench):
    scale = bench.quotations / QUOTATIONS
    items, customers = round(ITEMS * scale), max(round(CUSTOMERS * scale), 1)
    clone(bench.variables, installed(bench.variables, "minimal", depends_of(addons())), bench.database(DATABASE))
    with closing(bench.worker(DATABASE)) as worker:
        models = worker("collection_models")
    with cursor_of(bench.variables, DATABASE) as cursor:
        OpenBooks(cursor, models).make(items, customers)
    execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
    worker = bench.worker(DATABASE)
    worker("settle")
    beside = f"bare SQL and COPY, {items:,} open items"
    costs = Comparison.run(
        lambda _n: worker("collection_bare_plans", people=PEOPLE),
        lambda _n: worker("collection_plans", people=PEOPLE),
        PAIRS,
    )
    bench.table.times(f"Plans of {PEOPLE} people, {customers:,} customers", beside, costs, ratio_limit=RATIO_LIMIT)
    costs = Comparison.run(lambda _n: worker("collection_bare_ageing"), lambda _n: worker("collection_ageing"), PAIRS)
    bench.table.times("Ageing at a month's end", beside, costs, ratio_limit=RATIO_LIMIT)


class OpenBooks(Copies):
    """Invoices of many customers and people; every second is paid."""

    def make(self, items, customers):
        self.cursor.execute("SELECT setseed(0.12)")
        names = {"name": "'Customer ' || n", "commercial_partner_id": "NULL"}
        partner = self._copy("res_partner", customers, names, model=self.models["partner"])
        self.cursor.execute(
            "UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s AND id < %s",
            [partner, partner + customers],
        )
        user = self._copy("res_users", PEOPLE, {"login": "'bench_' || n", "partner_id": str(self.models["partner"])})
        self.cursor.execute(
            "INSERT INTO res_company_users_rel (cid, user_id) SELECT rel.cid, person.id"
            " FROM res_company_users_rel rel JOIN res_users person ON person.id >= %s WHERE rel.user_id = %s",
            [user, self.models["res_users"]],
        )
        day = f"(current_date - (n * 7919 %% {DAYS})::int)"
        whose = {"partner_id": f"{partner} + n / 2 %% {customers}"}
        with self._in_bulk("account_move"), self._in_bulk("account_move_line"):
            move = self._copy(
                "account_move",
                2 * items,
                {
                    **whose,
                    "name": "'B' || n",
                    "date": day,
                    "invoice_date": day,
                    "invoice_user_id": f"{user} + n / 2 %% {PEOPLE}",
                },
            )
            paid = "n %% 2 = 1"
            due = self._copy(
                "account_move_line",
                2 * items,
                {
                    **whose,
                    "move_id": f"{move} + n",
                    "date": day,
                    "date_maturity": f"({day} + 30)",
                    "reconciled": paid,
                    "amount_residual": f"CASE WHEN {paid} THEN 0 ELSE 100 END",
                    "amount_residual_currency": f"CASE WHEN {paid} THEN 0 ELSE 100 END",
                },
                model=self.models["receivable"],
            )
            credit = self._copy(
                "account_move_line",
                items,
                {"partner_id": f"{partner} + n %% {customers}", "date": "current_date - 40", "reconciled": "TRUE"},
                model=self.models["credit"],
            )
        with self._in_bulk("account_partial_reconcile"):
            self._copy(
                "account_partial_reconcile",
                items,
                {
                    "debit_move_id": f"{due} + 2 * n + 1",
                    "credit_move_id": f"{credit} + n",
                    "max_date": "current_date - 40",
                },
            )


class Operations(operations.Operations):
    def collection_models(self):
        """Make an invoice and a payment that settles it; return the ids of their rows."""
        return self.kpi_models()

    @classmethod
    def _copied(cls, env, table, columns, query, parameters):
        """What somebody would do by hand: read the rows, and write them with COPY into the table they belong to."""
        env.cr.execute(query, parameters)
        cls._write_copy(env, table, columns, env.cr.fetchall())

    @staticmethod
    def _write_copy(env, table, columns, values):
        rows = io.StringIO()
        for row in values:
            rows.write("\t".join(map(encoded, row)) + "\n")
        rows.seek(0)
        env.cr.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", rows)

    @staticmethod
    def _bench_plans(env, people):
        users = env["res.users"].search([("login", "like", "bench_%")], limit=people)
        month = date.today().replace(day=1)
        plans = env["sales.collection.plan"].create([{"user_id": user.id, "date_from": month} for user in users])
        env.flush_all()
        return plans

    def collection_bare_plans(self, people):
        with self.measured() as (env, measure):
            self._bench_plans(env, people)
            columns = (
                "plan_id", "company_id", "user_id", "move_line_id", "move_id", "name", "partner_id", "date_due",
                "amount", "amount_company", "currency_id",
            )  # fmt: skip
            return measure(lambda: self._copied(env, "sales_collection_plan_line", columns, BARE_PLANS, {}))

    def collection_plans(self, people):
        with self.measured() as (env, measure):
            return measure(self._bench_plans(env, people).action_make)

    def collection_bare_ageing(self):
        with self.measured() as (env, measure):
            day = {"day": date.today().replace(day=1) - timedelta(days=1)}
            columns = (
                "company_id", "date", "partner_id", "move_line_id", "move_id", "name", "date_due", "currency_id",
                "days_overdue", "total",
            )  # fmt: skip
            return measure(lambda: self._copied(env, "sales_receivable_ageing", columns, BARE_AGEING, day))

    def collection_ageing(self):
        with self.measured() as (env, measure):
            day = date.today().replace(day=1) - timedelta(days=1)
            return measure(lambda: env["sales.receivable.ageing"]._take(env.company, day))


BARE_PLANS = """
    SELECT plan.id, line.company_id, plan.user_id, line.id, move.id, move.name, line.partner_id, line.date_maturity,
           line.amount_residual_currency, line.amount_residual, line.currency_id
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
      JOIN account_account account ON account.id = line.account_id
      JOIN sales_collection_plan plan ON plan.user_id = move.invoice_user_id
     WHERE line.parent_state = 'posted' AND account.account_type = 'asset_receivable'
       AND line.amount_residual > 0 AND line.date_maturity <= plan.date_to
"""
BARE_AGEING = """
    SELECT line.company_id, %(day)s::date, line.partner_id, line.id, line.move_id, line.move_name, line.date_maturity,
           line.currency_id, %(day)s::date - line.date_maturity,
           line.balance - COALESCE(debit.amount, 0) + COALESCE(credit.amount, 0)
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
 LEFT JOIN (SELECT debit_move_id AS id, SUM(amount) AS amount FROM account_partial_reconcile
             WHERE max_date <= %(day)s GROUP BY 1) debit ON debit.id = line.id
 LEFT JOIN (SELECT credit_move_id AS id, SUM(amount) AS amount FROM account_partial_reconcile
             WHERE max_date <= %(day)s GROUP BY 1) credit ON credit.id = line.id
     WHERE line.parent_state = 'posted' AND account.account_type = 'asset_receivable' AND line.date <= %(day)s
       AND line.balance - COALESCE(debit.amount, 0) + COALESCE(credit.amount, 0) <> 0
"""
