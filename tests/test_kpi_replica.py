"""With a streaming replica, figures are read there and computed on the primary; both go on when the replica dies.

The replica is a hot standby made by ``pg_basebackup``. That it is asked is proved twice: Odoo logs for each request
which cursor it had, and a standby that was told to hear nothing more answers as before, whatever the primary knows.
"""

import re
from datetime import date

import pytest
from demo import set_address
from kpi_months import KpiMonths
from odoo_api import Api
from odoo_server import OdooServer, wait_until
from reading_methods import reading_methods
from replication import replication

RESULT_FIELDS = {"kpi_id": {"fields": {"display_name": {}}}, "value_text": {}, "verdict": {}, "write_date": {}}
GROUPED = {"groupby": ["user_id"], "aggregates": ["value:avg", "evidence_count:sum"]}
PLANNED = {"groupby": ["user_id", "date:month"], "aggregates": ["planned:sum", "actual:sum", "attainment:sum"]}
DAY_FIELDS = {"user_id": {"fields": {"display_name": {}}}, "order_month": {}, "invoice_month": {}, "share": {}}

# What screens ask Odoo's own methods: model, method, arguments.
MONTHS = ("sales.kpi.month", "web_search_read", {"domain": [], "specification": {"state": {}, "computed_date": {}}})
SCREENS = [
    MONTHS,
    ("sales.kpi.result", "web_search_read", {"domain": [], "specification": RESULT_FIELDS}),
    ("sales.kpi.result", "formatted_read_group", {"domain": [], **GROUPED}),
    ("sales.kpi.result", "web_read_group", {"domain": [], **GROUPED}),
    ("sales.kpi.total", "web_search_read", {"domain": [], "specification": {"value_text": {}, "computed_date": {}}}),
    ("sales.kpi.evidence", "web_search_read", {"domain": [], "specification": {"name": {}, "reason_text": {}}}),
    ("sales.target.report", "formatted_read_group", {"domain": [["measure", "=", "sales"]], **PLANNED}),
    ("sales.daily.progress", "web_search_read", {"domain": [], "specification": DAY_FIELDS}),
]


class Replicated:
    """A server of the demo company with a replica, the months of its KPIs, and what is read of them."""

    def __init__(self, servers, server, keys):
        self.servers = servers
        self.server = server
        self.months = KpiMonths(servers.primary, server.database, lambda login: Api(server.url, keys[login]))
        self.running, self.over = self.months.make()
        self._let_the_director_read_the_books()
        self.calls = [*SCREENS, self._my_duties(), *map(self._call, reading_methods("sales_dept_kpi"))]

    def _let_the_director_read_the_books(self):
        """One of the documents that figures lead to is a bill."""
        admin = self.months.api("admin")
        [reader] = admin.search(
            "ir.model.data", ["module", "=", "account"], ["name", "=", "group_account_readonly"], fields=["res_id"]
        )
        [director] = admin.search("res.users", ["login", "=", "director"])
        admin.write("res.users", director["id"], group_ids=[[4, reader["res_id"], 0]])

    def _my_duties(self):
        """The call of that board, with all that stands on its cards."""
        board = self.months.api("director").call("sales.dept.duty", "get_views", views=[[False, "kanban"]])
        shown = board["models"]["sales.dept.duty"]["fields"]
        return "sales.dept.duty", "web_search_read", {"domain": [], "specification": {name: {} for name in shown}}

    def _call(self, found):
        """The call of a method of ours: of the first record where it is one's, with what it cannot do without."""
        model, method, is_of_the_model, wanted = found
        director = self.months.api("director")
        [kpi] = director.search("sales.kpi", limit=1)
        given = {"kpi_id": kpi["id"], "day": date.today().isoformat()}
        unknown = [name for name in wanted if name not in given]
        assert not unknown, f"Say here what {model}.{method} is given for: {', '.join(unknown)}."
        ids = [] if is_of_the_model else [row["id"] for row in director.search(model, limit=1)]
        return model, method, {"ids": ids, **{name: given[name] for name in wanted}}

    def read(self, model, method, arguments, mode="ro"):
        """The answer to the director, which Odoo has to have got by a cursor of this `mode`."""
        begin = self.server.log.stat().st_size
        answer = self.months.api("director").call(model, method, **arguments)
        path = f"{model}/{method}"
        logged = wait_until(lambda: self._logged_mode(path, begin), 10, f"Odoo logs no request of {path}.")
        assert logged == mode, f"{path} was read by the cursor {logged}, not {mode}"
        return answer

    def _logged_mode(self, path, begin):
        """The cursor's mode in what Odoo says of a request, once the answer is out."""
        with open(self.server.log, "rb") as log:
            log.seek(begin)
            said = re.search(rf'"POST /json/2/{re.escape(path)} .* (\S+)\n', log.read().decode(errors="replace"))
        return said and said[1]

    def read_all(self, mode="ro"):
        return [self.read(*call, mode=mode) for call in self.calls]

    def state(self, mode="ro"):
        """Whether the month that is over is locked, as screens show it."""
        rows = self.read(*MONTHS, mode=mode)["records"]
        return {row["id"]: row["state"] for row in rows}[self.over]


@pytest.fixture(scope="module")
def replicated(database_server, prepare_demo, mail_port):
    name, prepared = prepare_demo("kpi_replica")
    # The files of the clone stay where they are; its database is served from elsewhere.
    with replication(name) as servers, prepared as keys:
        servers.copy(database_server, name)
        servers.start_standby()
        server = OdooServer(
            database_server,
            name,
            mail_port,
            f"--db_host={servers.primary['PGHOST']}",
            f"--db_port={servers.primary['PGPORT']}",
            f"--db_replica_host={servers.standby['PGHOST']}",
            f"--db_replica_port={servers.standby['PGPORT']}",
            "--max-cron-threads=0",
        )
        set_address(servers.primary, name, server.port)
        try:
            server.start()
            yield Replicated(servers, server, keys)
        finally:
            server.stop()


def content(answer):
    """The records of an answer that has some to show, else all of it."""
    return answer["records"] if isinstance(answer, dict) and "records" in answer else answer


def test_figures_are_read_from_the_replica(replicated):
    servers, months, over = replicated.servers, replicated.months, replicated.over
    servers.catch_up()
    servers.pause()
    before = replicated.read_all()
    assert all(map(content, before)), "there is nothing to read"

    assert months.call("director", "action_compute", replicated.running) is True
    assert months.call("director", "action_lock", over) is True
    assert months.state(over) == "locked", "the primary has it"
    assert replicated.read_all() == before, "what was asked is not the replica"
    assert replicated.state() == "open"

    servers.resume()
    assert replicated.state() == "locked"
    assert replicated.read_all() != before


def test_both_go_on_when_the_replica_dies(replicated):
    servers, months, over = replicated.servers, replicated.months, replicated.over
    servers.kill_standby()
    assert all(map(content, replicated.read_all(mode="rw"))), "reading goes on, on the primary"
    if months.state(over) == "locked":
        months.reopen(over)
    assert months.call("director", "action_compute", over) is True
    assert replicated.state(mode="rw") == "open"
    assert months.call("director", "action_lock", over) is True
    assert replicated.state(mode="rw") == "locked", "and knows at once what was written"
    months.assert_adds_up()
    problems = replicated.server.new_log_problems()
    assert not problems, "The server logged:\n" + "\n".join(problems)
