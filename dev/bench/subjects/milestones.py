"""Milestones of open order lines, beside Odoo's own sums of the moves of the same lines.

At SCALE=1 there are 10,000 open lines of goods that are received to order, picked and shipped, in a database of their
own: 30,000 moves, half of the lines received, a quarter picked. Odoo sums them up by line and state; we say how far the
lines are, with five milestones each. Measured are the rows when the policy comes on, when nothing changed, and when
every promise did.
"""

import itertools
from contextlib import closing

from common import addons
from databases import clone, depends_of, installed
from postgres import execute

from odoo.fields import Command

from bench import operations
from bench.data import cursor_of
from bench.harness import Comparison
from bench.subjects.stock_ageing import Copies

DATABASE = "sd_bench_milestones"
# For the 20,000 quotations of SCALE=1.
QUOTATIONS, LINES = 20_000, 10_000
LINES_OF_ORDER = 20
# Of rows that are made with all their keys, that are compared, that are all written.
LIMITS = {"made": 35.0, "same": 12.0, "moved": 25.0}
# What is wanted of a run of full size, whatever Odoo's sums take.
SECONDS_LIMIT = 2
PAIRS = 5


def measure_installed(bench):
    lines = round(LINES * bench.quotations / QUOTATIONS)
    clone(bench.variables, installed(bench.variables, "minimal", depends_of(addons())), bench.database(DATABASE))
    with closing(bench.worker(DATABASE)) as worker:
        models = worker("milestone_models")
    with cursor_of(bench.variables, DATABASE) as cursor:
        OpenLines(cursor, models).make(lines)
    execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
    worker = bench.worker(DATABASE)
    worker("settle")
    beside = f"Odoo's sums of {3 * lines:,} moves"

    def measure(label, limit, **arguments):
        costs = Comparison.run(lambda _n: worker("sums_of_moves"), lambda _n: worker("milestones", **arguments), PAIRS)
        if lines == LINES:
            bench.table.times(label, beside, costs, seconds_limit=SECONDS_LIMIT)
        else:
            bench.table.times(label, beside, costs, ratio_limit=limit)

    measure(f"Milestones of {lines:,} open lines, made", LIMITS["made"])
    worker("keep_milestones")
    execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
    measure("… read again, nothing changed", LIMITS["same"])
    measure("… read again, every promise changed", LIMITS["moved"], days=7)


class OpenLines(Copies):
    """Copies of an order line and its three moves, each linked to the next."""

    # What is done of each move: every second one, every fourth, none.
    STATES = {"receipt": "n %% 2 = 0", "pick": "n %% 4 = 0", "ship": "FALSE"}

    def make(self, lines):
        orders = -(-lines // LINES_OF_ORDER)
        first_order = self._copy("sale_order", orders, {"name": "'B' || n"})
        first_line = self._copy("sale_order_line", lines, {"order_id": f"{first_order} + n / {LINES_OF_ORDER}"})
        firsts = []
        for step, is_done in self.STATES.items():
            values = {"state": f"CASE WHEN {is_done} THEN 'done' ELSE 'assigned' END"}
            if step != "receipt":
                values["sale_line_id"] = f"{first_line} + n"
            firsts.append(self._copy("stock_move", lines, values, model=self.models[step]))
        for before, after in itertools.pairwise(firsts):
            self.cursor.execute(
                "INSERT INTO stock_move_move_rel (move_orig_id, move_dest_id)"
                " SELECT %s + n, %s + n FROM generate_series(0, %s) n",
                [before, after, lines - 1],
            )


class Operations(operations.Operations):
    def milestone_models(self):
        """Make an order of goods that are bought, shipped in two steps; return the ids of what is to be copied."""
        with self.environment() as env:
            warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
            warehouse.delivery_steps = "pick_ship"
            product = env["product.product"].create(
                {"name": "Part", "is_storable": True, "milestone_supply": "bought", "taxes_id": False}
            )
            env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 10)
            customer = env["res.partner"].create({"name": "Customer"})
            line = Command.create({"product_id": product.id, "product_uom_qty": 10})
            order = env["sale.order"].create({"partner_id": customer.id, "order_line": [line]})
            order.action_confirm()
            pick = order.order_line.move_ids
            ship = pick.copy({"location_id": pick.location_dest_id.id, "location_dest_id": pick.location_final_id.id})
            supplier = env.ref("stock.stock_location_suppliers")
            receipt = pick.copy(
                {"sale_line_id": False, "location_id": supplier.id, "location_dest_id": pick.location_id.id}
            )
            env.company.sales_dept_milestones = True
            env.cr.precommit.clear()
            return {
                "sale_order": order.id,
                "sale_order_line": order.order_line.id,
                "receipt": receipt.id,
                "pick": pick.id,
                "ship": ship.id,
            }

    def sums_of_moves(self):
        with self.measured() as (env, measure):
            return measure(
                lambda: env["stock.move"]._read_group(
                    [("product_id.name", "=", "Part"), ("state", "not in", ("draft", "cancel"))],
                    ["sale_line_id", "state", "location_dest_id"],
                    ["quantity:sum", "product_qty:sum", "date:max"],
                )
            )

    def milestones(self, days=0):
        with self.measured() as (env, measure):
            if days:
                env.cr.execute("UPDATE sale_order SET commitment_date = now() + %s * INTERVAL '1 day'", [days])
            return measure(lambda: env["sale.order.milestone"]._refresh_companies(env.company))

    def keep_milestones(self):
        with self.environment() as env:
            env["sale.order.milestone"]._refresh_companies(env.company)
