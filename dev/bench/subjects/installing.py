"""Installing the addons in a database that holds many quotations, beside one that holds none."""

import time

from common import addons
from databases import clone, depends_of, template

from bench.harness import Comparison

RATIO_LIMIT = 1.30
# So many times what the other subjects need.
FACTOR = 5
PAIRS = 3


def measure_installed(bench):
    empty = template(bench.variables, "minimal", depends_of(addons()))
    many = bench.database("sd_bench_many")
    quotations = FACTOR * bench.quotations
    clone(bench.variables, empty, many)
    bench.fill(many, quotations)
    copy = bench.database("sd_bench_install")

    def install(source):
        clone(bench.variables, source, copy)
        begin = time.monotonic()
        bench.install(copy)
        return {"seconds": time.monotonic() - begin, "queries": 0}

    costs = Comparison.run(lambda _n: install(empty), lambda _n: install(many), PAIRS)
    bench.table.times(f"Install on {quotations:,} quotations", "on none", costs, RATIO_LIMIT)
