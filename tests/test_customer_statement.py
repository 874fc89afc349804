"""A customer statement, and the tax-office invoices after it, where two people are at them at the same moment."""

import itertools
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import requests
from odoo_api import Refused, assert_sentence, at_the_same_moment

ROUNDS = 3
NUMBERS = itertools.count(1)
STATEMENT = "customer.statement"


class Person:
    """Somebody of the customer with the link of the mail, who has the statement's page open."""

    def __init__(self, server, statement, token):
        self._session = requests.Session()
        self._session.headers["Accept-Language"] = "en-US"
        self._url = f"{server.url}/my/statements/{statement}"
        self._token = {"access_token": token}
        page = self._session.get(self._url, params=self._token, timeout=60).text
        self._form = {
            name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)[1] for name in ("csrf_token", "version")
        }

    def says(self, what, **words):
        """Return a call that sends the form `what`; it returns the page that comes back."""

        def send():
            answer = self._session.post(
                f"{self._url}/{what}", params=self._token, data={**self._form, **words}, timeout=120
            )
            assert answer.status_code == 200, answer.text
            return answer.text

        return send


@pytest.fixture
def new_customer(api):
    def make_customer():
        number = next(NUMBERS)
        return api("admin").create(
            "res.partner", name=f"Two at Once {number} Ltd", is_company=True, email=f"two{number}@example.com"
        )

    return make_customer


def make(api, login, customer):
    over = str(date.today() - timedelta(days=2))
    return lambda: api(login).create(
        STATEMENT, partner_id=customer, date_to=over, opening_note="Nothing was open before"
    )


@pytest.fixture
def sent(api, new_customer):
    """A statement with one line, sent to a customer of its own: its id, and its link's secret."""
    assistant = api("assistant")
    statement = make(api, "assistant", new_customer())()
    assistant.create("customer.statement.line", statement_id=statement, name="Tooling", amount=500)
    assistant.call(STATEMENT, "action_send", [statement])
    return statement, assistant.read(STATEMENT, statement, "access_token")["access_token"]


@pytest.fixture
def people(server, sent):
    return Person(server, *sent), Person(server, *sent)


def state_of(api, statement):
    return api("assistant").read(STATEMENT, statement, "state", "version", "confirmed_by", "open_correction_count")


def states_of_corrections(api, statement):
    found = api("assistant").search("customer.statement.correction", ["statement_id", "=", statement], fields=["state"])
    return sorted(row["state"] for row in found)


CONFIRMED, CORRECTED = "the statement is confirmed", "we look at your corrections"


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_people_confirm(api, sent, people, _round):
    pages = at_the_same_moment(people[0].says("confirm", name="Ms Zhao"), people[1].says("confirm", name="Mr Li"))
    assert sum(CONFIRMED in page for page in pages) == 1
    first = "Ms Zhao" if CONFIRMED in pages[0] else "Mr Li"
    assert sum(f"{first} confirmed this statement already" in page for page in pages) == 1
    assert state_of(api, sent[0])["confirmed_by"] == first


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_confirms_while_the_other_corrects(api, sent, people, _round):
    confirmed, corrected = at_the_same_moment(
        people[0].says("confirm", name="Ms Zhao"),
        people[1].says("correct", name="Mr Li", remark="A receipt is missing"),
    )
    now = state_of(api, sent[0])
    if CONFIRMED in confirmed:
        assert "Ms Zhao confirmed this statement already" in corrected
        assert (now["state"], now["open_correction_count"]) == ("confirmed", 0)
    else:
        assert "Corrections of this statement are not answered yet" in confirmed
        assert CORRECTED in corrected
        assert (now["state"], now["open_correction_count"], now["confirmed_by"]) == ("corrected", 1, False)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_both_correct_the_same_line(api, sent, people, _round):
    """Both are heard; the later word stands, the earlier one stays on record."""
    [line] = api("assistant").search("customer.statement.line", ["statement_id", "=", sent[0]])
    pages = at_the_same_moment(
        *[
            person.says("correct", name=name, **{f"remark_{line['id']}": f"Not agreed, says {name}"})
            for person, name in zip(people, ("Ms Zhao", "Mr Li"), strict=True)
        ]
    )
    assert all(CORRECTED in page for page in pages), pages
    assert states_of_corrections(api, sent[0]) == ["open", "replaced"]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_sent_anew_while_it_is_confirmed(api, sent, people, _round):
    """Nobody confirms a version that was not on the page."""
    page, reissued = at_the_same_moment(
        people[0].says("confirm", name="Ms Zhao"), lambda: api("assistant").call(STATEMENT, "action_reissue", [sent[0]])
    )
    now = state_of(api, sent[0])
    if CONFIRMED in page:
        assert isinstance(reissued, Refused)
        assert "is Confirmed, so it is not sent once more" in reissued.message
        assert (now["state"], now["version"]) == ("confirmed", 1)
    else:
        assert "was sent anew while you looked at it" in page
        assert (now["state"], now["version"]) == ("sent", 2)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_verified_while_it_is_withdrawn(api, sent, people, _round):
    """Finance verifies, and whoever asked for it withdraws: one of both."""
    statement, _token = sent
    assert CONFIRMED in people[0].says("confirm", name="Ms Zhao")()
    api("assistant").call(STATEMENT, "action_approval_submit", [statement])
    verified, withdrawn = at_the_same_moment(
        lambda: api("finance").call(STATEMENT, "action_approval_approve", [statement]),
        lambda: api("assistant").call(STATEMENT, "action_approval_withdraw", [statement]),
    )
    [refused] = [result for result in (verified, withdrawn) if isinstance(result, Refused)]
    assert state_of(api, statement)["state"] == ("validated" if refused is withdrawn else "confirmed")


