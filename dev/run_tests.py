"""All tests; with the word ``core`` Odoo's own tests beside our addons, with ``oca`` those of OCA's
neighbours, with ``rights`` the table of rights alone.

Unit tests and browser tours run in clones of template databases; then ``tests/`` runs against a
served demo company. Whatever is skipped without being listed in ``allowed_skips.txt``, and whatever
logs an error, fails the run.
"""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import time

from common import LOGS, PYTHON, ROOT, SetupError, addons, addons_path, main, odoo_home, run_logged, say
from databases import NEIGHBOURS, clone, depends_of, drop, installed, run_logged_odoo, template
from demo import free_port, make_database
from oca import fetch_oca
from odoo_cli import odoo_environment
from plan import Plan, cores
from postgres import postgres

# Other addons that hold orders, made for the same users: both have to go on working.
OCA_NEIGHBOURS = {
    "base_tier_validation": "19.0.1.4.6",
    "sale_tier_validation": "19.0.1.0.0.3",
    "base_exception": "19.0.1.0.0.5",
    "sale_exception": "19.0.1.0.1.1",
    # Read where it is installed.
    "product_customerinfo": "19.0.1.0.1",
}
CORE_TESTS = [
    "sale",
    "sale_management",
    "sale_stock",
    "sale_crm",
    "portal",
    "mail",
    "account",
    "survey",
    "crm",
    "calendar",
    "hr_holidays",
    "hr_recruitment",
    "stock_delivery",
    "stock",
    "stock_picking_batch",
    "purchase_stock",
    "mrp",
    "sale_mrp",
]
NEEDED_PROGRAMS = {"chromium": "chromium", "wkhtmltopdf": "wkhtmltopdf"}


class Run:
    """What the log of one run of Odoo's tests says."""

    COUNT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
    SKIPPED = re.compile(r"(?:skipped|Skipping) (\S+)\s*:?\s*(.*)")
    LEVEL = re.compile(r"^\S+ \S+ \d+ (ERROR|CRITICAL) \S+ (\S+): (.*)")
    OUR_WARNING = re.compile(r"^\S+ \S+ \d+ WARNING \S+ odoo\.addons\.sales_dept\S*: (.*)")

    def __init__(self, log, allowed, expected=None):
        """:param int expected: how many tests there are, where that is known"""
        lines = (LOGS / log).read_text(encoding="utf-8", errors="replace").splitlines()
        self.expected = expected
        counts = [match.groups() for match in map(self.COUNT.search, lines) if match]
        self.ended = bool(counts)
        self.failed = sum(int(failed) + int(errors) for failed, errors, _tests in counts)
        self.tests = sum(int(tests) for _failed, _errors, tests in counts)
        skipped = map(self.SKIPPED.search, lines)
        self.skipped = [match.groups() for match in skipped if match and ".test_" in match[1]]
        self.unlisted = [skip for skip in self.skipped if not any(part in skip[0] for part in allowed)]
        self.errors = [
            match[0]
            for match in map(self.LEVEL.search, lines)
            # The embedded server has no such extension; Odoo logs that in each new database, and goes on.
            if match and "EXTENSION IF NOT EXISTS pg_trgm" not in match[0]
        ]
        self.errors += [match[0] for match in map(self.OUR_WARNING.search, lines) if match]

    def problems(self):
        if not self.ended:
            yield "ended without a summary"
        elif not self.tests:
            yield "ran no test"
        elif self.expected not in (None, self.tests):
            yield f"ran {self.tests} tests, and there are {self.expected}"
        if self.failed:
            yield f"{self.failed} of {self.tests} tests failed"
        for name, reason in self.unlisted:
            yield f"skipped, and not listed in dev/allowed_skips.txt: {name} ({reason})"
        yield from self.errors[:20]


def check_programs():
    missing = [package for program, package in NEEDED_PROGRAMS.items() if not shutil.which(program)]
    if missing:
        raise SetupError(f"The tests need {' and '.join(missing)}. Install with: apt-get install {' '.join(missing)}")


def allowed_skips(run):
    lines = (ROOT / "dev" / "allowed_skips.txt").read_text(encoding="utf-8").splitlines()
    return [line.split()[1] for line in lines if line.startswith(f"{run} ")]


