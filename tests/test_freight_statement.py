"""A freight statement where it hurts: two people do the same at the same moment, the server dies at work on it."""

import base64
import threading
from contextlib import closing, contextmanager, suppress

import pytest
import requests
from odoo_api import Api, Refused, assert_sentence
from odoo_server import wait_until
from postgres import connect, execute
from test_simultaneous import at_the_same_moment

LINES = 3_000
ROWS = 40_000


def open_statement(api):
    """The demo company's statement of this month with the most rows, which nobody has decided on yet."""
    found = api("assistant").search("freight.statement", ["state", "=", "open"], fields=["row_count"])
    return max(found, key=lambda row: row["row_count"])["id"]


def signed(api):
    """That statement, accepted as it is, verified and signed."""
    statement = open_statement(api)
    lines = api("assistant").search(
        "freight.statement.line", ["statement_id", "=", statement], ["is_exception", "=", True]
    )
    api("assistant").call("freight.statement.line", "action_accept", [line["id"] for line in lines])
    api("assistant").call("freight.statement", "action_approval_submit", [statement])
    for login in ("finance", "director"):
        api(login).call("freight.statement", "action_approval_approve", [statement])
    return statement


def bill(api, login, statement):
    return lambda: api(login).call("freight.statement", "action_create_bill", [statement])


def test_billed_once_whoever_presses(api):
    statement = signed(api)
    results = at_the_same_moment(
        *[bill(api, login, statement) for login in ("finance", "director", "finance", "director")]
    )
    assert not all(isinstance(result, Refused) for result in results), results
    bills = api("finance").search("freight.statement.bill", ["statement_id", "=", statement], fields=["part"])
    assert [row["part"] for row in bills] == ["undisputed"]
    figures = api("finance").read("freight.statement", statement, "bill_count", "billed_total", "payable_total")
    assert figures["bill_count"] == 1
    assert figures["billed_total"] == pytest.approx(figures["payable_total"])


@pytest.fixture(scope="module")
def own(clone_demo):
    """A server of this test's own, ``(server, function login -> Api)``."""
    with clone_demo("freight") as (server, keys):
        yield server, lambda login: Api(server.url, keys[login])


@contextmanager
def nobody_writes(variables, database, table):
    """Hold up whoever writes into `table`; yield a function that says whether somebody waits for it."""
    waiting = f"SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '{table}'::regclass"
    with closing(connect(variables, database)) as connection, connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
        yield lambda: bool(execute(variables, waiting, database=database))


def test_killed_while_billing(own, database_server):
    """The server dies when Odoo's bill is made, and not noted on the statement yet: there is none then, later one."""
    server, api = own
    statement = signed(api)

    def moves():
        # Whatever anybody may read of them.
        found = execute(database_server, "SELECT id FROM account_move", database=server.database)
        return {move for (move,) in found}

    def bills():
        return api("finance").search("freight.statement.bill", ["statement_id", "=", statement], fields=["move_id"])

    def bill_until_dead():
        with suppress(requests.RequestException, Refused, ValueError):
            bill(api, "finance", statement)()

    before = moves()
    billing = threading.Thread(target=bill_until_dead)
    with nobody_writes(database_server, server.database, "freight_statement_bill") as is_held_up:
        billing.start()
        wait_until(is_held_up, 60, "No bill was made.")
        server.kill()
        billing.join()
    server.start()

    assert not bills()
    assert moves() == before, "a bill is there that no statement knows"
    bill(api, "finance", statement)()
    [made] = bills()
    assert moves() - before == {made["move_id"]}
    figures = api("finance").read("freight.statement", statement, "bill_count", "billed_total", "payable_total")
    assert figures["bill_count"] == 1
    assert figures["billed_total"] == pytest.approx(figures["payable_total"])


def empty_statement(api):
    """A statement in the place of one of the demo company's."""
    of_demo = open_statement(api)
    before = api("assistant").read("freight.statement", of_demo, "carrier_id", "date_from", "date_to")
    # A carrier's days stand on one statement.
    api("assistant").call("freight.statement", "action_cancel", [of_demo])
    values = {name: before[name] for name in ("carrier_id", "date_from", "date_to")}
    return api("assistant").create("freight.statement", **values)


def long_statement(api):
    """A statement of thousands of lines, whose numbers nobody knows."""
    statement = empty_statement(api)
    lines = [{"statement_id": statement, "reference": f"ZZ{at * 3_711:09}", "amount": at} for at in range(LINES)]
    api("assistant").call("freight.statement.line", "create", vals_list=lines)
    return statement


def cron_of(api, name):
    [cron] = api("admin").search(
        "ir.model.data", ["module", "=", "sales_dept_logistics"], ["name", "=", name], fields=["res_id"]
    )
    return cron["res_id"]


def run_until_dead(api, cron):
    try:
        api("admin").call("ir.cron", "method_direct_trigger", [cron])
    except (requests.RequestException, Refused, ValueError):
        return


