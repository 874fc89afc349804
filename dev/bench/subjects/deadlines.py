"""The working-day clock, beside Odoo's own means."""

import random
from datetime import date, datetime, timedelta

from bench import operations
from bench.harness import Comparison

REQUESTS = 10_000
SAMPLE = 100
SECONDS_LIMIT = 0.5


def measure_installed(bench):
    factor = REQUESTS // SAMPLE
    costs = Comparison.run(
        lambda _n: bench.without("plan_days", requests=SAMPLE), lambda _n: bench.ours("deadlines", requests=REQUESTS), 5
    ).scaled(factor)
    beside = f"plan_days, {SAMPLE} times × {factor}"
    bench.table.times(f"{REQUESTS:,} working-day deadlines", beside, costs, seconds_limit=SECONDS_LIMIT)


class Operations(operations.Operations):
    def deadlines(self, requests):
        with self.measured() as (env, measure):
            calendar, requests = env.company.resource_calendar_id, self._requests(requests)
            return measure(lambda: calendar._working_day_deadlines(requests, env.company))

    def plan_days(self, requests):
        """The deadlines of `requests` by Odoo's own means, one after the other."""
        with self.measured() as (env, measure):
            calendar, requests = env.company.resource_calendar_id, self._requests(requests)
            return measure(lambda: [calendar.plan_days(days, start, compute_leaves=True) for start, days in requests])

    @staticmethod
    def _requests(count):
        """`count` times of two years, each with a limit of 1 to 10 working days."""
        chance = random.Random(19)
        first = datetime(date.today().year - 1, 1, 1)
        return [
            (first + timedelta(minutes=chance.randrange(2 * 365 * 24 * 60)), chance.randint(1, 10))
            for _index in range(count)
        ]
