"""What can be checked without running the addons: style, translations, and Odoo's own lint.

The tools and their versions stand in ``.pre-commit-config.yaml``. They work on the files that git
knows; some of them mend what they find, and then fail, so that it is looked at.
"""

import os
import shutil

from common import ENV, LOGS, PYTHON, ROOT, SetupError, addons, main, run_logged, say
from databases import clone, depends_of, drop, installed, run_logged_odoo
from demo import free_port
from i18n import i18n
from plan import Plan, cores
from postgres import postgres
from run_tests import Run

DATABASE = "sd_lint"
# Left out: the search for conflict markers, which would read all of .env too (a hook looks for them
# in our files); pylint, which runs with OCA's rules above, and the tests of Odoo's own pylint rules;
# eslint, which wants a configuration of Odoo's that its packages do not bring.
LEFT_OUT = ["TestConflictMarkers", "TestPyLint", "TestGetTextLint", "TestSqlLint", "TestI18nChecks", "TestESLint"]
TAGS = ",".join(["/test_lint", *(f"-/test_lint:{name}" for name in LEFT_OUT)])


def check_style():
    """Say what is missing before anything runs."""
    if not (ROOT / ".git").exists():
        raise SetupError("The checks look at the files that git knows: run them in a git checkout.")
    if not shutil.which("npm"):
        raise SetupError("prettier, which formats XML, needs Node.js. Install with: apt-get install npm")


def style():
    log = "lint-style.log"
    environment = {**os.environ, "PRE_COMMIT_HOME": str(ENV / "pre-commit")}
    command = [str(PYTHON), "-m", "pre_commit", "run", "--all-files", "--show-diff-on-failure", "--color=never"]
    code = run_logged(command, log, cwd=ROOT, env=environment)
    say((LOGS / log).read_text(encoding="utf-8").rstrip())
    return code == 0


def odoo_lint(variables):
    """Odoo's `test_lint` over the addons."""
    log = "lint.log"
    clone(variables, installed(variables, "minimal", depends_of(addons())), DATABASE)
    # Whatever Odoo is told, it opens a port when it tests: never the one that somebody may be served at.
    arguments = ["-d", DATABASE, "-i", "test_lint", "--test-tags", TAGS, f"--http-port={free_port()}"]
    run_logged_odoo([*arguments, "--stop-after-init"], variables, log)
    drop(variables, DATABASE)
    run = Run(log, [])
    problems = list(run.problems())
    lines = [f"Odoo's own lint: {run.tests} tests, {run.failed} failed", *(f"  ✗ {problem}" for problem in problems)]
    if problems:
        lines.append(f"  The whole log: {(LOGS / log).relative_to(ROOT)}")
    say("\n".join(lines))
    return not problems


def lint():
    check_style()
    with postgres() as variables:
        plan = Plan()
        plan.add("database", lambda: bool(installed(variables, "minimal", depends_of(addons()))))
        plan.add("style", style)
        plan.add("Odoo's own lint", lambda: odoo_lint(variables), "database")
        plan.add("translations", lambda: i18n(check=True) == 0, "database")
        good = plan.run(cores())
    return 0 if good else 1


if __name__ == "__main__":
    main(lint)
