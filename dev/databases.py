"""Databases of the environment: made once as templates, cloned with their filestore for each use."""

import ast
import hashlib
import shutil
import tempfile
import threading
from pathlib import Path

from common import DATA, LOGS, ROOT, SetupError, addons, odoo_home, say, tail
from odoo_cli import run_odoo
from postgres import database_exists, execute

# What a sales team may have besides: tests of optional paths run in a database that has all of it.
NEIGHBOURS = [
    "sale_stock",
    "sale_crm",
    "sale_margin",
    "sale_project",
    "sale_pdf_quote_builder",
    "sale_edi_ubl",
    "website_sale",
    "mass_mailing_sale",
    "payment_demo",
    "payment_custom",
    "base_automation",
    "delivery",
    "pos_sale",
    "purchase_stock",
    "mrp",
    "sale_mrp",
    "stock_dropshipping",
    "stock_picking_batch",
    "google_calendar",
    "microsoft_calendar",
]


def depends_of(names):
    """Modules of Odoo's that our addons depend on."""
    depends = set()
    for name in names:
        depends.update(ast.literal_eval((ROOT / name / "__manifest__.py").read_text(encoding="utf-8"))["depends"])
    return sorted(depends - set(names))


def run_logged_odoo(arguments, variables, log):
    """Run Odoo with its output in a log file; return the exit code."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with open(LOGS / log, "w", encoding="utf-8") as output:
        return run_odoo(arguments, variables, stdout=output, stderr=output)


def template(variables, name, modules, base=None):
    """Make the template database of `modules` unless it is there; return its name.

    :param base: a template that has some of the modules already, to begin with

    The name holds a digest of the modules and of Odoo's release, so it is made anew when either
    changes. It gets its name at the end only: an interrupted one is never taken for whole.
    """
    release = (odoo_home() / "odoo" / "release.py").read_text(encoding="utf-8")
    digest = hashlib.sha256("\0".join([*modules, release]).encode()).hexdigest()[:8]
    database = f"sd_template_{name}_{digest}"
    if database_exists(variables, database):
        return database
    part = f"{database}_part"
    say(f"  making the {name} database ({len(modules)} modules and what they need) …")
    if base:
        clone(variables, base, part)
    else:
        drop(variables, part)
    log = f"template-{name}.log"
    arguments = ["-d", part, "-i", ",".join(modules), "--without-demo=all", "--stop-after-init", "--no-http"]
    if run_logged_odoo(arguments, variables, log):
        raise SetupError(f"The {name} database could not be made:\n{tail(log, 15)}")
    rename(variables, part, database)
    return database


def addons_digest():
    """Changes when any file of our addons does."""
    digest = hashlib.sha256()
    for name in addons():
        for path in sorted((ROOT / name).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and "tests" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


# Parts of a run ask for the same one at the same time, and the addons may be changed meanwhile. By name: who asks for
# one that is there does not wait until another is made.
_installing = {}


def installed(variables, name, modules, base=None):
    """Make the database of `modules` with our addons as they are now, unless it is there; return its name.

    Scripts and styles of its pages are made too: those who clone it need not make them again.
    """
    with _installing.setdefault(name, threading.Lock()):
        return _installed(variables, name, template(variables, name, modules, base))


def _installed(variables, name, source):
    kind = f"sd_installed_{name}_"
    database = f"{kind}{source.rpartition('_')[2]}_{addons_digest()[:8]}"
    if database_exists(variables, database):
        return database
    for (outdated,) in execute(variables, f"SELECT datname FROM pg_database WHERE starts_with(datname, '{kind}')"):
        drop(variables, outdated)
    part = f"{database}_part"
    clone(variables, source, part)
    log = f"install-{name}.log"
    if run_logged_odoo(["-d", part, "-i", ",".join(addons()), "--stop-after-init", "--no-http"], variables, log):
        raise SetupError(f"The addons could not be installed:\n{tail(log, 15)}")
    run_script(variables, part, "make_assets.py", "assets are made", f"assets-{name}.log")
    rename(variables, part, database)
    return database


def run_script(variables, database, script, last_words, log, *options):
    """Feed a script of this folder to `odoo shell`; it is done when it has said its `last_words`.

    :param options: others that Odoo shall have
    """
    run_scripts(variables, database, {script: last_words}, log, *options)


def run_scripts(variables, database, scripts, log, *options):
    """Feed scripts of this folder to one `odoo shell`, one after the other, each with names of its own.

    :param dict scripts: the last words of each, by which it is known to be done
    :param options: others that Odoo shall have
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    folder = Path(__file__).parent
    program = "".join(
        f"exec(compile(open({path!r}, encoding='utf-8').read(), {path!r}, 'exec'), {{'env': env}})\n"
        for path in (str(folder / script) for script in scripts)
    )
    with tempfile.TemporaryFile("w+", encoding="utf-8") as commands, open(LOGS / log, "w", encoding="utf-8") as output:
        commands.write(program)
        commands.seek(0)
        arguments = ["shell", "-d", database, "--no-http", *options]
        run_odoo(arguments, variables, stdin=commands, stdout=output, stderr=output)
    said = (LOGS / log).read_text(encoding="utf-8", errors="replace").splitlines()
    for script, last_words in scripts.items():
        if not any(line.startswith(last_words) for line in said):
            raise SetupError(f"{script} failed on the database {database}:\n{tail(log, 15)}")


def rename(variables, old, new):
    execute(variables, f'ALTER DATABASE "{old}" RENAME TO "{new}"')
    shutil.rmtree(DATA / "filestore" / new, ignore_errors=True)
    if (DATA / "filestore" / old).exists():
        (DATA / "filestore" / old).rename(DATA / "filestore" / new)


def clone(variables, source, target):
    """Copy a database and its files: without them every asset would be missing."""
    drop(variables, target)
    execute(variables, f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    if (DATA / "filestore" / source).exists():
        shutil.copytree(DATA / "filestore" / source, DATA / "filestore" / target)


def drop(variables, database):
    execute(variables, f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    shutil.rmtree(DATA / "filestore" / database, ignore_errors=True)
