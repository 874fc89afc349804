"""Printed forms and spreadsheets, as a colleague downloads them."""

import datetime
import html
import json
import re
from io import BytesIO
from pathlib import Path

import pytest
import requests
from openpyxl import load_workbook
from pdfminer.high_level import extract_text
from web_client import session_cookie

pytestmark = pytest.mark.usefixtures("readable_pdf")

FORM = "sales_dept_roles.report_product_quotation"
MARK = "NOT SIGNED OFF"
COLUMNS = [
    "Quotation",
    "Customer",
    "Amount",
    "Currency",
    "Requester",
    "Asked",
    "Signed",
    "Signed By",
    "Working Days Taken",
    "Status",
]


@pytest.fixture(scope="module")
def download(server):
    """Return a function ``(login, path) -> response``."""
    sessions = Sessions(server)

    def get(login, path):
        response = sessions.of(login).get(f"{server.url}{path}", timeout=120)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return response

    return get


class Sessions:
    """Browser sessions by login."""

    def __init__(self, server):
        self.server, self.sessions = server, {}

    def of(self, login):
        if login not in self.sessions:
            self.sessions[login] = requests.Session()
            cookie = session_cookie(self.server, login)
            self.sessions[login].cookies.set(cookie["name"], cookie["value"])
        return self.sessions[login]


@pytest.fixture(scope="module")
def post_register(server):
    """Return a function ``(login, ids) -> response`` that asks for the quotation register as the web client does."""
    sessions = Sessions(server)

    def post(login, ids="", **data):
        session = sessions.of(login)
        page = session.get(f"{server.url}/odoo", timeout=120).text
        token = re.search(r'csrf_token: "([^"]+)"', page).group(1)
        data = {"model": "sales.approval", "ids": ids, "csrf_token": token, **data}
        return session.post(f"{server.url}/sales_dept/register", data=data, timeout=120)

    return post


def pdf_text(response):
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    # How words are spaced is the renderer's affair.
    return re.sub(r"\s+", " ", extract_text(BytesIO(response.content)))


def test_signed_form(download, quotations):
    order = quotations.signed()
    number = quotations.state(order, "name")["name"]
    [approval] = quotations.approvals(order)
    text = pdf_text(download("manager1", f"/report/pdf/{FORM}/{order}"))
    assert "Product Quotation" in text
    assert number in text
    assert "Chen Guohua" in text and "陈国华" in text, "the signer, in both scripts"
    assert "Wang Lei" in text, "who prepared it"
    assert approval["digest"] in re.sub(r"\s", "", text)
    assert MARK not in text


def test_unsigned_form_is_marked(download, quotations):
    for order in (quotations.make(), quotations.submitted()):
        number = quotations.state(order, "name")["name"]
        text = pdf_text(download("manager1", f"/report/pdf/{FORM}/{order}"))
        assert number in text
        assert MARK in text and "未经签核" in text
        assert "SHA-256" not in text
        assert MARK in pdf_text(download("manager1", f"/report/pdf/sale.report_saleorder/{order}"))


def test_form_of_a_changed_quotation_is_marked(download, api, quotations):
    order = quotations.signed()
    [line] = quotations.state(order, "order_line")["order_line"]
    api("manager1").write("sale.order.line", line, price_unit=1.0)
    text = pdf_text(download("manager1", f"/report/pdf/{FORM}/{order}"))
    assert MARK in text
    assert "SHA-256" not in text, "the signature does not stand for these terms"


def test_several_forms_at_once(download, quotations):
    """The mark stands on the form it belongs to, and on no other. As HTML: not every renderer joins PDFs."""
    signed, unsigned = quotations.signed(), quotations.make()
    text = download("manager1", f"/report/html/{FORM}/{signed},{unsigned}").text
    number = {order: quotations.state(order, "name")["name"] for order in (signed, unsigned)}
    assert text.count(MARK) == 1
    assert text.index(number[signed]) < text.index(MARK) < text.index(number[unsigned])


def test_form_in_the_customers_language(download, quotations):
    order = quotations.signed(partner_id=quotations.customer(lang="zh_CN")[0])
    text = pdf_text(download("manager1", f"/report/pdf/{FORM}/{order}"))
    assert "报价" in text and "客户" in text


