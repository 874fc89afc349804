"""Months of KPIs of a served demo company: made, held up in mid-computation, and looked at from the database."""

from contextlib import contextmanager, suppress

import psycopg2
from odoo_server import wait_until
from postgres import connect, execute

BUSY = "The figures are being computed by somebody else right now: look again in a minute."
COLUMNS = ("numerator", "denominator", "overlay", "pending")

# What must be nothing, always.
DOUBLED = """
    SELECT month_id, kpi_id, user_id, count(*) FROM sales_kpi_result GROUP BY 1, 2, 3 HAVING count(*) > 1
"""
COUNTED_TWICE = """
    SELECT result_id, res_model, res_id, count(*) FROM sales_kpi_evidence
    GROUP BY 1, 2, 3 HAVING count(*) > 1
"""
WITHOUT_RESULT = """
    SELECT evidence.id FROM sales_kpi_evidence evidence
    LEFT JOIN sales_kpi_result result ON result.id = result_id
    WHERE result.id IS NULL
"""
NOT_THE_SUM = """
    SELECT result.id FROM sales_kpi_result result
    LEFT JOIN (
        SELECT result_id, count(*) AS documents, {sums} FROM sales_kpi_evidence GROUP BY result_id
    ) evidence ON result_id = result.id
    WHERE evidence_count IS DISTINCT FROM documents OR ({results}) IS DISTINCT FROM ({columns})
""".format(
    sums=", ".join(f"SUM({column}) AS {column}" for column in COLUMNS),
    results=", ".join(f"result.{column}" for column in COLUMNS),
    columns=", ".join(f"evidence.{column}" for column in COLUMNS),
)
NOT_ITS_PEOPLES = """
    SELECT total.id FROM sales_kpi_total total
    LEFT JOIN (
        SELECT total_id, SUM(numerator) AS numerator, SUM(denominator) AS denominator, SUM(pending) AS pending
        FROM sales_kpi_result GROUP BY total_id
    ) result ON total_id = total.id
    WHERE total.computed_date IS NOT NULL
    AND (total.numerator, total.denominator, total.pending) IS DISTINCT FROM (
        COALESCE(result.numerator, 0), COALESCE(result.denominator, 0), COALESCE(result.pending, 0)
    )
"""


class KpiMonths:
    """The running month of the demo company and the one before it, which is over."""

    def __init__(self, variables, database, api):
        self.variables = variables
        self.database = database
        self.api = api

    def make(self):
        """Switch KPIs on and compute both months; return their ids, ``(running, over)``."""
        [me] = self.api("director").search("res.users", ["login", "=", "director"], fields=["company_id"])
        self.api("admin").write("res.company", me["company_id"], sales_dept_kpi=True)
        self.turn()
        running, over = self.api("director").search(
            "sales.kpi.month", fields=["state"], order="date_from desc", limit=2
        )
        if over["state"] == "locked":
            self.reopen(over["id"])
            # It was computed within the hour, when the demo company was made, but before the last of its documents.
            self.call("director", "action_compute", over["id"])
        return running["id"], over["id"]

    def turn(self):
        """One turn of the hourly job, as the scheduler runs it: a transaction for each KPI."""
        [cron] = self.api("admin").search(
            "ir.model.data", ["module", "=", "sales_dept_kpi"], ["name", "=", "ir_cron_kpi"], fields=["res_id"]
        )
        self.api("admin").call("ir.cron", "method_direct_trigger", [cron["res_id"]])

    def call(self, login, method, month):
        return self.api(login).call("sales.kpi.month", method, [month])

    def reopen(self, month):
        director = self.api("director")
        wizard = director.create("sales.kpi.reopen", month_id=month, reason="To try it again.")
        director.call("sales.kpi.reopen", "action_confirm", [wizard])

    def state(self, month):
        return self.rows(f"SELECT state FROM sales_kpi_month WHERE id = {month}")[0][0]

    # === THE DATABASE'S WORD === #

    def rows(self, *statements):
        return execute(self.variables, *statements, database=self.database)

    def assert_adds_up(self):
        """One result for a person, KPI and month, the sum of its documents; the department's is that of its people."""
        for query in (DOUBLED, COUNTED_TWICE, WITHOUT_RESULT, NOT_THE_SUM, NOT_ITS_PEOPLES):
            assert self.rows(query) == [], query
        assert self.rows("SELECT count(*) FROM sales_kpi_evidence") != [(0,)], "there is nothing to add up"

    @contextmanager
    def held(self, rows):
        """Hold the `rows` of a table (what follows ``SELECT FROM``) as somebody who is at work there would."""
        connection = connect(self.variables, self.database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT FROM {rows} FOR UPDATE")
                assert cursor.rowcount, f"nothing to hold: {rows}"
            yield
        finally:
            with suppress(psycopg2.Error):
                connection.rollback()
            connection.close()

    def wait_until_held(self, statement):
        """Wait until somebody stands still in a `statement`, which begins so."""
        query = f"""
            SELECT pid FROM pg_stat_activity
            WHERE datname = '{self.database}' AND wait_event_type = 'Lock' AND ltrim(query, E' \\n') LIKE '{statement}%'
        """
        wait_until(lambda: self.rows(query), 60, f"Nobody was held up in: {statement}")

    def wait_until_alone(self):
        """Wait until the database has noticed that whoever was connected is gone."""
        query = f"SELECT pid FROM pg_stat_activity WHERE datname = '{self.database}' AND pid <> pg_backend_pid()"
        wait_until(lambda: not self.rows(query), 30, "Connections of the dead server are still open.")
