"""A carrier's month from the drop of its file to its differences in classes, phase by phase, while people work.

At SCALE=1 there are 1.2 million waybills of one carrier and a year, whose rate card has 67,000 tiers, in a database of
their own. The waybills of the last month, 100,000, are priced by that card; the carrier's file has a row of 20 columns
for each of them, once with one amount a row, once with a column for each kind of charge. Of 1,000 rows one has a
character of its number wrong, one is unknown, one stands twice; one in fifty is too dear. Beside it stands Odoo's own
import of the same file: its preview, and the first batch of 2,000 rows.

Then a server as `make demo` starts it reads a file of 40,000 rows in the background, while somebody asks it for the
list of waybills, again and again.
"""

import json
import random
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median

import xlsxwriter
from common import ROOT, SetupError, addons, say
from databases import clone, depends_of, installed
from postgres import execute

from odoo.fields import Command

from bench import operations
from bench.data import cursor_of
from bench.harness import Comparison
from bench.operations import clock_of, processors_of
from bench.subjects.rating import Waybills
from bench.subjects.statement_reading import BATCH, MEGABYTES, Memory

DATABASE = "sd_bench_freight_closing"
QUOTATIONS, WAYBILLS, ROWS, ROWS_MEANWHILE = 20_000, 1_200_000, 100_000, 40_000
ZONES, STARTS = 670, 100
SECONDS_LIMIT = 30
IDLE_REQUESTS = 100
# To read and match the file of the server.
PATIENCE_SECONDS = 600
DEARER = 30
PHASES = {
    "looked at": "… looked at, before it is confirmed",
    "stored": "… read, rows and lines stored",
    "classified": "… matched, audited, summed",
}
HEADING = [
    "序号",
    "运单号",
    "寄件日期",
    "寄件城市",
    "目的地",
    "收件公司",
    "收件人",
    "件数",
    "实际重量",
    "体积",
    "计费重量",
    "产品类型",
    "付款方式",
    "运费",
    "燃油附加费",
    "偏远附加费",
    "合计",
    "经手人",
    "回单",
    "备注",
]
# Not read, where the row has one amount: what is charged is the sum.
WITHOUT_KINDS = {"运费": "部门", "燃油附加费": "项目组", "偏远附加费": "班次", "合计": "运费"}


def measure_installed(bench):
    scale = bench.quotations / QUOTATIONS
    waybills, rows = round(WAYBILLS * scale), max(round(ROWS * scale), BATCH)
    clone(bench.variables, installed(bench.variables, "minimal", depends_of(addons())), bench.database(DATABASE))
    with closing(bench.worker(DATABASE)) as worker:
        models = worker("closing_models")
    with cursor_of(bench.variables, DATABASE) as cursor:
        first = Year(cursor, models).make(waybills, max(1, round(STARTS * scale)))
    execute(bench.variables, "VACUUM ANALYZE", database=DATABASE)
    worker = bench.worker(DATABASE)
    worker("settle")
    priced = worker("closing_price", first=first + waybills - rows)
    beside = f"Odoo: preview, {BATCH:,} rows"
    with tempfile.TemporaryDirectory() as folder:
        with cursor_of(bench.variables, DATABASE) as cursor:
            charged = charged_of(cursor, rows)
        for with_kinds in (False, True):
            path = str(Path(folder) / f"statement-{with_kinds}.xlsx")
            lines = make_file(path, charged, with_kinds)
            odoo = worker("reading_odoo", path=path, statement=models["freight_statement"])
            ours = worker(
                "closing_all", path=path, statement=models["freight_statement"], rows=len(charged), lines=lines
            )
            report(bench.table, f"{rows:,} × 20 XLSX, {lines:,} lines", beside, odoo, ours, scale == 1)
        bench.table.times(f"{rows:,} waybills priced, as they left", beside, Comparison([odoo], [priced]))
        worker.close()
        path = str(Path(folder) / "meanwhile.xlsx")
        some = charged[: round(ROWS_MEANWHILE * scale)]
        make_file(path, some, with_kinds=False)
        measure_meanwhile(bench, path, models["freight_statement"], len(some))


