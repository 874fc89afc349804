"""Timings in ratio to a baseline that is run beside them, in the same call.

Two databases hold the same quotations: one is Odoo without the addons, the other has them installed
and quote sign-off on. A process of Odoo runs on each, and the two are asked in turn. Data and
databases are made for the run and dropped after it. ``SCALE`` is the size: 1 is 20,000 quotations.
"""

import json
import math
import os
import subprocess
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from statistics import median, median_low

from bench_data import LONG_QUOTATIONS, Generator, copy_requests, cursor_of
from common import LOGS, PYTHON, ROOT, SetupError, addons, main, odoo_home, say, tail
from databases import clone, depends_of, drop, run_logged_odoo, template
from odoo_cli import write_configuration
from postgres import execute, postgres

WITHOUT, WITH = "sd_bench_without", "sd_bench_with"
QUOTATIONS = 20_000
# Fewer would leave no 100 requests to approve at once.
SMALLEST_SCALE = 0.05
BULK = 100
DEADLINES = 10_000
SAMPLED_DEADLINES = 100
RATIO_LIMIT = 1.10
DEADLINES_LIMIT = 0.5
REVIEW_FORM_LIMIT = 1
# Pairs are run until the median of their ratios is known this well, or this many times the least number.
PRECISION = 0.02
PATIENCE = 6


class Worker:
    """A process of `bench_worker.py`: call it with a command and the command's arguments."""

    def __init__(self, database, variables):
        self.log = f"bench-{database}.log"
        environment = {
            **os.environ,
            "PYTHONPATH": str(odoo_home()),
            "ODOO_RC": str(write_configuration(variables)),
            "TZ": "UTC",
        }
        LOGS.mkdir(parents=True, exist_ok=True)
        with open(LOGS / self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [str(PYTHON), str(ROOT / "dev" / "bench_worker.py"), database],
                env=environment,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )

    def __call__(self, command, **arguments):
        try:
            print(json.dumps([command, arguments]), file=self.process.stdin, flush=True)
            answer = json.loads(self.process.stdout.readline() or "{}")
        except BrokenPipeError:
            answer = {}
        if "result" not in answer:
            reason = answer.get("error") or tail(self.log, 10)
            raise SetupError(f"The benchmark {command!r} failed: {reason}\nThe whole log: .env/logs/{self.log}")
        return answer["result"]

    def close(self):
        try:
            self.process.stdin.close()
            self.process.wait(timeout=20)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()


@dataclass
class Comparison:
    """What two operations cost, run in turn."""

    baseline: list
    ours: list

    @classmethod
    def run(cls, baseline, ours, pairs, most=None):
        """Call the two functions in turn, now the one first, now the other, after a round to warm up.

        :param baseline: function of the number of the pair, as `ours`; it returns what
            `bench_worker.Worker.measured` measures
        :param int pairs: how many at least
        :param int most: how many at most, when the median is not well known by then
        """
        baseline(0)
        ours(0)
        costs = cls([], [])
        for number in range(most or pairs):
            sides = [(baseline, costs.baseline), (ours, costs.ours)]
            for function, results in reversed(sides) if number % 2 else sides:
                results.append(function(number))
            if number + 1 >= pairs and costs.uncertainty() <= PRECISION:
                break
        return costs

    def uncertainty(self):
        """Half the width of the 95 % confidence interval of the median ratio."""
        ratios = sorted(self.ratios())
        outside = max(math.floor((len(ratios) - 1.96 * math.sqrt(len(ratios))) / 2), 0)
        return (ratios[-1 - outside] - ratios[outside]) / 2

    def scaled(self, factor):
        """The same with a baseline that is `factor` times as much work."""
        return Comparison([{name: factor * value for name, value in cost.items()} for cost in self.baseline], self.ours)

    def ratios(self):
        """Ours to the baseline, pair by pair."""
        return [ours["seconds"] / base["seconds"] for base, ours in zip(self.baseline, self.ours, strict=True)]

    def seconds(self):
        return tuple(median(cost["seconds"] for cost in side) for side in (self.baseline, self.ours))

    def queries(self):
        return tuple(median_low(cost["queries"] for cost in side) for side in (self.baseline, self.ours))


