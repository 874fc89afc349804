"""Sales of a month by person, beside what does something like it elsewhere.

Goals of Odoo's `gamification` write a sum for each of 200 people; the settlement of OCA's `account_commission_oca`
writes a line for each invoice line. The data are those of the subject `kpi`. Neither knows credit splits, thresholds or
the documents behind a figure.
"""

from datetime import date, timedelta

from common import addons, addons_path
from databases import clone, depends_of, installed, run_logged_odoo
from oca import fetch_oca
from postgres import execute

from odoo.fields import Command

from bench import operations
from bench.data import cursor_of
from bench.harness import Comparison
from bench.subjects.kpi import PEOPLE, QUOTATIONS, Books

DATABASE = "sd_bench_kpi_neighbours"
VERSIONS = {"commission_oca": "19.0.2.0.0.10", "account_commission_oca": "19.0.1.0.1.4"}
PAIRS = 3
# Evidence and results cost about what a bare sum costs there.
RATIO_LIMIT = 1.2


def measure_installed(bench):
    scale = bench.quotations / QUOTATIONS
    clone(bench.variables, installed(bench.variables, "minimal", depends_of(addons())), bench.database(DATABASE))
    option = f"--addons-path={addons_path()},{fetch_oca(VERSIONS)}"
    modules = ["gamification", *VERSIONS]
    arguments = ["-d", DATABASE, "-i", ",".join(modules), "--stop-after-init", "--no-http", option]
    run_logged_odoo(arguments, bench.variables, "bench-kpi-neighbours-install.log")
    worker = bench.worker(DATABASE, option)
    models = worker("kpi_models")
    with cursor_of(bench.variables, DATABASE) as cursor:
        Books(cursor, models).make(scale)
    worker("kpi_neighbours_models")
    execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
    worker("settle")
    for label, command in (
        (f"gamification, {PEOPLE} goals", "kpi_goals"),
        ("commission, lines of a month settled", "kpi_settle"),
    ):
        costs = Comparison.run(
            lambda _n, command=command: worker(command),
            lambda _n: worker("kpi_figures", code="sales_attainment"),
            PAIRS,
        )
        bench.table.times("Sales of a month with evidence", label, costs, ratio_limit=RATIO_LIMIT)


class Operations(operations.Operations):
    def kpi_neighbours_models(self):
        """A goal for each person, and a commission for each invoice line of the month before this one."""
        last = date.today().replace(day=1) - timedelta(days=1)
        month = {"start_date": last.replace(day=1), "end_date": last}
        with self.environment() as env:
            people = env["res.users"].search([("login", "like", "bench_")])
            field = env["ir.model.fields"]._get
            definition = env["gamification.goal.definition"].create(
                {
                    "name": "Sales",
                    "computation_mode": "sum",
                    "model_id": env["ir.model"]._get_id("account.move"),
                    "field_id": field("account.move", "amount_untaxed_signed").id,
                    "field_date_id": field("account.move", "invoice_date").id,
                    "domain": "[('move_type', 'in', ('out_invoice', 'out_refund')), ('state', '=', 'posted')]",
                    "batch_mode": True,
                    "batch_distinctive_field": field("account.move", "invoice_user_id").id,
                    "batch_user_expression": "user.id",
                }
            )
            env["gamification.goal"].create(
                [
                    {
                        "definition_id": definition.id,
                        "user_id": user.id,
                        "target_goal": 1000,
                        "state": "inprogress",
                        **month,
                    }
                    for user in people
                ]
            )
            commission = env["commission"].create({"name": "5 %", "commission_type": "fixed", "fix_qty": 5})
            agents = env["res.partner"].create(
                [
                    {"name": user.login, "agent": True, "commission_id": commission.id, "settlement": "monthly"}
                    for user in people
                ]
            )
            env.flush_all()
            # A row as Odoo makes it, and the others like it.
            sample = env["account.move.line"].search([("display_type", "=", "product")], order="id", limit=1)
            sample.agent_ids = [Command.create({"agent_id": agents[0].id, "commission_id": commission.id})]
            env.flush_all()
            env.cr.execute(
                """
                INSERT INTO account_invoice_line_agent
                       (object_id, agent_id, commission_id, amount, invoice_id, invoice_date, settled, company_id)
                SELECT line.id, (%s::int[])[1 + (move.invoice_user_id %% %s)], %s, line.price_subtotal * 0.05, move.id,
                       move.invoice_date, FALSE, move.company_id
                  FROM account_move move
                  JOIN account_move_line line ON line.move_id = move.id AND line.display_type = 'product'
                 WHERE move.invoice_date BETWEEN %s AND %s AND move.move_type = 'out_invoice' AND line.id <> %s
                """,
                [agents.ids, len(agents), commission.id, month["start_date"], month["end_date"], sample.id],
            )

    def kpi_goals(self):
        with self.measured() as (env, measure):
            goals = env["gamification.goal"].search([("definition_id.name", "=", "Sales")])
            return measure(goals.update_goal)

    def kpi_settle(self):
        with self.measured() as (env, measure):
            wizard = env["commission.make.settle"].create({"date_to": date.today(), "settlement_type": "sale_invoice"})
            return measure(wizard.action_settle)
