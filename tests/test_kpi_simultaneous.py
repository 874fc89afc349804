"""Two people at the figures of a month at once: one computes or locks, the other is told; the figures add up."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from kpi_months import BUSY, KpiMonths
from odoo_api import Refused, at_the_same_moment, refusal

ROUNDS = 2


@pytest.fixture(scope="module")
def months(api, database_server, server):
    return KpiMonths(database_server, server.database, api)


@pytest.fixture(scope="module")
def over(months):
    """The month before this one, open while these tests run."""
    _running, over = months.make()
    yield over
    months.call("director", "action_lock", over)


@pytest.fixture(autouse=True)
def open_again(months, over):
    """Each test finds the month open, and leaves figures that add up."""
    yield
    months.assert_adds_up()
    if months.state(over) == "locked":
        months.reopen(over)


def locks(months, month):
    """How often the month was locked."""
    return months.rows(f"SELECT count(*) FROM sales_kpi_month_log WHERE month_id = {month} AND kind = 'locked'")[0][0]


def while_at_work(months, login, method, month, meanwhile):
    """Let `login` press the button, which has to work; return what `meanwhile` gave while figures were half written."""
    rows = f"sales_kpi_result WHERE month_id = {month}"
    with ThreadPoolExecutor(1) as pool:
        with months.held(rows):
            first = pool.submit(months.call, login, method, month)
            months.wait_until_held("WITH evidence AS")
            result = meanwhile()
        assert first.result() is True
    return result


@pytest.mark.parametrize("other", ("gm", "director"))
@pytest.mark.parametrize("second", ("action_compute", "action_lock"))
@pytest.mark.parametrize("first", ("action_compute", "action_lock"))
def test_one_is_at_work_the_other_is_told(months, over, first, second, other):
    """Also whoever presses the same button twice."""
    before = locks(months, over)
    told = while_at_work(months, "director", first, over, lambda: refusal(months.call, other, second, over))
    assert told == BUSY
    locked = first == "action_lock"
    assert months.state(over) == ("locked" if locked else "open")
    assert locks(months, over) == before + locked
    if locked:
        assert "is locked" in refusal(months.call, other, "action_compute", over)


def test_the_figures_are_whole_while_they_are_computed(months, api, over):
    """Whoever looks meanwhile sees the figures of before, all of them."""

    def look():
        results = api("gm").search("sales.kpi.result", ["month_id", "=", over], fields=["value", "evidence_count"])
        evidence = api("gm").search("sales.kpi.evidence", ["result_id.month_id", "=", over])
        return results, sorted(row["id"] for row in evidence)

    before = look()
    assert all(before)
    assert while_at_work(months, "director", "action_compute", over, look) == before


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_two_lock(months, over, _round):
    before = locks(months, over)
    results = at_the_same_moment(
        *[lambda login=login: months.call(login, "action_lock", over) for login in ("director", "gm")]
    )
    assert_done_or_told(results)
    assert months.state(over) == "locked"
    assert locks(months, over) == before + 1, "it is locked once, by one of them"


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_all_buttons_at_once(months, over, _round):
    before = locks(months, over)
    buttons = [("director", "action_compute"), ("gm", "action_lock"), ("manager1", "action_compute")] * 2
    results = at_the_same_moment(
        *[lambda login=login, method=method: months.call(login, method, over) for login, method in buttons]
    )
    locked = any(
        result is True for (_login, method), result in zip(buttons, results, strict=True) if method == "action_lock"
    )
    assert True in results, results
    assert months.state(over) == ("locked" if locked else "open")
    assert locks(months, over) == before + locked


def assert_done_or_told(results):
    """At least one did it; whoever did not was told so in words."""
    told = [result for result in results if isinstance(result, Refused)]
    for refused in told:
        assert refused.message == BUSY
    assert len(told) < len(results), results
