"""Black-box tests: a served clone of the demo company, met over JSON-2 and with a real browser."""

import os
import re
import shutil
import signal
import sys
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "dev"))

# The scripts of dev/, which are found only now.
from common import MAILS  # noqa: E402
from demo import DATABASE, mail_sink, make_database  # noqa: E402
from odoo_api import Api  # noqa: E402
from odoo_server import cloned_demo, prepared_demo, wait_until  # noqa: E402
from postgres import postgres  # noqa: E402
from quotations import Quotations  # noqa: E402
from web_client import DESKTOP, WebClient, chromium_options, session_cookie  # noqa: E402

REPORT = pytest.StashKey()


def pytest_configure(config):
    # Ended from outside, fixtures still stop the servers that they started.
    signal.signal(signal.SIGTERM, lambda *_args: pytest.exit("Ended from outside.", 143))
    config.addinivalue_line("markers", "expected_log(regex): an error that the server rightly logs in this test")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Let fixtures see at their end whether the test passed."""
    report = yield
    item.stash.setdefault(REPORT, {})[report.when] = report
    return report


# === SERVER === #


@pytest.fixture(scope="session")
def database_server():
    """``PG…`` variables of the environment's PostgreSQL."""
    with postgres() as variables:
        yield variables


@pytest.fixture(scope="session")
def mail_port():
    with mail_sink() as port:
        yield port


@pytest.fixture(scope="session")
def demo(database_server):
    """Name of the demo company's database."""
    make_database(database_server)
    return DATABASE


def _name_of_clone(name):
    # Parts that run side by side do not meet in a database.
    return f"sd_{os.environ.get('BLACKBOX_PART', 'blackbox')}_{name}"


@pytest.fixture(scope="session")
def clone_demo(database_server, mail_port, demo):
    """Return a function ``name, *options of Odoo's -> context manager of (server, API keys)``."""
    return lambda name, *options: cloned_demo(database_server, mail_port, demo, _name_of_clone(name), *options)


@pytest.fixture(scope="session")
def prepare_demo(database_server, demo):
    """Return a function ``name -> (name of a clone that nobody serves, context manager of its API keys)``."""

    def prepare(name):
        clone = _name_of_clone(name)
        return clone, prepared_demo(database_server, demo, clone)

    return prepare


@pytest.fixture(scope="session")
def served(clone_demo):
    with clone_demo("served") as (server, keys):
        yield server, keys
        server.stop()
        problems = server.new_log_problems()
        assert not problems, "The server logged:\n" + "\n".join(problems)


@pytest.fixture(scope="session")
def server(served):
    return served[0]


@pytest.fixture(autouse=True)
def quiet_log(request):
    """The server logs no error while a test runs: here it is known which one."""
    if "served" not in request.fixturenames:
        yield
        return
    server, _keys = request.getfixturevalue("served")
    yield
    expected = [mark.args[0] for mark in request.node.iter_markers("expected_log")]
    problems = server.new_log_problems(expected)
    assert not problems, "The server logged:\n" + "\n".join(problems)


@pytest.fixture(scope="session")
def api(served):
    """Return a function ``login -> Api``."""
    server, keys = served
    return lambda login: Api(server.url, keys[login])


@pytest.fixture(scope="session")
def quotations(api):
    return Quotations(api)


@pytest.fixture(scope="module")
def readable_pdf(api):
    """Let PDFs be made with the system's fonts for a while.

    Some renderers draw web fonts as outlines, in which no text can be found. Fonts come with the
    styles, from the address in this parameter.
    """
    api("admin").call("ir.config_parameter", "set_param", key="report.url", value="http://127.0.0.1:9")
    yield
    api("admin").call("ir.config_parameter", "set_param", key="report.url", value=False)


# === BROWSER === #


@pytest.fixture(scope="session")
def chromium():
    executable = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not executable:
        pytest.fail("These tests need a browser. Install one with: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options(executable))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def windows(chromium, server):
    """Return a function ``login -> browser context``, logged in; its cache serves all tests."""
    contexts = {}

    def window(login):
        if login not in contexts:
            contexts[login] = chromium.new_context(accept_downloads=True, timezone_id="Asia/Shanghai")
            contexts[login].add_cookies([session_cookie(server, login)])
        return contexts[login]

    yield window
    for context in contexts.values():
        context.close()


@pytest.fixture
def browse(windows, server, request):
    """Return a function ``login -> WebClient`` in a tab of its own; what goes wrong in any fails the test."""
    clients = []

    def open_tab(login, viewport=DESKTOP):
        clients.append(WebClient(server, windows(login).new_page(), login, viewport))
        return clients[-1]

    yield open_tab
    call = request.node.stash[REPORT].get("call")
    name = re.sub(r"\W+", "-", request.node.name).strip("-")
    problems = [f"{client.login}: {problem}" for client in clients for problem in client.problems]
    for client in clients:
        if problems or not call or call.failed:
            client.screen_of_failure(name)
        client.page.close()
    assert not problems, "Wrong in the browser:\n" + "\n".join(dict.fromkeys(problems))


# === MAIL === #


@pytest.fixture(scope="session")
def wait_for_mail():
    """Return a function ``address -> mail`` that waits for the one mail to an address used once."""

    def mails_to(address):
        # The sink keeps the mails of all runs: only those that mention the address are taken apart.
        wanted = [path for path in (MAILS / "new").glob("*") if address.encode() in path.read_bytes()]
        mails = [BytesParser(policy=policy.default).parsebytes(path.read_bytes()) for path in wanted]
        return [mail for mail in mails if address in mail["X-RcptTo"]]

    def wait(address):
        wait_until(lambda: mails_to(address), 20, f"No mail to {address} arrived.")
        mails = mails_to(address)
        assert len(mails) == 1, f"{len(mails)} mails to {address} instead of one"
        return mails[0]

    wait.now = mails_to
    return wait
