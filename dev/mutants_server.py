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
import builtins
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
    """Notes by which functions of our addons each test comes; what only setUpClass comes by has the class as its tag.

    Each function gets a first statement that notes it. Tracing all that Odoo does takes longer than the tests do.
    """

    def __init__(self, functions):
        self.places = defaultdict(set)
        self.current = None
        builtins._sales_dept_note = self.note
        for path in sorted({path for path, _line in functions}):
            tree = ast.parse((HOME / path).read_bytes())
            for node in list(ast.walk(tree)):
                if isinstance(node, ast.FunctionDef):
                    add_note(node, path)
            code = compile(tree, str(HOME / path), "exec")
            for line in [line for found, line in functions if found == path]:
                swap(functions[path, line], code_at(code, line))

    def note(self, place):
        if self.current:
            self.places[place].add(self.current)

    def start(self):
        from odoo.tests.result import OdooTestResult
        from odoo.tests.suite import OdooSuite

        def set_up_class(suite, test, result):
            self.current = tag(type(test))
            return handle(suite, test, result)

        def start_test(result, test):
            self.current = f"{tag(type(test))}.{test._testMethodName}"
            return start(result, test)

        handle, OdooSuite._handleClassSetUp = OdooSuite._handleClassSetUp, set_up_class
        start, OdooTestResult.startTest = OdooTestResult.startTest, start_test

    def write(self, file):
        text = json.dumps({place: sorted(tests) for place, tests in self.places.items()})
        Path(file).write_text(text, encoding="utf-8")


def add_note(node, path):
    """Let the function `node` begin with a note that it is called, as if that stood in its first line."""
    begin = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    (note,) = ast.parse(f"_sales_dept_note({f'{path}:{begin}'!r})").body
    has_docstring = ast.get_docstring(node, clean=False) is not None
    first = node.body[0]
    for part in ast.walk(note):
        if hasattr(part, "lineno"):
            ast.copy_location(part, first)
    node.body.insert(int(has_docstring), note)


def tag(test_class):
    return f"*/{test_class.__module__.split('.')[2]}:{test_class.__name__}"


# === THE MISTAKE === #


def loaded_functions():
    """All functions of our addons that are loaded, by (path, line)."""
    functions = defaultdict(list)
    for function in gc.get_objects():
        if isinstance(function, types.FunctionType) and function.__name__ != "<lambda>":
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
    return swap(functions.get((job["path"], job["function"])), code)


def swap(found, code):
    """Let the functions `found` do what `code` says; return why that cannot be done, or None."""
    if not found or code is None:
        return "it is not there any more"
    if any(function.__code__.co_freevars != code.co_freevars for function in found):
        return "it sees other variables"
    for function in found:
        function.__code__ = code
    return None


def code_at(code, line):
    """Return the outermost function in `code` that begins at `line`, or None."""
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            # A decorator's lambda begins where the function does.
            if constant.co_firstlineno == line and constant.co_flags & 0x02 and constant.co_name != "<lambda>":
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


def run_tests(job, functions, pipe):
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
    if job.get("reach"):
        reach = Reach(functions)
        reach.start()
    result = loader.run_suite(suite)
    if job.get("reach"):
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
                run_tests(job, functions, writing)
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
