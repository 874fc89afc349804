"""A team's own KPI, as docs/own-kpi.md has it: installed, computed, locked; its module gone, and back again."""

import re

import pytest
from common import ROOT, addons_path
from kpi_months import KpiMonths
from odoo_api import Api

MODULE = "sd_own_kpi"
FILE = re.compile(rf"^`({MODULE}/\S+)`\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MODELS = ("sales.kpi", "sales.kpi.month", "sales.kpi.total", "sales.kpi.result", "sales.kpi.evidence")
VIEWS = [[False, "list"], [False, "form"], [False, "search"]]
RESULT = ("kpi_id", "user_id", "display_name", "value_text", "verdict", "numerator", "denominator", "threshold")
EVIDENCE = ("name", "res_model", "res_id", "reason_text", "numerator", "denominator")


@pytest.fixture(scope="module")
def own(clone_demo, database_server, tmp_path_factory):
    """The months of a server that finds the module of the page among its addons."""
    folder = tmp_path_factory.mktemp("addons")
    files = FILE.findall((ROOT / "docs" / "own-kpi.md").read_text(encoding="utf-8"))
    (folder / MODULE).mkdir()
    for path, text in files:
        (folder / path).write_text(text, encoding="utf-8")
    assert {path for path, _text in files} > {f"{MODULE}/__manifest__.py", f"{MODULE}/__init__.py"}
    options = [f"--addons-path={addons_path()},{folder}", "--max-cron-threads=0"]
    with clone_demo("own_kpi", *options) as (server, keys):
        yield KpiMonths(database_server, server.database, lambda login: Api(server.url, keys[login]))
        server.stop()
        problems = server.new_log_problems()
        assert not problems, "The server logged:\n" + "\n".join(problems)


def press(months, button):
    """Install or uninstall the module, as an administrator does under Apps."""
    admin = months.api("admin")
    admin.call("ir.module.module", "update_list")
    [module] = admin.search("ir.module.module", ["name", "=", MODULE])
    admin.call("ir.module.module", button, [module["id"]])


def the_kpi(months, **context):
    rows = months.api("director").search(
        "sales.kpi",
        ["source", "=", "customer_number"],
        fields=["name", "explanation", "active", "threshold_ids"],
        context={"active_test": False, **context},
    )
    return rows[0] if rows else None


def figures(months, month, **context):
    """Results of the KPI and what they are made of, as they are read."""
    director = months.api("director")
    results = director.search(
        "sales.kpi.result",
        ["month_id", "=", month],
        ["kpi_id.source", "=", "customer_number"],
        fields=RESULT,
        context=context,
    )
    evidence = director.search(
        "sales.kpi.evidence",
        ["result_id", "in", [row["id"] for row in results]],
        fields=EVIDENCE,
        order="id",
        context=context,
    )
    return results, evidence


def evidence_of(evidence, order):
    [row] = [row for row in evidence if (row["res_model"], row["res_id"]) == ("sale.order", order)]
    return row


def number_an_order(months, month):
    """Let an order of the month bear the customer's number; return it."""
    [[first]] = months.rows(f"SELECT date_from FROM sales_kpi_month WHERE id = {month}")
    orders = months.api("director").search(
        "sale.order",
        ["state", "=", "sale"],
        ["date_order", ">=", f"{first} 12:00:00"],
        ["date_order", "<", f"{first:%Y-%m}-28 12:00:00"],
        ["client_order_ref", "=", False],
        limit=1,
    )
    months.api("director").write("sale.order", orders[0]["id"], client_order_ref="PO-4711")
    return orders[0]["id"]


def open_screens(months):
    """Read what lists and forms of KPIs show, of everything there is, in both languages."""
    director = months.api("director")
    for lang in ("en_US", "zh_CN"):
        context = {"lang": lang, "active_test": False}
        for model in MODELS:
            shown = director.call(model, "get_views", views=VIEWS, context=context)["models"][model]["fields"]
            rows = director.call(
                model, "web_search_read", domain=[], specification={name: {} for name in shown}, context=context
            )["records"]
            assert rows, model
        for model, group in (("sales.kpi", "source"), ("sales.kpi.result", "kpi_id"), ("sales.kpi.total", "kpi_id")):
            assert director.call(
                model, "web_read_group", domain=[], groupby=[group], aggregates=["__count"], context=context
            )["groups"]


def test_own_kpi(own):
    running, over = own.make()
    assert the_kpi(own) is None
    order = number_an_order(own, over)

    # It comes with its module, and is computed with the others.
    press(own, "button_immediate_install")
    kpi = the_kpi(own)
    assert kpi["name"] == "Orders with the Customer's Number"
    assert "of those confirmed in the month" in kpi["explanation"]
    assert kpi["active"] and len(kpi["threshold_ids"]) == 1
    own.turn()
    results, evidence = figures(own, over)
    assert len({row["user_id"] for row in results}) == len(results) > 1, "everybody's"
    assert {row["reason_text"] for row in evidence} == {"Has the customer's number", "No number of the customer"}
    numbered = evidence_of(evidence, order)
    assert (numbered["numerator"], numbered["reason_text"]) == (1, "Has the customer's number")
    opened = own.api("director").call("sales.kpi.evidence", "action_open_document", [numbered["id"]])
    assert (opened["res_model"], opened["res_id"]) == ("sale.order", order)
    own.assert_adds_up()
    assert own.call("director", "action_lock", over) is True
    locked = figures(own, over)

    # Without it, what was measured says what it did, and nothing breaks.
    chinese = figures(own, over, lang="zh_CN")
    press(own, "button_immediate_uninstall")
    gone = the_kpi(own)
    assert not gone["active"]
    assert {**gone, "active": True} == kpi
    assert figures(own, over) == locked
    assert figures(own, over, lang="zh_CN") == chinese
    assert the_kpi(own, lang="zh_CN")["explanation"]
    open_screens(own)
    assert own.call("director", "action_compute", running) is True
    assert own.call("director", "action_show_difference", over)["res_model"] == "sales.kpi.difference"
    own.reopen(over)
    assert own.call("director", "action_lock", over) is True
    assert figures(own, over) == locked, "what nobody computes any more stays as it was"

    # Back again, it goes on.
    press(own, "button_immediate_install")
    assert the_kpi(own) == kpi
    own.reopen(over)
    own.api("director").write("sale.order", order, client_order_ref=False)
    assert own.call("director", "action_compute", over) is True
    _results, evidence = figures(own, over)
    assert evidence_of(evidence, order)["reason_text"] == "No number of the customer"
    own.assert_adds_up()
