"""Upgrade of a database with data: made with the oldest version that is in use, brought up to date with the present.

The old addons come out of the history of git. The database is made with them and with their demo company; then the
present ones are installed over it, and what people rely on is compared.
"""

import json
import shutil
import subprocess

from common import ENV, LOGS, ROOT, SetupError, addons, addons_path, main, run_logged, say
from databases import clone, depends_of, drop, rename, run_logged_odoo, run_script, template
from postgres import database_exists, postgres
from run_tests import Run

OLDEST = "280349cd07c641ba93fa1b5ea92101179cbacc37"
OLD_ADDONS = ["sales_dept_roles"]
DATABASE = "sd_upgrade"


def old_addons():
    """Return the folder that holds the old addons, out of git's history."""
    folder = ENV / f"addons-{OLDEST[:8]}"
    if folder.exists():
        return folder
    known = subprocess.run(["git", "cat-file", "-e", f"{OLDEST}^{{commit}}"], cwd=ROOT, stderr=subprocess.DEVNULL)
    if known.returncode:
        raise SetupError(
            f"This copy of the repository does not reach back to {OLDEST[:8]}, the oldest version in use. "
            "Fetch its history with: git fetch --unshallow"
        )
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    archive = part / "addons.tar"
    command = ["git", "archive", "--output", str(archive), OLDEST, *OLD_ADDONS]
    if run_logged(command, "upgrade-git.log", cwd=ROOT):
        raise SetupError("The old addons could not be taken out of git: see .env/logs/upgrade-git.log")
    shutil.unpack_archive(archive, part, filter="data")
    part.rename(folder)
    return folder


def old_database(variables):
    """Make the demo company as the old addons have it, unless it is there; return its name and what is in it."""
    folder = old_addons()
    source = template(variables, "minimal", depends_of(OLD_ADDONS))
    database = f"sd_old_{OLDEST[:8]}_{source.rpartition('_')[2]}"
    where = f"--addons-path={addons_path().removesuffix(str(ROOT))}{folder}"
    kept = ENV / f"{database}.json"
    if not database_exists(variables, database):
        part = f"{database}_part"
        clone(variables, source, part)
        arguments = ["-d", part, "-i", ",".join(OLD_ADDONS), "--stop-after-init", "--no-http", where]
        if run_logged_odoo(arguments, variables, "upgrade-old.log"):
            raise SetupError("The old addons could not be installed: see .env/logs/upgrade-old.log")
        run_script(variables, part, "load_demo.py", "demo company is ready", "upgrade-demo.log", where)
        kept.unlink(missing_ok=True)
        rename(variables, part, database)
    if not kept.exists():
        kept.write_text(json.dumps(contents(variables, database, where)), encoding="utf-8")
    return database, json.loads(kept.read_text(encoding="utf-8"))


def contents(variables, database, *options):
    """What people rely on in `database`, as `upgrade_contents.py` prints it."""
    log = "upgrade-contents.log"
    run_script(variables, database, "upgrade_contents.py", "CONTENTS", log, *options)
    lines = (LOGS / log).read_text(encoding="utf-8").splitlines()
    return json.loads(next(line for line in lines if line.startswith("CONTENTS")).removeprefix("CONTENTS"))


def differences(before, after):
    """Sentences that say what is not as it was."""
    for table, count in before["rows"].items():
        now = after["rows"].get(table)
        if now is None or now < count or (table in before["kept"] and now != count):
            yield f"{table} had {count} rows, and has {now}"
    for model, states in before["states"].items():
        for record, state in states.items():
            now = after["states"].get(model, {}).get(record)
            if now != state:
                yield f"{model} {record} was {state}, and is {now}"


def upgrade():
    with postgres() as variables:
        database, before = old_database(variables)
        clone(variables, database, DATABASE)
        log = "upgrade.log"
        arguments = ["-d", DATABASE, "-u", ",".join(OLD_ADDONS), "--stop-after-init", "--no-http"]
        code = run_logged_odoo(arguments, variables, log)
        run = Run(log, [])
        problems = [*run.errors, *([f"ended with code {code}"] if code else [])]
        if not problems:
            new = [name for name in addons() if name not in OLD_ADDONS]
            if new and run_logged_odoo(["-d", DATABASE, "-i", ",".join(new), *arguments[4:]], variables, log):
                problems.append(f"{', '.join(new)} could not be installed beside: see .env/logs/{log}")
            problems += differences(before, contents(variables, DATABASE))
        drop(variables, DATABASE)
    signed = sum(state == "approved" for states in before["states"].values() for state in states.values())
    if not signed or not before["rows"]["sales_approval_decision"]:
        problems.append("The old demo company holds no signature: nothing was tried.")
    documents = sum(map(len, before["states"].values()))
    say(f"Upgraded from {OLDEST[:8]}: {documents} documents that get signed, {signed} of them approved")
    for problem in problems:
        say(f"  ✗ {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    main(upgrade)
