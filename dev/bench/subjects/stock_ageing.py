"""Stock by age, beside a hand-written query over the same moves that knows nothing but receipts.

At SCALE=1 there are 6 million done moves of three years and 25,000 products, in a database of their own. The bare query
says what was on hand of the company's own goods, and what of it came in within 30, 60 and 90 days. It knows no returns,
no warehouses, no costs, and nobody who is responsible.
"""

from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta

from common import addons
from databases import clone, depends_of, installed
from postgres import execute

from bench import operations
from bench.data import cursor_of
from bench.harness import Comparison

DATABASE = "sd_bench_stock_ageing"
# For the 20,000 quotations of SCALE=1.
QUOTATIONS, MOVES, PRODUCTS = 20_000, 6_000_000, 25_000
DAYS = 3 * 365
RATIO_LIMIT = 2.0
PAIRS = 7


def measure_installed(bench):
    scale = bench.quotations / QUOTATIONS
    moves, products = round(MOVES * scale), round(PRODUCTS * scale)
    clone(bench.variables, installed(bench.variables, "minimal", depends_of(addons())), bench.database(DATABASE))
    with closing(bench.worker(DATABASE)) as worker:
        models = worker("ageing_models")
    with cursor_of(bench.variables, DATABASE) as cursor:
        Copies(cursor, models).make(moves, products)
    execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
    worker = bench.worker(DATABASE)
    worker("settle")
    beside = f"bare SQL, {moves:,} moves"
    for label, days_ago in (("now", 0), ("a month ago", 30)):
        day = str(date.today() - timedelta(days=days_ago))
        costs = Comparison.run(
            lambda _n, day=day: worker("ageing_bare", day=day),
            lambda _n, day=day: worker("ageing_rows", day=day),
            PAIRS,
        )
        bench.table.times(f"Age of {products:,} products, {label}", beside, costs, ratio_limit=RATIO_LIMIT)
    day = str(date.today())
    costs = Comparison.run(lambda _n: worker("ageing_bare", day=day), lambda _n: worker("ageing_sheet", day=day), PAIRS)
    bench.table.times("… and the sheet with its lines written", beside, costs)


class Copies:
    """Rows that Odoo made once, copied by the database: products, done moves with their lines, and what they leave.

    Of ten moves five bring ten pieces in, four take nine out and one goes to a shelf; what is left came in within the
    last months.
    """

    def __init__(self, cursor, models):
        self.cursor = cursor
        self.models = models

    def make(self, moves, products):
        self.cursor.execute("SELECT setseed(0.19)")
        first = self._copy("product_product", products, {"combination_indices": "n::text"})
        places = self.models["places"]
        kind = f"CASE WHEN (n / {products}) %% 10 < 5 THEN 0 WHEN (n / {products}) %% 10 < 9 THEN 1 ELSE 2 END"

        def by_kind(values):
            return f"(ARRAY[{', '.join(map(str, values))}])[1 + {kind}]"

        done = {
            "product_id": f"{first} + n %% {products}",
            "location_id": by_kind([places["supplier"], places["stock"], places["stock"]]),
            "location_dest_id": by_kind([places["stock"], places["customer"], places["shelf"]]),
            "date": f"now() AT TIME ZONE 'UTC' - random() * INTERVAL '{DAYS} days'",
        }
        quantity = by_kind([10, 9, 2])
        names = ("product_id", "location_id", "location_dest_id", "date", "quantity")
        with self._in_bulk("stock_move"):
            first_move = self._copy(
                "stock_move",
                moves,
                {**done, "quantity": quantity, "product_qty": quantity, "product_uom_qty": quantity},
            )
        with self._in_bulk("stock_move_line"):
            self._copy(
                "stock_move_line",
                moves,
                {
                    **{name: f"move.{name}" for name in names},
                    "move_id": "move.id",
                    "quantity_product_uom": "move.quantity",
                },
                f"JOIN stock_move move ON move.id = {first_move} + n",
            )
        self.cursor.execute(
            "INSERT INTO stock_quant (product_id, location_id, company_id, quantity, reserved_quantity, in_date)"
            " SELECT product_id, location_id, company_id, SUM(quantity), 0, now() FROM ("
            " SELECT product_id, location_dest_id AS location_id, company_id, quantity_product_uom AS quantity"
            " FROM stock_move_line UNION ALL"
            " SELECT product_id, location_id, company_id, -quantity_product_uom FROM stock_move_line"
            ") side WHERE location_id IN %s GROUP BY product_id, location_id, company_id",
            [(places["stock"], places["shelf"])],
        )

    @contextmanager
    def _in_bulk(self, table):
        """Fill `table` without its indexes, made again in the end, and without its foreign keys.

        Which stay away: the rows are copies of one that kept them, and the database is dropped after the bench.
        """
        self.cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'", [table]
        )
        for (name,) in self.cursor.fetchall():
            self.cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        self.cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = %s::regclass AND NOT indisprimary",
            [table],
        )
        indexes = self.cursor.fetchall()
        for name, _definition in indexes:
            self.cursor.execute(f"DROP INDEX {name}")
        yield
        for _name, definition in indexes:
            self.cursor.execute(definition)

    def _copy(self, table, count, values, join="", model=None):
        """Add `count` copies of the model row of `table`, numbered `n`; return the first id.

        :param dict values: SQL of the columns that differ
        :param int model: id of the model row, where `models` does not have it by its table
        """
        self.cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attname <> 'id'",
            [table],
        )
        columns = [column for (column,) in self.cursor.fetchall()]
        self.cursor.execute(f"SELECT MAX(id) + 1 FROM {table}")
        ((first,),) = self.cursor.fetchall()
        shown = ", ".join(f'"{column}"' for column in columns)
        selected = ", ".join(values.get(column, f'model."{column}"') for column in columns)
        self.cursor.execute(
            f"INSERT INTO {table} (id, {shown}) SELECT {first} + n, {selected} FROM generate_series(0, %s) n {join}"
            f" JOIN {table} model ON model.id = %s",
            [count - 1, model or self.models[table]],
        )
        self.cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), %s)", [first + count])
        return first


