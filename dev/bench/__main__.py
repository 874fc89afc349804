"""Timings in ratio to a baseline that is run beside them, in the same call: ``python -m bench``.

Two databases hold the same quotations: one is Odoo without the addons, the other has them installed. A process of
Odoo runs on each, and the two are asked in turn. Data and databases are made for the run and dropped after it.
``SCALE`` is the size: 1 is 20,000 quotations. ``ONLY`` names the subjects to measure, where not all are wanted.

What is measured stands in `subjects`, one module each; here are the databases and the stages that all go through.
"""

import math
import os
import sys
import time
from contextlib import ExitStack, closing

from common import SetupError, addons, main, odoo_home, say, tail
from databases import clone, depends_of, drop, run_logged_odoo, template
from postgres import execute, postgres

# Subjects hold what Odoo does for them, too.
sys.path.append(str(odoo_home()))

from bench import subjects  # noqa: E402
from bench.data import Generator, cursor_of  # noqa: E402
from bench.harness import Table, Worker  # noqa: E402

# Just installed, with the policies off; with quote sign-off on, and what is to be confirmed signed; with every gate on.
STAGES = ("installed", "signed", "gated")
QUOTATIONS = 20_000
# Fewer would leave no 100 requests to approve at once.
SMALLEST_SCALE = 0.05


def read_scale():
    try:
        scale = float(os.environ.get("SCALE") or 1)
    except ValueError:
        scale = math.nan
    if not SMALLEST_SCALE <= scale < math.inf:
        raise SetupError(f"SCALE is a number from {SMALLEST_SCALE} on, for example: make bench SCALE=0.2")
    return scale


class Bench:
    """The two databases, and what subjects leave for each other."""

    WITHOUT, WITH = "sd_bench_without", "sd_bench_with"

    def __init__(self, variables, stack, scale, only=()):
        self.variables = variables
        self.only = only
        self.stack = stack
        self.quotations = round(QUOTATIONS * scale)
        self.table = Table()

    def worker(self, database, *options):
        return self.stack.enter_context(closing(Worker(database, self.variables, *options)))

    def database(self, name):
        """Take care that the database `name` is dropped in the end."""
        self.stack.callback(drop, self.variables, name)
        return name

    def prepare(self):
        """Make the two databases: the same data, one without the addons and one with."""
        begin = time.monotonic()
        self.database(self.WITHOUT)
        clone(self.variables, template(self.variables, "minimal", depends_of(addons())), self.WITHOUT)
        self.seed, self.to_confirm = self.fill(self.WITHOUT, self.quotations)
        clone(self.variables, self.WITHOUT, self.database(self.WITH))
        self.install(self.WITH)
        self.manager, self.general_manager = self.seed["managers"][0]["id"], self.seed["general_manager"]
        self.without, self.ours = self.worker(self.WITHOUT), self.worker(self.WITH)
        managers = [manager["id"] for manager in self.seed["managers"]]
        self.departments = self.ours("give_roles", managers=managers, general_manager=self.general_manager)
        say(f"{self.quotations:,} quotations, made in {time.monotonic() - begin:.0f} s\n")

    def fill(self, database, quotations):
        """Make data; return what Odoo made of it, and the quotations to confirm by their number of lines."""
        with closing(Worker(database, self.variables)) as worker:
            seed = worker("seed")
            with cursor_of(self.variables, database) as cursor:
                to_confirm = Generator(cursor, seed, quotations).fill()
            worker("check_quotations", orders=[orders[0] for orders in to_confirm.values()])
        execute(self.variables, "VACUUM ANALYZE", database=database)
        return seed, to_confirm

    def install(self, database):
        log = "bench-install.log"
        arguments = ["-d", database, "-i", ",".join(addons()), "--stop-after-init", "--no-http"]
        if run_logged_odoo(arguments, self.variables, log):
            raise SetupError(f"The addons could not be installed:\n{tail(log, 15)}")

    def settle(self):
        for database in (self.WITHOUT, self.WITH):
            execute(self.variables, "VACUUM ANALYZE", database=database)
        self.without("settle")
        self.ours("settle")

    def measure(self):
        """Take all subjects through all stages; return whether all is within its limits."""
        self.table.head()
        for stage in STAGES:
            for subject in subjects.modules():
                self._run(subject, f"prepare_{stage}")
            self.settle()
            for subject in subjects.modules():
                if not self.only or subjects.name(subject) in self.only:
                    self._run(subject, f"measure_{stage}")
        return self.table.good

    def _run(self, subject, step):
        if hasattr(subject, step):
            getattr(subject, step)(self)


def read_only():
    only = [name for name in (os.environ.get("ONLY") or "").split(",") if name]
    names = [subjects.name(subject) for subject in subjects.modules()]
    if unknown := sorted(set(only) - set(names)):
        raise SetupError(f"ONLY names no subject: {', '.join(unknown)}. There are: {', '.join(names)}")
    return only


def bench():
    scale, only = read_scale(), read_only()
    with postgres() as variables, ExitStack() as stack:
        run = Bench(variables, stack, scale, only)
        run.prepare()
        good = run.measure()
    say("\nTimes and queries are medians; a ratio is the median of pairs that were run in turn.")
    return 0 if good else 1


if __name__ == "__main__":
    main(bench)
