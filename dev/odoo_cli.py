"""Run Odoo's command line with our addons, data folder and database server."""

import configparser
import os
import signal
import sys
import threading

from common import DATA, ENV, PYTHON, addons_path, main, odoo_home, running
from postgres import postgres


def write_configuration(variables):
    """Write the configuration file that every sub-command of Odoo's reads; return its path."""
    configuration = configparser.ConfigParser(interpolation=None)
    options = {
        "addons_path": addons_path(),
        "data_dir": str(DATA),
        "db_host": variables.get("PGHOST"),
        "db_port": variables.get("PGPORT"),
        "db_user": variables.get("PGUSER"),
        "db_password": variables.get("PGPASSWORD"),
        "http_interface": "127.0.0.1",
    }
    # An empty port is none to Odoo's parser: what is not given stays out, and PostgreSQL's own default holds.
    configuration["options"] = {name: value for name, value in options.items() if value}
    path = ENV / "odoo.conf"
    part = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
    # It may hold a password.
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        configuration.write(file)
    part.rename(path)
    return path


def odoo_environment(variables):
    """Variables of a process that runs Odoo."""
    return {
        # One that is empty is not given, which Odoo does not know.
        **{name: value for name, value in os.environ.items() if value or not name.startswith("PG")},
        "PYTHONPATH": str(odoo_home()),
        "ODOO_RC": str(write_configuration(variables)),
        "TZ": "UTC",
    }


def run_odoo(arguments, variables, started=None, **kwargs):
    """Run Odoo to its end; Ctrl-C goes to it, and we wait until it has stopped.

    :param started: function of the process, called when there is one; it must not wait
    """
    command = [str(PYTHON), "-m", "odoo", *arguments]
    with running(command, env=odoo_environment(variables), **kwargs) as process:
        if started:
            started(process)
        if threading.current_thread() is not threading.main_thread():
            # Signals are the main thread's: it stops what the others wait for.
            return process.wait()
        previous = signal.signal(signal.SIGTERM, lambda *_args: process.terminate())
        try:
            return _wait_patiently(process)
        finally:
            signal.signal(signal.SIGTERM, previous)


def _wait_patiently(process):
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # The terminal sent it to Odoo too: let it shut down in its own time.
            continue


def cli():
    with postgres() as variables:
        return run_odoo(sys.argv[1:], variables)


if __name__ == "__main__":
    main(cli)
