"""Two people decide about the same document at the same moment."""

import pytest
from odoo_api import Refused, at_the_same_moment

ROUNDS = 3


def approve(api, login, order):
    return lambda: api(login).call("sale.order", "action_approval_approve", [order])


def refuse(api, login, order):
    return lambda: api(login).call("sale.order", "action_approval_reject", [order], reason="Not at this price.")


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_general_managers_approve(api, quotations, _round):
    order = quotations.submitted()
    results = at_the_same_moment(approve(api, "gm", order), approve(api, "gm2", order))
    assert sum(not isinstance(result, Refused) for result in results) == 1, results
    [decision] = quotations.decisions(order)
    [approval] = quotations.approvals(order)
    assert approval["state"] == "approved"
    assert approval["decision_ids"] == [decision["id"]]
    assert quotations.state(order, "approval_state")["approval_state"] == "approved"


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_approves_while_the_other_refuses(api, quotations, _round):
    order = quotations.submitted()
    at_the_same_moment(approve(api, "gm", order), refuse(api, "gm2", order))
    [decision] = quotations.decisions(order)
    [approval] = quotations.approvals(order)
    assert approval["state"] == decision["outcome"]
    assert quotations.state(order, "approval_state")["approval_state"] == decision["outcome"]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_same_person_twice(api, quotations, _round):
    order = quotations.submitted()
    at_the_same_moment(*[approve(api, "gm", order)] * 3)
    assert len(quotations.decisions(order)) == 1


def test_parallel_steps(api, quotations):
    """Steps with the same number are decided independently; the last one closes the approval."""
    gm = api("gm")
    [model] = api("admin").search("ir.model", ["model", "=", "sale.order"])
    roles = api("admin").search(
        "ir.model.data",
        ["module", "=", "sales_dept_roles"],
        ["name", "in", ["group_director", "group_general_manager"]],
        fields=["name", "res_id"],
    )
    [me] = gm.search("res.users", ["login", "=", "gm"], fields=["company_id"])
    flow = gm.create(
        "sales.approval.flow",
        name="Both at once",
        model_id=model["id"],
        # A company's own flows come before those of every company.
        company_id=me["company_id"],
        sequence=1,
        domain="[('client_order_ref', '=', 'both at once')]",
        step_ids=[[0, 0, {"name": role["name"], "sequence": 10, "group_id": role["res_id"]}] for role in roles],
    )
    try:
        for _round in range(ROUNDS):
            order = quotations.submitted(client_order_ref="both at once")
            results = at_the_same_moment(approve(api, "director", order), approve(api, "gm", order))
            assert not any(isinstance(result, Refused) for result in results), results
            [approval] = quotations.approvals(order)
            assert approval["state"] == "approved"
            assert len(approval["task_ids"]) == len(approval["decision_ids"]) == 2
    finally:
        gm.write("sales.approval.flow", flow, active=False)


# The database has the last word there, and Odoo logs what it says.
@pytest.mark.expected_log("sales_approval_one_in_force")
@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_people_submit(api, quotations, _round):
    order = quotations.make()
    at_the_same_moment(
        *[
            lambda login=login: api(login).call("sale.order", "action_approval_submit", [order])
            for login in ("manager1", "assistant")
        ]
    )
    [approval] = quotations.approvals(order)
    assert approval["state"] == "pending"
    assert len(approval["task_ids"]) == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_price_changed_while_it_is_signed(api, quotations, _round):
    """Whoever comes first: a price that nobody saw is never signed."""
    order = quotations.submitted(price=100.0)
    [line] = quotations.state(order, "order_line")["order_line"]
    at_the_same_moment(
        approve(api, "gm", order),
        lambda: api("manager1").write("sale.order.line", line, price_unit=1.0),
    )
    state = quotations.state(order, "approval_state", "quote_released")
    price = api("gm").read("sale.order.line", line, "price_unit")["price_unit"]
    assert price == 1.0, "editing a quotation is not refused"
    assert state["approval_state"] == "stale"
    assert not state["quote_released"]