class Table:
    """The rows as they are printed."""

    HEAD = ("what", "beside", "baseline", "ours", "ratio (min to max)", "queries", "limit", "")
    WIDTHS = (38, 26, 8, 8, 22, 11, 7, 4)

    def __init__(self):
        self.good = True

    def head(self):
        self._print(self.HEAD)
        self._print("─" * width for width in self.WIDTHS)

    def _print(self, cells):
        aligned = [
            f"{cell:<{width}}" if column < 2 else f"{cell:>{width}}"
            for column, (cell, width) in enumerate(zip(cells, self.WIDTHS, strict=True))
        ]
        say(" ".join(aligned).rstrip())

    def times(self, what, beside, costs, ratio_limit=None, seconds_limit=None):
        """Print a row of times; it is over when the median ratio, or our median time, is over its limit."""
        (base, ours), ratios = costs.seconds(), costs.ratios()
        ratio = f"{ratio_text(median(ratios))} ({ratio_text(min(ratios))} to {ratio_text(max(ratios))})"
        queries = " → ".join(map(str, costs.queries()))
        verdict = ("", "")
        if ratio_limit:
            verdict = self._verdict(median(ratios), ratio_limit, f"≤ {ratio_limit:.2f}")
        elif seconds_limit:
            verdict = self._verdict(ours, seconds_limit, f"≤ {seconds_limit} s")
        self._print((what, beside, duration(base), duration(ours), ratio, queries, *verdict))

    def counts(self, what, beside, base, ours):
        """Print a row of numbers of queries; it is over when there are more of `ours`."""
        self._print((what, beside, f"{base:g}", f"{ours:g}", "", "", *self._verdict(ours, base, f"≤ {base:g}")))

    def _verdict(self, value, limit, text):
        self.good &= value <= limit
        return text, "ok" if value <= limit else "OVER"


def duration(seconds):
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"


def ratio_text(ratio):
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.1g}"


def read_scale():
    try:
        scale = float(os.environ.get("SCALE") or 1)
    except ValueError:
        scale = math.nan
    if not SMALLEST_SCALE <= scale < math.inf:
        raise SetupError(f"SCALE is a number from {SMALLEST_SCALE} on, for example: make bench SCALE=0.2")
    return scale


