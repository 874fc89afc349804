"""A server that dies at work: afterwards a document is signed with all that belongs to it, or not touched."""

import threading
from collections import Counter

import pytest
import requests
from odoo_api import Api, Refused
from odoo_server import wait_until
from quotations import SHAFT, Quotations

DOCUMENTS = 30


@pytest.fixture(scope="module")
def own(clone_demo):
    """A server of this test's own, ``(server, function login -> Api)``."""
    with clone_demo("killed") as (server, keys):
        yield server, lambda login: Api(server.url, keys[login])


@pytest.fixture(scope="module")
def waiting(own):
    """Approvals that wait for the general manager, two piles of them."""
    _server, api = own
    quotations = Quotations(api)
    line = {"product_id": quotations.product(SHAFT), "product_uom_qty": 1, "price_unit": 86.0}
    values = {"partner_id": quotations.customer()[0], "order_line": [[0, 0, line]]}
    orders = api("manager1").call("sale.order", "create", vals_list=[values] * 2 * DOCUMENTS)
    api("manager1").call("sale.order", "action_approval_submit", orders)
    found = api("gm").search("sales.approval", ["res_id", "in", orders], ["state", "=", "pending"])
    ids = sorted(row["id"] for row in found)
    assert len(ids) == 2 * DOCUMENTS
    return ids[:DOCUMENTS], ids[DOCUMENTS:]


def approve_until_dead(api, batches, done):
    """Approve batch after batch until the server is gone; note what was confirmed."""
    for batch in batches:
        try:
            api("gm").call("sales.approval", "action_approve", batch)
        except (requests.RequestException, Refused):
            return
        done.extend(batch)


def outcomes_of(api, approvals):
    """How far each got: ``{approval: "signed" or "untouched"}``; fails where not all that belongs to it says so."""
    gm = api("gm")
    rows = {
        model: {row["id"]: row for row in gm.search(model, fields=fields)}
        for model, fields in {
            "sales.approval": ["state", "res_id", "close_date", "decision_ids", "task_ids", "last_decision_date"],
            "sales.approval.task": ["state"],
            "sale.order": ["approval_state", "quote_released", "activity_ids"],
        }.items()
    }
    outcomes = {}
    for number in approvals:
        approval = rows["sales.approval"][number]
        order = rows["sale.order"][approval["res_id"]]
        [task] = [rows["sales.approval.task"][task] for task in approval["task_ids"]]
        signs = {
            "state": approval["state"] == "approved",
            "close date": bool(approval["close_date"]),
            "decision": len(approval["decision_ids"]) == 1,
            "decision date": bool(approval["last_decision_date"]),
            "step": task["state"] == "done",
            "document": order["approval_state"] == "approved",
            "released": order["quote_released"],
            "nobody is asked": not order["activity_ids"],
        }
        assert len(set(signs.values())) == 1, f"half signed: {signs}"
        outcomes[number] = "signed" if signs["state"] else "untouched"
    return outcomes


def test_server_killed_while_signing(own, waiting):
    server, api = own
    one_by_one, at_once = waiting
    confirmed = []
    signing = [
        # Each document in a request of its own: some are through when the server dies.
        threading.Thread(target=approve_until_dead, args=(api, [[number] for number in one_by_one], confirmed)),
        # All in one request: it must be all or nothing.
        threading.Thread(target=approve_until_dead, args=(api, [at_once], confirmed)),
    ]
    for thread in signing:
        thread.start()
    wait_until(lambda: len(confirmed) >= 5, 60, "Nothing was signed.")
    server.kill()
    for thread in signing:
        thread.join()
    server.start()

    outcomes = outcomes_of(api, [*one_by_one, *at_once])
    assert all(outcomes[approval] == "signed" for approval in confirmed), "what was confirmed is kept"
    counts = Counter(outcomes[approval] for approval in one_by_one)
    assert counts["signed"] and counts["untouched"], f"it was not killed in mid-work: {counts}"
    assert len({outcomes[approval] for approval in at_once}) == 1, "one request is signed whole or not at all"

    left = [approval for approval, result in outcomes.items() if result == "untouched"]
    api("gm").call("sales.approval", "action_approve", left)
    assert set(outcomes_of(api, left).values()) == {"signed"}
