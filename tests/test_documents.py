"""Printed forms and spreadsheets, as a colleague downloads them."""

import datetime
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
    sessions = {}

    def get(login, path):
        if login not in sessions:
            sessions[login] = requests.Session()
            cookie = session_cookie(server, login)
            sessions[login].cookies.set(cookie["name"], cookie["value"])
        response = sessions[login].get(f"{server.url}{path}", timeout=120)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        return response

    return get


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


def register(response):
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")
    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    return list(rows[0]), [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_register(download, quotations):
    customer, customer_name, _email = quotations.customer()
    order = quotations.signed(partner_id=customer, price=86.0)
    number = quotations.state(order, "name")["name"]
    columns, rows = register(download("gm", "/sales_dept/quotation_register.xlsx"))
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


def test_register_of_chosen_lines(download, quotations):
    orders = [quotations.signed(), quotations.submitted()]
    ids = [quotations.approvals(order)[0]["id"] for order in orders]
    _columns, rows = register(download("gm", f"/sales_dept/quotation_register.xlsx?ids={','.join(map(str, ids))}"))
    assert {row["Quotation"] for row in rows} == {quotations.state(order, "name")["name"] for order in orders}


@pytest.mark.parametrize("ids", ["x", "1;2", "-1", "999999999999999999999", "1,,2,%00", "1)"])
def test_register_with_nonsense(download, ids):
    columns, _rows = register(download("gm", f"/sales_dept/quotation_register.xlsx?ids={ids}"))
    assert columns == COLUMNS


def test_register_shows_what_its_reader_may_see(download, quotations):
    order = quotations.signed(by="manager1")
    number = quotations.state(order, "name")["name"]
    for login, sees in {"manager1": True, "director": True, "manager2": False, "engineering": False}.items():
        _columns, rows = register(download(login, "/sales_dept/quotation_register.xlsx"))
        assert (number in [row["Quotation"] for row in rows]) == sees, login


def test_customer_name_is_no_formula(download, quotations, api):
    """What somebody typed stays text when the sheet is opened."""
    customer, _name, _email = quotations.customer()
    api("admin").write("res.partner", customer, name="=1+1")
    order = quotations.signed(partner_id=customer)
    number = quotations.state(order, "name")["name"]
    _columns, rows = register(download("gm", "/sales_dept/quotation_register.xlsx"))
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
