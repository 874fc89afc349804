"""What runs the tests: nothing is left out by splitting them, and a part that goes wrong is noticed."""

import signal
import sys
from subprocess import PIPE

import pytest
from common import SetupError, running, stop_processes
from plan import Plan
from run_tests import Run, split

SUMMARY = "2026-03-02 08:00:00,000 1 INFO db odoo.tests.result: 0 failed, 0 error(s) of 3 tests when loading database"


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_split_leaves_nothing_out(parts):
    weights = {f"Test{number}": 1 + number % 7 for number in range(40)}
    shares = split(weights, parts)
    assert shares == split(dict(reversed(weights.items())), parts), "always in the same way"
    assert len(shares) == parts
    assert sorted(name for share in shares for name in share) == sorted(weights)
    heavy = [sum(weights[name] for name in share) for share in shares]
    assert max(heavy) - min(heavy) <= max(weights.values())


def test_no_part_is_empty():
    assert split({"TestOne": 1}, 4) == [["TestOne"]]


def problems(tmp_path, *lines, allowed=(), expected=3):
    log = tmp_path / "run.log"
    log.write_text("\n".join(lines), encoding="utf-8")
    return list(Run(log, allowed, expected).problems())


def test_all_is_well(tmp_path):
    assert problems(tmp_path, SUMMARY) == []


def test_part_that_died(tmp_path):
    assert problems(tmp_path, "2026-03-02 08:00:00,000 1 INFO db odoo: Starting TestOne.test_one ...") == [
        "ended without a summary"
    ]


def test_part_that_ran_too_few(tmp_path):
    assert problems(tmp_path, SUMMARY, expected=4) == ["ran 3 tests, and there are 4"]
    assert problems(tmp_path, SUMMARY.replace("of 3", "of 0"), expected=0) == ["ran no test"]


def test_part_that_failed(tmp_path):
    assert problems(tmp_path, SUMMARY.replace("0 failed", "1 failed")) == ["1 of 3 tests failed"]


def test_part_that_skipped(tmp_path):
    line = "2026-03-02 08:00:00,000 1 INFO db odoo: skipped odoo.addons.x.tests.test_one.TestOne.test_one : no browser"
    [problem] = problems(tmp_path, line, SUMMARY)
    assert "no browser" in problem
    assert problems(tmp_path, line, SUMMARY, allowed=["TestOne.test_one"]) == []


@pytest.mark.parametrize(
    "line",
    [
        "2026-03-02 08:00:00,000 1 ERROR db odoo.http: it broke",
        "2026-03-02 08:00:00,000 1 CRITICAL db odoo.service: it broke",
        "2026-03-02 08:00:00,000 1 WARNING db odoo.addons.sales_dept_roles.models.x: it broke",
    ],
)
def test_part_that_logged_an_error(tmp_path, line):
    [problem] = problems(tmp_path, line, SUMMARY)
    assert problem.endswith("it broke")


@pytest.mark.parametrize("deaf", [False, True])
def test_what_runs_is_stopped(deaf):
    program = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); " if deaf else "import time; "
    with running([sys.executable, "-c", f"{program}print(1, flush=True); time.sleep(60)"], stdout=PIPE) as process:
        process.stdout.readline()
        stop_processes(patience=1)
        assert process.wait(5) == (-signal.SIGKILL if deaf else -signal.SIGTERM)


def refuse():
    raise SetupError("no network")


@pytest.mark.parametrize("failing", [lambda: False, refuse])
def test_what_needs_a_failed_task_is_not_run(capsys, failing):
    done = []
    plan = Plan()
    plan.add("first", failing)
    plan.add("second", lambda: done.append("second"), "first")
    plan.add("other", lambda: not done.append("other"))
    assert plan.run(2) is False
    assert done == ["other"]
    assert "second: not run" in capsys.readouterr().out


def test_what_is_needed_comes_first():
    done = []
    plan = Plan()
    plan.add("last", lambda: not done.append("last"), "first", "second")
    for name in ("first", "second"):
        plan.add(name, lambda name=name: not done.append(name))
    assert plan.run(2) is True
    assert done[-1] == "last" and len(done) == 3
