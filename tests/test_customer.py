"""What the customer sees of a quotation: nothing until it is signed, then all of it."""

import re
from io import BytesIO

import pytest
import requests
from odoo_api import Refused, assert_sentence, refusal
from pdfminer.high_level import extract_text
from web_client import session_cookie

pytestmark = pytest.mark.usefixtures("readable_pdf")

# No other document has it, in whatever way it is written.
PRICE = 123456.78
PRICE_TEXTS = ("123,456.78", "123456.78", "1,234,567.8", "1234567.8")


@pytest.fixture(scope="module")
def hengtai(api):
    """The customer whose login `customer` is in the demo company."""
    [row] = api("manager1").search("res.partner", ["name", "=like", "Suzhou Hengtai Automation%"], order="id", limit=1)
    return row["id"]


@pytest.fixture
def unsigned(quotations, hengtai):
    return quotations.make(partner_id=hengtai, price=PRICE)


@pytest.fixture
def visitors(server):
    """Browser sessions of whoever may stand at the door."""
    logged_in = requests.Session()
    cookie = session_cookie(server, "customer")
    logged_in.cookies.set(cookie["name"], cookie["value"])
    stranger = requests.Session()
    # The other customer has a link that somebody passed on.
    other = requests.Session()
    cookie = session_cookie(server, "buyer")
    other.cookies.set(cookie["name"], cookie["value"])
    return {"link": stranger, "login": logged_in, "another customer's login": other}


def link(api, order):
    """The link of the portal with its token, as a colleague could copy it."""
    path, _query, token = api("manager1").call("sale.order", "get_portal_url", [order]).partition("?access_token=")
    assert token
    return path, token


def shows_price(response):
    if response.headers.get("Content-Type", "").startswith("application/pdf"):
        text = extract_text(BytesIO(response.content))
    else:
        text = response.text
    return any(price in text for price in PRICE_TEXTS)


PAGES = {
    "page": ("", {}),
    "html": ("", {"report_type": "html"}),
    "pdf": ("", {"report_type": "pdf", "download": "true"}),
    "text": ("", {"report_type": "text"}),
    "edi": ("/download_edi", {}),
    "message": ("", {"message": "sign_ok"}),
}


@pytest.mark.parametrize("page", PAGES)
def test_portal_pages(server, api, quotations, visitors, unsigned, page):
    suffix, query = PAGES[page]
    path, token = link(api, unsigned)

    def get(visitor, with_token=True):
        arguments = query | ({"access_token": token} if with_token else {})
        return visitors[visitor].get(f"{server.url}{path}{suffix}", params=arguments, timeout=60)

    for visitor in visitors:
        for with_token in (True, False):
            response = get(visitor, with_token)
            assert response.status_code < 500
            assert not shows_price(response), f"{visitor} sees the price"
            assert not response.headers.get("Content-Type", "").startswith("application/pdf")
    sign(api, unsigned)
    if page != "edi":
        assert shows_price(get("link"))
        assert shows_price(get("login", with_token=False))
        assert not shows_price(get("another customer's login", with_token=False))


def sign(api, order):
    api("manager1").call("sale.order", "action_approval_submit", [order])
    api("gm").call("sale.order", "action_approval_approve", [order])


def test_report_urls(server, visitors, unsigned):
    for report in (
        "sale.report_saleorder",
        "sale.report_saleorder_raw",
        "sale.report_saleorder_pro_forma",
        "sales_dept_roles.report_product_quotation",
    ):
        for converter in ("html", "pdf", "text"):
            for name, visitor in visitors.items():
                url = f"{server.url}/report/{converter}/{report}/{unsigned}"
                response = visitor.get(url, timeout=60)
                assert not shows_price(response), f"{name}: {url}"


def test_list_of_quotations(server, api, visitors, unsigned):
    number = api("manager1").read("sale.order", unsigned, "name")["name"]
    for path in ("/my", "/my/quotes", "/my/orders"):
        assert number not in visitors["login"].get(server.url + path, timeout=60).text
    sign(api, unsigned)
    api("manager1").call("sale.order", "action_quotation_sent", [unsigned])
    assert number in visitors["login"].get(f"{server.url}/my/quotes", timeout=60).text


def json_call(server, session, path, **params):
    return session.post(f"{server.url}{path}", json={"jsonrpc": "2.0", "params": params}, timeout=60)


def test_accepting_declining_paying(server, api, quotations, visitors, unsigned):
    path, token = link(api, unsigned)
    for visitor in visitors.values():
        # The route answers what went wrong as a result.
        json_call(server, visitor, f"{path}/accept", access_token=token, name="Buyer", signature="R0lGODlhAQABAAAAACw=")
        paying = json_call(server, visitor, f"{path}/transaction", access_token=token, amount=1, flow="direct")
        assert "error" in paying.json()
        visitor.post(f"{server.url}{path}/decline", params={"access_token": token}, data={"decline_message": "No"})
        page = visitor.get(f"{server.url}/payment/pay", params={"sale_order_id": unsigned, "access_token": token})
        assert not shows_price(page)
    state = quotations.state(unsigned, "state", "signature", "signed_by")
    assert state == {"id": unsigned, "state": "draft", "signature": False, "signed_by": False}


