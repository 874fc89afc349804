"""An Odoo that is loaded once; each mistake goes into a fork of it, where the tests run: mutants_server.py HOME ARGS…

HOME is the copy of the addons, ARGS are Odoo's own. It reads jobs, a line of JSON each, and answers each with one:

- ``tags``: the tests to run, ``log``: the file for what they say, ``port``: where their server listens
- ``path``, ``function`` (the line it begins at), ``span`` and ``after``: the mistake, if there is one
- ``reach``: a file that gets which test comes by which function, ``{"path:line": [tags of tests]}``
- ``limit``: seconds

The answer is ``{"noticed": what noticed it or null}``, or ``{"cold": why}`` where a function that was loaded already
cannot become the other one.
"""

import ast
import gc
import json
import logging
import os
import select
import signal
import sys
import threading
import time
import types
from collections import defaultdict
from pathlib import Path

HOME = Path(sys.argv[1])


# === WHICH TEST COMES BY WHICH FUNCTION === #


class Reach:
    """Notes by which functions of our addons each test comes; what only setUpClass comes by has the class as its tag."""

    def __init__(self):
        self.places = defaultdict(set)
        # What there is to note of a function, by the id of its code: hashing the code itself at each call takes longer
        # than the tests do. The code is kept with it, so that no other one gets its id.
        self.known = {}
        self.current = None

    def kind_of(self, code):
        """Return the code, and a function of the frame that notes what there is to note, or None."""
        path = code.co_filename.removeprefix(f"{HOME}/")
        if code.co_name == "setUpClass":
            return code, self.note_class
        if code.co_name == "setUp" or (code.co_name.startswith("test_") and "/tests/" in path):
            return code, self.note_test
        if path == code.co_filename or "/tests/" in path:
            return code, None
        place = f"{path}:{code.co_firstlineno}"

        def note_place(_frame):
            if self.current:
                self.places[place].add(self.current)

        return code, note_place

    def trace(self, frame, _event, _argument):
        """Called at the beginning of each function; wants to know no more of it."""
        code = frame.f_code
        kind = self.known.get(id(code))
        if kind is None:
            kind = self.known[id(code)] = self.kind_of(code)
        if kind[1] is not None:
            kind[1](frame)

    def note_class(self, frame):
        test_class = frame.f_locals.get("cls")
        if test_class is not None and test_class.__module__.startswith("odoo.addons.sales_dept_"):
            self.current = tag(test_class)

    def note_test(self, frame):
        test = frame.f_locals.get("self")
        if hasattr(test, "_testMethodName") and type(test).__module__.startswith("odoo.addons.sales_dept_"):
            self.current = f"{tag(type(test))}.{test._testMethodName}"

    def start(self):
        sys.settrace(self.trace)
        threading.settrace(self.trace)

    def write(self, file):
        text = json.dumps({place: sorted(tests) for place, tests in self.places.items()})
        Path(file).write_text(text, encoding="utf-8")


def tag(test_class):
    return f"*/{test_class.__module__.split('.')[2]}:{test_class.__name__}"


# === THE MISTAKE === #


def loaded_functions():
    """All functions of our addons that are loaded, by (path, line)."""
    functions = defaultdict(list)
    for function in gc.get_objects():
        if isinstance(function, types.FunctionType):
            code = function.__code__
            path = code.co_filename.removeprefix(f"{HOME}/")
            if path != code.co_filename:
                functions[path, code.co_firstlineno].append(function)
    return functions


def put_in(job, functions):
    """Give the function of `job` its mistake; return why that cannot be done, or None."""
    path = HOME / job["path"]
    source = path.read_bytes()
    first, last = job["span"]
    changed = source[:first] + job["after"].encode() + source[last:]
    code = code_at(compile(ast.parse(changed), str(path), "exec"), job["function"])
    found = functions.get((job["path"], job["function"]))
    if not found or code is None:
        return "it is not there any more"
    for function in found:
        if function.__code__.co_freevars != code.co_freevars:
            return "it sees other variables"
        function.__code__ = code
    return None


def code_at(code, line):
    """Return the outermost function in `code` that begins at `line`, or None."""
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            if constant.co_firstlineno == line and constant.co_flags & 0x02:
                return constant
            if found := code_at(constant, line):
                return found
    return None


