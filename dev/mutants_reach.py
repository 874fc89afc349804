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
places = {}
current = [None]


def place_of(code):
    path = code.co_filename.removeprefix(f"{HOME}/")
    return (path, code.co_firstlineno) if path != code.co_filename else None


def trace(frame, _event, _argument):
    """Called at the beginning of each function; wants to know no more of it."""
    code = frame.f_code
    place = places.get(code, False)
    if place is False:
        place = places[code] = place_of(code)
    if place is None:
        if code.co_name == "setUpClass" and "cls" in frame.f_locals:
            note_class(frame.f_locals["cls"])
        elif code.co_name == "setUp" and hasattr(frame.f_locals.get("self"), "_testMethodName"):
            note_test(frame.f_locals["self"])
        return
    path, line = place
    if "/tests/" in path:
        if code.co_name == "setUpClass":
            note_class(frame.f_locals["cls"])
        elif code.co_name == "setUp" or code.co_name.startswith("test_"):
            note_test(frame.f_locals["self"])
    elif current[0]:
        reached[f"{path}:{line}"].add(current[0])


def tag(test_class):
    return f"*/{test_class.__module__.split('.')[2]}:{test_class.__name__}"


def note_class(test_class):
    if test_class.__module__.startswith("odoo.addons.sales_dept_"):
        current[0] = tag(test_class)


def note_test(test):
    if hasattr(test, "_testMethodName") and type(test).__module__.startswith("odoo.addons.sales_dept_"):
        current[0] = f"{tag(type(test))}.{test._testMethodName}"


@atexit.register
def write():
    with open(FILE, "w", encoding="utf-8") as file:
        json.dump({place: sorted(tests) for place, tests in reached.items()}, file)


sys.settrace(trace)
threading.settrace(trace)
runpy.run_module("odoo", run_name="__main__", alter_sys=True)