def test_chatter(server, api, visitors, unsigned):
    api("manager1").call("sale.order", "message_post", [unsigned], body=f"Price {PRICE}", subtype_xmlid="mail.mt_note")
    _path, token = link(api, unsigned)
    thread = {"thread_model": "sale.order", "thread_id": unsigned}
    for visitor in visitors.values():
        for door in ({}, {"token": token}, {"access_token": token}):
            response = json_call(server, visitor, "/mail/chatter_fetch", **thread, **door)
            assert not shows_price(response)
            response = json_call(
                server,
                visitor,
                "/mail/message/post",
                **thread,
                **door,
                post_data={"body": "Hello", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"},
            )
            assert "error" in response.json(), "nothing can be written there either"


READS = {
    "search_read": ("sale.order", "search_read", {"fields": ["amount_total"]}),
    "web_search_read": ("sale.order", "web_search_read", {"specification": {"amount_total": {}}}),
    "lines": ("sale.order.line", "search_read", {"fields": ["price_unit", "price_subtotal"]}),
    "groups": (
        "sale.order",
        "formatted_read_group",
        {"groupby": ["partner_id"], "aggregates": ["amount_total:sum"]},
    ),
    "groups of lines": (
        "sale.order.line",
        "formatted_read_group",
        {"groupby": ["product_id"], "aggregates": ["price_subtotal:sum"]},
    ),
}


@pytest.mark.parametrize("way", READS)
def test_records_over_json2(api, unsigned, way):
    model, method, arguments = READS[way]
    domain = [["id" if model == "sale.order" else "order_id", "=", unsigned]]

    def read(login):
        """What the customer's program gets; a refusal shows no price either."""
        try:
            return str(api(login).call(model, method, domain=domain, **arguments))
        except Refused as refused:
            assert_sentence(refused)
            return refused.message

    for login in ("customer", "buyer"):
        assert not any(price in read(login) for price in PRICE_TEXTS)
    sign(api, unsigned)
    if way in ("search_read", "lines"):
        assert any(price in read("customer") for price in PRICE_TEXTS), "the counterpart: signed, it is shown"
    assert not any(price in read("buyer") for price in PRICE_TEXTS)


def test_records_by_id_over_json2(api, quotations, unsigned):
    [line] = quotations.state(unsigned, "order_line")["order_line"]
    customer = api("customer")
    for context in ({}, {"active_test": False}, {"su": True, "uid": 1}):
        assert refusal(customer.call, "sale.order", "read", [unsigned], context, fields=["amount_total"])
        assert refusal(customer.call, "sale.order.line", "read", [line], context, fields=["price_unit"])
        assert refusal(customer.call, "sale.order", "export_data", [unsigned], context, fields_to_export=["name"])
        assert refusal(customer.call, "sale.order", "action_confirm", [unsigned], context)
        assert refusal(customer.call, "sale.order", "action_approval_submit", [unsigned], context)
        assert refusal(customer.call, "sale.order", "write", [unsigned], context, vals={"quote_released": True})


def test_no_guessing_by_conditions(api, unsigned):
    """A condition on a hidden document's price finds nothing."""
    for model, condition in (
        ("sale.order", ["amount_total", ">", 0]),
        ("sale.order.line", ["price_unit", ">", 0]),
    ):
        document = ["id" if model == "sale.order" else "order_id", "=", unsigned]
        assert api("customer").call(model, "search_count", domain=[document, condition]) == 0


INNER = [
    "approval_state",
    "approval_summary",
    "order_review_state",
    "order_review_id",
    "order_review_changes",
    "order_review_missing",
    "agreement_missing",
    "customer_file_hold",
    "gate_rail",
    "gate_stage",
    "sending_ids",
    "signed_contract_name",
]


@pytest.mark.parametrize("name", INNER)
def test_inner_matters_of_a_released_quotation(api, quotations, hengtai, name):
    """What colleagues think of it is not the customer's to read, nor to guess by a condition."""
    order = quotations.signed(partner_id=hengtai)
    customer = api("customer")
    assert customer.read("sale.order", order, "amount_total")["amount_total"], "the counterpart: released, it is shown"
    refusal(customer.read, "sale.order", order, name)
    refusal(customer.search, "sale.order", ["id", "=", order], [name, "!=", False])


def test_state_of_the_own_file(api, hengtai):
    assert api("customer").read("res.partner", hengtai, "name")["name"]
    refusal(api("customer").read, "res.partner", hengtai, "customer_file_state")


@pytest.mark.parametrize(
    "model",
    [
        "sales.approval",
        "sales.approval.task",
        "sales.approval.decision",
        "sales.approval.flow",
        "sales.approval.decide",
    ],
)
def test_engine_is_closed_to_customers(api, model):
    assert refusal(api("customer").search, model)
    assert refusal(api("customer").create, model)


def test_register_is_closed_to_customers(server, visitors):
    for visitor in visitors.values():
        data = {"model": "sales.approval"}
        page = visitor.get(f"{server.url}/web/login", timeout=60).text
        if token := re.search(r'csrf_token: "([^"]+)"', page):
            data["csrf_token"] = token.group(1)
        response = visitor.post(f"{server.url}/sales_dept/register", data=data, timeout=60)
        assert not response.headers.get("Content-Type", "").endswith("spreadsheetml.sheet")


def test_changed_after_signing(server, api, quotations, visitors, hengtai):
    order = quotations.signed(partner_id=hengtai, price=100.0)
    path, token = link(api, order)
    page = f"{server.url}{path}"
    assert "100.00" in visitors["link"].get(page, params={"access_token": token}, timeout=60).text
    [line] = quotations.state(order, "order_line")["order_line"]
    api("manager1").write("sale.order.line", line, price_unit=PRICE)
    for visitor in visitors.values():
        assert not shows_price(visitor.get(page, params={"access_token": token}, timeout=60))
    assert not api("customer").search("sale.order.line", ["id", "=", line])


def test_colleague_sees_a_marked_preview(server, api, unsigned):
    colleague = requests.Session()
    cookie = session_cookie(server, "manager1")
    colleague.cookies.set(cookie["name"], cookie["value"])
    path, _token = link(api, unsigned)
    response = colleague.get(f"{server.url}{path}", timeout=60)
    assert shows_price(response)
    assert "NOT SIGNED OFF" in response.text
