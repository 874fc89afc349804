"""The list of quotations, with the addons' columns on."""

from bench import operations
from bench.harness import PATIENCE, Comparison

RATIO_LIMIT = 1.10


def measure_gated(bench):
    costs = Comparison.run(
        *(lambda _n, side=side: side("quotation_list", user=bench.manager) for side in (bench.without, bench.ours)),
        24,
        PATIENCE * 24,
    )
    bench.table.times("Quotations, 80 rows, our columns on", "without the addons", costs, RATIO_LIMIT)


class Operations(operations.Operations):
    def quotation_list(self, user):
        """The first page of Quotations, as the web client asks for it: every column, My Quotations on."""
        with self.measured(user) as (env, measure):
            view = env.ref("sale.view_quotation_tree_with_onboarding")
            specification = self._list_specification(env["sale.order"], view.id)
            return self._page(env["sale.order"], measure, [("user_id", "=", user)], specification)