def existing(modules):
    """Those of `modules` that this Odoo has; the others are named, not passed over silently."""
    homes = [odoo_home() / "addons", odoo_home() / "odoo" / "addons"]
    there = [name for name in modules if any((home / name / "__manifest__.py").exists() for home in homes)]
    if absent := sorted(set(modules) - set(there)):
        say(f"  not in this Odoo, so their paths are not tested: {', '.join(absent)}")
    return there


def odoo_tests(variables, name, modules, tags, fresh=False, folders=()):
    """Install our addons beside `modules` and run the tests of `tags`, all in one process.

    :param bool fresh: install the modules too, so that tests which run at their installation do;
        else in a clone of the database that has them
    :param folders: where addons lie besides
    """
    database = f"sd_test_{name}"
    if fresh:
        drop(variables, database)
    else:
        clone(variables, template(variables, name, modules), database)
    to_install = ",".join([*(modules if fresh else []), *addons()])
    arguments = ["-i", to_install, "--without-demo=all", "--test-tags", tags]
    if folders:
        arguments.append(f"--addons-path={','.join([addons_path(), *map(str, folders)])}")
    return run_and_report(variables, name, database, arguments, allowed_skips(name))


def run_and_report(variables, name, database, arguments, allowed, expected=None):
    """Run Odoo on `database`, say how its tests went, and drop it; return whether all is well."""
    begin = time.monotonic()
    log = f"test-{name}.log"
    stats = "--log-handler=odoo.tests.stats:DEBUG"
    command = ["-d", database, *arguments, "--stop-after-init", f"--http-port={free_port()}", stats]
    code = run_logged_odoo(command, variables, log)
    drop(variables, database)
    run = Run(log, allowed, expected)
    problems = list(run.problems())
    if code and not problems:
        problems = [f"ended with code {code}"]
    report(name, f"{run.tests} tests, {run.failed} failed, {len(run.skipped)} skipped", begin, problems, log)
    return not problems


def report(name, counts, begin, problems, log):
    """Say in one go how a part went: others do so at the same time."""
    lines = [f"  {name}: {counts} in {time.monotonic() - begin:.0f} s{' ✗' if problems else ''}"]
    lines += [f"    ✗ {problem}" for problem in problems]
    if problems:
        lines.append(f"    The whole log: {(LOGS / log).relative_to(ROOT)}")
    say("\n".join(lines))


# === ALL TESTS, SIDE BY SIDE === #

# What a test costs beside one without a browser, roughly: so the parts take about as long.
BROWSER_WEIGHT = 3
SLOW_FILES = {
    # Its tests open every page there is, in both languages and on both sizes.
    "tests/test_web_client.py": 6,
    # Each has a server of its own, started more than once, or one that installs modules.
    "tests/test_killed_server.py": 20,
    "tests/test_kpi_killed.py": 30,
    "tests/test_kpi_replica.py": 15,
    "tests/test_own_kpi.py": 30,
}


