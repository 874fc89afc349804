"""A register as XLSX, beside Odoo's export of the same columns."""

from bench import operations
from bench.data import Table, cursor_of
from bench.harness import Comparison

COLUMNS = [
    "res_name",
    "partner_id",
    "amount",
    "currency_id",
    "requester_name",
    "request_date",
    "signed_date",
    "signed_by",
    "working_days",
    "state",
]
PAIRS = 3


def measure_gated(bench):
    """Last of all, since each quotation is in the register from then on."""
    with cursor_of(bench.variables, bench.WITH) as cursor:
        copy_signed(cursor)
    for count in (bench.quotations // 10, bench.quotations):
        bench.ours("check_register", count=count, user=bench.general_manager)
        costs = Comparison.run(
            *(
                lambda _n, command=command, count=count: bench.ours(command, count=count, user=bench.general_manager)
                for command in ("export_rows", "register")
            ),
            PAIRS,
        )
        bench.table.times(f"Register of {count:,} quotations, XLSX", "Odoo's export, no file", costs)


def copy_signed(cursor):
    """Give each quotation without a request a copy of one that is signed, with its signature."""
    approvals, tasks = Table(cursor, "sales_approval"), Table(cursor, "sales_approval_task")
    decisions = Table(cursor, "sales_approval_decision")
    cursor.execute("SELECT min(id) FROM sales_approval WHERE state = 'approved' AND res_model = 'sale.order'")
    (signed,) = cursor.fetchone()
    (approval,) = approvals.read("id = %s", signed)
    (task,) = tasks.read("approval_id = %s", signed)
    (decision,) = decisions.read("approval_id = %s", signed)
    cursor.execute(
        """SELECT id, name, partner_id, amount_total, user_id FROM sale_order WHERE id NOT IN (
               SELECT res_id FROM sales_approval WHERE res_model = 'sale.order')"""
    )
    for order, name, partner, amount, user in cursor.fetchall():
        new = approvals.add(
            approval, res_id=order, res_name=name, partner_id=partner, amount=amount, requester_id=user, terms=None
        )
        decisions.add(decision, approval_id=new, task_id=tasks.add(task, approval_id=new))
    for table in (approvals, tasks, decisions):
        table.write()


class Operations(operations.Operations):
    def register(self, count, user):
        """Write the register of `count` quotations into a file."""
        with self.measured(user) as (env, measure):
            return measure(lambda: self._chosen(env, count)._register_file().close())

    def export_rows(self, count, user):
        """What Odoo reads to export the same columns of as many."""
        with self.measured(user) as (env, measure):
            return measure(lambda: self._chosen(env, count)._export_rows([[name] for name in COLUMNS]))

    def check_register(self, count, user):
        with self.environment(user) as env:
            found = self._chosen(env, count)
            if len(found) != count or not all(found[-5:].mapped("signed_date")):
                raise ValueError(f"The register holds {len(found)} quotations, not {count} that end with signed ones")

    @staticmethod
    def _chosen(env, count):
        return env["sales.approval"]._register_records([])[-count:]
