"""Two people at the same customer at the same moment: surveys, visits and issues, over real connections."""

from datetime import datetime, timedelta, timezone

import pytest
import requests
from odoo_api import Refused, at_the_same_moment

ROUNDS = 2
TODAY = datetime.now(timezone.utc).replace(tzinfo=None)


@pytest.fixture(scope="module")
def care(api):
    return Care(api)


class Care:
    """Customers, visits and issues that the tests make for themselves."""

    def __init__(self, api):
        self.api = api
        self.number = 0

    def customer(self):
        self.number += 1
        gm = self.api("gm")
        [user] = gm.search("res.users", ["login", "=", "manager1"])
        name = f"Care {self.number} {TODAY:%H%M%S}"
        email = f"{name.lower().replace(' ', '.')}@care.example"
        return gm.create("res.partner", name=name, is_company=True, email=email, user_id=user["id"])

    def issue(self, customer):
        return self.api("manager1").create("customer.issue", title="Scratched", kind="delivery", partner_id=customer)

    def reply(self, login, issue, kind="answer", text="They leave tomorrow."):
        """The dialog with which `login` speaks to the customer of `issue`."""
        return self.api(login).create(
            "customer.issue.reply", issue_id=issue, kind=kind, text=f"<p>{text}</p>", by="mail"
        )

    def read(self, issue, *names):
        return self.api("gm").read("customer.issue", issue, *names)

    def entries(self, issue):
        return self.api("gm").search(
            "customer.issue.entry", ["issue_id", "=", issue], fields=["kind", "by", "author_id"]
        )

    def link(self, server, issue):
        """The address in the mails about `issue`."""
        return server.url + self.api("manager1").call("customer.issue", "get_portal_url", [issue])

    def surveys(self, customer):
        return self.api("gm").search("sales.satisfaction.answer", ["partner_id", "=", customer])

    def visit(self, customer):
        manager = self.api("manager1")
        [user] = manager.search("res.users", ["login", "=", "manager1"])
        start = TODAY - timedelta(minutes=5)
        return manager.create(
            "calendar.event",
            name="Visit at the same moment",
            start=f"{start:%Y-%m-%d %H:%M:%S}",
            stop=f"{start + timedelta(hours=1):%Y-%m-%d %H:%M:%S}",
            user_id=user["id"],
            visit_purpose="relationship",
            visit_kind="visit",
            visit_partner_id=customer,
            visit_result="neutral",
            visit_outcome="All is well",
        )


def done(results):
    return [result for result in results if not isinstance(result, Refused)]


def told(results):
    return [result.message for result in results if isinstance(result, Refused)]


# === SURVEYS === #


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_clerks_ask_the_same_customer(api, care, _round):
    """She gets one mail: whoever comes second is told that she was asked."""
    customer = care.customer()

    def send(login):
        dialog = api(login).create("sales.satisfaction.send", line_ids=[[0, 0, {"customer_id": customer}]])
        return lambda: api(login).call("sales.satisfaction.send", "action_send", [dialog])

    results = at_the_same_moment(send("assistant"), send("manager1"), send("director"))
    assert len(done(results)) == 1, results
    assert all("was asked on" in message for message in told(results)), results
    assert len(care.surveys(customer)) == 1


def test_two_clerks_enter_the_same_paper(api, care):
    customer = care.customer()
    dialog = api("assistant").create(
        "sales.satisfaction.send", channel="paper", line_ids=[[0, 0, {"customer_id": customer}]]
    )
    api("assistant").call("sales.satisfaction.send", "action_send", [dialog])
    [survey] = care.surveys(customer)

    def enter(login):
        values = api(login).call(
            "sales.satisfaction.enter",
            "default_get",
            fields=["answer_id", "line_ids"],
            context={"default_answer_id": survey["id"]},
        )
        lines = [[0, 0, {**line[2], "value": "4"}] for line in values["line_ids"]]
        paper = api(login).create("sales.satisfaction.enter", answer_id=survey["id"], line_ids=lines)
        return lambda: api(login).call("sales.satisfaction.enter", "action_enter", [paper])

    results = at_the_same_moment(enter("assistant"), enter("director"))
    assert len(done(results)) == 1, results
    assert "is answered already" in told(results)[0]
    [answer] = api("gm").search(
        "sales.satisfaction.answer", ["id", "=", survey["id"]], fields=["score", "scale_count", "channel"]
    )
    assert answer["scale_count"] == 5, "each question is answered once"
    assert (answer["score"], answer["channel"]) == (75, "paper")


