"""Run Odoo's command line with our addons, data folder and database server."""

import os
import signal
import subprocess
import sys

from common import DATA, PYTHON, addons_path, main, odoo_home
from postgres import postgres

# Sub-commands that take no server options.
BARE_COMMANDS = {"help", "--help", "-h", "--version", "cloc", "scaffold", "genproxytoken"}


def odoo_command(arguments, variables):
    """The command line and the environment variables for Odoo with `arguments`."""
    command = [str(PYTHON), "-m", "odoo"]
    # A sub-command comes before all options.
    rest = list(arguments)
    if rest and not rest[0].startswith("-"):
        command.append(rest.pop(0))
    if not arguments or arguments[0] not in BARE_COMMANDS:
        command += [f"--addons-path={addons_path()}", f"--data-dir={DATA}"]
        command += [f"--db_host={variables['PGHOST']}", f"--db_user={variables.get('PGUSER', '')}"]
        if variables.get("PGPORT"):
            command.append(f"--db_port={variables['PGPORT']}")
        if variables.get("PGPASSWORD"):
            command.append(f"--db_password={variables['PGPASSWORD']}")
    environment = {**os.environ, "PYTHONPATH": str(odoo_home()), "TZ": "UTC"}
    return command + rest, environment


def run_odoo(arguments, variables, **kwargs):
    """Run Odoo to its end; Ctrl-C goes to it, and we wait until it has stopped."""
    command, environment = odoo_command(arguments, variables)
    process = subprocess.Popen(command, env=environment, **kwargs)
    previous = signal.signal(signal.SIGTERM, lambda *_args: process.terminate())
    try:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                # The terminal sent it to Odoo too: let it shut down in its own time.
                continue
    finally:
        signal.signal(signal.SIGTERM, previous)


def cli():
    with postgres() as variables:
        return run_odoo(sys.argv[1:], variables)


if __name__ == "__main__":
    main(cli)
