"""The environment from the outside: what its scripts say when something is wrong, and what they leave behind."""

import ast
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from importlib.metadata import distribution

import psutil
import pytest
import requests
from common import ENV, LOGS, PYTHON, ROOT, odoo_home
from demo import free_port, logins
from odoo_server import wait_until
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

DEV = ROOT / "dev"
# What set-up and demo are started with: the person's own Python, or the environment's.
SYSTEM_PYTHON = os.environ.get("SETUP_PYTHON") or sys.executable


def run(command, timeout=120, **variables):
    """Run a command in the repository; return the finished process with its output as text."""
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=ROOT,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _nothing = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    return subprocess.CompletedProcess(command, process.returncode, output)


def assert_says(finished, *words):
    """It failed with a sentence that has the words in it, and with no traceback."""
    assert finished.returncode not in (0, None), finished.stdout
    assert "Traceback" not in finished.stdout
    assert "✗" in finished.stdout, finished.stdout
    for word in words:
        assert word in finished.stdout


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_taken_port(taken_port):
    finished = run([PYTHON, DEV / "demo.py"], PORT=str(taken_port))
    assert_says(finished, f"Port {taken_port} is taken", f"PORT={taken_port + 1}")


@pytest.mark.parametrize("port", ["eighty", "0", "-1", "70000", "80.5"])
def test_port_that_is_none(port):
    assert_says(run([PYTHON, DEV / "demo.py"], PORT=port), "PORT", port)


def call_of_setup(call):
    """Run one of set-up's checks as set-up runs it."""
    return run([PYTHON, "-c", f"import common, setup; common.main(lambda: setup.{call})"], PYTHONPATH=str(DEV))


def test_old_python():
    assert_says(call_of_setup("check_python((3, 8))"), "Python 3.8 is too old", "3.10", "make PYTHON=")


@pytest.mark.parametrize("name", ["common.py", "setup.py"])
def test_old_python_can_read_the_sentence(name):
    """What an old Python cannot parse ends in a syntax error before any check."""
    ast.parse((DEV / name).read_text(encoding="utf-8"), feature_version=(3, 7))


def test_no_space():
    assert_says(call_of_setup("check_space(10**9)"), "Only 1.0 GB are free", "4 GB")


def test_home_without_odoo(tmp_path):
    for script in ("setup.py", "demo.py"):
        finished = run([PYTHON, DEV / script], ODOO_HOME=str(tmp_path), PORT=str(free_port()))
        assert_says(finished, str(tmp_path), "release.py")


def test_second_setup_does_nothing():
    def stamps():
        return {path: path.stat().st_mtime_ns for path in (ENV / "stamps").iterdir()}

    run([SYSTEM_PYTHON, DEV / "setup.py"], timeout=600)
    before = stamps()
    begin = time.monotonic()
    finished = run([SYSTEM_PYTHON, DEV / "setup.py"])
    assert finished.returncode == 0, finished.stdout
    assert time.monotonic() - begin < 5
    assert finished.stdout == ""
    assert stamps() == before