def test_killed_while_matching(own, database_server):
    """The server dies when the results are to be written: none is there then, later all of them."""
    server, api = own
    statement = long_statement(api)
    cron = cron_of(api, "ir_cron_freight_matching")
    matching = threading.Thread(target=run_until_dead, args=(api, cron))
    with nobody_writes(database_server, server.database, "freight_statement_line") as is_held_up:
        # The server's own job may be faster than ours: either is held up.
        api("assistant").call("freight.statement", "action_match", [statement])
        matching.start()
        wait_until(is_held_up, 60, "Nothing was matched.")
        server.kill()
        matching.join()

    # Before the server is there again, whose job goes on at once.
    query = (
        "SELECT statement.state, COUNT(line.role) FROM freight_statement statement"
        " JOIN freight_statement_line line ON line.statement_id = statement.id"
        f" WHERE statement.id = {statement:d} GROUP BY statement.id"
    )
    found = execute(database_server, query, database=server.database)
    assert list(map(tuple, found)) == [("matching", 0)], "a part of it is there"
    server.start()

    def is_matched():
        run_until_dead(api, cron)
        return api("assistant").read("freight.statement", statement, "state")["state"] == "open"

    wait_until(is_matched, 120, "It was not matched again.")
    assert roles_of(api, statement)["unmatched"] == LINES
    found = api("assistant").read("freight.statement", statement, "total_amount", "open_count")
    assert found["total_amount"] == sum(range(LINES))
    assert found["open_count"] == LINES


def drop_file(api, login, statement, content):
    """As the screen does: the file is kept, then the statement takes it."""
    attachment = api(login).create(
        "ir.attachment",
        name="carrier.csv",
        datas=base64.b64encode(content).decode(),
        res_model="freight.statement",
        res_id=statement,
    )
    return api(login).call("freight.statement", "action_add_files", [statement], attachment_ids=[attachment])


def carriers_file(rows):
    lines = [f"ZY{at * 3_711:09},2026-10-03,武汉,12.5,{at}" for at in range(rows)]
    return "\r\n".join(["运单号,发货日期,目的地,重量,运费", *lines]).encode()


def files_of(api, statement):
    fields = ["state", "row_count", "line_count"]
    return api("assistant").search("freight.statement.file", ["statement_id", "=", statement], fields=fields)


def test_killed_while_reading_a_file(own):
    """The server dies between two transactions of a long file: it is read on from there, each row once."""
    server, api = own
    statement = empty_statement(api)
    drop_file(api, "assistant", statement, carriers_file(ROWS))
    [file] = files_of(api, statement)
    if file["state"] == "confirm":
        api("assistant").call("freight.statement.file", "action_read", [file["id"]])
    assert files_of(api, statement)[0]["state"] == "waiting"
    cron = cron_of(api, "ir_cron_freight_statement_files")
    reading = threading.Thread(target=run_until_dead, args=(api, cron))
    reading.start()
    wait_until(lambda: files_of(api, statement)[0]["row_count"], 60, "Nothing was read.")
    server.kill()
    reading.join()
    server.start()

    [file] = files_of(api, statement)
    assert file["state"] == "reading" and 0 < file["row_count"] < ROWS, f"it was not killed in mid-work: {file}"
    kept = api("assistant").call("freight.statement.line", "search_count", domain=[["statement_id", "=", statement]])
    assert kept == file["line_count"], "rows and their count are of one transaction"

    def is_read():
        run_until_dead(api, cron)
        return files_of(api, statement)[0]["state"] == "read"

    wait_until(is_read, 120, "It was not read on.")
    [file] = files_of(api, statement)
    # The heading is a row of the file too.
    assert (file["row_count"], file["line_count"]) == (ROWS + 1, ROWS)
    [sums] = api("assistant").call(
        "freight.statement.line",
        "formatted_read_group",
        domain=[["statement_id", "=", statement]],
        groupby=[],
        aggregates=["__count", "amount:sum", "reference:count_distinct"],
    )
    assert sums["__count"] == sums["reference:count_distinct"] == ROWS, "nothing is lost, nothing is there twice"
    assert sums["amount:sum"] == sum(range(ROWS))


def test_two_clerks_drop_the_same_file(own):
    """It is on the statement once; the other one is told so."""
    _server, api = own
    statement, content = empty_statement(api), carriers_file(20)
    results = at_the_same_moment(
        *[
            lambda login=login: drop_file(api, login, statement, content)
            for login in ("assistant", "director", "assistant")
        ]
    )
    refused = [result for result in results if isinstance(result, Refused)]
    assert len(refused) == 2, results
    for result in refused:
        assert_sentence(result)
    assert len(files_of(api, statement)) == 1


def roles_of(api, statement):
    """``{role: number of lines}``."""
    counts = {}
    for line in api("assistant").search("freight.statement.line", ["statement_id", "=", statement], fields=["role"]):
        counts[line["role"]] = counts.get(line["role"], 0) + 1
    return counts


def test_two_assistants_decide_at_once(api):
    """One line, accepted by one and disputed by the other: it is one of the two, with the sums that belong to it."""
    found = api("assistant").search(
        "freight.statement.line",
        ["state", "=", "open"],
        ["is_exception", "=", True],
        fields=["statement_id", "amount", "expected_amount"],
    )
    line = next(row for row in found if row["amount"] > row["expected_amount"])
    results = at_the_same_moment(
        lambda: api("assistant").call("freight.statement.line", "action_accept", [line["id"]]),
        lambda: api("director").call("freight.statement.line", "action_dispute", [line["id"]]),
    )
    for result in results:
        if isinstance(result, Refused):
            assert_sentence(result)
    after = api("assistant").read("freight.statement.line", line["id"], "decision", "payable_amount")
    assert after["decision"] in ("accept", "dispute")
    paid = line["amount"] if after["decision"] == "accept" else line["expected_amount"]
    assert after["payable_amount"] == pytest.approx(paid)
    sums = api("assistant").read(
        "freight.statement", line["statement_id"], "total_amount", "payable_total", "disputed_total", "excluded_total"
    )
    assert sums["payable_total"] == pytest.approx(
        sums["total_amount"] - sums["disputed_total"] - sums["excluded_total"]
    )
