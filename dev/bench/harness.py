"""What every subject measures with: processes to ask, pairs of costs, and the table of results."""

import json
import math
import subprocess
from dataclasses import dataclass
from statistics import median, median_low

from common import LOGS, PYTHON, ROOT, SetupError, odoo_home, say, tail
from odoo_cli import odoo_environment

# Pairs are run until the median of their ratios is known this well, or this many times the least number.
PRECISION = 0.02
PATIENCE = 6


class Worker:
    """A process of `process.py`: call it with a command and the command's arguments."""

    def __init__(self, database, variables, *options):
        self.log = f"bench-{database}.log"
        environment = {**odoo_environment(variables), "PYTHONPATH": f"{odoo_home()}:{ROOT / 'dev'}"}
        LOGS.mkdir(parents=True, exist_ok=True)
        with open(LOGS / self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [str(PYTHON), "-m", "bench.process", database, *options],
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
            `process.Operations.measured` measures
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
        queries = " → ".join(map(str, costs.queries())) if any(costs.queries()) else ""
        verdict = ("", "")
        if ratio_limit:
            verdict = self._verdict(median(ratios), ratio_limit, f"≤ {ratio_limit:.2f}")
        elif seconds_limit:
            verdict = self._verdict(ours, seconds_limit, f"≤ {seconds_limit} s")
        self._print((what, beside, duration(base), duration(ours), ratio, queries, *verdict))

    def counts(self, what, beside, base, ours, limit=None):
        """Print a row of numbers; it is over when there are more of `ours` than `limit`, or than of the baseline."""
        limit = base if limit is None else limit
        shown = "" if base is None else f"{base:g}"
        self._print((what, beside, shown, f"{ours:g}", "", "", *self._verdict(ours, limit, f"≤ {limit:g}")))

    def _verdict(self, value, limit, text):
        self.good &= value <= limit
        return text, "ok" if value <= limit else "OVER"


def duration(seconds):
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"


def ratio_text(ratio):
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.1g}"