# === THE TESTS === #


class Notice(logging.Handler):
    """The first error that is logged ends all: the mistake is noticed."""

    def __init__(self, answer):
        super().__init__(logging.ERROR)
        self.answer = answer

    def emit(self, record):
        text = record.getMessage()
        # The embedded server has no such extension; Odoo logs that in each new database, and goes on.
        if "pg_trgm" not in text:
            self.answer(text.strip().partition("\n")[0][:300] or record.name)


def answer_and_end(pipe):
    lock = threading.Lock()

    def answer(noticed):
        # A page that is asked for has a thread of its own: who comes first ends the process.
        lock.acquire()
        os.write(pipe, json.dumps({"noticed": noticed}).encode())
        sys.stderr.flush()
        os._exit(0)

    return answer


def run_tests(job, pipe):
    """In the fork: run the tests of `job`, and answer into `pipe`."""
    from odoo.modules.registry import Registry
    from odoo.service import server
    from odoo.tests import loader
    from odoo.tools import config

    answer = answer_and_end(pipe)
    if not job.get("reach"):
        logging.getLogger().addHandler(Notice(answer))
    config["test_tags"] = ",".join(job["tags"])
    config["http_port"] = job["port"]
    server.server = server.ThreadedServer(server.server.app)
    server.server.http_spawn()
    registry = Registry(config["db_name"][0])
    # Rights and rules may have been changed in the database.
    registry.clear_all_caches()
    suite = loader.make_suite(sorted(registry._init_modules), "post_install")
    reach = Reach() if job.get("reach") else None
    if reach:
        reach.start()
    result = loader.run_suite(suite)
    if reach:
        sys.settrace(None)
        threading.settrace(None)
        reach.write(job["reach"])
    if not result.testsRun:
        answer("ran no test")
    answer(None if result.wasSuccessful() else f"{result.failures_count + result.errors_count} tests failed")


def fork(job, functions):
    """Do `job` in a process of its own; return its answer."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.setsid()
        os.close(reading)
        log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(log, 1)
        os.dup2(log, 2)
        try:
            if job.get("path") and (reason := put_in(job, functions)):
                os.write(writing, json.dumps({"cold": reason}).encode())
            else:
                run_tests(job, writing)
        except BaseException as error:  # noqa: BLE001
            os.write(writing, json.dumps({"noticed": f"ended with {error!r}"}).encode())
        finally:
            os._exit(0)
    os.close(writing)
    try:
        return read_answer(reading, time.monotonic() + job["limit"])
    finally:
        os.close(reading)
        # Its browser too.
        try:
            os.killpg(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(child, 0)


def read_answer(pipe, end):
    if not select.select([pipe], [], [], max(0, end - time.monotonic()))[0]:
        return {"noticed": "took too long"}
    text = os.read(pipe, 65536)
    return json.loads(text) if text else {"noticed": "ended without an answer"}


def load():
    """Load Odoo, its registry and all tests; leave no connection open that two processes would share.

    :return: :func:`loaded_functions`
    """
    import odoo.http
    from odoo import sql_db
    from odoo.modules.registry import Registry
    from odoo.service import server
    from odoo.tests import loader
    from odoo.tests.suite import OdooSuite
    from odoo.tools import config

    config.parse_config(sys.argv[2:], setup_logging=True)
    server.load_server_wide_modules()
    server.server = server.ThreadedServer(odoo.http.root)
    # Tests that belong to an installation would run while the registry is loaded.
    make_suite, loader.make_suite = loader.make_suite, lambda *_args: OdooSuite()
    registry = Registry.new(config["db_name"][0])
    loader.make_suite = make_suite
    for module in sorted(registry._init_modules):
        if module.startswith("sales_dept_"):
            loader.get_test_modules(module)
    sql_db.close_all()
    gc.collect()
    functions = loaded_functions()
    # Shared with the forks: looking through it in each would copy it.
    gc.freeze()
    return functions


def main():
    # What Odoo prints is not an answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    functions = load()
    answers.write('{"ready": true}\n')
    answers.flush()
    for line in sys.stdin:
        answers.write(json.dumps(fork(json.loads(line), functions)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
