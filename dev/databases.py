"""Databases of the environment: made once as templates, cloned with their filestore for each use."""

import hashlib
import shutil

from common import DATA, LOGS, SetupError, odoo_home, say, tail
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
]


def depends_of(addons):
    """Modules of Odoo's that our addons depend on."""
    import ast

    from common import ROOT

    depends = set()
    for name in addons:
        depends.update(ast.literal_eval((ROOT / name / "__manifest__.py").read_text(encoding="utf-8"))["depends"])
    return sorted(depends - set(addons))


def run_logged_odoo(arguments, variables, log):
    """Run Odoo with its output in a log file; return the exit code."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with open(LOGS / log, "w", encoding="utf-8") as output:
        return run_odoo(arguments, variables, stdout=output, stderr=output)


def template(variables, name, modules):
    """Make the template database of `modules` unless it is there; return its name.

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
    drop(variables, part)
    log = f"template-{name}.log"
    arguments = ["-d", part, "-i", ",".join(modules), "--without-demo=all", "--stop-after-init", "--no-http"]
    if run_logged_odoo(arguments, variables, log):
        raise SetupError(f"The {name} database could not be made:\n{tail(log, 15)}")
    rename(variables, part, database)
    return database


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
