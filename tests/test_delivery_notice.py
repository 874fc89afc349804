"""Delivery notices from outside: two people who notice the same rest, and goods that leave without a notice."""

import pytest
from odoo_api import Refused, refusal
from test_simultaneous import at_the_same_moment

ROUNDS = 3


def open_line(api):
    """A confirmed order line of which something may still be noticed: ``(line, customer, quantity)``."""
    lines = api("assistant").search(
        "sale.order.line",
        ["state", "=", "sale"],
        ["product_id.is_storable", "=", True],
        ["order_id.approval_state", "=", "none"],
        fields=["qty_to_notice", "order_partner_id"],
    )
    line = max(lines, key=lambda line: line["qty_to_notice"])
    assert line["qty_to_notice"] >= 10
    return line["id"], line["order_partner_id"], line["qty_to_notice"]


def notice(api, login, line, partner, quantity):
    return api(login).create(
        "sale.delivery.notice",
        partner_id=partner,
        wanted_date="2099-01-01",
        line_ids=[[0, 0, {"sale_line_id": line, "quantity": quantity}]],
    )


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_people_notice_the_same_rest(api, _round):
    line, partner, left = open_line(api)
    quantity = round(left * 0.6)
    people = ("director", "assistant")
    notices = [notice(api, login, line, partner, quantity) for login in people]
    try:
        results = at_the_same_moment(
            *[
                lambda login=login, number=number: api(login).call("sale.delivery.notice", "action_issue", [number])
                for login, number in zip(people, notices, strict=True)
            ]
        )
        refused = [result for result in results if isinstance(result, Refused)]
        assert len(refused) == 1, results
        assert f"only {left - quantity:,.10g}" in refused[0].message
        states = [row["state"] for row in api("assistant").read("sale.delivery.notice", notices, "state")]
        assert sorted(states) == ["draft", "issued"]
    finally:
        api("assistant").call("sale.delivery.notice", "action_cancel", notices)


def test_goods_leave_against_a_notice_only(api):
    """Over JSON-2, by each way that a program has."""
    warehouse = api("warehouse")
    [picking, *_others] = warehouse.search(
        "stock.picking",
        ["picking_type_code", "=", "outgoing"],
        ["state", "in", ["assigned", "confirmed"]],
        ["sale_id", "!=", False],
        fields=["move_ids"],
        order="id desc",
    )
    moves = picking["move_ids"]
    for row in warehouse.search("stock.move", ["id", "in", moves], fields=["product_uom_qty"]):
        # More than anybody noticed.
        warehouse.write("stock.move", row["id"], quantity=row["product_uom_qty"] + 5000, picked=True)
    context = {"skip_backorder": True}
    for call in (
        lambda: warehouse.call("stock.picking", "button_validate", [picking["id"]], context=context),
        lambda: warehouse.write("stock.picking", picking["id"], state="done"),
        lambda: warehouse.write("stock.move", moves, state="done"),
    ):
        assert "accepted delivery notices allow" in refusal(call)
    assert warehouse.read("stock.picking", picking["id"], "state")["state"] != "done"
    warehouse.write("stock.move", moves, picked=False)
