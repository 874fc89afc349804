"""Odoo's command line, noting which test comes by which function of our addons: mutants_reach.py HOME FILE ARGS…

FILE gets ``{"path:line": [tags of tests]}``, paths below HOME; what only setUpClass comes by has the class as its tag.
"""

import atexit
import json
import runpy
import sys
import threading
from collections import defaultdict

HOME, FILE = sys.argv[1:3]
sys.argv = ["odoo", *sys.argv[3:]]
reached = defaultdict(set)
# What there is to note of a function, by the id of its code: hashing the code itself at each call takes longer than
# the tests do. The code is kept with it, so that no other one gets its id.
known = {}
current = [None]


def kind_of(code):
    """Return the code, and a function of the frame that notes what there is to note, or None."""
    path = code.co_filename.removeprefix(f"{HOME}/")
    if code.co_name == "setUpClass":
        return code, note_class
    if code.co_name == "setUp" or (code.co_name.startswith("test_") and "/tests/" in path):
        return code, note_test
    if path == code.co_filename or "/tests/" in path:
        return code, None
    place = f"{path}:{code.co_firstlineno}"

    def note_place(_frame):
        if current[0]:
            reached[place].add(current[0])

    return code, note_place


def trace(frame, _event, _argument):
    """Called at the beginning of each function; wants to know no more of it."""
    code = frame.f_code
    kind = known.get(id(code))
    if kind is None:
        kind = known[id(code)] = kind_of(code)
    if kind[1] is not None:
        kind[1](frame)


def tag(test_class):
    return f"*/{test_class.__module__.split('.')[2]}:{test_class.__name__}"


def note_class(frame):
    test_class = frame.f_locals.get("cls")
    if test_class is not None and test_class.__module__.startswith("odoo.addons.sales_dept_"):
        current[0] = tag(test_class)


def note_test(frame):
    test = frame.f_locals.get("self")
    if hasattr(test, "_testMethodName") and type(test).__module__.startswith("odoo.addons.sales_dept_"):
        current[0] = f"{tag(type(test))}.{test._testMethodName}"


@atexit.register
def write():
    with open(FILE, "w", encoding="utf-8") as file:
        json.dump({place: sorted(tests) for place, tests in reached.items()}, file)


sys.settrace(trace)
threading.settrace(trace)
runpy.run_module("odoo", run_name="__main__", alter_sys=True)
