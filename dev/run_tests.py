"""All tests; with the word ``core`` Odoo's own tests beside our addons, with ``oca`` those of OCA's
neighbours, with ``rights`` the table of rights alone.

Unit tests and browser tours run in clones of template databases; then ``tests/`` runs against a
served demo company. Whatever is skipped without being listed in ``allowed_skips.txt``, and whatever
logs an error, fails the run.
"""

import re
import shutil
import subprocess
import sys
import time

from common import ENV, LOGS, PYTHON, ROOT, SetupError, addons, addons_path, main, odoo_home, run_logged, say, tail
from databases import NEIGHBOURS, clone, depends_of, drop, run_logged_odoo, template
from demo import free_port
from postgres import postgres

# Other addons that hold orders, made for the same users: both have to go on working.
OCA_NEIGHBOURS = {
    "base_tier_validation": "19.0.1.4.6",
    "sale_tier_validation": "19.0.1.0.0.3",
    "base_exception": "19.0.1.0.0.5",
    "sale_exception": "19.0.1.0.1.1",
}
CORE_TESTS = [
    "sale",
    "sale_management",
    "sale_stock",
    "sale_crm",
    "portal",
    "crm",
    "calendar",
    "hr_holidays",
    "hr_recruitment",
    "stock_delivery",
]
NEEDED_PROGRAMS = {"chromium": "chromium", "wkhtmltopdf": "wkhtmltopdf"}


class Run:
    """What the log of one run of Odoo's tests says."""

    COUNT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
    SKIPPED = re.compile(r"(?:skipped|Skipping) (\S+)\s*:?\s*(.*)")
    LEVEL = re.compile(r"^\S+ \S+ \d+ (ERROR|CRITICAL) \S+ (\S+): (.*)")
    OUR_WARNING = re.compile(r"^\S+ \S+ \d+ WARNING \S+ odoo\.addons\.sales_dept\S*: (.*)")

    def __init__(self, name, log, allowed):
        text = (LOGS / log).read_text(encoding="utf-8", errors="replace")
        self.name = name
        self.log = log
        counts = self.COUNT.findall(text)
        self.failed = sum(int(failed) + int(errors) for failed, errors, _tests in counts)
        self.tests = sum(int(tests) for _failed, _errors, tests in counts)
        self.skipped = [
            match.groups() for match in map(self.SKIPPED.search, text.splitlines()) if match and ".test_" in match[1]
        ]
        self.unlisted = [skip for skip in self.skipped if not any(part in skip[0] for part in allowed)]
        self.errors = [
            match[0]
            for match in map(self.LEVEL.search, text.splitlines())
            # The embedded server has no such extension; Odoo logs that in each new database, and goes on.
            if match and "EXTENSION IF NOT EXISTS pg_trgm" not in match[0]
        ]
        self.errors += [match[0] for match in map(self.OUR_WARNING.search, text.splitlines()) if match]

    def problems(self):
        if not self.tests:
            yield "ran no test"
        if self.failed:
            yield f"{self.failed} of {self.tests} tests failed"
        for name, reason in self.unlisted:
            yield f"skipped, and not listed in dev/allowed_skips.txt: {name} ({reason})"
        if self.errors:
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
    """Install our addons beside `modules` and run the tests of `tags`.

    :param bool fresh: install the modules too, so that tests which run at their installation do;
        else in a clone of the database that has them
    :param folders: where addons lie besides
    """
    begin = time.monotonic()
    database = f"sd_test_{name}"
    if fresh:
        drop(variables, database)
    else:
        clone(variables, template(variables, name, modules), database)
    log = f"test-{name}.log"
    installed = ",".join([*(modules if fresh else []), *addons()])
    arguments = ["-d", database, "-i", installed, "--without-demo=all", "--test-tags", tags, "--stop-after-init"]
    if folders:
        arguments.append(f"--addons-path={','.join([addons_path(), *map(str, folders)])}")
    run_logged_odoo([*arguments, f"--http-port={free_port()}"], variables, log)
    drop(variables, database)
    run = Run(name, log, allowed_skips(name))
    problems = list(run.problems())
    say(
        f"  {name}: {run.tests} tests, {run.failed} failed, {len(run.skipped)} skipped"
        f" in {time.monotonic() - begin:.0f} s{'' if not problems else ' ✗'}"
    )
    for problem in problems:
        say(f"    ✗ {problem}")
    if problems:
        say(f"    The whole log: {(LOGS / log).relative_to(ROOT)}")
    return not problems


def all_tests():
    check_programs()
    ours = depends_of(addons())
    tags = ",".join([*(f"/{name}" for name in addons()), "-sales_dept_wide", "-sales_dept_oca"])
    with postgres() as variables:
        say("Tests of the addons, with nothing but what they depend on:")
        good = odoo_tests(variables, "minimal", ours, tags)
        say("Tests of paths through other modules, with these installed:")
        good &= odoo_tests(variables, "wide", sorted({*ours, *existing(NEIGHBOURS)}), "sales_dept_wide")
    say("Black-box tests against the served demo company:")
    good &= subprocess.call([str(PYTHON), "-m", "pytest", "-q", "-rs", str(ROOT / "tests")]) == 0
    return 0 if good else 1


def core_tests():
    """Odoo's own tests: with our addons installed and their policies off they must pass as before."""
    check_programs()
    modules = existing(CORE_TESTS)
    with postgres() as variables:
        tags = ",".join(f"/{name}" for name in modules)
        good = odoo_tests(variables, "core", sorted({*depends_of(addons()), *modules}), tags, fresh=True)
    return 0 if good else 1


def oca_tests():
    """OCA's own tests of addons that hold orders too, with ours installed; and tests of both at work."""
    check_programs()
    folder = ENV / "oca"
    packages = [f"odoo-addon-{name.replace('_', '-')}=={version}" for name, version in OCA_NEIGHBOURS.items()]
    command = [str(PYTHON), "-m", "pip", "install", "--no-deps", "--upgrade", "--target", str(folder), *packages]
    if run_logged(command, "oca-pip.log"):
        raise SetupError(f"OCA's addons could not be fetched. Check the network and run again.\n{tail('oca-pip.log')}")
    with postgres() as variables:
        tags = ",".join([*(f"/{name}" for name in OCA_NEIGHBOURS), "sales_dept_oca"])
        modules = sorted({*depends_of(addons()), *OCA_NEIGHBOURS})
        good = odoo_tests(variables, "oca", modules, tags, fresh=True, folders=[folder / "odoo" / "addons"])
    return 0 if good else 1


def rights_table():
    """The tests of the tables of rights alone; with ``RIGHTS_TABLE=write`` they write the tables first."""
    tags = ",".join(f"/{name}:TestRightMatrix" for name in addons())
    with postgres() as variables:
        good = odoo_tests(variables, "minimal", depends_of(addons()), tags)
    return 0 if good else 1


if __name__ == "__main__":
    main({"core": core_tests, "oca": oca_tests, "rights": rights_table}.get(" ".join(sys.argv[1:]), all_tests))
