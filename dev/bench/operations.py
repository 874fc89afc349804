"""What the operations of all subjects have in common, inside a process of Odoo."""

import gc
import os
import resource
import time
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from odoo import api
from odoo.fields import Command
from odoo.modules.registry import Registry

PAGE = 80
# The web client stops counting there.
COUNT_LIMIT = 10_001


def clock_of(cr):
    """Return the clock to measure by: a function without arguments that returns seconds.

    By the wall, or with ``CLOCK=cpu`` the time that processors have worked, see :func:`processors_of`, which is the
    same on a machine with other work to do.
    """
    if os.environ.get("CLOCK") != "cpu":
        return time.perf_counter
    # The work of parallel processes is not to be seen from outside.
    cr.execute("SET max_parallel_workers_per_gather = 0")
    return processors_of(cr)


def processors_of(cr):
    """Return a clock of processors: of this process, of its children that ended, and of the server's behind `cr`."""
    cr.execute("SELECT pg_backend_pid()")
    # Linux counts it in nanoseconds there, elsewhere in ticks of 10 ms only.
    server = Path(f"/proc/{cr.fetchone()[0]}/schedstat")

    def clock():
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        ours = time.process_time() + children.ru_utime + children.ru_stime
        return ours + (int(server.read_text().split()[0]) / 1e9 if server.exists() else 0)

    return clock


class Operations:
    """Operations on one database. The public methods are the commands."""

    def __init__(self, database):
        self.registry = Registry(database)

    @contextmanager
    def environment(self, user=api.SUPERUSER_ID):
        """Yield an environment of `user`; committed at the end."""
        with self.registry.cursor() as cr:
            company = api.Environment(cr, user, {})["res.users"].browse(user).company_id
            # No mail leaves the machine: it stays in the queue.
            context = {"lang": "en_US", "tz": "UTC", "allowed_company_ids": company.ids}
            yield api.Environment(cr, user, {**context, "mail_notify_force_send": False})

    @contextmanager
    def measured(self, user=api.SUPERUSER_ID):
        """Yield an environment and a function that runs and measures another; rolled back at the end."""
        with self.environment(user) as env:
            cr = env.cr
            clock = clock_of(cr)

            def measure(function):
                cr.flush()
                env.invalidate_all()
                gc.collect()
                queries, begin = cr.sql_log_count, clock()
                function()
                cr.flush()
                return {"seconds": clock() - begin, "queries": cr.sql_log_count - queries}

            yield env, measure
            cr.rollback()

    def settle(self):
        """Leave what is loaded so far out of Python's garbage collection."""
        gc.collect()
        gc.freeze()

    @staticmethod
    def _create_user(env, login, group):
        return (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": login.replace("_", " ").title(),
                    "login": login,
                    "email": f"{login}@company.example",
                    "group_ids": [Command.set([env.ref("base.group_user").id, env.ref(group).id])],
                }
            )
        )

    # === AS THE WEB CLIENT ASKS === #

    def _form(self, record, measure, one2manys):
        """Read all that the form of `record` shows, and of its `one2manys` all that their lists show."""
        view = record.get_views([(False, "form")])
        specification = {}
        for name in view["models"][record._name]["fields"]:
            field = record._fields[name]
            specification[name] = {"fields": {"display_name": {}}} if field.type == "many2one" else {}
            if name in one2manys:
                lines = record.env[field.comodel_name]
                names = view["models"][lines._name]["fields"]
                specification[name] = {
                    "fields": {
                        key: {"fields": {"display_name": {}}} if lines._fields[key].type == "many2one" else {}
                        for key in names
                    },
                    "limit": 200,
                }
        return measure(lambda: record.web_read(specification))

    @staticmethod
    def _page(model, measure, domain, specification, order=None):
        found = {}

        def read():
            found.update(model.web_search_read(domain, specification, limit=PAGE, order=order, count_limit=COUNT_LIMIT))

        figures = measure(read)
        if len(found["records"]) != PAGE:
            raise ValueError(f"The list shows {len(found['records'])} records, not {PAGE}")
        return figures

    @staticmethod
    def _list_specification(model, view):
        """What the web client asks for to show the list `view`: every field of it, hidden columns too."""
        views = model.get_views([(view, "list")])
        fields = views["models"][model._name]["fields"]
        specification = {}
        for node in etree.fromstring(views["views"]["list"]["arch"]).xpath("./field"):
            name = node.get("name")
            specification[name] = {}
            if node.get("column_invisible") in ("True", "1"):
                continue
            if fields[name]["type"] == "many2one":
                specification[name] = {"fields": {"display_name": {}}}
            elif fields[name]["type"] in ("one2many", "many2many"):
                names = ["display_name"] if node.get("widget") == "many2many_tags" else []
                if "color_field" in node.get("options", ""):
                    names.append("color")
                specification[name] = {"fields": {name: {} for name in names}}
        return specification
