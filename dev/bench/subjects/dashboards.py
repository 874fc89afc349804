"""The matrix of people and KPIs, and My Duties, with the results of 200 people: of one year, and of ten.

The results are put there by the database, each with the same figures: what is measured is reading and showing them.
"""

from contextlib import closing

from common import addons
from databases import clone, depends_of, installed
from postgres import execute

from bench import operations
from bench.harness import Comparison

DATABASE = "sd_bench_dashboards"
PEOPLE = 200
RATIO_LIMIT = 1.2
# In which a screen has to stand.
SECONDS_LIMIT = 1
TURNS = 10
SCREENS = {
    "matrix_month": f"Matrix of a month, {PEOPLE} people",
    "matrix_year": "… of a KPI's year",
    "duty_figures": "Figures on the director's My Duties",
}


def measure_installed(bench):
    clone(bench.variables, installed(bench.variables, "minimal", depends_of(addons())), bench.database(DATABASE))
    with closing(bench.worker(DATABASE)) as worker:
        worker("dashboard_people", count=PEOPLE)
    costs = {}
    for years in (1, 10):
        with closing(bench.worker(DATABASE)) as worker:
            worker("dashboard_history", years=years)
            execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
            for name in SCREENS:
                # The first turn learns rules and names.
                costs[name, years] = [worker(name) for _number in range(TURNS + 1)][1:]
    for name, label in SCREENS.items():
        comparison = Comparison(costs[name, 1], costs[name, 10])
        bench.table.times(label, "history of a year", comparison, ratio_limit=RATIO_LIMIT)
        bench.table.times("… at all", "history of a year", comparison, seconds_limit=SECONDS_LIMIT)


class Operations(operations.Operations):
    def dashboard_people(self, count):
        with self.environment() as env:
            self._create_user(env, "dashboard_director", "sales_dept_roles.group_director")
            env.cr.execute(
                "INSERT INTO res_users (login, partner_id, company_id, active, share, notification_type)"
                " SELECT 'dashboard_' || n, %s, %s, TRUE, FALSE, 'email' FROM generate_series(1, %s) n",
                [env.company.partner_id.id, env.company.id, count],
            )

    def dashboard_history(self, years):
        """Figures of all KPIs and people, of the running month and of those before it."""
        with self.environment() as env:
            month = env["sales.kpi.month"]._of(env.company, env.company._local_today())
            env.cr.execute(
                """
                INSERT INTO sales_kpi_month (company_id, date_from, state)
                SELECT %(company)s, (%(date)s::date - n * INTERVAL '1 month')::date, 'locked'
                  FROM generate_series(1, %(months)s) n
                    ON CONFLICT DO NOTHING;
                INSERT INTO sales_kpi_total (month_id, company_id, date, kpi_id, sequence, measure, state, numerator,
                                             denominator, pending, value, has_value, threshold, verdict, computed_date)
                SELECT month.id, month.company_id, month.date_from, kpi.id, kpi.sequence, kpi.measure, month.state,
                       95, 100, 2, 95, TRUE, 90, 'met', now()
                  FROM sales_kpi_month month CROSS JOIN sales_kpi kpi
                    ON CONFLICT DO NOTHING;
                INSERT INTO sales_kpi_result (total_id, month_id, company_id, date, kpi_id, sequence, measure, state,
                                              user_id, numerator, denominator, overlay, pending, value, has_value,
                                              threshold, weight, verdict, evidence_count)
                SELECT total.id, total.month_id, total.company_id, total.date, total.kpi_id, total.sequence,
                       total.measure, total.state, person.id, 8, 10, 0, 2, 80, TRUE, 90, 1, 'missed', 10
                  FROM sales_kpi_total total CROSS JOIN res_users person
                 WHERE person.login LIKE 'dashboard\\_%%'
                    ON CONFLICT DO NOTHING
                """,
                {"company": env.company.id, "date": month.date_from, "months": 12 * years - 1},
            )

    def _dashboard_director(self):
        with self.environment() as env:
            return env["res.users"].search([("login", "=", "dashboard_director")]).id

    def matrix_month(self):
        with self.measured(self._dashboard_director()) as (env, measure):
            return measure(env["sales.kpi.matrix"].read_month)

    def matrix_year(self):
        with self.measured(self._dashboard_director()) as (env, measure):
            kpi = env["sales.kpi"].search([], limit=1).id
            today = str(env.company._local_today())
            return measure(lambda: env["sales.kpi.matrix"].read_year(today, kpi))

    def duty_figures(self):
        with self.measured(self._dashboard_director()) as (env, measure):
            duties = env["sales.dept.duty"].search([("role_id.user_ids", "in", env.user.ids)])
            return measure(lambda: duties.mapped("figures"))