class Suite:
    """Everything that `make test` runs, as tasks of a plan.

    The unit tests are split by class, the black-box tests by file, always in the same way; each part has a clone
    of its own of a database that was made once.
    """

    def __init__(self, variables, plan, parts):
        self.variables = variables
        self.plan = plan
        self.parts = parts
        self.ours = depends_of(addons())
        # Of each database: the modules of Odoo's that it has besides ours.
        self.modules = {"minimal": self.ours}
        self.tests = 0

    def add(self):
        variables, ours = self.variables, self.ours
        self.modules["wide"] = sorted({*ours, *existing(NEIGHBOURS)})
        # The longest way first: the others find work while it is made.
        self.plan.add("database", lambda: bool(template(variables, "minimal", ours)))
        self.plan.add("wide database", lambda: bool(self._wide()), "database")
        self.plan.add("installed", lambda: bool(installed(variables, "minimal", ours)), "database")
        self.plan.add("demo company", lambda: make_database(variables) or True, "installed")
        everything = ",".join(f"/{name}" for name in addons())
        self._add_odoo_tests("minimal", f"{everything},-sales_dept_wide,-sales_dept_oca", "installed", self.parts)
        self._add_black_box()
        self._add_odoo_tests("wide", "sales_dept_wide", "wide database", 1)

    def _wide(self):
        base = template(self.variables, "minimal", self.ours)
        return installed(self.variables, "wide", self.modules["wide"], base)

    def _add_odoo_tests(self, name, tags, needs, parts):
        found = tests_of(self.variables, tags, addons())
        if at_install := found["at_install"]:
            # Run in no part: what is installed already is not installed again.
            raise SetupError(f"Tag these as post_install, not at_install: {', '.join(at_install)}")
        self._add_parts(name, tags, found["post_install"], needs, parts)

    def _add_parts(self, name, tags, classes, needs, parts):
        self.tests += sum(of_class["tests"] for of_class in classes.values())
        weights = {
            of_class: counts["tests"] * (BROWSER_WEIGHT if counts["browser"] else 1)
            for of_class, counts in classes.items()
        }
        excluded = [tag for tag in tags.split(",") if tag.startswith("-")]
        # Odoo takes a class without a tag for one of its standard tests, which those of other databases are not.
        own_tag = next((tag for tag in tags.split(",") if not tag.startswith(("-", "/"))), "")
        for number, part in enumerate(split(weights, parts), start=1):
            self.plan.add(
                f"{name} {number}",
                functools.partial(
                    self._run_part,
                    name,
                    f"{name}_{number}",
                    ",".join([*(own_tag + of_class for of_class in part), *excluded]),
                    sum(classes[of_class]["tests"] for of_class in part),
                ),
                needs,
            )

    def _run_part(self, name, part, tags, expected):
        source = installed(self.variables, name, self.modules[name])
        database = f"sd_test_{part}"
        clone(self.variables, source, database)
        arguments = ["--test-tags", tags]
        return run_and_report(self.variables, part, database, arguments, allowed_skips(name), expected)

    def _add_black_box(self):
        files = black_box_tests()
        self.tests += sum(files.values())
        weights = {path: tests * SLOW_FILES.get(path, 1) for path, tests in files.items()}
        for number, part in enumerate(split(weights, self.parts), start=1):
            expected = sum(files[path] for path in part)
            run = functools.partial(self._run_black_box, f"blackbox_{number}", part, expected)
            self.plan.add(f"black box {number}", run, "demo company")

    @staticmethod
    def _run_black_box(name, files, expected):
        begin = time.monotonic()
        log = f"test-{name}.log"
        command = [str(PYTHON), "-m", "pytest", "-q", "-rsfE", "-p", "no:cacheprovider", *files]
        code = run_logged(command, log, cwd=ROOT, env={**os.environ, "BLACKBOX_PART": name})
        text = (LOGS / log).read_text(encoding="utf-8", errors="replace")
        last = text.rstrip().rpartition("\n")[2]
        counts = {what: int(number) for number, what in re.findall(r"(\d+) (passed|failed|skipped|errors?)\b", last)}
        problems = re.findall(r"^(?:FAILED|ERROR|SKIPPED) .*", text, re.MULTILINE)
        if counts.get("passed") != expected:
            problems.append(f"{counts.get('passed', 0)} tests passed, and there are {expected}: {last}")
        if code and not problems:
            problems.append(f"ended with code {code}")
        report(name, f"{counts.get('passed', 0)} tests passed", begin, problems, log)
        return not problems


def split(weights, parts):
    """Share out the names in `weights` so that the parts weigh about the same, always in the same way."""
    shares = [[0, number, []] for number in range(parts)]
    for name in sorted(weights, key=lambda name: (-weights[name], name)):
        lightest = min(shares)
        lightest[0] += weights[name]
        lightest[2].append(name)
    return [sorted(names) for _weight, _number, names in shares if names]


def tests_of(variables, tags, modules):
    """The tests of `modules` that `tags` mean, as `list_tests.py` prints them."""
    command = [str(PYTHON), str(ROOT / "dev" / "list_tests.py"), tags, *modules]
    listed = subprocess.run(command, env=odoo_environment(variables), capture_output=True, text=True)
    if listed.returncode:
        raise SetupError(f"The tests could not be listed:\n{listed.stderr[-2000:]}")
    return json.loads(listed.stdout)


