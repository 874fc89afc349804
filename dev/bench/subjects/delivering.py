"""Validating a delivery whose goods leave against an accepted delivery notice."""

from datetime import date

from bench import operations
from bench.harness import Comparison

RATIO_LIMIT = 1.10
PAIRS = {20: 18, 200: 6}


def measure_gated(bench):
    extra = {}
    for lines, pairs in PAIRS.items():
        orders = bench.to_confirm[lines]
        costs = Comparison.run(
            *(
                lambda number, side=side, orders=orders: side(
                    "deliver", order=orders[number % len(orders)], user=bench.manager
                )
                for side in (bench.without, bench.ours)
            ),
            pairs,
            3 * pairs,
        )
        bench.table.times(f"Deliver {lines} lines, notice accepted", "without the addons", costs, RATIO_LIMIT)
        base, ours = costs.queries()
        extra[lines] = ours - base
    few, many = extra.values()
    # What is added to a delivery of 200 lines must not be more than to one of 20.
    bench.table.counts("Extra queries to deliver 200 lines", "20 lines", few, many)


class Operations(operations.Operations):
    def deliver(self, order, user):
        with self.measured(user) as (env, measure):
            order = env["sale.order"].browse(order)
            order.action_confirm()
            # The warehouse.
            picking = order.sudo().picking_ids
            if "sale.delivery.notice" in env:
                notice = env["sale.delivery.notice"]._make_for(order)
                notice.wanted_date = date.today()
                notice.action_issue()
                notice.sudo().action_accept()
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty
                move.picked = True
            figures = measure(lambda: picking.with_context(skip_backorder=True).button_validate())
            if picking.state != "done":
                raise ValueError(f"{picking.name} was not delivered")
            return figures