# === VISITS === #


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_checked_in_from_two_devices(api, care, _round):
    visit = care.visit(care.customer())

    def check_in():
        return api("manager1").call("calendar.event", "action_visit_check_in", [visit])

    results = at_the_same_moment(check_in, check_in, check_in)
    assert done(results), results
    assert all("right now" in message for message in told(results)), results
    first = api("manager1").read("calendar.event", visit, "visit_checkin_date")["visit_checkin_date"]
    assert first
    check_in()
    assert api("manager1").read("calendar.event", visit, "visit_checkin_date")["visit_checkin_date"] == first


def test_reported_by_two(api, care):
    visit = care.visit(care.customer())

    def report(login):
        return lambda: api(login).call("calendar.event", "action_visit_done", [visit])

    results = at_the_same_moment(report("manager1"), report("assistant"))
    assert done(results), results
    assert all("right now" in message for message in told(results)), results
    row = api("gm").read("calendar.event", visit, "visit_state", "visit_reporter_id")
    assert row["visit_state"] == "done" and row["visit_reporter_id"]


# === ISSUES === #


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_taken_up_by_two(api, care, _round):
    issue = care.issue(care.customer())

    def take(login):
        return lambda: api(login).call("customer.issue", "action_start", [issue])

    results = at_the_same_moment(take("manager1"), take("assistant"))
    assert not told(results), results
    assert care.read(issue, "state")["state"] == "in_progress"


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_the_same_answer_sent_twice(api, care, _round):
    """A button pressed twice says it once."""
    issue = care.issue(care.customer())
    dialog = care.reply("manager1", issue)
    send = [lambda: api("manager1").call("customer.issue.reply", "action_send", [dialog])] * 3
    assert not told(at_the_same_moment(*send))
    assert [entry["kind"] for entry in care.entries(issue)] == ["answer"]


def test_two_solve_it(api, care):
    """It is solved once; whoever comes second is told."""
    issue = care.issue(care.customer())
    dialogs = {login: care.reply(login, issue, "solution") for login in ("manager1", "assistant")}
    results = at_the_same_moment(
        *[
            lambda login=login, dialog=dialog: api(login).call("customer.issue.reply", "action_send", [dialog])
            for login, dialog in dialogs.items()
        ]
    )
    assert len(done(results)) == 1, results
    assert "is solved already" in told(results)[0]
    assert [entry["kind"] for entry in care.entries(issue)] == ["solution"]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_not_solved_said_twice_on_the_portal(api, care, server, _round):
    """The form sent twice, and once more by a colleague at the customer's: it is open again once."""
    issue = care.issue(care.customer())
    dialog = care.reply("manager1", issue, "solution")
    api("manager1").call("customer.issue.reply", "action_send", [dialog])
    url = care.link(server, issue)

    def visitor():
        session = requests.Session()
        page = session.get(url, timeout=60).text
        csrf = page.split('name="csrf_token" value="')[1].split('"')[0]
        action = url.replace(f"/my/issues/{issue}", f"/my/issues/{issue}/not-solved")
        return lambda: session.post(action, data={"csrf_token": csrf, "text": "Nothing came"}, timeout=60).status_code

    results = at_the_same_moment(visitor(), visitor(), visitor())
    assert results == [200] * 3
    row = care.read(issue, "state", "reopen_count")
    assert (row["state"], row["reopen_count"]) == ("in_progress", 1)
    assert [entry["kind"] for entry in care.entries(issue)] == ["solution", "reopened"]