# The database has the last word there, and Odoo logs what it says.
@pytest.mark.expected_log("customer_statement_")
@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_colleagues_make_it(api, new_customer, _round):
    customer = new_customer()
    results = at_the_same_moment(make(api, "assistant", customer), make(api, "director", customer))
    [refused] = [result for result in results if isinstance(result, Refused)]
    assert_sentence(refused)
    assert re.search("statement|has CS/.* there is nothing to state yet", refused.message)
    assert len(api("assistant").search(STATEMENT, ["partner_id", "=", customer])) == 1


def of_company(api):
    """The context of the demo company, in which Odoo's own administrator gets to work, too."""
    admin = api("admin")
    [finance] = admin.search("res.users", ["login", "=", "finance"], fields=["company_id"])
    [own] = admin.search("res.users", ["login", "=", "admin"])
    admin.call("res.users", "write", [own["id"]], vals={"company_ids": [[4, finance["company_id"]]]})
    return {"allowed_company_ids": [finance["company_id"]]}


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_tax_invoices_of_one_invoice(api, new_customer, _round):
    """The same invoice in Odoo goes on two tax-office invoices at once: one of them is told what stands there."""
    company = of_company(api)
    line = {"name": "Tooling", "quantity": 1, "price_unit": 500, "tax_ids": [[5]]}
    values = {"move_type": "out_invoice", "partner_id": new_customer(), "invoice_line_ids": [[0, 0, line]]}
    [invoice] = api("admin").call("account.move", "create", context=company, vals_list=[values])
    api("admin").call("account.move", "action_post", [invoice], context=company)

    def register(login):
        return lambda: api(login).create(
            "sales.tax.invoice",
            partner_id=values["partner_id"],
            company_id=company["allowed_company_ids"][0],
            amount_untaxed=500,
            line_ids=[[0, 0, {"move_id": invoice, "amount": 500}]],
        )

    results = at_the_same_moment(register("finance"), register("assistant"))
    [refused] = [result for result in results if isinstance(result, Refused)]
    assert "there stands" in refused.message
    [line] = api("finance").search("sales.tax.invoice.line", ["move_id", "=", invoice], fields=["amount"])
    assert line["amount"] == 500


@pytest.fixture(scope="module")
def uninvoiced(api, server):
    """A validated statement of what left for a customer of the demo company today: its id, and the customer's."""
    assistant = api("assistant")
    [customer] = assistant.search("res.partner", ["name", "like", "Hangzhou Qiantang Tools"])
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    statement = assistant.create(
        STATEMENT,
        partner_id=customer["id"],
        date_from=str(today - timedelta(days=60)),
        date_to=str(today),
        opening_note="Nothing was open before",
    )
    assistant.call(STATEMENT, "action_send", [statement])
    token = assistant.read(STATEMENT, statement, "access_token")["access_token"]
    Person(server, statement, token).says("confirm", name="Ms Zhao")()
    assistant.call(STATEMENT, "action_approval_submit", [statement])
    api("finance").call(STATEMENT, "action_approval_approve", [statement])
    return statement, customer["id"]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_make_invoices(api, uninvoiced, _round):
    """Whoever comes second finds the invoices of the first: what was stated is invoiced once."""
    statement, customer = uninvoiced
    before = api("assistant").read(STATEMENT, statement, "goods_total", "to_invoice_total", "state")
    assert before["state"] == "validated"
    assert before["to_invoice_total"] == before["goods_total"] > 0
    results = at_the_same_moment(
        *[
            lambda login=login: api(login).call(STATEMENT, "action_make_invoices", [statement])
            for login in ("assistant", "finance")
        ]
    )
    assert not any(isinstance(result, Refused) for result in results), results
    company = of_company(api)
    drafts = api("admin").search(
        "account.move",
        ["commercial_partner_id", "=", customer],
        ["move_type", "=", "out_invoice"],
        fields=["state", "amount_total"],
        context=company,
    )
    after = api("assistant").read(STATEMENT, statement, "invoice_count", "to_invoice_total")
    assert (after["invoice_count"], after["to_invoice_total"]) == (len(drafts), 0)
    assert {draft["state"] for draft in drafts} == {"draft"}
    assert sum(draft["amount_total"] for draft in drafts) == pytest.approx(before["goods_total"], abs=0.05)
    # The next round finds it as it was.
    api("admin").call("account.move", "unlink", [draft["id"] for draft in drafts], context=company)
