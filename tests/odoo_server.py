"""A running Odoo on a clone of the demo company: started, killed, stopped, and its log read."""

import json
import os
import re
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2
import requests
from common import LOGS, PYTHON, ROOT, tail
from databases import clone, drop
from demo import free_port, server_arguments, set_address

ODOO_CLI = ROOT / "dev" / "odoo_cli.py"
PREPARATION = Path(__file__).with_name("prepare_clone.py")
START_LIMIT = 90
STOP_LIMIT = 30
SERVED_LIMIT = 180

# Odoo logs a query that lost against a simultaneous one, then runs the request again. Where it gives
# up in the end, an error of odoo.http says so.
RETRIED = re.compile(r"odoo\.sql_db: bad query.*(could not serialize access|deadlock detected)", re.DOTALL)
RECORD_START = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ [A-Z]+ )", re.MULTILINE)
RECORD = re.compile(r"^\S+ \S+ \d+ (?P<level>[A-Z]+) \S+ (?P<logger>\S+): (?P<text>.*)", re.DOTALL)


class OdooServer:
    """One server process and its children, on the database `database`; `options` are others that Odoo shall have."""

    def __init__(self, variables, database, mail_port, *options):
        self.database = database
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = LOGS / f"blackbox-{database}.log"
        self.log.unlink(missing_ok=True)
        self._environment = {**os.environ, **variables}
        self._arguments = [*server_arguments(database, self.port, mail_port), *options]
        self._process = None
        self._log_read = 0

    def start(self):
        with open(self.log, "a", encoding="utf-8") as output:
            # A session of its own, so that all of it can be killed at once.
            self._process = subprocess.Popen(
                [str(PYTHON), str(ODOO_CLI), *self._arguments],
                stdout=output,
                stderr=output,
                env=self._environment,
                start_new_session=True,
            )
        wait_until(self._answers, START_LIMIT, lambda: f"Odoo does not answer:\n{tail(self.log.name, 20)}")

    def _answers(self):
        assert self._process.poll() is None, f"Odoo ended while starting:\n{tail(self.log.name, 20)}"
        try:
            return requests.get(f"{self.url}/web/login", timeout=START_LIMIT).ok
        except requests.ConnectionError:
            return False

    def stop(self):
        if self._process and self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_LIMIT)
                return
            self.kill()

    def kill(self):
        """End the server as a power failure would: nothing of it gets to tidy up."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    # === LOG === #

    def new_log_problems(self, expected=()):
        """Errors of anybody's and warnings of our addons' that were logged since this was last asked."""
        with open(self.log, "rb") as file:
            file.seek(self._log_read)
            news = file.read()
        self._log_read += len(news)
        return [
            _shortened(record)
            for record in RECORD_START.split(news.decode(errors="replace"))
            if _is_problem(record) and not any(re.search(regex, record) for regex in (RETRIED, *expected))
        ]


def _is_problem(record):
    match = RECORD.match(record)
    if not match:
        return False
    ours = match["logger"].startswith("odoo.addons.sales_dept") or (
        match["logger"] == "py.warnings" and "sales_dept" in match["text"]
    )
    return match["level"] in ("ERROR", "CRITICAL") or (match["level"] == "WARNING" and ours)


def _shortened(record):
    """What was logged and, of a traceback, what it came to."""
    lines = [line[:500] for line in record.strip().splitlines()]
    return "\n".join(lines if len(lines) < 8 else [*lines[:3], "…", *lines[-3:]])


def wait_until(condition, limit, message="It did not happen in time."):
    """Ask `condition` until it is true and return what it gave; fail with `message` after `limit` seconds."""
    end = time.monotonic() + limit
    while not (result := condition()):
        assert time.monotonic() < end, message() if callable(message) else message
        time.sleep(0.1)
    return result


@contextmanager
def prepared_demo(variables, source, name):
    """Yield the API keys by login of a clone of the demo company, which nobody serves yet."""
    in_use = "The demo company is being served: stop `make demo` and run the tests again."
    # A test that runs beside this one may serve it for a moment.
    wait_until(lambda: _clone(variables, source, name), SERVED_LIMIT, in_use)
    try:
        yield _prepare(variables, name)
    finally:
        drop(variables, name)


@contextmanager
def cloned_demo(variables, mail_port, source, name, *options):
    """Yield ``(server, keys)`` for a clone of the demo company; keys are API keys by login.

    :param options: others that Odoo shall have
    """
    with prepared_demo(variables, source, name) as keys:
        server = OdooServer(variables, name, mail_port, *options)
        set_address(variables, name, server.port)
        try:
            server.start()
            yield server, keys
        finally:
            server.stop()


def _clone(variables, source, name):
    """Return whether the database could be cloned, which it cannot be while anybody is connected to it."""
    try:
        clone(variables, source, name)
    except psycopg2.errors.ObjectInUse:
        return False
    return True


def _prepare(variables, database):
    """Add the people that the tests need besides the demo's, and give everybody an API key."""
    with open(PREPARATION, encoding="utf-8") as script:
        run = subprocess.run(
            [str(PYTHON), str(ODOO_CLI), "shell", "-d", database, "--no-http", "--log-level=error"],
            stdin=script,
            capture_output=True,
            text=True,
            env={**os.environ, **variables},
        )
    lines = [line for line in run.stdout.splitlines() if line.startswith("KEYS ")]
    assert lines, f"The clone could not be prepared:\n{run.stdout}\n{run.stderr}"
    return json.loads(lines[0].removeprefix("KEYS "))
