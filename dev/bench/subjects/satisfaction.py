"""Satisfaction: the surveys of a month sent beside Odoo's own invitations, the scores of a year beside bare SQL.

At SCALE=1 there are 20,000 surveys answered by 5,000 customers within a year, in a database of their own; 200 others
are asked. Odoo's wizard knows no person for whom an answer counts, and nobody who does not want to be asked.
"""

from contextlib import closing
from datetime import date

from common import addons
from databases import clone, depends_of, installed
from dateutil.relativedelta import relativedelta
from postgres import execute

from bench import operations
from bench.data import cursor_of
from bench.harness import Comparison
from bench.subjects.stock_ageing import Copies

DATABASE = "sd_bench_satisfaction"
# For the 20,000 quotations of SCALE=1.
QUOTATIONS, CUSTOMERS, ANSWERS = 20_000, 5_000, 20_000
ASKED = 200
RATIO_LIMIT = 2.0
PAIRS = 5


def measure_installed(bench):
    scale = bench.quotations / QUOTATIONS
    customers, answers = round(CUSTOMERS * scale), round(ANSWERS * scale)
    clone(bench.variables, installed(bench.variables, "minimal", depends_of(addons())), bench.database(DATABASE))
    with closing(bench.worker(DATABASE)) as worker:
        models = worker("satisfaction_models")
    with cursor_of(bench.variables, DATABASE) as cursor:
        Answers(cursor, models).make(customers, answers)
    execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
    worker = bench.worker(DATABASE)
    worker("settle")
    costs = Comparison.run(
        lambda _n: worker("satisfaction_invited_by_odoo", count=ASKED),
        lambda _n: worker("satisfaction_invited", count=ASKED),
        PAIRS,
    )
    bench.table.times(f"Surveys to {ASKED} customers", "Odoo's invitations", costs, ratio_limit=RATIO_LIMIT)
    costs = Comparison.run(
        lambda _n: worker("satisfaction_scores_bare"), lambda _n: worker("satisfaction_scores"), PAIRS
    )
    beside = f"bare SQL, {answers:,} answered"
    bench.table.times("Scores of a year by customer", beside, costs, ratio_limit=RATIO_LIMIT)


class Answers(Copies):
    """Customers, and what they answered in the last year."""

    def make(self, customers, answers):
        partner = self._copy(
            "res_partner",
            customers,
            {"name": "'Customer ' || n", "commercial_partner_id": "NULL", "email": "'c' || n || '@customer.example'"},
        )
        self.cursor.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s", [partner])
        # Whoever answered lately is not asked again so soon.
        email = "'asked' || n || '@customer.example'"
        self._copy("res_partner", ASKED, {"name": "'Asked ' || n", "email": email, "email_normalized": email})
        whose = f"{partner} + n %% {customers}"
        given = self._copy(
            "survey_user_input",
            answers,
            {
                "access_token": "md5(n::text || 'bench')",
                "partner_id": whose,
                "sales_dept_partner_id": whose,
                "end_datetime": "now() AT TIME ZONE 'UTC' - (n * 7919 %% 360) * INTERVAL '1 day'",
            },
        )
        for line in self.models["lines"]:
            values = {"user_input_id": f"{given} + n", "value_scale": "n %% 11"}
            self._copy("survey_user_input_line", answers, values, model=line)
        table = self.models["shown"]
        self.cursor.execute(
            f"INSERT INTO {table} (survey_user_input_id, survey_question_id) SELECT {given} + n, survey_question_id"
            f" FROM generate_series(0, %s) n JOIN {table} model ON model.survey_user_input_id = %s",
            [answers - 1, self.models["survey_user_input"]],
        )


class Operations(operations.Operations):
    def satisfaction_models(self):
        """Ask a customer, who answers; return the ids of the rows."""
        with self.environment() as env:
            partner = env["res.partner"].create({"name": "Customer", "email": "customer@customer.example"})
            rows = [{"contact": partner, "customer": partner}]
            given = env["survey.user_input"]._satisfaction_invite(env.company, rows, channel="paper")
            questions = given.survey_id.question_ids.filtered(
                lambda question: question.sales_dept_subject and question.question_type == "scale"
            )
            for question in questions:
                given._save_lines(question, str(question.scale_max))
            given._mark_done()
            return {
                "res_partner": partner.id,
                "survey_user_input": given.id,
                "lines": given.user_input_line_ids.ids,
                "shown": given._fields["predefined_question_ids"].relation,
            }

    @staticmethod
    def _to_be_asked(env, count):
        return env["res.partner"].search([("email", "like", "asked%@customer.example")], limit=count, order="id")

    def satisfaction_invited_by_odoo(self, count):
        with self.measured() as (env, measure):
            survey = env.company._satisfaction_survey()
            asked = self._to_be_asked(env, count)

            def invite():
                action = survey.action_send_survey()
                wizard = (
                    env["survey.invite"]
                    .with_context(**action["context"])
                    .create({"partner_ids": asked.ids, "existing_mode": "new"})
                )
                wizard.action_invite()

            return measure(invite)

    def satisfaction_invited(self, count):
        with self.measured() as (env, measure):
            rows = [{"contact": asked, "customer": asked} for asked in self._to_be_asked(env, count)]
            return measure(lambda: env["survey.user_input"]._satisfaction_invite(env.company, rows))

    def satisfaction_scores_bare(self):
        with self.measured() as (env, measure):

            def read():
                env.cr.execute(BARE, {"since": date.today() - relativedelta(years=1), "company": env.company.id})
                return env.cr.fetchall()

            return measure(read)

    def satisfaction_scores(self):
        with self.measured() as (env, measure):
            since = date.today() - relativedelta(years=1)
            return measure(
                lambda: env["sales.satisfaction.score"]._read_group(
                    [("date", ">=", since)], ["partner_id"], ["score:avg", "answer_count:sum"]
                )
            )


BARE = """
    SELECT given.sales_dept_partner_id, COUNT(*),
           AVG(100.0 * (line.value_scale - question.scale_min) / (question.scale_max - question.scale_min))
      FROM survey_user_input_line line
      JOIN survey_user_input given ON given.id = line.user_input_id
      JOIN survey_question question ON question.id = line.question_id
     WHERE given.state = 'done' AND given.sales_dept_company_id = %(company)s AND given.end_datetime >= %(since)s
       AND line.answer_type = 'scale' AND question.sales_dept_subject IS NOT NULL
  GROUP BY 1
"""
