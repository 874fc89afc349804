"""The demo company: made once, kept, and served.

Mail that Odoo sends goes to a sink beside it, never out of the machine: read it in ``.env/mails``.
"""

import fcntl
import os
import re
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from urllib.request import urlopen

from common import ENV, LOGS, MAILS, ROOT, SetupError, addons, main, say, tail
from databases import addons_digest, clone, depends_of, installed, rename, run_logged_odoo, run_scripts
from odoo_cli import run_odoo
from postgres import database_exists, execute, postgres
from setup import fetch_odoo

DATABASE = "sales_dept_demo"

# What happens in the demo company, in this order: scripts of this folder, and what each says when it is done.
STORY = {
    # Our own demo data alone: Odoo's would fill the lists with furniture.
    "load_demo.py": "demo company is ready",
    "demo_history.py": "history is written",
    "demo_freight.py": "freight is reconciled",
    "demo_books.py": "books are kept",
    "demo_issues.py": "issues are entered",
    "demo_satisfaction.py": "customers have answered",
    "demo_visits.py": "visits are planned",
    "demo_kpi.py": "targets are set",
    "demo_months.py": "months are locked",
    "demo_reports.py": "reports are written",
    "demo_draft.py": "drafts are kept",
    "demo_collection.py": "receivables are chased",
    "demo_statement.py": "statements are answered",
    "demo_tax_invoice.py": "invoices are handed over",
    "demo_figures.py": "figures are fresh",
}

_given_ports = set()


def free_port():
    """A port that nobody uses, and that was not given out before: who asked first may not have opened it yet."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port not in _given_ports:
            _given_ports.add(port)
            return port


def wanted_port():
    """The port that PORT names.

    :raises SetupError: when that is no port, or one that is taken
    """
    text = os.environ.get("PORT") or "8069"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SetupError(f"PORT is {text}, which is no port: choose a number from 1 to 65535, such as PORT=8070.")
    port = int(text)
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise SetupError(f"Port {port} is taken by another program. Choose another: make demo PORT={port + 1}")
    return port


def make_database(variables):
    """Make the demo company, or bring it up to date with the addons as they are now."""
    # Whoever comes at the same time waits, and finds it made.
    with open(ENV / "demo.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _make_database(variables, ENV / "stamps" / "demo", addons_digest())


def _make_database(variables, stamp, digest):
    if not database_exists(variables, DATABASE):
        say("Making the demo company (about three minutes) …")
        part = f"{DATABASE}_part"
        clone(variables, installed(variables, "minimal", depends_of(addons())), part)
        run_scripts(variables, part, STORY, "demo-story.log")
        rename(variables, part, DATABASE)
    elif not stamp.exists() or stamp.read_text(encoding="utf-8") != digest:
        say("Bringing the demo company up to date with the addons …")
        arguments = ["-d", DATABASE, "-u", ",".join(addons()), "--stop-after-init", "--no-http"]
        if run_logged_odoo(arguments, variables, "demo-update.log"):
            raise SetupError(f"The demo company could not be brought up to date:\n{tail('demo-update.log', 15)}")
    else:
        return
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest, encoding="utf-8")


@contextmanager
def mail_sink():
    """Yield the port of an SMTP server that keeps what it gets as files."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Mailbox

    controller = Controller(Mailbox(str(MAILS)), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def server_arguments(database, port, mail_port):
    return [
        "-d", database, f"--db-filter=^{database}$", f"--http-port={port}",
        "--smtp=127.0.0.1", f"--smtp-port={mail_port}", "--no-database-list", "--max-cron-threads=1",
        # Browsers open connections before they need them. Odoo takes one that stays idle for a request
        # without end, and stops serving.
        "--limit-time-real=0",
    ]  # fmt: skip


def set_address(variables, database, port):
    """Tell Odoo where it is served: links in mails, and the styles of PDF pages, are fetched from there."""
    execute(
        variables,
        f"UPDATE ir_config_parameter SET value = 'http://localhost:{port}' WHERE key = 'web.base.url'",
        database=database,
    )


def logins(variables):
    """The demo company's people, as they are in the database."""
    return execute(
        variables,
        "SELECT login, partner.name FROM res_users JOIN res_partner partner ON partner.id = partner_id"
        " JOIN ir_model_data data ON data.model = 'res.users' AND data.res_id = res_users.id"
        " WHERE data.module LIKE 'sales_dept_%' AND res_users.active ORDER BY res_users.id",
        database=DATABASE,
    )


class Screen:
    """What a person sees of the server: its warnings as they come, and where to log in once it answers.

    All that Odoo logs goes to a file.
    """

    LOG = "demo.log"
    RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) ")
    SHOWN = ("WARNING", "ERROR", "CRITICAL")

    def __init__(self, variables, port):
        self.port = port
        self.logins = logins(variables)

    def follow(self, process):
        for function in (self._show_warnings, self._welcome):
            threading.Thread(target=function, args=(process,), daemon=True).start()

    def _show_warnings(self, process):
        shown = False
        LOGS.mkdir(exist_ok=True)
        with open(LOGS / self.LOG, "w", encoding="utf-8") as log:
            for line in process.stdout:
                print(line, end="", file=log, flush=True)
                # A traceback belongs to the record above it.
                if record := self.RECORD.match(line):
                    shown = record["level"] in self.SHOWN
                if shown:
                    print(line, end="", flush=True)

    def _welcome(self, process):
        while not self._answers():
            if process.poll() is not None:
                return
            time.sleep(0.2)
        say(
            f"\nMail that Odoo sends is kept in {MAILS.relative_to(ROOT)}, its log in "
            f"{(LOGS / self.LOG).relative_to(ROOT)}. Ctrl-C stops the server."
        )
        people = "\n".join(f"  {login:<14} {name}" for login, name in self.logins)
        say(f"\nhttp://localhost:{self.port}\nLog in as (password = login):\n{people}")

    def _answers(self):
        try:
            # The first page takes longest: the person who goes there now does not wait for it.
            with urlopen(f"http://127.0.0.1:{self.port}/web/login", timeout=60) as answer:
                return answer.status == 200
        except OSError:
            return False


def serve():
    port = wanted_port()
    # It is there already, or ODOO_HOME names a folder that holds none.
    fetch_odoo()
    with postgres() as variables, mail_sink() as mail_port:
        make_database(variables)
        set_address(variables, DATABASE, port)
        say("Starting the server …")
        code = run_odoo(
            server_arguments(DATABASE, port, mail_port),
            variables,
            started=Screen(variables, port).follow,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    if code in (0, -signal.SIGINT, 130):
        return 0
    say(f"\nThe server ended with code {code}:\n{tail(Screen.LOG, 10)}")
    return code


if __name__ == "__main__":
    main(serve)