class Bench:
    """The two databases, and what is measured on them."""

    def __init__(self, variables, stack, scale):
        self.variables = variables
        self.stack = stack
        self.quotations = round(QUOTATIONS * scale)
        self.table = Table()

    def worker(self, database):
        return self.stack.enter_context(closing(Worker(database, self.variables)))

    def prepare(self):
        """Make the two databases: the same data, one without the addons and one with."""
        begin = time.monotonic()
        clone(self.variables, template(self.variables, "minimal", depends_of(addons())), WITHOUT)
        with closing(Worker(WITHOUT, self.variables)) as worker:
            self.seed = worker("seed")
            with cursor_of(self.variables, WITHOUT) as cursor:
                self.to_confirm = Generator(cursor, self.seed, self.quotations).fill()
            worker("check_quotations", orders=[orders[0] for orders in self.to_confirm.values()])
        clone(self.variables, WITHOUT, WITH)
        log = "bench-install.log"
        arguments = ["-d", WITH, "-i", ",".join(addons()), "--stop-after-init", "--no-http"]
        if run_logged_odoo(arguments, self.variables, log):
            raise SetupError(f"The addons could not be installed:\n{tail(log, 15)}")
        self.manager, self.general_manager = self.seed["managers"][0]["id"], self.seed["general_manager"]
        self.without, self.ours = self.worker(WITHOUT), self.worker(WITH)
        managers = [manager["id"] for manager in self.seed["managers"]]
        self.departments = self.ours("give_roles", managers=managers, general_manager=self.general_manager)
        self.settle()
        say(f"{self.quotations:,} quotations, made in {time.monotonic() - begin:.0f} s\n")

    def settle(self):
        for database in (WITHOUT, WITH):
            execute(self.variables, "VACUUM ANALYZE", database=database)
        self.without("settle")
        self.ours("settle")

    def measure(self):
        """Measure all, and return whether all is within its limits."""
        self.table.head()
        off = self.confirm("sign-off off")
        self.policy()
        self.sign()
        on = self.confirm("signed off")
        self.extra_queries("sign-off off", off)
        self.extra_queries("signed off", on)
        self.gates()
        gated = self.confirm("all gates on")
        self.extra_queries("all gates on", gated)
        self.review_form()
        self.quotation_list()
        self.inbox()
        self.bulk()
        self.deadlines()
        return self.table.good

    def confirm(self, policy):
        """Measure confirming; return ``{number of lines: comparison}``."""
        results = {}
        for lines, pairs in {20: 36, 200: 18}.items():
            orders = self.to_confirm[lines]
            results[lines] = Comparison.run(
                *(
                    lambda number, side=side, orders=orders: side(
                        "confirm", order=orders[number % len(orders)], user=self.manager
                    )
                    for side in (self.without, self.ours)
                ),
                pairs,
                PATIENCE * pairs,
            )
            self.table.times(f"Confirm {lines} lines, {policy}", "without the addons", results[lines], RATIO_LIMIT)
        return results

    def extra_queries(self, policy, results):
        """What is added to an order of 200 lines must not be more than to one of 20."""
        few, many = (results[lines].queries()[1] - results[lines].queries()[0] for lines in (20, 200))
        self.table.counts(f"Extra queries, 200 lines, {policy}", "at 20 lines", few, many)

    def policy(self):
        costs = Comparison.run(lambda _n: self.ours("switch_policy_sql"), lambda _n: self.ours("switch_policy"), 3)
        self.table.times("Switch sign-off on, all quotations", "SQL UPDATE of that column", costs)
        self.ours("switch_on")

    def sign(self):
        """Sign what is to be confirmed off, and let a tenth of the quotations wait for a signature."""
        for lines in LONG_QUOTATIONS:
            self.ours("submit", orders=self.to_confirm[lines], user=self.manager)
            self.ours("sign", orders=self.to_confirm[lines], user=self.general_manager)
        model, *orders = self.ours("terms", count=self.quotations // 10)
        (approval,) = self.ours("submit", orders=[model["id"]], user=model["user"])
        with cursor_of(self.variables, WITH) as cursor:
            copy_requests(cursor, approval, orders)
        self.ours("check_requests", orders=[order["id"] for order in orders[:20]], user=self.general_manager)
        self.pending = len(orders) + 1
        self.settle()

    def gates(self):
        """Switch on every gate, and let what is to be confirmed meet them."""
        self.ours("switch_gates_on")
        for lines in LONG_QUOTATIONS:
            self.ours(
                "meet_gates",
                orders=self.to_confirm[lines],
                user=self.manager,
                general_manager=self.general_manager,
                departments=self.departments,
            )
        self.settle()

    def review_form(self):
        """Open the form of a review as a department does, beside the order itself in Odoo without the addons."""
        for lines in LONG_QUOTATIONS:
            order = self.to_confirm[lines][0]
            costs = Comparison.run(
                lambda _n, order=order: self.without("order_form", order=order, user=self.manager),
                lambda _n, order=order: self.ours("review_form", order=order, user=self.departments),
                5,
            )
            self.table.times(f"Open review of {lines} lines", "open that order", costs, seconds_limit=REVIEW_FORM_LIMIT)

    def quotation_list(self):
        costs = Comparison.run(
            *(lambda _n, side=side: side("quotation_list", user=self.manager) for side in (self.without, self.ours)),
            24,
            PATIENCE * 24,
        )
        self.table.times("Quotations, 80 rows, our columns on", "without the addons", costs, RATIO_LIMIT)

    def inbox(self):
        user = self.general_manager
        costs = Comparison.run(
            lambda _n: self.ours("inbox_sql", user=user), lambda _n: self.ours("inbox_search", user=user), 10
        )
        self.table.times(f"My Approvals: search, {self.pending:,} wait", "SQL by hand", costs)
        costs = Comparison.run(
            lambda _n: self.without("quotation_list", user=self.manager), lambda _n: self.ours("inbox", user=user), 10
        )
        self.table.times(f"My Approvals: 80 rows, {self.pending:,} wait", "list of 80 quotations", costs)

    def bulk(self):
        user, costs = self.general_manager, {}
        for count in (BULK // 2, BULK):
            costs[count] = Comparison.run(
                lambda _n, count=count: self.without("finish_activities", count=count, user=user),
                lambda _n, count=count: self.ours("approve", count=count, user=user),
                3,
            )
        self.table.times(f"Approve {BULK} at once", f"mark {BULK} activities done", costs[BULK])
        # Of two sizes, so that what is done once does not count.
        more, less = costs[BULK].queries(), costs[BULK // 2].queries()
        base, ours = ((many - few) / (BULK - BULK // 2) for many, few in zip(more, less, strict=True))
        self.table.counts("Queries for each more to approve", "for each more activity", base, ours)

    def deadlines(self):
        factor = DEADLINES // SAMPLED_DEADLINES
        costs = Comparison.run(
            lambda _n: self.without("plan_days", requests=SAMPLED_DEADLINES),
            lambda _n: self.ours("deadlines", requests=DEADLINES),
            5,
        ).scaled(factor)
        beside = f"plan_days, {SAMPLED_DEADLINES} times × {factor}"
        self.table.times(f"{DEADLINES:,} working-day deadlines", beside, costs, seconds_limit=DEADLINES_LIMIT)


def bench():
    scale = read_scale()
    with postgres() as variables, ExitStack() as stack:
        for database in (WITHOUT, WITH):
            stack.callback(drop, variables, database)
        run = Bench(variables, stack, scale)
        run.prepare()
        good = run.measure()
    say("\nTimes and queries are medians; a ratio is the median of pairs that were run in turn.")
    return 0 if good else 1


if __name__ == "__main__":
    main(bench)
