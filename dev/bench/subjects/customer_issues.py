"""The list of customer issues beside Odoo's list of quotations, and the hourly escalation beside bare SQL.

At SCALE=1 there are 50,000 open issues in a database of their own: of forty-nine in fifty the superior knows already,
the others are not due for weeks; and 1,000 quotations for the list. The bare query asks for those of which somebody has
to be told; there is none, since each is told once.
"""

from contextlib import closing

from common import addons
from databases import clone, depends_of, installed
from postgres import execute

from bench import operations
from bench.data import cursor_of
from bench.harness import Comparison
from bench.operations import PAGE
from bench.subjects.stock_ageing import Copies

DATABASE = "sd_bench_customer_issues"
# For the 20,000 quotations of SCALE=1.
QUOTATIONS, ISSUES, ORDERS = 20_000, 50_000, 1_000
LIST_LIMIT, RATIO_LIMIT = 1.2, 2.0
PAIRS = 5


def measure_installed(bench):
    issues = round(ISSUES * bench.quotations / QUOTATIONS)
    clone(bench.variables, installed(bench.variables, "minimal", depends_of(addons())), bench.database(DATABASE))
    with closing(bench.worker(DATABASE)) as worker:
        models = worker("issue_models")
    with cursor_of(bench.variables, DATABASE) as cursor:
        Issues(cursor, models).make(issues)
    execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
    worker = bench.worker(DATABASE)
    worker("settle")
    costs = Comparison.run(lambda _n: worker("issue_quotations"), lambda _n: worker("issue_list"), PAIRS)
    bench.table.times(f"Customer issues, {PAGE} rows", "list of quotations", costs, ratio_limit=LIST_LIMIT)
    costs = Comparison.run(lambda _n: worker("issues_late_bare"), lambda _n: worker("issues_escalate"), PAIRS)
    bench.table.times(f"Escalation of {issues:,} open", "bare SQL", costs, ratio_limit=RATIO_LIMIT)


class Issues(Copies):
    """Open issues, most of them late and escalated, the others not due for weeks; quotations."""

    def make(self, issues):
        is_late = "n %% 50 <> 0"
        deadline = f"now() AT TIME ZONE 'UTC' + (CASE WHEN {is_late} THEN -1 ELSE 40 END) * INTERVAL '1 day'"
        with self._in_bulk("customer_issue"):
            self._copy(
                "customer_issue",
                issues,
                {
                    "name": "'BI' || n",
                    "access_token": "NULL",
                    "response_deadline": deadline,
                    "next_deadline": deadline,
                    "response_escalation": f"CASE WHEN {is_late} THEN 2 ELSE 0 END",
                },
            )
        self.cursor.execute(
            "UPDATE customer_issue SET response_escalation = 2 WHERE id = %s", [self.models["customer_issue"]]
        )
        with self._in_bulk("sale_order"):
            self._copy("sale_order", ORDERS, {"name": "'BQ' || n"})


class Operations(operations.Operations):
    def issue_models(self):
        """Make an issue and a quotation; return the ids of their rows."""
        with self.environment() as env:
            partner = env["res.partner"].create({"name": "Customer"})
            issue = env["customer.issue"].create({"title": "Late", "kind": "delivery", "partner_id": partner.id})
            order = env["sale.order"].create({"partner_id": partner.id})
            return {"customer_issue": issue.id, "sale_order": order.id}

    def issue_quotations(self):
        return self._list_of("sale.order", "sale.view_quotation_tree_with_onboarding")

    def issue_list(self):
        return self._list_of("customer.issue", "sales_dept_roles.view_customer_issue_list")

    def _list_of(self, model, view):
        with self.measured() as (env, measure):
            records = env[model]
            return self._page(records, measure, [], self._list_specification(records, env.ref(view).id))

    def issues_late_bare(self):
        with self.measured() as (env, measure):
            return measure(lambda: env.cr.execute(BARE))

    def issues_escalate(self):
        with self.measured() as (env, measure):
            return measure(env["customer.issue"]._cron_escalate)


BARE = """
    SELECT id, user_id, next_deadline FROM customer_issue
     WHERE state IN ('new', 'in_progress') AND next_deadline < now() AT TIME ZONE 'UTC' + INTERVAL '14 days'
       AND CASE WHEN answered_at IS NULL THEN response_escalation ELSE solution_escalation END < 2
"""
