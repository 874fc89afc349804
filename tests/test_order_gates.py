"""Customer file, agreement and contract before an order is confirmed, over JSON-2 as each role."""

import base64

import pytest
from odoo_api import refusal
from test_order_review import Reviews

CONTRACT = base64.b64encode(b"%PDF-1.4\n%%EOF\n").decode()

# What a program could try besides the button.
WAYS = {
    "confirm": ("action_confirm", {}),
    "bulk": ("action_sales_dept_confirm", {}),
    "state": ("write", {"vals": {"state": "sale"}}),
}
CONTEXTS = [{}, {"install_mode": True, "import_file": True, "mail_notrack": True, "su": True}]
SELLERS = ["manager1", "assistant", "director", "gm"]


@pytest.fixture(scope="module")
def reviews(api, quotations):
    return Reviews(api, quotations)


def customer_named(api, name):
    [partner] = api("gm").search("res.partner", ["name", "ilike", name], ["parent_id", "=", False])
    return partner["id"]


@pytest.fixture(scope="module")
def without_file(api, quotations, reviews):
    """A reviewed order of a customer without a file, who signed a contract for it."""
    order, _review = reviews.passed()
    api("manager1").write("sale.order", order, signed_contract=CONTRACT, signed_contract_name="contract.pdf")
    return order


@pytest.fixture
def without_agreement(api, reviews):
    """A reviewed order of a customer whose file is archived, without any agreement."""
    [manager] = api("gm").search("res.users", ["login", "=", "manager1"])
    customer = customer_named(api, "Northline Fluid Power")
    order, _review = reviews.passed(partner_id=customer, user_id=manager["id"])
    return order


def refuse_each_way(api, order, login, context):
    return [
        refusal(api(login).call, "sale.order", method, [order], context, **arguments)
        for method, arguments in WAYS.values()
    ]


@pytest.mark.parametrize("context", CONTEXTS, ids=["plain", "context"])
@pytest.mark.parametrize("login", SELLERS)
def test_without_a_file(api, quotations, without_file, login, context):
    for message in refuse_each_way(api, without_file, login, context):
        assert "file of customer" in message, message
        assert "no agreement in force" not in message, "the contract of the order serves"
    assert quotations.state(without_file, "state")["state"] == "draft"


def test_without_an_agreement(api, quotations, without_agreement):
    for login in SELLERS:
        for context in CONTEXTS:
            for message in refuse_each_way(api, without_agreement, login, context):
                assert "no agreement in force" in message, message
                assert "file of customer" not in message, "the file is archived"
    assert quotations.state(without_agreement, "state")["state"] == "draft"


def test_any_file_is_no_contract(api, without_agreement):
    """Only the order's own slot counts: neither a file in its chatter nor one passed off as the slot's."""
    manager = api("manager1")
    values = {"name": "contract.pdf", "datas": CONTRACT, "res_model": "sale.order", "res_id": without_agreement}
    manager.create("ir.attachment", **values)
    refusal(manager.create, "ir.attachment", **values, res_field="signed_contract")
    assert "no agreement in force" in refusal(manager.call, "sale.order", "action_confirm", [without_agreement])


def test_contract_serves_its_own_order_only(api, quotations, reviews, without_agreement):
    manager = api("manager1")
    manager.write("sale.order", without_agreement, signed_contract=CONTRACT, signed_contract_name="contract.pdf")
    copy = manager.call("sale.order", "copy", [without_agreement])[0]
    assert not manager.read("sale.order", copy, "signed_contract_name")["signed_contract_name"]
    assert not manager.read("sale.order", copy, "signed_contract_user_id")["signed_contract_user_id"]
    manager.call("sale.order", "action_confirm", [without_agreement])
    assert quotations.state(without_agreement, "state")["state"] == "sale"


def test_who_attached_it_is_not_the_callers(api, without_agreement):
    for login in SELLERS:
        refusal(api(login).write, "sale.order", without_agreement, signed_contract_user_id=2)
        refusal(api(login).write, "sale.order", without_agreement, signed_contract_date="2026-01-01 00:00:00")


def test_with_file_and_agreement(api, quotations, reviews):
    """What the gates ask for is enough."""
    order, _review = reviews.passed(partner_id=customer_named(api, "Chongqing Haoyu Motors"))
    api("manager1").call("sale.order", "action_confirm", [order])
    assert quotations.state(order, "state")["state"] == "sale"


@pytest.mark.parametrize("login", SELLERS)
@pytest.mark.parametrize(
    "values",
    [{"customer_file_state": "archived"}, {"approval_state": "approved"}],
    ids=lambda values: next(iter(values)),
)
def test_file_is_archived_by_finance_only(api, quotations, login, values):
    customer, _name, _email = quotations.customer()
    refusal(api(login).write, "res.partner", customer, **values)
    refusal(api(login).call, "res.partner", "action_approval_approve", [customer])
    state = api("gm").read("res.partner", customer, "customer_file_state")["customer_file_state"]
    assert state in (False, "none")


@pytest.mark.parametrize("login", SELLERS)
@pytest.mark.parametrize("values", [{"state": "in_force"}, {"approval_state": "approved"}], ids=lambda v: next(iter(v)))
def test_agreement_comes_into_force_by_signature_only(api, quotations, login, values):
    customer, _name, _email = quotations.customer()
    terms = {"kind": "sales", "partner_id": customer, "subject": "Shafts", "date_start": "2026-01-01"}
    agreement = api("manager1").create("sales.agreement", **terms)
    refusal(api(login).write, "sales.agreement", agreement, **values)
    assert api("gm").read("sales.agreement", agreement, "state")["state"] == "draft"
