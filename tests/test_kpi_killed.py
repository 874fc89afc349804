"""A server that dies in its hourly computing of KPIs: the next turn goes on there, and nothing is counted twice."""

import threading
from contextlib import suppress

import pytest
import requests
from kpi_months import BUSY, KpiMonths
from odoo_api import Api, Refused, refusal

TOTALS = """
    SELECT total.id, total.computed_date, EXISTS (SELECT FROM sales_kpi_result WHERE total_id = total.id)
    FROM sales_kpi_total total WHERE state = 'open' ORDER BY date DESC, sequence, kpi_id
"""
OUTDATE = "UPDATE sales_kpi_total SET computed_date = computed_date - interval '2 hours' WHERE state = 'open'"
EVIDENCE = "SELECT result_id, res_model, res_id, numerator, denominator, overlay, pending FROM sales_kpi_evidence"
TURNS = """
    SELECT state, done_count, remaining_count, error_count FROM sales_dept_job_log log
    JOIN ir_model_data ON module = 'sales_dept_kpi' AND ir_model_data.name = 'ir_cron_kpi' AND res_id = cron_id
    ORDER BY log.id
"""


@pytest.fixture(scope="module")
def own(clone_demo, database_server):
    """A server of this test's own with its months of KPIs and the running one, ``(server, months, running)``."""
    # No job but the one that is asked for.
    with clone_demo("kpi_killed", "--max-cron-threads=0") as (server, keys):
        months = KpiMonths(database_server, server.database, lambda login: Api(server.url, keys[login]))
        running, _over = months.make()
        # What was computed is out of date.
        months.rows(f"{OUTDATE} RETURNING id")
        yield server, months, running


def turn_until_dead(months):
    with suppress(requests.RequestException, Refused):
        months.turn()


def kill_in(server, months, rows, statement, meanwhile=lambda: None):
    """Kill the server while its job waits for the `rows` in a `statement`."""
    with months.held(rows):
        turn = threading.Thread(target=turn_until_dead, args=(months,))
        turn.start()
        months.wait_until_held(statement)
        meanwhile()
        server.kill()
    turn.join()
    months.wait_until_alone()


def computed(months):
    return {total: date for total, date, _has_evidence in months.rows(TOTALS)}


def anew(before, after):
    """Those that were computed since, in the order of the job."""
    return [total for total, date in after.items() if date != before[total]]


def figures(months):
    """Results by id, and what all of them are made of."""
    return months.rows("SELECT id FROM sales_kpi_result ORDER BY id"), sorted(months.rows(EVIDENCE), key=str)


def test_killed_while_computing(own):
    server, months, running = own
    outdated, before = computed(months), figures(months)
    order = list(outdated)
    with_evidence = [total for total, _date, has_evidence in months.rows(TOTALS) if has_evidence]
    within, between = with_evidence[1], with_evidence[3]

    def compute_now():
        """Whoever presses the button while the job computes hears so, at once."""
        assert refusal(months.call, "director", "action_compute", running) == BUSY

    # Its evidence is thrown away already and the new one is being written.
    kill_in(server, months, f"sales_kpi_result WHERE total_id = {within}", "WITH evidence AS", compute_now)
    first = computed(months)
    assert anew(outdated, first) == order[: order.index(within)], "whole KPIs are kept, and no part of one"
    assert order.index(within), "it was not killed in mid-work"
    assert figures(months) == before
    months.assert_adds_up()

    # Between two: the one is kept, the other has not thrown anything away.
    server.start()
    documents = f"sales_kpi_evidence WHERE result_id IN (SELECT id FROM sales_kpi_result WHERE total_id = {between})"
    kill_in(server, months, documents, "DELETE FROM sales_kpi_evidence")
    second = computed(months)
    assert anew(first, second) == order[order.index(within) : order.index(between)], "it goes on where it was killed"
    assert figures(months) == before
    months.assert_adds_up()

    server.start()
    months.turn()
    third = computed(months)
    assert anew(second, third) == order[order.index(between) :]
    assert not set(third.values()) & set(outdated.values()), "now all are computed"
    assert figures(months) == before
    months.assert_adds_up()

    done = [order.index(within), order.index(between) - order.index(within), len(order) - order.index(between)]
    assert months.rows(TURNS)[-3:] == [
        ("stopped", done[0], len(order) - done[0], 0),
        ("stopped", done[1], done[2], 0),
        ("done", done[2], 0, 0),
    ]
    months.turn()
    assert computed(months) == third, "what is fresh is not computed again"
