"""What can be checked without running the addons: style, translations, and Odoo's own lint.

The tools and their versions stand in ``.pre-commit-config.yaml``. They work on the files that git
knows; some of them mend what they find, and then fail, so that it is looked at.
"""

import os
import shutil
import subprocess

from common import ENV, LOGS, PYTHON, ROOT, SetupError, addons, main, say
from databases import clone, depends_of, drop, run_logged_odoo, template
from demo import free_port
from i18n import i18n
from postgres import postgres
from run_tests import Run

DATABASE = "sd_lint"
# Left out: the search for conflict markers, which would read all of .env too (a hook looks for them
# in our files); pylint, which runs with OCA's rules above, and the tests of Odoo's own pylint rules;
# eslint, which wants a configuration of Odoo's that its packages do not bring.
LEFT_OUT = ["TestConflictMarkers", "TestPyLint", "TestGetTextLint", "TestSqlLint", "TestI18nChecks", "TestESLint"]
TAGS = ",".join(["/test_lint", *(f"-/test_lint:{name}" for name in LEFT_OUT)])


def style():
    if not (ROOT / ".git").exists():
        raise SetupError("The checks look at the files that git knows: run them in a git checkout.")
    if not shutil.which("npm"):
        raise SetupError("prettier, which formats XML, needs Node.js. Install with: apt-get install npm")
    environment = {**os.environ, "PRE_COMMIT_HOME": str(ENV / "pre-commit")}
    command = [str(PYTHON), "-m", "pre_commit", "run", "--all-files", "--show-diff-on-failure"]
    return subprocess.call(command, cwd=ROOT, env=environment) == 0


def odoo_lint():
    """Odoo's `test_lint` over the addons."""
    with postgres() as variables:
        clone(variables, template(variables, "minimal", depends_of(addons())), DATABASE)
        arguments = ["-d", DATABASE, "-i", ",".join(["test_lint", *addons()]), "--test-tags", TAGS]
        # Whatever Odoo is told, it opens a port when it tests: never the one that somebody may be served at.
        run_logged_odoo([*arguments, "--stop-after-init", f"--http-port={free_port()}"], variables, "lint.log")
        drop(variables, DATABASE)
    run = Run("lint", "lint.log", [])
    problems = list(run.problems())
    say(f"Odoo's own lint: {run.tests} tests, {run.failed} failed")
    for problem in problems:
        say(f"  ✗ {problem}")
    if problems:
        say(f"  The whole log: {(LOGS / 'lint.log').relative_to(ROOT)}")
    return not problems


def lint():
    good = style()
    good &= i18n(check=True) == 0
    good &= odoo_lint()
    return 0 if good else 1


if __name__ == "__main__":
    main(lint)
