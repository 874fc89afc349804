"""A month of KPIs for 200 people, each beside the query that somebody would write by hand for its sums.

At SCALE=1 there are 1.4 million journal entries of three years with 7.3 million lines, among them 730,000 invoices and
670,000 payments that settle them, and 150,000 orders that were reviewed and left in one shipment each, in a database of
their own; each person has a target for the year. The bare queries know what is credited of an instalment, but neither
currencies, returned goods, units, closing days nor whose invoice a credit note takes back, which the definitions ask
for and which cost us what they cost. Beside what is kept their rows are written, with a sum a person, into tables with
the columns and indexes of ours and the one key from document to sum, but without a threshold, a verdict, a department's
sum, or a sum's keys into other tables. Those beside the day's sheet and the year's plan know neither orders in hand and
opportunities nor working days.
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

DATABASE = "sd_bench_kpi"
# For the 20,000 quotations of SCALE=1.
QUOTATIONS, INVOICES, PAYMENTS, ORDERS, PEOPLE = 20_000, 730_000, 670_000, 150_000, 200
GOODS_LINES = 7
DAYS = 3 * 365
RATIO_LIMIT = 2.0
# For all KPIs of a month together.
SECONDS_LIMIT = 10
# For a sheet on screen.
SHEET_LIMIT = 1
PAIRS = 5


def measure_installed(bench):
    scale = bench.quotations / QUOTATIONS
    clone(bench.variables, installed(bench.variables, "minimal", depends_of(addons())), bench.database(DATABASE))
    with closing(bench.worker(DATABASE)) as worker:
        models = worker("kpi_models")
    with cursor_of(bench.variables, DATABASE) as cursor:
        Books(cursor, models).make(scale)
    execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
    worker = bench.worker(DATABASE)
    # As where months were kept before: of tables that were empty all is read for each key that is looked up.
    worker("kpi_history", years=1)
    worker("kpi_forget")
    execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
    worker("settle")
    moves = round((INVOICES + PAYMENTS) * scale)
    beside = f"bare SQL, {moves:,} entries"
    for code in worker("kpi_bare_codes"):
        reading = Comparison.run(
            lambda _n, code=code: worker("kpi_bare", code=code),
            lambda _n, code=code: worker("kpi_evidence", code=code),
            PAIRS,
        )
        bench.table.times(f"KPI {code}: evidence read", beside, reading, ratio_limit=RATIO_LIMIT)
        writing = Comparison.run(
            lambda _n, code=code: worker("kpi_bare_written", code=code),
            lambda _n, code=code: worker("kpi_figures", code=code),
            PAIRS,
        )
        bench.table.times("… kept, with results", f"{beside}, kept", writing, ratio_limit=RATIO_LIMIT)
    all_of_them = Comparison.run(lambda _n: worker("kpi_bare_month"), lambda _n: worker("kpi_month"), PAIRS)
    bench.table.times(f"All KPIs of a month, {PEOPLE} people", beside, all_of_them, seconds_limit=SECONDS_LIMIT)
    for what, operation in (("The day's sheet", "day"), ("Plan against actual, a year", "plan")):
        costs = Comparison.run(
            lambda _n, operation=operation: worker(f"kpi_bare_{operation}"),
            lambda _n, operation=operation: worker(f"kpi_{operation}"),
            PAIRS,
        )
        bench.table.times(what, beside, costs, seconds_limit=SHEET_LIMIT)
    for years in (1, 10):
        worker("kpi_history", years=years)
        execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
        if years == 1:
            short = [worker("kpi_read") for _number in range(2 * PAIRS)]
    costs = Comparison(short, [worker("kpi_read") for _number in range(2 * PAIRS)])
    bench.table.times("A year's results, history tenfold", "history of a year", costs, ratio_limit=1.2)


class Books(Copies):
    """Invoices of many people, paid mostly in time; orders that left, and were invoiced with some of these."""

    def make(self, scale):
        self.cursor.execute("SELECT setseed(0.11)")
        invoices, payments, orders = (round(count * scale) for count in (INVOICES, PAYMENTS, ORDERS))
        user = self._copy("res_users", PEOPLE, {"login": "'bench_' || n", "partner_id": str(self.models["partner"])})
        person = f"{user} + n %% {PEOPLE}"
        # Of full size n times a number is more than an integer holds.
        day = f"(current_date - (n::bigint * 7919 %% {DAYS})::int)"
        with self._in_bulk("account_move"), self._in_bulk("account_move_line"):
            move = self._copy(
                "account_move",
                invoices,
                {"name": "'B' || n", "date": day, "invoice_date": day, "invoice_user_id": person},
            )
            receivable = self._lines(invoices, move, "receivable", {"date": day, "date_maturity": f"({day} + 30)"})
            goods, *_others = [self._lines(invoices, move, "goods", {"date": day}) for _number in range(GOODS_LINES)]
            paid_on = f"({day} + 28 + CASE WHEN n %% 10 = 0 THEN 9 ELSE 0 END)"
            payment = self._copy(
                "account_move", payments, {"name": "'P' || n", "date": paid_on}, model=self.models["payment"]
            )
            credit = self._lines(payments, payment, "credit", {"date": paid_on})
            self._lines(payments, payment, "bank", {"date": paid_on})
        with self._in_bulk("account_partial_reconcile"):
            self._copy(
                "account_partial_reconcile",
                payments,
                {"debit_move_id": f"{receivable} + n", "credit_move_id": f"{credit} + n", "max_date": paid_on},
            )
        order = self._copy(
            "sale_order",
            orders,
            {"name": "'BO' || n", "user_id": person, "commitment_date": f"{day}::timestamp + INTERVAL '5 hours'"},
        )
        due = f"{day}::timestamp + INTERVAL '9 hours'"
        self._copy(
            "sale_order_review",
            orders,
            {
                "name": "'BR' || n",
                "order_id": f"{order} + n",
                "user_id": person,
                "deadline": due,
                "receive_date": f"{due} + (n %% 20 - 18) * INTERVAL '1 hour'",
            },
        )
        self._plan(user)
        line = self._copy("sale_order_line", orders, {"order_id": f"{order} + n", "promised_date": day})
        with self._in_bulk("stock_move"):
            self._copy(
                "stock_move",
                orders,
                {"sale_line_id": f"{line} + n", "date": f"{day}::timestamp + (n %% 20 - 18) * INTERVAL '1 day'"},
            )
        self.cursor.execute(
            "INSERT INTO sale_order_line_invoice_rel (order_line_id, invoice_line_id)"
            f" SELECT {line} + n, {goods} + n FROM generate_series(0, %s) n",
            [min(orders, invoices) - 1],
        )

    def _plan(self, user):
        """Give each person what the first of them has to reach."""
        share = self._copy("sales_target_share", PEOPLE, {"user_id": f"{user} + n"})
        for line in self.models["plan"]:
            values = {"share_id": f"{share} + n", "user_id": f"{user} + n"}
            self._copy("sales_target_line", PEOPLE, values, model=line)

    def _lines(self, count, move, kind, values):
        values = {"move_id": f"{move} + n", **values}
        return self._copy("account_move_line", count, values, model=self.models[kind])


class Operations(operations.Operations):
    def kpi_models(self):
        """Make an order that left, its invoice and a payment; return the ids of their rows."""
        from odoo.fields import Command

        with self.environment() as env:
            books, journals = env["account.account"], env["account.journal"]
            income, receivable, bank = (
                books.create(
                    {"name": name, "code": code, "account_type": kind, "reconcile": kind == "asset_receivable"}
                )
                for name, code, kind in (
                    ("Sales", "B6001", "income"),
                    ("Receivable", "B1122", "asset_receivable"),
                    ("Bank", "B1002", "asset_cash"),
                )
            )
            sales = journals.create({"name": "Sales", "code": "BSAL", "type": "sale", "default_account_id": income.id})
            # Of a bank: the day's sheet asks for no others.
            receipts = journals.create(
                {"name": "Receipts", "code": "BREC", "type": "bank", "default_account_id": bank.id}
            )
            partner = env["res.partner"].create({"name": "Customer", "property_account_receivable_id": receivable.id})
            product = env["product.product"].create({"name": "Part", "type": "consu", "taxes_id": False})
            user = self._create_user(env, "kpi_bench", "sales_team.group_sale_salesman")
            self._create_user(env, "kpi_director", "sales_dept_roles.group_director")
            order = env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "user_id": user.id,
                    "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 1, "price_unit": 100})],
                }
            )
            order.action_confirm()
            move = order.picking_ids.move_ids
            move.write({"quantity": 1, "picked": True})
            order.picking_ids._action_done()
            invoice = env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "journal_id": sales.id,
                    "invoice_date": "2026-01-01",
                    "invoice_user_id": user.id,
                    "invoice_line_ids": [
                        Command.create({"product_id": product.id, "quantity": 1, "price_unit": 100, "tax_ids": []})
                    ],
                }
            )
            invoice.action_post()
            payment = env["account.move"].create(
                {
                    "journal_id": receipts.id,
                    "date": "2026-01-02",
                    "line_ids": [
                        Command.create({"account_id": account.id, "partner_id": partner.id, "balance": sign * 100})
                        for account, sign in ((bank, 1), (receivable, -1))
                    ],
                }
            )
            payment.action_post()
            review = env["sale.order.review"].create({"order_id": order.id})
            review._write_protected(
                {"deadline": "2026-01-01 09:00:00", "receive_date": "2026-01-01 08:00:00", "state": "passed"}
            )
            share = self._plan_of(env, user)
            due = invoice.line_ids.filtered(lambda line: line.account_id == receivable)
            credit = payment.line_ids.filtered(lambda line: line.account_id == receivable)
            (due | credit).reconcile()
            return {
                "partner": partner.id,
                "res_users": user.id,
                "account_move": invoice.id,
                "payment": payment.id,
                "receivable": due.id,
                "goods": (invoice.line_ids - due).id,
                "credit": credit.id,
                "bank": (payment.line_ids - credit).id,
                "account_partial_reconcile": due.matched_credit_ids.id,
                "sale_order": order.id,
                "sale_order_line": order.order_line.id,
                "stock_move": move.id,
                "sale_order_review": review.id,
                "sales_target_share": share.id,
                "plan": share.line_ids.ids,
            }

    @classmethod
    def _plan_of(cls, env, user):
        """The share of `user` in a target that is in force for the twelve months until the one before this."""
        last = date.today().replace(day=1) - timedelta(days=1)
        target = env["sales.target"].create(
            {"date_from": (last - timedelta(days=330)).replace(day=1), "spread": "even", "company_id": env.company.id}
        )
        share = env["sales.target.share"].create({"target_id": target.id, "user_id": user.id, "amount": 120_000})
        target._write_protected({"approved_date": f"{last} 12:00:00"})
        env.flush_all()
        return share

    def kpi_bare_codes(self):
        return sorted(BARE)

    # === THE MONTH BEFORE THIS ONE === #

    @staticmethod
    def _month(env):
        last = date.today().replace(day=1) - timedelta(days=1)
        return env["sales.kpi.month"]._of(env.company, last)

    def _total(self, env, code):
        return self._month(env)._totals().filtered(lambda total: total.kpi_id.source == code)

    def _bare(self, env, code):
        period = self._month(env)._period()
        names = ("date_from", "date_to", "moment_from", "moment_to")
        return BARE[code], {"company": env.company.id, **{name: getattr(period, name) for name in names}}

    def kpi_bare(self, code):
        with self.measured() as (env, measure):
            query, values = self._bare(env, code)
            return measure(lambda: (env.cr.execute(query, values), env.cr.fetchall()))

    def kpi_bare_written(self, code):
        """The rows that the hand-written query sums up, and its sums, written into tables like ours."""
        with self.measured() as (env, measure):
            for kind in ("result", "evidence"):
                env.cr.execute(f"CREATE TABLE bench_{kind} (LIKE sales_kpi_{kind} INCLUDING ALL)")
            env.cr.execute("ALTER TABLE bench_evidence ADD FOREIGN KEY (result_id) REFERENCES bench_result")
            total = self._total(env, code)
            _query, values = self._bare(env, code)
            values.update(total=total.id, month=total.month_id.id, kpi=total.kpi_id.id)
            return measure(lambda: env.cr.execute(WRITTEN[code], values))

    def kpi_bare_month(self):
        with self.measured() as (env, measure):
            queries = [self._bare(env, code) for code in sorted(BARE)]
            return measure(lambda: [env.cr.execute(*query) for query in queries])

    def kpi_evidence(self, code):
        """The evidence summed up by person, as the bare query sums up."""
        from odoo.tools import SQL

        with self.measured() as (env, measure):
            total = self._total(env, code)
            query = SQL(
                "SELECT user_id, SUM(numerator), SUM(denominator) FROM (%s) evidence GROUP BY user_id",
                total.kpi_id._evidence_sql(total.month_id._period()),
            )
            return measure(lambda: (env.cr.execute(query), env.cr.fetchall()))

    def kpi_figures(self, code):
        with self.measured() as (env, measure):
            total = self._total(env, code)
            return measure(total._compute_figures)

    def kpi_month(self):
        with self.measured() as (env, measure):
            month = self._month(env)
            month._totals()
            return measure(month._compute)

    # === SHEETS === #

    @staticmethod
    def _days(env):
        """The month before this one, its last day being the one that is looked at, and the year until then."""
        until = date.today().replace(day=1)
        day = until - timedelta(days=1)
        year = (day - timedelta(days=330)).replace(day=1)
        return {"company": env.company.id, "year": year, "first": day.replace(day=1), "day": day, "until": until}

    def kpi_bare_day(self):
        with self.measured() as (env, measure):
            return measure(lambda: (env.cr.execute(BARE_DAY, self._days(env)), env.cr.fetchall()))

    def kpi_day(self):
        """The sheet as its list reads it."""
        with self.measured() as (env, measure):
            sheet = env["sales.daily.progress"]
            names = [name for name, field in sheet._fields.items() if field.column_type]
            domain = [("date", "=", self._days(env)["day"])]
            assert sum(sheet.search(domain).mapped("receipt_month")), "what nobody paid costs nothing"
            return measure(lambda: sheet.search_fetch(domain, names).read(names, load=False))

    def kpi_bare_plan(self):
        with self.measured() as (env, measure):
            return measure(lambda: (env.cr.execute(BARE_PLAN, self._days(env)), env.cr.fetchall()))

    def kpi_plan(self):
        """The year by month and person, as its pivot asks for it."""
        with self.measured() as (env, measure):
            report = env["sales.target.report"]
            return measure(
                lambda: report._read_group(
                    [("measure", "=", "sales")], ["date:month", "user_id"], ["planned:sum", "actual:sum"]
                )
            )

    # === READING === #

    def kpi_history(self, years):
        """Results of `years` years before this one, copied from those of a month."""
        with self.environment() as env:
            month = self._month(env)
            if years == 1:
                month._compute()
            env.cr.execute(
                """
                INSERT INTO sales_kpi_month (company_id, date_from, state)
                SELECT company_id, (date_from - n * INTERVAL '1 month')::date, 'locked'
                  FROM sales_kpi_month CROSS JOIN generate_series(1, %s) n WHERE id = %s
                    ON CONFLICT DO NOTHING
                """,
                [12 * years - 1, month.id],
            )
            for table in ("sales_kpi_total", "sales_kpi_result"):
                self._copy_of_months(env, table, month)

    def kpi_forget(self):
        """Take away what was kept of the month: it is computed for the first time."""
        with self.environment() as env:
            month = self._month(env)
            env.cr.execute(
                "DELETE FROM sales_kpi_evidence"
                " WHERE result_id IN (SELECT id FROM sales_kpi_result WHERE month_id = %s)",
                [month.id],
            )
            env.cr.execute("DELETE FROM sales_kpi_result WHERE month_id = %s", [month.id])

    @staticmethod
    def _copy_of_months(env, table, month):
        """Copy the rows of `month` to the months that have none yet."""
        env.cr.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attname NOT IN ('id', 'month_id', 'total_id', 'date')",
            [table],
        )
        columns = ", ".join(column for (column,) in env.cr.fetchall())
        shown = ", ".join(f"model.{column.strip()}" for column in columns.split(","))
        total = ", total_id" if table == "sales_kpi_result" else ""
        join = "JOIN sales_kpi_total own ON own.month_id = month.id AND own.kpi_id = model.kpi_id" if total else ""
        env.cr.execute(
            f"INSERT INTO {table} (month_id, date, {columns}{total})"
            f" SELECT month.id, month.date_from, {shown}{', own.id' if total else ''}"
            f" FROM {table} model CROSS JOIN sales_kpi_month month {join}"
            f" WHERE model.month_id = %s AND month.id <> %s"
            f" AND NOT EXISTS (SELECT 1 FROM {table} made WHERE made.month_id = month.id)",
            [month.id, month.id],
        )

    def kpi_read(self):
        """A year's values by person, KPI and month, as pivots ask for them, by the director's rules."""
        with self.registry.cursor() as cr:
            cr.execute("SELECT id FROM res_users WHERE login = 'kpi_director'")
            ((director,),) = cr.fetchall()
        with self.measured(director) as (env, measure):
            since = self._month(env).date_from - timedelta(days=330)
            return measure(
                lambda: env["sales.kpi.result"]._read_group(
                    [("date", ">=", since)], ["user_id", "kpi_id", "date:month"], ["value:avg"]
                )
            )


# By hand: the sums of each person, and (ROWS) the documents that they are sums of.
ROWS = {
    "collection": """
        SELECT move.invoice_user_id AS user_id, line.move_id AS res_id, move.name, line.date_maturity AS date,
               line.balance - COALESCE(matched.credited, 0) AS due, matched.paid
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
          JOIN account_account account ON account.id = line.account_id
     LEFT JOIN LATERAL (
               SELECT SUM(partial.amount) FILTER (WHERE other.move_type = 'out_refund') AS credited,
                      SUM(partial.amount) FILTER (WHERE other.move_type <> 'out_refund'
                                                        AND partial.max_date <= line.date_maturity) AS paid
                 FROM account_partial_reconcile partial
                 JOIN account_move_line credit ON credit.id = partial.credit_move_id
                 JOIN account_move other ON other.id = credit.move_id
                WHERE partial.debit_move_id = line.id) matched ON TRUE
         WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
           AND line.date_maturity >= %(date_from)s AND line.date_maturity < %(date_to)s
           AND account.account_type = 'asset_receivable' AND move.move_type = 'out_invoice'
    """,
    "delivery": """
        SELECT ordered.user_id, line.order_id AS res_id, ordered.name, line.promised_date AS date,
               1 AS due, (SELECT SUM(move.quantity) FROM stock_move move
                           WHERE move.sale_line_id = line.id AND move.state = 'done'
                             AND move.date::date <= line.promised_date) >= line.product_uom_qty AS paid
          FROM sale_order_line line
          JOIN sale_order ordered ON ordered.id = line.order_id
         WHERE ordered.company_id = %(company)s AND ordered.state = 'sale'
           AND line.promised_date >= %(date_from)s AND line.promised_date < %(date_to)s
    """,
    "invoicing": """
        SELECT user_id, picking_id AS res_id, NULL AS name, date::date, quantity * price_unit AS due,
               LEAST(GREATEST(invoiced - before, 0), quantity) * price_unit AS paid
          FROM (
                SELECT ordered.user_id, move.picking_id, move.date, move.quantity, line.price_unit,
                       SUM(move.quantity) OVER (PARTITION BY line.id ORDER BY move.date, move.id) - move.quantity
                           AS before,
                       (SELECT SUM(item.quantity) FROM sale_order_line_invoice_rel rel
                          JOIN account_move_line item ON item.id = rel.invoice_line_id
                          JOIN account_move invoice ON invoice.id = item.move_id
                         WHERE rel.order_line_id = line.id AND invoice.state = 'posted'
                           AND invoice.invoice_date < %(date_to)s) AS invoiced
                  FROM stock_move move
                  JOIN sale_order_line line ON line.id = move.sale_line_id
                  JOIN sale_order ordered ON ordered.id = line.order_id
                 WHERE move.state = 'done' AND line.id IN (
                       SELECT sale_line_id FROM stock_move
                        WHERE company_id = %(company)s AND state = 'done'
                          AND date >= %(moment_from)s AND date < %(moment_to)s)
               ) shipment
         WHERE date >= %(moment_from)s AND date < %(moment_to)s
    """,
    "order_review": """
        SELECT review.user_id, review.id AS res_id, review.name, review.deadline::date AS date,
               1 AS due, review.receive_date <= review.deadline AS paid
          FROM sale_order_review review
         WHERE review.company_id = %(company)s AND review.state IN ('review', 'conditions', 'passed')
           AND review.deadline >= %(moment_from)s AND review.deadline < %(moment_to)s
    """,
    "sales_attainment": """
        SELECT move.invoice_user_id AS user_id, move.id AS res_id, move.name, move.invoice_date AS date,
               0 AS due, move.amount_untaxed_signed AS paid
          FROM account_move move
         WHERE move.company_id = %(company)s AND move.state = 'posted'
           AND move.move_type IN ('out_invoice', 'out_refund')
           AND move.invoice_date >= %(date_from)s AND move.invoice_date < %(date_to)s
     UNION ALL
        SELECT line.user_id, line.id, NULL, line.date, line.amount, 0
          FROM sales_target_line line
         WHERE line.company_id = %(company)s AND line.in_force AND line.date = %(date_from)s
    """,
}
# What the day and its month brought in, and a year's plan beside what was invoiced, by person.
BARE_DAY = """
    SELECT user_id, figure, SUM(amount), SUM(amount) FILTER (WHERE day = %(day)s)
      FROM (
            SELECT user_id, 'order' AS figure, date_order::date AS day, amount_untaxed AS amount FROM sale_order
             WHERE company_id = %(company)s AND state = 'sale'
               AND date_order >= %(first)s AND date_order < %(until)s
         UNION ALL
            SELECT ordered.user_id, 'shipment', move.date::date, move.quantity * line.price_unit
              FROM stock_move move
              JOIN sale_order_line line ON line.id = move.sale_line_id
              JOIN sale_order ordered ON ordered.id = line.order_id
             WHERE move.company_id = %(company)s AND move.state = 'done'
               AND move.date >= %(first)s AND move.date < %(until)s
         UNION ALL
            SELECT invoice_user_id, 'invoice', invoice_date, amount_untaxed_signed FROM account_move
             WHERE company_id = %(company)s AND state = 'posted' AND move_type IN ('out_invoice', 'out_refund')
               AND invoice_date >= %(first)s AND invoice_date < %(until)s
         UNION ALL
            SELECT move.invoice_user_id, 'receipt', partial.max_date, partial.amount
              FROM account_partial_reconcile partial
              JOIN account_move_line due ON due.id = partial.debit_move_id
              JOIN account_move move ON move.id = due.move_id
             WHERE partial.company_id = %(company)s
               AND partial.max_date >= %(first)s AND partial.max_date < %(until)s
           ) document
  GROUP BY user_id, figure
