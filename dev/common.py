"""What the scripts of dev/ share: where things are, and how they talk to the person at the console."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENV = ROOT / ".env"
VENV = ENV / "venv"
PYTHON = VENV / "bin" / "python"
DATA = ENV / "data"
LOGS = ENV / "logs"
MAILS = ENV / "mails"

# The three addons build on these; a database that has them is what tests start from.
LANGUAGE = "zh_CN"


class SetupError(Exception):
    """A sentence for the person at the console: what is wrong and what to do."""


def say(text):
    print(text, flush=True)


def main(function):
    """Run `function`; its :class:`SetupError` ends the program with a sentence, not a traceback."""
    # Ended from outside, it still stops what it started.
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(143))
    try:
        sys.exit(function())
    except SetupError as error:
        say(f"\n✗ {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        say("\nStopped.")
        sys.exit(130)


def addons():
    """Names of our addons, in the order in which they depend on each other."""
    order = ["sales_dept_roles", "sales_dept_logistics", "sales_dept_kpi"]
    found = {path.parent.name for path in ROOT.glob("sales_dept_*/__manifest__.py")}
    return [name for name in order if name in found]


# What is running in the foreground of one thread or another.
_processes = set()


@contextmanager
def running(command, **kwargs):
    """Yield the process of `command`; it is known to :func:`stop_processes` until it has ended."""
    process = subprocess.Popen(command, **kwargs)
    _processes.add(process)
    try:
        yield process
    finally:
        _processes.discard(process)


def stop_processes(patience=20):
    """End what the other threads wait for; some processes of Odoo's do not listen when they are asked."""
    processes = list(_processes)
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()


def run_logged(command, log, **kwargs):
    """Run `command` with its output in the file `log` of the environment; return its exit code."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with open(LOGS / log, "w", encoding="utf-8") as output:
        with running(command, stdout=output, stderr=subprocess.STDOUT, **kwargs) as process:
            return process.wait()


def tail(log, lines=5):
    path = LOGS / log
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]) if path.exists() else ""


def odoo_home():
    """Folder that holds the ``odoo`` package: the one given, or the one that set-up fetched."""
    return Path(os.environ.get("ODOO_HOME") or ENV / "odoo").resolve()


def addons_path():
    """Odoo's own addons folders and this repository."""
    home = odoo_home()
    # A git checkout keeps the applications in addons/, a distribution's package inside odoo/addons/.
    folders = [home / "addons"] if (home / "addons" / "sale" / "__manifest__.py").exists() else []
    if (home / "odoo" / "addons" / "base").exists():
        folders.append(home / "odoo" / "addons")
    return ",".join(str(folder) for folder in [*folders, ROOT])
