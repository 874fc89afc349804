"""The review of an order, in the browser of everybody who has a hand in it, and over JSON-2."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from odoo_api import Refused, assert_sentence, refusal
from web_client import PHONE

DEPARTMENTS = ["engineering", "production", "purchasing", "quality", "finance"]


class Reviews:
    def __init__(self, api, quotations):
        self.api = api
        self.quotations = quotations

    def asked(self, **values):
        """A signed quotation whose review was asked for; returns ``(order, review)``."""
        order = self.quotations.signed(commitment_date="2031-03-14 02:00:00", **values)
        review = self.api("manager1").call("sale.order", "action_order_review", [order])["res_id"]
        self.api("manager1").call("sale.order.review", "action_approval_submit", [review])
        return order, review

    def judging(self, **values):
        order, review = self.asked(**values)
        self.agree(review, "gm")
        return order, review

    def agree(self, review, *logins):
        for login in logins:
            self.api(login).call("sale.order.review", "action_approval_approve", [review])

    def passed(self, **values):
        order, review = self.judging(**values)
        self.agree(review, *DEPARTMENTS)
        return order, review

    def read(self, review, *fields, by="gm"):
        return self.api(by).read("sale.order.review", review, *fields)


@pytest.fixture(scope="session")
def reviews(api, quotations):
    return Reviews(api, quotations)


def test_from_question_to_receipt(browse, api, quotations, reviews):
    order = quotations.signed(commitment_date="2031-03-14 02:00:00")
    manager = browse("manager1").open_quotation(order)
    assert manager.header_button("Confirm").count() == 0
    manager.header_button("Ask for Review").click()
    manager.header_button("Submit for Review").click()
    manager.page.locator(".o_statusbar_status").get_by_text("Sales Department").first.wait_for()
    [row] = api("gm").search("sale.order.review", ["order_id", "=", order], fields=["name"])
    review, number = row["id"], row["name"]
    manager.screen("review-asked")

    gm = browse("gm").open(f"order-reviews/{review}")
    gm.header_button("Agree").click()
    gm.button("Sign off", ".modal").click()
    gm.page.locator(".modal").wait_for(state="detached")
    assert reviews.read(review, "state")["state"] == "review"

    production = browse("production").open(f"order-reviews/{review}")
    assert "Margin" not in production.page.locator(".o_form_sheet").inner_text()
    production.page.locator(".o_data_row [name=promised_date]").click()
    production.page.locator(".o_selected_row [name=promised_date] input").fill("03/28/2031")
    production.page.locator(".oe_title").click()
    production.page.locator(".o_form_button_save").click()
    production.screen("review-production")
    production.header_button("Agree").click()
    production.button("Sign off", ".modal").click()
    production.page.locator(".modal").wait_for(state="detached")

    finance = browse("finance").open(f"order-reviews/{review}")
    assert "Margin" in finance.page.locator(".o_form_sheet").inner_text()
    finance.screen("review-finance")
    finance.header_button("Agree with Conditions").click()
    finance.button("Agree with Conditions", ".modal").click()
    assert reviews.read(review, "state")["state"] == "review", "conditions are written down, or there are none"
    finance.page.locator(".modal [name=comment]:visible textarea").fill("30 % in advance")
    finance.button("Agree with Conditions", ".modal").click()
    finance.page.locator(".modal").wait_for(state="detached")
    reviews.agree(review, "engineering", "purchasing", "quality")

    manager.open(f"order-reviews/{review}")
    assert "30 % in advance" in manager.page.locator(".alert-warning:visible").first.inner_text()
    manager.screen("review-conditions")
    manager.header_button("Accept Conditions").click()
    manager.header_button("Accept Conditions").wait_for(state="detached")
    assert manager.state() == "Passed"

    assistant = browse("assistant").open("order-reviews-to-hand-out")
    assistant.page.locator(".o_group_header").filter(has_text=quotations.customer_of(order)).wait_for()
    row = assistant.page.locator(".o_data_row").filter(has_text=number)
    row.locator(".o_list_record_selector").click()
    assistant.screen("reviews-to-hand-out")
    assistant.button("Hand Out").first.click()
    row.wait_for(state="detached")

    phone = browse("manager1", PHONE).open(f"order-reviews/{review}")
    phone.screen("review-phone")
    phone.header_button("Confirm Receipt").click()
    phone.header_button("Confirm Receipt").wait_for(state="detached")
    received = reviews.read(review, "receive_date", "timeliness", "working_days")
    assert received["timeliness"] == "on_time" and received["receive_date"]
    [line] = api("manager1").search(
        "sale.order.line", ["order_id", "=", order], fields=["wanted_date", "promised_date"]
    )
    assert (line["wanted_date"], line["promised_date"]) == ("2031-03-14", "2031-03-28")


def test_unreviewed_order_is_not_confirmed(api, quotations, reviews):
    order, review = reviews.asked()
    for login in ("manager1", "director", "gm"):
        for method, arguments in {
            "action_confirm": {},
            "action_sales_dept_confirm": {},
            "write": {"vals": {"state": "sale"}},
        }.items():
            for context in ({}, {"skip_review": True, "install_mode": True}):
                message = refusal(api(login).call, "sale.order", method, [order], context, **arguments)
                assert "review" in message.lower(), message
    assert quotations.state(order, "state")["state"] == "draft"


def test_course_cannot_be_written(api, reviews):
    _order, review = reviews.asked()
    for login in ("manager1", "assistant", "director", "gm", "production"):
        for values in ({"state": "passed"}, {"receive_date": "2026-01-01 00:00:00"}, {"approval_state": "approved"}):
            refusal(api(login).write, "sale.order.review", review, **values)
        refusal(api(login).call, "sale.order.review", "_pass", [review])
        refusal(api(login).call, "sale.order.review", "action_hand_out", [review])
    assert reviews.read(review, "state")["state"] == "sales"


def test_two_departments_and_the_same_one_twice(api, reviews):
    """All at the same moment: one opinion for each department, one outcome."""
    _order, review = reviews.judging()
    barrier = threading.Barrier(6)

    def agree(login):
        barrier.wait()
        try:
            api(login).call("sale.order.review", "action_approval_approve", [review])
        except Refused as refused:
            assert_sentence(refused)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(agree, [*DEPARTMENTS, "quality"]))
    opinions = api("gm").search("sale.order.review.opinion", ["review_id", "=", review], fields=["opinion"])
    assert [opinion["opinion"] for opinion in opinions] == ["agree"] * 6
    assert reviews.read(review, "state")["state"] == "passed"


def test_received_twice_counts_once(api, reviews):
    _order, review = reviews.passed()
    api("assistant").call("sale.order.review", "action_hand_out", [review])
    api("manager1").call("sale.order.review", "action_receive", [review])
    first = reviews.read(review, "receive_date")
    api("manager1").call("sale.order.review", "action_receive", [review])
    assert reviews.read(review, "receive_date") == first


def test_register_as_a_file(server, browse, reviews):
    reviews.passed()
    assistant = browse("assistant").open("order-reviews")
    with assistant.page.expect_download() as download:
        assistant.button("Export XLSX").first.click()
    assert download.value.suggested_filename.endswith(".xlsx")
