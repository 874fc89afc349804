"""The demo company: made once, kept, and served.

Mail that Odoo sends goes to a sink beside it, never out of the machine: read it in ``.env/mails``.
"""

import hashlib
import os
import signal
import socket
from contextlib import contextmanager

from common import ENV, LANGUAGE, MAILS, ROOT, SetupError, addons, main, say, tail
from databases import depends_of, drop, rename, run_logged_odoo
from odoo_cli import run_odoo
from postgres import database_exists, execute, postgres
from setup import fetch_odoo

DATABASE = "sales_dept_demo"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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


def addons_digest():
    """Changes when any file of our addons does."""
    digest = hashlib.sha256()
    for name in addons():
        for path in sorted((ROOT / name).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and "tests" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def make_database(variables):
    """Make the demo company, or bring it up to date with the addons as they are now."""
    stamp = ENV / "stamps" / "demo"
    digest = addons_digest()
    if database_exists(variables, DATABASE):
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != digest:
            say("Bringing the demo company up to date with the addons …")
            arguments = ["-d", DATABASE, "-u", ",".join(addons()), "--stop-after-init", "--no-http"]
            if run_logged_odoo(arguments, variables, "demo-update.log"):
                raise SetupError(f"The demo company could not be brought up to date:\n{tail('demo-update.log', 15)}")
            stamp.write_text(digest, encoding="utf-8")
        return
    say("Making the demo company (about two minutes) …")
    part = f"{DATABASE}_part"
    drop(variables, part)
    modules = ",".join([*depends_of(addons()), *addons()])
    # The first language is the default; left out, English would not even be there to choose.
    languages = f"--load-language=en_US,{LANGUAGE}"
    arguments = ["-d", part, "-i", modules, "--without-demo=all", languages, "--stop-after-init"]
    if run_logged_odoo([*arguments, "--no-http"], variables, "demo-install.log"):
        raise SetupError(f"The addons could not be installed:\n{tail('demo-install.log', 15)}")
    # Our own demo data alone: Odoo's would fill the lists with furniture.
    with open(ROOT / "dev" / "load_demo.py", encoding="utf-8") as script:
        arguments = ["shell", "-d", part, "--no-http"]
        from common import LOGS

        with open(LOGS / "demo-data.log", "w", encoding="utf-8") as output:
            run_odoo(arguments, variables, stdin=script, stdout=output, stderr=output)
    if "demo company is ready" not in tail("demo-data.log", 3):
        raise SetupError(f"The demo data could not be loaded:\n{tail('demo-data.log', 15)}")
    rename(variables, part, DATABASE)
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


def serve():
    port = wanted_port()
    # It is there already, or ODOO_HOME names a folder that holds none.
    fetch_odoo()
    with postgres() as variables, mail_sink() as mail_port:
        make_database(variables)
        set_address(variables, DATABASE, port)
        say(f"\nhttp://localhost:{port}\n\nLog in as (password = login):")
        for login, name in logins(variables):
            say(f"  {login:<12} {name}")
        say(f"\nMail that Odoo sends is kept in {MAILS.relative_to(ROOT)}. Ctrl-C stops the server.\n")
        code = run_odoo(server_arguments(DATABASE, port, mail_port), variables)
    return 0 if code in (0, -signal.SIGINT, 130) else code


if __name__ == "__main__":
    main(serve)
