"""The warehouse's worklist of delivery notices, beside Odoo's list of the same goods' transfers."""

from datetime import date, timedelta

from odoo.fields import Command

from bench import operations
from bench.harness import PATIENCE, Comparison

RATIO_LIMIT = 1.20
PAIRS = 24
# More than a page, for fewer customers.
ORDERS, CUSTOMERS = 120, 40


def measure_installed(bench):
    for side in (bench.without, bench.ours):
        side("make_shipments", user=bench.manager)
    bench.ours("notice_shipments", user=bench.manager)
    bench.settle()
    costs = Comparison.run(
        lambda _n: bench.without("transfer_list"),
        lambda _n: bench.ours("notice_worklist"),
        PAIRS,
        PATIENCE * PAIRS,
    )
    bench.table.times("To Ship, 80 rows", "Odoo's list of transfers", costs, RATIO_LIMIT)


class Operations(operations.Operations):
    def make_shipments(self, user):
        """Confirm orders of two lines each, and have somebody in the warehouse."""
        with self.environment() as env:
            keeper = self._create_user(env, "bench_keeper", "stock.group_stock_user")
            # Odoo's own list of transfers looks at what of carriers others may read only.
            keeper.group_ids = [Command.link(env.ref("base.group_partner_manager").id)]
            customers = env["res.partner"].create(
                [{"name": f"Shipped to {number:02}", "is_company": True} for number in range(CUSTOMERS)]
            )
            goods = env["product.product"].create(
                [{"name": f"Shipped {number}", "type": "consu", "taxes_id": False} for number in range(10)]
            )
            for number in range(ORDERS):
                lines = [
                    Command.create({"product_id": goods[(number + at) % 10].id, "product_uom_qty": 1 + number % 5})
                    for at in range(2)
                ]
                customer = customers[number % CUSTOMERS]
                env["sale.order"].create({"partner_id": customer.id, "user_id": user, "order_line": lines})
            env["sale.order"].search([("partner_id", "in", customers.ids)]).action_confirm()

    def notice_shipments(self, user):
        """Issue a notice of each order, and accept it."""
        with self.environment() as env:
            orders = env["sale.order"].search([("partner_id.name", "=like", "Shipped to %"), ("state", "=", "sale")])
            for number, order in enumerate(orders):
                notice = env["sale.delivery.notice"]._make_for(order)
                notice.write({"wanted_date": date.today() + timedelta(days=number % 9), "user_id": user})
                notice.action_issue()
                notice.action_accept()

    def _keeper(self, env):
        return env["res.users"].search([("login", "=", "bench_keeper")]).id

    def transfer_list(self):
        return self._first_page(
            "stock.picking",
            "stock.vpicktree",
            [("picking_type_code", "=", "outgoing"), ("state", "in", ("confirmed", "waiting", "assigned"))],
        )

    def notice_worklist(self):
        return self._first_page(
            "sale.delivery.notice",
            "sales_dept_logistics.view_delivery_notice_list",
            [("state", "in", ("issued", "accepted", "loading"))],
        )

    def _first_page(self, model, view, domain):
        """The first page of the list `view` as the web client asks for it, for whoever ships."""
        with self.environment() as env:
            keeper = self._keeper(env)
        with self.measured(keeper) as (env, measure):
            specification = self._list_specification(env[model], env.ref(view).id)
            return self._page(env[model], measure, domain, specification)