@pytest.mark.parametrize(
    ("model", "report"),
    [
        ("sales.monthly.report", "sales_dept_kpi.report_monthly_report"),
        ("sales.appraisal", "sales_dept_kpi.report_appraisal"),
        ("sales.target", "sales_dept_kpi.report_target"),
    ],
)
def test_papers_of_plan_and_figures(download, api, model, report):
    """What is handed to the general manager is a PDF, of the year that it is about."""
    [paper] = api("gm").search(model, fields=["date_from"], order="date_from desc", offset=1, limit=1)
    text = pdf_text(download("gm", f"/report/pdf/{report}/{paper['id']}"))
    assert paper["date_from"][:4] in text


def register(response):
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")
    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    return list(rows[0]), [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_register(post_register, quotations):
    customer, customer_name, _email = quotations.customer()
    order = quotations.signed(partner_id=customer, price=86.0)
    number = quotations.state(order, "name")["name"]
    columns, rows = register(post_register("gm"))
    assert columns == COLUMNS
    [row] = [row for row in rows if row["Quotation"] == number]
    assert row["Customer"] == customer_name
    assert row["Amount"] == 860
    assert row["Currency"] == "CNY"
    assert row["Requester"] == "Wang Lei 王磊"
    assert isinstance(row["Asked"], datetime.datetime) and isinstance(row["Signed"], datetime.datetime)
    assert row["Signed By"] == "Chen Guohua 陈国华"
    assert row["Working Days Taken"] == 0
    assert row["Status"] == "Approved"


def test_register_of_chosen_lines(post_register, quotations):
    orders = [quotations.signed(), quotations.submitted()]
    ids = [quotations.approvals(order)[0]["id"] for order in orders]
    _columns, rows = register(post_register("gm", ",".join(map(str, ids))))
    assert {row["Quotation"] for row in rows} == {quotations.state(order, "name")["name"] for order in orders}


@pytest.mark.parametrize("ids", ["x", "1;2", "-1", "²", "999999999999999999999", "1,,2,%00", "1)", "999999999"])
def test_register_with_nonsense(post_register, ids):
    """Neither an error of the server nor an empty file: a sentence."""
    response = post_register("gm", ids)
    assert response.status_code == 400
    message = json.loads(html.unescape(response.text))["data"]["message"]
    assert "is no number of a line" in message or "there is nothing in it" in message


def test_register_by_address(server):
    """What is chosen does not stand in an address, and no other site downloads it with a link."""
    session = Sessions(server).of("gm")
    assert session.get(f"{server.url}/sales_dept/register?model=sales.approval", timeout=60).status_code in (404, 405)
    assert session.post(f"{server.url}/sales_dept/register", data={"model": "sales.approval"}).status_code == 400


def test_register_shows_what_its_reader_may_see(post_register, quotations):
    order = quotations.signed(by="manager1")
    number = quotations.state(order, "name")["name"]
    for login, sees in {"manager1": True, "director": True, "manager2": False, "engineering": False}.items():
        response = post_register(login)
        # Who may see none is told so.
        rows = register(response)[1] if response.status_code == 200 else []
        assert (number in [row["Quotation"] for row in rows]) == sees, login


def test_customer_name_is_no_formula(post_register, quotations, api):
    """What somebody typed stays text when the sheet is opened."""
    customer, _name, _email = quotations.customer()
    api("admin").write("res.partner", customer, name="=1+1")
    order = quotations.signed(partner_id=customer)
    number = quotations.state(order, "name")["name"]
    _columns, rows = register(post_register("gm"))
    [row] = [row for row in rows if row["Quotation"] == number]
    assert row["Customer"] == "=1+1"


def test_register_from_the_screen(browse):
    gm = browse("gm").open("quotation-register")
    with gm.page.expect_download() as download:
        gm.button("Export XLSX").click()
    workbook = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    assert [cell.value for cell in workbook.active[1]] == COLUMNS


@pytest.mark.parametrize("login", ["engineering", "finance", "newcomer", "manager2"])
def test_reports_are_for_those_who_may_read_the_quotation(server, quotations, login):
    session = requests.Session()
    cookie = session_cookie(server, login)
    session.cookies.set(cookie["name"], cookie["value"])
    for order in (quotations.signed(price=4321.0), quotations.make(price=4321.0)):
        for report in (FORM, "sale.report_saleorder"):
            response = session.get(f"{server.url}/report/html/{report}/{order}", timeout=60)
            assert "4,321.00" not in response.text, report