"""
BARE_PLAN = """
    SELECT user_id, month, SUM(planned), SUM(actual)
      FROM (
            SELECT invoice_user_id AS user_id, date_trunc('month', invoice_date) AS month, 0 AS planned,
                   amount_untaxed_signed AS actual
              FROM account_move
             WHERE company_id = %(company)s AND state = 'posted' AND move_type IN ('out_invoice', 'out_refund')
               AND invoice_date >= %(year)s AND invoice_date < %(until)s
         UNION ALL
            SELECT user_id, date, amount, 0 FROM sales_target_line
             WHERE company_id = %(company)s AND in_force AND measure = 'sales'
           ) line
  GROUP BY user_id, month
"""
COUNTED = ("delivery", "order_review")
BARE = {
    code: f"SELECT user_id, SUM(due), {'COUNT(*) FILTER (WHERE paid)' if code in COUNTED else 'SUM(paid)'}"
    f" FROM ({rows}) document GROUP BY user_id"
    for code, rows in ROWS.items()
}
WRITTEN = {
    code: f"""
    WITH document AS MATERIALIZED (
        SELECT user_id, res_id, name, date, due,
               COALESCE(paid{"::int" if code in COUNTED else ""}, 0) AS paid
          FROM ({rows}) row
    ),
    result AS (
        INSERT INTO bench_result (total_id, month_id, company_id, kpi_id, date, measure, verdict,
                                  user_id, denominator, numerator, evidence_count)
             SELECT %(total)s, %(month)s, %(company)s, %(kpi)s, %(date_from)s, 'share', 'none',
                    user_id, SUM(due), SUM(paid), COUNT(*)
               FROM document GROUP BY user_id
          RETURNING id, user_id
    )
    INSERT INTO bench_evidence (result_id, res_model, res_id, name, date, numerator, denominator)
         SELECT result.id, '{code}', res_id, name, document.date, paid, due
           FROM document JOIN result USING (user_id)
    """
    for code, rows in ROWS.items()
}
