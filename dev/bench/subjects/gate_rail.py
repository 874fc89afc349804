"""The rail on an order's form and in lists, beside the same without it."""

from bench import operations
from bench.data import LONG_QUOTATIONS
from bench.harness import PATIENCE, Comparison

MOST_QUERIES = 2
RATIO_LIMIT = 1.10
# What stood above an order before there was a rail, and what the rail is made of.
BANNERS = (
    "quote_signoff_required",
    "quote_signoff_missing",
    "approval_state",
    "approval_summary",
    "approval_can_decide",
    "order_review_id",
    "order_review_state",
    "order_review_required",
    "order_review_missing",
    "order_review_changes",
    "customer_file_hold",
    "agreement_missing",
)


def measure_gated(bench):
    order = bench.to_confirm[min(LONG_QUOTATIONS)][0]
    form = Comparison.run(
        lambda _n: bench.ours("railed_form", order=order, user=bench.manager, with_rail=False),
        lambda _n: bench.ours("railed_form", order=order, user=bench.manager, with_rail=True),
        12,
        PATIENCE * 12,
    )
    bench.table.times("Open an order with its rail", "with banners in its place", form)
    base, ours = form.queries()
    bench.table.counts("Queries of that form", "with banners in its place", base, ours, base + MOST_QUERIES)
    rows = Comparison.run(
        lambda _n: bench.ours("railed_list", user=bench.manager, with_rail=False),
        lambda _n: bench.ours("railed_list", user=bench.manager, with_rail=True),
        24,
        PATIENCE * 24,
    )
    bench.table.times("Quotations, 80 rows, with their gates", "without that column", rows, RATIO_LIMIT)
    base, ours = rows.queries()
    bench.table.counts("Queries of that list", "without that column", base, ours, base + MOST_QUERIES)


class Operations(operations.Operations):
    def railed_form(self, order, user, with_rail):
        """Read all that the form of the order shows, with the rail or with what stood in its place."""
        with self.measured(user) as (env, measure):
            order = env["sale.order"].browse(order)
            view = order.get_views([(False, "form")])
            specification = {}
            for name in view["models"]["sale.order"]["fields"]:
                is_record = order._fields[name].type == "many2one"
                specification[name] = {"fields": {"display_name": {}}} if is_record else {}
            if not with_rail:
                rail = [name for name in specification if name.startswith("gate_")]
                for name in rail:
                    del specification[name]
                specification.update(dict.fromkeys(BANNERS, {}))
            return measure(lambda: order.web_read(specification))

    def railed_list(self, user, with_rail):
        """The first page of Quotations, with or without the column of gates."""
        with self.measured(user) as (env, measure):
            view = env.ref("sale.view_quotation_tree_with_onboarding")
            specification = self._list_specification(env["sale.order"], view.id)
            if not with_rail:
                del specification["gate_stage"]
            return self._page(env["sale.order"], measure, [("user_id", "=", user)], specification)