def test_interrupted_demo_leaves_nothing_running(clone_demo, database_server):
    """Ctrl-C goes to all of the foreground's processes at once, and none of them stays."""
    port = free_port()
    demo = subprocess.Popen(
        [str(PYTHON), str(DEV / "demo.py")],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        # What comes last on the screen is where to go and who one may be: the server answers by then.
        people = [login for login, _name in logins(database_server)]
        assert {"gm", "manager1", "warehouse", "customer"} <= set(people)
        lines = until_line(demo, rf" +{people[-1]} ", 150)
        assert answers(port)
        address = lines.index(f"http://localhost:{port}")
        assert [line.split()[0] for line in lines[address + 2 :]] == people
        assert not [line for line in lines if " INFO " in line], "Odoo's log goes to a file"
        assert " INFO " in (LOGS / "demo.log").read_text(encoding="utf-8")
        family = [psutil.Process(demo.pid), *psutil.Process(demo.pid).children(recursive=True)]
        assert len(family) > 1
        os.killpg(demo.pid, signal.SIGINT)
        output, _nothing = demo.communicate(timeout=60)
        assert demo.returncode == 0
        assert "Traceback" not in output
        assert not output.strip(), "nothing more was said"
        wait_until(lambda: not any(process.is_running() for process in family), 10, "A process is left.")
        assert not answers(port)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(demo.pid, signal.SIGKILL)


def until_line(demo, regex, limit):
    """Lines that `demo` prints, up to the one that begins with `regex`."""
    lines = []
    # Ended from outside, it prints no more lines.
    watchdog = threading.Timer(limit, os.killpg, (demo.pid, signal.SIGKILL))
    watchdog.start()
    try:
        for line in demo.stdout:
            lines.append(line.rstrip())
            if re.match(regex, line):
                return lines
    finally:
        watchdog.cancel()
    raise AssertionError("The demo company is not served:\n" + "\n".join(lines))


def answers(port):
    try:
        return requests.get(f"http://127.0.0.1:{port}/web/health", timeout=10).ok
    except requests.RequestException:
        return False


def test_no_link_of_odoos_dangles():
    if "ODOO_HOME" in os.environ:
        pytest.skip("ODOO_HOME is somebody else's folder")
    dangling = [
        os.path.join(folder, name)
        for folder, folders, files in os.walk(odoo_home())
        for name in [*folders, *files]
        if os.path.islink(os.path.join(folder, name)) and not os.path.exists(os.path.join(folder, name))
    ]
    assert not dangling


# === PYTHON PACKAGES === #


def pinned():
    """Versions that the lock names for this Python, by name."""
    lines = (DEV / "requirements.txt").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line.partition("  #")[0]) for line in lines if line and line.lstrip()[0] != "#"]
    assert all(re.fullmatch(r"==[\w.]+", str(requirement.specifier)) for requirement in requirements)
    return {
        canonicalize_name(requirement.name): str(requirement.specifier).removeprefix("==")
        for requirement in requirements
        if not requirement.marker or requirement.marker.evaluate()
    }


def test_every_package_is_pinned():
    """What is installed is what the lock says, and what a package needs in turn is in the lock too."""
    versions = pinned()
    assert len(versions) > 80
    for name, version in versions.items():
        package = distribution(name)
        assert package.version == version, name
        needed = [Requirement(text) for text in package.requires or ()]
        for requirement in needed:
            if not requirement.marker or requirement.marker.evaluate({"extra": ""}):
                assert canonicalize_name(requirement.name) in versions, f"{name} needs {requirement}"


@pytest.mark.parametrize("name", ["requirements.in", "requirements.txt"])
def test_lock_knows_no_place(name):
    """Neither a folder nor an index of the machine that made it."""
    text = (DEV / name).read_text(encoding="utf-8")
    assert not re.search(r"://|index-url|find-links|file:|^-f ", text, re.MULTILINE)
    assert str(ROOT) not in text


FILL_FORM = """
import io
from reportlab.pdfgen import canvas
from odoo.tools import pdf

form = io.BytesIO()
page = canvas.Canvas(form)
page.drawString(50, 750, "Quotation")
page.acroForm.textfield(name="order__name", x=50, y=700, width=200, height=20)
page.save()
reader, writer = pdf.PdfFileReader(form, strict=False), pdf.PdfFileWriter()
writer.add_page(reader.pages[0])
pdf.fill_form_fields_pdf(writer, {"order__name": "S00042"})
filled = io.BytesIO()
writer.write(filled)
[field] = pdf.PdfFileReader(filled, strict=False).pages[0]["/Annots"]
print("filled with", field.get_object()["/V"])
"""


def test_forms_in_quotations_are_filled():
    """Odoo fills forms of PDF files with several libraries; with some versions of these they stay empty."""
    finished = run([PYTHON, "-c", FILL_FORM], PYTHONPATH=str(odoo_home()))
    assert "filled with S00042" in finished.stdout, finished.stdout


# === DATABASE SERVER === #


def test_database_server_without_a_port(database_server):
    """Whoever names the host alone means PostgreSQL's own port."""
    host = {**database_server, "PGPORT": ""}
    finished = run([PYTHON, DEV / "odoo_cli.py", "--version"], **host)
    assert "Odoo Server 19.0" in finished.stdout, finished.stdout
    if database_server.get("PGPORT") in (None, "", "5432"):
        finished = run([PYTHON, DEV / "postgres.py"], **host)
        assert finished.returncode == 0 and "PostgreSQL" in finished.stdout, finished.stdout


def test_odoos_own_command_line():
    finished = run(["sh", DEV / "odoo", "--version"])
    assert finished.returncode == 0, finished.stdout
    assert "Odoo Server 19.0" in finished.stdout


def test_make_says_what_it_can_do():
    finished = run(["make", "help"])
    assert finished.returncode == 0
    for command in ("make demo", "make test", "make lint", "make clean"):
        assert command in finished.stdout
