"""Asking for approval, the inbox, and approving many at once; switching sign-off on."""

from odoo.tools import SQL

from bench import operations
from bench.data import LONG_QUOTATIONS, copy_requests, cursor_of
from bench.harness import Comparison
from bench.operations import PAGE

FEW, MANY = 5, 20
BULK = 100
SEARCH_LIMIT = 4
ROWS_LIMIT = 1.2


def measure_installed(bench):
    costs = Comparison.run(lambda _n: bench.ours("switch_policy_sql"), lambda _n: bench.ours("switch_policy"), 3)
    bench.table.times("Switch sign-off on, all quotations", "SQL UPDATE of that column", costs)


def prepare_signed(bench):
    """Sign what is to be confirmed off, and let a tenth of the quotations wait for a signature."""
    bench.ours("switch_on")
    for lines in LONG_QUOTATIONS:
        bench.ours("submit", orders=bench.to_confirm[lines], user=bench.manager)
        bench.ours("sign", orders=bench.to_confirm[lines], user=bench.general_manager)
    model, *orders = bench.ours("terms", count=bench.quotations // 10)
    (approval,) = bench.ours("submit", orders=[model["id"]], user=model["user"])
    with cursor_of(bench.variables, bench.WITH) as cursor:
        copy_requests(cursor, approval, orders)
    bench.ours("check_requests", orders=[order["id"] for order in orders[:20]], user=bench.general_manager)
    bench.pending = len(orders) + 1


def measure_signed(bench):
    _ask(bench)
    _inbox(bench)
    _approve(bench)


def _ask(bench):
    costs = Comparison.run(
        *(lambda _n, count=count: bench.ours("ask", count=count, user=bench.manager) for count in (FEW, MANY)), 5
    )
    bench.table.times(f"Ask for sign-off of {MANY}", f"of {FEW}", costs)
    bench.table.counts(f"Queries to ask for {MANY}", f"for {FEW}", *costs.queries())


def _inbox(bench):
    user, wait = bench.general_manager, f"{bench.pending:,} wait"
    costs = Comparison.run(
        lambda _n: bench.ours("inbox_sql", user=user), lambda _n: bench.ours("inbox_search", user=user), 10
    )
    bench.table.times(f"My Approvals: search, {wait}", "SQL by hand", costs, SEARCH_LIMIT)
    costs = Comparison.run(
        lambda _n: bench.without("quotation_list", user=bench.manager), lambda _n: bench.ours("inbox", user=user), 10
    )
    bench.table.times(f"My Approvals: 80 rows, {wait}", "list of 80 quotations", costs, ROWS_LIMIT)


def _approve(bench):
    user, costs = bench.general_manager, {}
    for count in (BULK // 2, BULK):
        costs[count] = Comparison.run(
            lambda _n, count=count: bench.without("finish_activities", count=count, user=user),
            lambda _n, count=count: bench.ours("approve", count=count, user=user),
            3,
        )
    bench.table.times(f"Approve {BULK} at once", f"mark {BULK} activities done", costs[BULK])
    # Of two sizes, so that what is done once does not count.
    more, less = costs[BULK].queries(), costs[BULK // 2].queries()
    base, ours = ((many - few) / (BULK - BULK // 2) for many, few in zip(more, less, strict=True))
    bench.table.counts("Queries for each more to approve", "for each more activity", base, ours)


class Operations(operations.Operations):
    def switch_on(self):
        with self.environment() as env:
            env.company.sales_dept_quote_signoff = "all"

    def submit(self, orders, user):
        """Ask for sign-off as `user`; return the ids of the requests."""
        with self.environment(user) as env:
            orders = env["sale.order"].browse(orders)
            orders.action_approval_submit()
            return orders.sudo()._approval_in_force().ids

    def sign(self, orders, user):
        with self.environment(user) as env:
            env["sale.order"].browse(orders).action_approval_approve()

    def terms(self, count):
        """Return `count` quotations that nobody has asked sign-off for, with what would be signed."""
        with self.environment() as env:
            orders = env["sale.order"].search([("state", "=", "draft"), ("approval_state", "=", "none")], limit=count)
            return [
                {
                    "id": order.id,
                    "name": order.name,
                    "partner": order.partner_id.id,
                    "amount": order.amount_total,
                    "user": order.user_id.id,
                    "terms": order._approval_terms(),
                    "digest": order._approval_digest(),
                }
                for order in orders
            ]

    def check_requests(self, orders, user):
        """Raise when the copied requests of `orders` are not what the engine takes for open ones."""
        with self.environment(user) as env:
            orders = env["sale.order"].browse(orders)
            env.add_to_compute(orders._fields["approval_state"], orders)
            if set(orders.mapped("approval_state")) != {"pending"} or not all(orders.mapped("approval_can_decide")):
                raise ValueError("Generated requests for sign-off are not open")
            env.cr.rollback()

    def ask(self, count, user):
        """Ask for sign-off of `count` drafts of the user's at once."""
        with self.measured(user) as (env, measure):
            mine = [("state", "=", "draft"), ("approval_state", "=", "none"), ("user_id", "=", user)]
            orders = env["sale.order"].search(mine, limit=count)
            figures = measure(orders.action_approval_submit)
            if len(orders) != count or set(orders.mapped("approval_state")) != {"pending"}:
                raise ValueError("Not all of the quotations wait for a signature")
            return figures

    def inbox(self, user):
        """The first page of My Approvals."""
        with self.measured(user) as (env, measure):
            approvals = env["sales.approval"]
            view = env.ref("sales_dept_roles.view_sales_approval_mine_list")
            specification = self._list_specification(approvals, view.id)
            return self._page(approvals, measure, [("can_decide", "=", True)], specification, "deadline, request_date")

    def inbox_search(self, user):
        """The search of My Approvals alone."""
        with self.measured(user) as (env, measure):
            return measure(lambda: env["sales.approval"].search([("can_decide", "=", True)], limit=PAGE))

    def inbox_sql(self, user):
        """What My Approvals looks for, in SQL by hand, from the groups and companies of the user on."""

        def search(env):
            query = SQL(
                """SELECT approval.id FROM sales_approval approval
                   WHERE requester_id != %(user)s AND company_id IN %(companies)s AND EXISTS (
                       SELECT FROM sales_approval_task task
                       WHERE task.approval_id = approval.id AND task.state = 'open' AND task.group_id IN %(groups)s)
                   ORDER BY request_date DESC, id DESC LIMIT %(page)s""",
                user=user,
                companies=tuple(env.user.company_ids.ids),
                groups=tuple(env.user.all_group_ids.ids),
                page=PAGE,
            )
            env.execute_query(query)

        with self.measured(user) as (env, measure):
            return measure(lambda: search(env))

    def approve(self, count, user):
        """Approve the `count` newest requests in the inbox at once."""
        with self.measured(user) as (env, measure):
            approvals = env["sales.approval"].search([("can_decide", "=", True)], limit=count)
            figures = measure(approvals.action_approve)
            if len(approvals) != count or set(approvals.mapped("state")) != {"approved"}:
                raise ValueError("Not all of the requests were approved")
            return figures

    def finish_activities(self, count, user):
        """Mark `count` of Odoo's own activities done at once, which leaves a note on each quotation."""
        with self.measured(user) as (env, measure):
            orders = env["sale.order"].search([("state", "=", "draft")], limit=count)
            for order in orders.with_context(mail_activity_quick_update=True):
                order.activity_schedule("mail.mail_activity_data_todo", user_id=user)
            return measure(orders.activity_ids.action_feedback)

    def switch_policy(self):
        """Switch quote sign-off on, for every quotation there is."""
        with self.measured() as (env, measure):
            return measure(lambda: env.company.write({"sales_dept_quote_signoff": "all"}))

    def switch_policy_sql(self):
        """Change the stored column in SQL by hand, on every quotation that the policy is about."""
        with self.measured() as (env, measure):
            query = SQL(
                "UPDATE sale_order SET quote_released = FALSE"
                " WHERE company_id = %s AND state IN ('draft', 'sent', 'cancel')",
                env.company.id,
            )
            return measure(lambda: env.cr.execute(query))
