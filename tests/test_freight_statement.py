"""A freight statement where it hurts: two people bill it at the same moment, the server dies while it is matched."""

import threading
import time

import pytest
import requests
from odoo_api import Api, Refused, assert_sentence
from odoo_server import wait_until
from test_simultaneous import at_the_same_moment

LINES = 3_000


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


def long_statement(api):
    """A statement of thousands of lines, whose numbers nobody knows; queued for matching."""
    of_demo = open_statement(api)
    before = api("assistant").read("freight.statement", of_demo, "carrier_id", "date_from", "date_to")
    # A carrier's days stand on one statement.
    api("assistant").call("freight.statement", "action_cancel", [of_demo])
    values = {name: before[name] for name in ("carrier_id", "date_from", "date_to")}
    statement = api("assistant").create("freight.statement", **values)
    lines = [{"statement_id": statement, "reference": f"ZZ{at * 3_711:09}", "amount": at} for at in range(LINES)]
    api("assistant").call("freight.statement.line", "create", vals_list=lines)
    api("assistant").call("freight.statement", "action_match", [statement])
    return statement


def match_until_dead(api, cron):
    try:
        api("admin").call("ir.cron", "method_direct_trigger", [cron])
    except (requests.RequestException, Refused, ValueError):
        return


def test_killed_while_matching(own):
    server, api = own
    statement = long_statement(api)
    [cron] = api("admin").search(
        "ir.model.data",
        ["module", "=", "sales_dept_logistics"],
        ["name", "=", "ir_cron_freight_matching"],
        fields=["res_id"],
    )
    matching = threading.Thread(target=match_until_dead, args=(api, cron["res_id"]))
    matching.start()
    time.sleep(0.3)
    server.kill()
    matching.join()
    server.start()

    state = api("assistant").read("freight.statement", statement, "state", "row_count", "total_amount")
    roles = roles_of(api, statement)
    assert state["state"] in ("matching", "open")
    assert set(roles) == ({False} if state["state"] == "matching" else {"unmatched", "missing"}), (
        "all of it, or nothing"
    )

    def is_matched():
        match_until_dead(api, cron["res_id"])
        return api("assistant").read("freight.statement", statement, "state")["state"] == "open"

    wait_until(is_matched, 120, "It was not matched again.")
    assert roles_of(api, statement)["unmatched"] == LINES
    found = api("assistant").read("freight.statement", statement, "total_amount", "open_count")
    assert found["total_amount"] == sum(range(LINES))
    assert found["open_count"] == LINES


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
