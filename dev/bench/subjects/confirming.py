"""Confirming an order: with the policies off, signed off, and with every gate on."""

from bench import operations
from bench.harness import PATIENCE, Comparison

RATIO_LIMIT = 1.05
QUERIES_LIMIT = 6
PAIRS = {20: 36, 200: 18}


def measure_installed(bench):
    _confirm(bench, "policies off")


def measure_signed(bench):
    _confirm(bench, "signed off")


def measure_gated(bench):
    _confirm(bench, "all gates on")
    # Which are figures for those who follow the order, and hold nothing: what they cost is said, not limited.
    bench.ours("switch_milestones", is_on=True)
    _confirm(bench, "all gates on, milestones kept", ratio_limit=None, queries_limit=None)
    bench.ours("switch_milestones", is_on=False)


def _confirm(bench, policy, ratio_limit=RATIO_LIMIT, queries_limit=QUERIES_LIMIT):
    extra = {}
    for lines, pairs in PAIRS.items():
        orders = bench.to_confirm[lines]
        costs = Comparison.run(
            *(
                lambda number, side=side, orders=orders: side(
                    "confirm", order=orders[number % len(orders)], user=bench.manager
                )
                for side in (bench.without, bench.ours)
            ),
            pairs,
            PATIENCE * pairs,
        )
        bench.table.times(f"Confirm {lines} lines, {policy}", "without the addons", costs, ratio_limit)
        base, ours = costs.queries()
        extra[lines] = ours - base
    if not queries_limit:
        return
    few, many = extra.values()
    bench.table.counts(f"Extra queries, 20 lines, {policy}", "", None, few, queries_limit)
    # What is added to an order of 200 lines must not be more than to one of 20.
    bench.table.counts(f"Extra queries, 200 lines, {policy}", "at 20 lines", few, many)


class Operations(operations.Operations):
    def confirm(self, order, user):
        with self.measured(user) as (env, measure):
            order = env["sale.order"].browse(order)
            figures = measure(order.action_confirm)
            if order.state != "sale":
                raise ValueError(f"{order.name} was not confirmed")
            return figures
