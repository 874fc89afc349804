"""How many of our files one way through touches: a quotation is submitted, signed, sent and confirmed.

Whoever follows such a way in the code has to read so many.
"""

import sys
from collections import Counter
from contextlib import contextmanager

from common import LOGS, ROOT

from bench import operations

FILES_LIMIT = 20
LOG = "bench-one-way.log"


def measure_signed(bench):
    calls = bench.ours("one_way", user=bench.manager, general_manager=bench.general_manager)
    lines = [f"{count:6} {path}" for path, count in sorted(calls.items(), key=lambda item: -item[1])]
    (LOGS / LOG).write_text("\n".join(lines) + "\n", encoding="utf-8")
    bench.table.counts(
        "Files from submitting to confirming", ".env/logs/bench-one-way.log", None, len(calls), FILES_LIMIT
    )


@contextmanager
def called_files():
    """Yield a counter that fills with the calls of functions in our addons, by file."""
    calls = Counter()
    home = f"{ROOT}/sales_dept_"

    def note(frame, _event, _argument):
        if frame.f_code.co_filename.startswith(home):
            calls[frame.f_code.co_filename.removeprefix(f"{ROOT}/")] += 1

    before = sys.gettrace()
    sys.settrace(note)
    try:
        yield calls
    finally:
        sys.settrace(before)


class Operations(operations.Operations):
    def one_way(self, user, general_manager):
        """Take a draft of the user's all the way; return how often something of each of our files was called."""
        with self.measured(user) as (env, _measure):
            mine = [("state", "=", "draft"), ("approval_state", "=", "none"), ("user_id", "=", user)]
            first, second = env["sale.order"].search(mine, limit=2)
            # What the registry looks up once, such as which fields are signed, is no part of the way.
            self._go(first, general_manager)
            with called_files() as calls:
                self._go(second, general_manager)
            return calls

    @staticmethod
    def _go(order, general_manager):
        env = order.env
        order.action_approval_submit()
        env.cr.flush()
        order.with_user(general_manager).action_approval_approve()
        env.cr.flush()
        sending = order.action_quotation_send()
        composer = env["mail.compose.message"].with_context(sending["context"]).create({})
        composer.action_send_mail()
        env.cr.flush()
        order.action_confirm()
        env.cr.flush()
        if order.state != "sale":
            raise ValueError(f"{order.name} was not confirmed")
