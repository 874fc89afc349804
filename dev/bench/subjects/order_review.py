"""The form of a review as a department sees it, beside the order itself in Odoo without the addons."""

from bench import operations
from bench.data import LONG_QUOTATIONS
from bench.harness import Comparison

SECONDS_LIMIT = 1


def measure_gated(bench):
    for lines in LONG_QUOTATIONS:
        order = bench.to_confirm[lines][0]
        costs = Comparison.run(
            lambda _n, order=order: bench.without("order_form", order=order, user=bench.manager),
            lambda _n, order=order: bench.ours("review_form", order=order, user=bench.departments),
            5,
        )
        bench.table.times(f"Open review of {lines} lines", "open that order", costs, seconds_limit=SECONDS_LIMIT)


class Operations(operations.Operations):
    def order_form(self, order, user):
        """The form of the order, as the web client asks for it."""
        with self.measured(user) as (env, measure):
            return self._form(env["sale.order"].browse(order), measure, {"order_line"})

    def review_form(self, order, user):
        """The form of the order's review, as a department sees it."""
        with self.measured(user) as (env, measure):
            review = env["sale.order"].sudo().browse(order).order_review_id.with_user(user)
            return self._form(review, measure, {"line_ids", "opinion_ids"})