def black_box_tests():
    """How many tests each file of ``tests/`` has."""
    command = [str(PYTHON), "-m", "pytest", "--collect-only", "-qq", "-p", "no:cacheprovider", str(ROOT / "tests")]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    files = {path: int(number) for path, number in re.findall(r"^(\S+\.py): (\d+)$", listed.stdout, re.MULTILINE)}
    if listed.returncode or not files:
        raise SetupError(f"The black-box tests could not be listed:\n{listed.stdout[-2000:]}{listed.stderr[-2000:]}")
    return files


def all_tests():
    check_programs()
    begin = time.monotonic()
    with postgres() as variables:
        jobs, plan = cores(), Plan()
        suite = Suite(variables, plan, jobs)
        suite.add()
        say(f"{suite.tests} tests, {jobs} parts at a time:")
        good = plan.run(jobs)
    say(f"{suite.tests} tests in {time.monotonic() - begin:.0f} s{'' if good else ': not all is well ✗'}")
    return 0 if good else 1


class CoreSuite(Suite):
    """Odoo's own tests of some modules, beside our addons.

    Those that run after all is installed are parted as ours are; those that run while their module is installed need
    an installation of their own, in one process.
    """

    def __init__(self, variables, plan, parts, wanted):
        super().__init__(variables, plan, parts)
        self.wanted = wanted
        self.modules["core"] = sorted({*self.ours, *wanted})

    def add(self):
        tags = ",".join(f"/{name}" for name in self.wanted)
        found = tests_of(self.variables, tags, self.wanted)
        if while_installing := sum(of_class["tests"] for of_class in found["at_install"].values()):
            self.tests += while_installing
            # The longest way, so the first one.
            self.plan.add("core at installation", functools.partial(self._run_at_installation, tags))
        if found["post_install"]:
            modules = self.modules["core"]
            self.plan.add("database", lambda: bool(installed(self.variables, "core", modules)))
            self._add_parts("core", f"{tags},-at_install", found["post_install"], "database", 2 * self.parts)

    def _run_at_installation(self, tags):
        modules = self.modules["core"]
        return odoo_tests(self.variables, "core", modules, f"{tags},-post_install", fresh=True)


def core_tests():
    """Odoo's own tests: with our addons installed and their policies off they must pass as before.

    MODULES= some of them only.
    """
    check_programs()
    begin = time.monotonic()
    wanted = [name for name in re.split(r"[\s,]+", os.environ.get("MODULES", "")) if name]
    if unknown := set(wanted) - set(CORE_TESTS):
        raise SetupError(f"Not tested beside ours: {', '.join(sorted(unknown))}. There are {', '.join(CORE_TESTS)}.")
    with postgres() as variables:
        jobs, plan = cores(), Plan()
        suite = CoreSuite(variables, plan, jobs, existing(wanted or CORE_TESTS))
        suite.add()
        say(f"{suite.tests} of Odoo's own tests, {jobs} parts at a time:")
        good = plan.run(jobs)
    say(f"{suite.tests} tests in {time.monotonic() - begin:.0f} s{'' if good else ': not all is well ✗'}")
    return 0 if good else 1


def oca_tests():
    """OCA's own tests of addons that hold orders too, with ours installed; and tests of both at work."""
    check_programs()
    folder = fetch_oca(OCA_NEIGHBOURS)
    with postgres() as variables:
        tags = ",".join([*(f"/{name}" for name in OCA_NEIGHBOURS), "sales_dept_oca"])
        modules = sorted({*depends_of(addons()), *OCA_NEIGHBOURS})
        good = odoo_tests(variables, "oca", modules, tags, fresh=True, folders=[folder])
    return 0 if good else 1


def rights_table():
    """The tests of the tables of rights alone; with ``RIGHTS_TABLE=write`` they write the tables first."""
    tags = ",".join(f"/{name}:TestRightMatrix" for name in addons())
    with postgres() as variables:
        good = odoo_tests(variables, "minimal", depends_of(addons()), tags)
    return 0 if good else 1


if __name__ == "__main__":
    main({"core": core_tests, "oca": oca_tests, "rights": rights_table}.get(" ".join(sys.argv[1:]), all_tests))