def report(table, what, beside, odoo, ours, is_full):
    limit = SECONDS_LIMIT if is_full else None
    table.times(f"{what} → classified", beside, Comparison([odoo], [ours["whole"]]), seconds_limit=limit)
    for phase, label in PHASES.items():
        table.times(label, beside, Comparison([odoo], [ours[phase]]))
    worked = {name: cost["processors"] for name, cost in ours.items() if name != "megabytes"}
    say("    processors: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in worked.items()))
    table.counts("… MB over all processes", beside, odoo["megabytes"], ours["megabytes"], MEGABYTES)


class Year(Waybills):
    """The carrier's zones and prices, a year of its waybills, and what those of the months before were to cost."""

    def make(self, waybills, starts):
        """Return the id of the first waybill."""
        zone = self._copy("freight_zone", ZONES, {"name": "'Zone ' || n", "is_remote": "n %% 10 = 0", "sequence": "n"})
        self._copy(
            "freight_rate_tier",
            ZONES * starts,
            {
                "zone_id": f"{zone} + n / {starts}",
                "start_quantity": f"n %% {starts} * {1000 // starts}",
                "price": f"5 - 0.01 * (n %% {starts})",
            },
        )
        number = "'SF' || lpad((n::bigint * 7919)::text, 12, '0')"
        day = f"(DATE '2031-12-31' - ((({waybills} - 1 - n)::bigint * 365) / {waybills})::int)"
        first = self._copy(
            "freight_waybill",
            waybills,
            {
                "name": number,
                "number_key": number,
                "shipped_date": day,
                "statement_month": f"date_trunc('month', {day})::date",
                "zone_id": f"{zone} + n %% {ZONES}",
                "zone": f"'Zone ' || n %% {ZONES}",
                "weight": "5 + (n::bigint * 31 %% 4000) / 10.0",
                "volume": "0.01 + (n %% 300) / 1000.0",
            },
        )
        before = waybills - round(waybills * ROWS / WAYBILLS)
        self._copy(
            "freight_waybill_charge", before, {"waybill_id": f"{first} + n", "expected_amount": "100 + n %% 900"}
        )
        return first


def charged_of(cursor, rows):
    """The last `rows` waybills as the carrier charges them: ``(number, day, zone, weights, {kind: amount})``."""
    cursor.execute(
        """
        SELECT waybill.name, waybill.shipped_date, waybill.zone, waybill.weight, waybill.volume,
               COALESCE(waybill.chargeable_weight, waybill.weight),
               jsonb_object_agg(kind.code, charge.expected_amount)
          FROM freight_waybill waybill
          JOIN freight_waybill_charge charge ON charge.waybill_id = waybill.id
          JOIN freight_charge_kind kind ON kind.id = charge.kind_id
         WHERE waybill.id > (SELECT MAX(id) FROM freight_waybill) - %s
      GROUP BY waybill.id ORDER BY waybill.id
        """,
        [rows],
    )
    found = cursor.fetchall()
    if len(found) != rows:
        raise SetupError(f"{len(found)} of {rows} waybills have a price")
    return found


def make_file(path, charged, with_kinds):
    """The carrier's file of a month, the same each time; return how many amounts it has."""
    seeded, lines = random.Random(9), 0
    heading = HEADING if with_kinds else [WITHOUT_KINDS.get(word, word) for word in HEADING]
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet, day_format = book.add_worksheet("明细"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["月结对账单 2031年12月"])
        sheet.write_row(1, 0, heading)
        for at, (number, day, zone, weight, volume, charged_weight, amounts) in enumerate(charged):
            amounts = [amounts.get(kind) for kind in ("freight", "fuel", "remote")]
            amounts[0] += DEARER if at % 50 == 0 else 0
            total = round(sum(filter(None, amounts)), 2)
            cells = [at + 1, misread(number, at, charged), None, "上海市", zone]
            cells += [f"客户{seeded.randrange(3000)}有限公司", f"张{seeded.randrange(500)}", seeded.randrange(1, 9)]
            cells += [weight, volume, charged_weight, "标快", "月结"]
            cells += [*amounts, total] if with_kinds else ["销售部", "一组", "白班", total]
            cells += [f"E{seeded.randrange(900):04}", "有", f"备注{at}"]
            sheet.write_row(at + 2, 0, cells)
            sheet.write_datetime(at + 2, 2, day, day_format)
            lines += sum(amount is not None for amount in amounts) if with_kinds else 1
    return lines


def misread(number, at, charged):
    if at % 1000 == 8:
        return f"{number[:8]}X{number[9:]}"
    if at % 1000 == 9:
        return f"U{number}"
    return charged[at - 1][0] if at % 1000 == 10 else number


# === PEOPLE MEANWHILE === #


def measure_meanwhile(bench, path, statement, rows):
    """Ask a server for a list while it has nothing else to do, then while it reads and matches a file."""
    with serving(bench, DATABASE) as server, closing(Client(server.url)) as client:
        idle = [client.page() for _request in range(IDLE_REQUESTS)]
        begin = time.monotonic()
        file = client.drop(path, statement)
        read, matched = [], []
        while (states := client.states(file, statement)) != ("read", "open"):
            if time.monotonic() - begin > PATIENCE_SECONDS or states[0] in ("failed", "cancelled"):
                raise SetupError(f"The file is {states[0]}, the statement {states[1]}; the log: {server.log}")
            (matched if states[0] == "read" else read).append(client.page())
        took = time.monotonic() - begin
    beside = "the same, nothing else to do"
    for doing, times in (("is read", read), ("is matched", matched)):
        what = f"list of waybills while a file {doing}"
        if times:
            bench.table.times(f"{what}, median", beside, comparison(median(idle), median(times)))
            bench.table.times(f"… the slowest of {len(times)}", beside, comparison(max(idle), max(times)))
    bench.table.counts(f"… s until {rows:,} rows are classified", "", None, round(took, 1), PATIENCE_SECONDS)


def comparison(baseline, ours):
    return Comparison([{"seconds": baseline, "queries": 0}], [{"seconds": ours, "queries": 0}])


@contextmanager
def serving(bench, database):
    """Yield a server as `make demo` starts it: one process with threads, one of them for what is done meanwhile."""
    sys.path.append(str(ROOT / "tests"))
    from odoo_server import OdooServer

    server = OdooServer(bench.variables, database, 1)
    try:
        server.start()
        yield server
    finally:
        server.stop()


class Client:
    """A browser's session, of the administrator that a new database has."""

    def __init__(self, url):
        import requests

        self.url, self.session = url, requests.Session()
        self._post("/web/session/authenticate", db=DATABASE, login="admin", password="admin")

    def close(self):
        self.session.close()

    def _post(self, path, **params):
        answer = self.session.post(f"{self.url}{path}", json={"params": params}, timeout=PATIENCE_SECONDS).json()
        if "error" in answer:
            raise SetupError(json.dumps(answer["error"], ensure_ascii=False)[-2000:])
        return answer["result"]

    def call(self, model, method, *args, **kwargs):
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self._post(path, model=model, method=method, args=args, kwargs=kwargs)

    def page(self):
        """Return how many seconds a page of the list took."""
        named = {"fields": {"display_name": {}}}
        fields = {
            "name": {},
            "carrier_id": named,
            "zone_id": named,
            "shipped_date": {},
            "weight": {},
            "order_names": {},
        }
        begin = time.perf_counter()
        found = self.call(
            "freight.waybill", "web_search_read", domain=[], specification=fields, limit=80, count_limit=10_001
        )
        seconds = time.perf_counter() - begin
        if len(found["records"]) != 80:
            raise SetupError("The list has no whole page")
        return seconds

    def drop(self, path, statement):
        """Drop the file on the statement and have it read; return its id."""
        import base64

        content = base64.b64encode(Path(path).read_bytes()).decode()
        values = {"name": "a.xlsx", "datas": content, "res_model": "freight.statement", "res_id": statement}
        # As the screen uploads it: not opened for the search in documents.
        attachment = self.call("ir.attachment", "create", values, context={"sales_dept_without_index": True})
        self.call("freight.statement", "action_add_files", [statement], attachment_ids=[attachment])
        (file,) = self.call("freight.statement.file", "search", [["statement_id", "=", statement]])
        (values,) = self.call("freight.statement.file", "read", [file], ["state"])
        if values["state"] == "confirm":
            self.call("freight.statement.file", "action_read", [file])
        return file

    def states(self, file, statement):
        (file,) = self.call("freight.statement.file", "read", [file], ["state"])
        (statement,) = self.call("freight.statement", "read", [statement], ["state"])
        return file["state"], statement["state"]


# === IN ODOO === #


class Operations(operations.Operations):
    def closing_models(self):
        """Make a carrier with a rate card in use, a priced waybill, and a statement; return their ids by table."""
        models = self.rating_models()
        with self.environment() as env:
            carrier = env["delivery.carrier"].browse(models["delivery_carrier"])
            carrier.write({"number_prefix": "SF", "number_reuse_days": 180})
            # Who drops the file on the server.
            env.ref("base.user_admin").group_ids = [Command.link(env.ref("sales_dept_roles.group_assistant").id)]
            statement = env["freight.statement"].create(
                {"carrier_id": carrier.id, "date_from": "2031-12-01", "date_to": "2031-12-31"}
            )
            waybill = env["freight.waybill"].browse(models["freight_waybill"])
            waybill.write({"weight": 1, "shipped_date": "2020-02-01"})
            env.flush_all()
            waybill._rate()
            models["freight_waybill_charge"] = waybill.charge_ids[0].id
            models["freight_statement"] = statement.id
        return models

    def closing_price(self, first):
        with self.environment() as env, self._phase(env) as cost:
            env["freight.waybill"].search([("id", ">=", first)])._rate()
        return cost

    def closing_all(self, path, statement, rows, lines):
        """All that happens between the drop of a file and its differences; return what each phase cost."""
        costs = {}
        with self.environment() as env:
            with Memory() as memory:
                record = env["freight.statement"].browse(statement)
                with self._phase(env) as costs["looked at"]:
                    attachments = env["ir.attachment"].with_context(sales_dept_without_index=True)
                    attachment = attachments.create({"name": "a.xlsx", "raw": Path(path).read_bytes()})
                    file = env["freight.statement.file"]._take(record, attachment)
                    file.state = "waiting"
                with self._phase(env) as costs["stored"]:
                    for _step in file._read_steps():
                        env.flush_all()
                with self._phase(env) as costs["classified"]:
                    record._match()
            self._check_closed(record, file, rows, lines)
            env.cr.rollback()
        whole = {name: sum(cost[name] for cost in costs.values()) for name in costs["stored"]}
        return {**costs, "whole": whole, "megabytes": memory.most}

    def _check_closed(self, statement, file, rows, lines):
        """Raise where a row was lost, or what was planted is not what was found."""
        # Title and heading are rows of the file too.
        if (file.state, file.row_count, file.line_count, file.flagged_count) != ("read", rows + 2, lines, 0):
            raise ValueError(
                f"{file.state}: {file.row_count} rows, {file.line_count} lines, {file.flagged_count} noted"
            )
        parts = statement.matched_row_count + statement.exception_row_count + statement.excluded_row_count
        if (statement.state, statement.row_count, parts) != ("open", rows + 2, rows + 2):
            raise ValueError(f"{statement.state}: {statement.row_count} rows, of which {parts} are told apart")
        # Too dear, unknown, twice; what is missing on their side is no row.
        planted = {at for at in range(rows) if at % 50 == 0 or at % 1000 in (9, 10)}
        if statement.exception_row_count != len(planted):
            raise ValueError(f"{statement.exception_row_count} rows have exceptions, {len(planted)} were planted")

    @contextmanager
    def _phase(self, env):
        """Yield a dict that has, after the block, what the block cost, by both clocks."""
        cost, clock, processors = {}, clock_of(env.cr), processors_of(env.cr)
        env.flush_all()
        queries, seconds, worked = env.cr.sql_log_count, clock(), processors()
        yield cost
        env.flush_all()
        cost["queries"] = env.cr.sql_log_count - queries
        cost["seconds"], cost["processors"] = clock() - seconds, processors() - worked