class Operations(operations.Operations):
    def ageing_models(self):
        """Make a product and a done move of it; return their ids, and the places that goods come from and go to."""
        with self.environment() as env:
            warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
            shelf = env["stock.location"].create({"name": "Shelf", "location_id": warehouse.lot_stock_id.id})
            places = {
                "supplier": env.ref("stock.stock_location_suppliers").id,
                "customer": env.ref("stock.stock_location_customers").id,
                "stock": warehouse.lot_stock_id.id,
                "shelf": shelf.id,
            }
            product = env["product.product"].create({"name": "Part", "is_storable": True, "standard_price": 3.35})
            move = env["stock.move"].create(
                {
                    "product_id": product.id,
                    "product_uom_qty": 1,
                    "location_id": places["supplier"],
                    "location_dest_id": places["stock"],
                    "quantity": 1,
                    "picked": True,
                }
            )
            move._action_done()
            return {
                "product_product": product.id,
                "stock_move": move.id,
                "stock_move_line": move.move_line_ids.id,
                "places": places,
            }

    def ageing_bare(self, day):
        with self.measured() as (env, measure):
            since = [
                datetime.combine(date.fromisoformat(day) - timedelta(days=age), time.min) for age in (-1, 30, 60, 90)
            ]
            places = {"company": env.company.id, "partner": env.company.partner_id.id}
            moments = dict(zip(("end", "within_30", "within_60", "within_90"), since, strict=True))

            def read():
                env.cr.execute(BARE, {**places, **moments})
                return env.cr.fetchall()

            return measure(read)

    def ageing_rows(self, day):
        """The figures alone, as they are read for the lines of a sheet."""
        with self.measured() as (env, measure):
            sheet = self._ageing_sheet(env, day)

            def read():
                env.flush_all()
                env.cr.execute(sheet._figures_query())
                return env.cr.fetchall()

            return measure(read)

    def ageing_sheet(self, day):
        with self.measured() as (env, measure):
            sheet = self._ageing_sheet(env, day)
            return measure(lambda: sheet._write_lines())

    @staticmethod
    def _ageing_sheet(env, day):
        sheet = env["stock.ageing.sheet"].create({"date": day})
        sheet._write_protected({"limit_months": 3})
        env.flush_all()
        return sheet


BARE = """
    WITH place AS (
        SELECT id FROM stock_location WHERE company_id = %(company)s AND usage IN ('internal', 'transit')
    ),
    moved AS (
        SELECT line.product_id, move.date, line.quantity_product_uom AS quantity,
               target.id IS NOT NULL AS is_in
          FROM stock_move move
          JOIN stock_move_line line ON line.move_id = move.id
     LEFT JOIN place source ON source.id = line.location_id
     LEFT JOIN place target ON target.id = line.location_dest_id
         WHERE move.state = 'done' AND move.date >= %(within_90)s
           AND (source.id IS NULL) <> (target.id IS NULL)
           AND (line.owner_id IS NULL OR line.owner_id = %(partner)s)
    ),
    held AS (
        SELECT product_id, SUM(quantity) AS quantity
          FROM (
                SELECT quant.product_id, quant.quantity
                  FROM stock_quant quant
                  JOIN place ON place.id = quant.location_id
                 WHERE quant.owner_id IS NULL OR quant.owner_id = %(partner)s
             UNION ALL
                SELECT product_id, CASE WHEN is_in THEN -quantity ELSE quantity END FROM moved WHERE date >= %(end)s
               ) side
      GROUP BY product_id
    ),
    received AS (
        SELECT product_id,
               SUM(quantity) FILTER (WHERE date >= %(within_30)s) AS within_30,
               SUM(quantity) FILTER (WHERE date >= %(within_60)s) AS within_60,
               SUM(quantity) AS within_90
          FROM moved WHERE is_in AND date < %(end)s
      GROUP BY product_id
    )
    SELECT held.product_id, held.quantity,
           LEAST(held.quantity, received.within_30) AS within_30,
           LEAST(held.quantity, received.within_60) AS within_60,
           LEAST(held.quantity, received.within_90) AS within_90
      FROM held
 LEFT JOIN received ON received.product_id = held.product_id
     WHERE held.quantity > 0
"""
