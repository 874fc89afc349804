"""Print which tests a run of Odoo with some tags has, as JSON: what `odoo` itself would find, without a database.

Called with the tags, and then the addons in which to look. The answer: for each position (while an addon is
installed, or after all are) the test classes, as ``"/addon:Class"``, with their tests, and whether they use a browser.
"""

import json
import sys

from odoo.modules.module import initialize_sys_path
from odoo.tests import loader
from odoo.tools import config


def classes(addons, position):
    found = {}
    for test in loader.make_suite(addons, position):
        module = type(test).__module__.split(".")[2]
        of_class = found.setdefault(f"/{module}:{type(test).__name__}", {"tests": 0})
        of_class["tests"] += 1
        of_class["browser"] = hasattr(test, "start_tour")
    return found


if __name__ == "__main__":
    tags, *addons = sys.argv[1:]
    config.parse_config(["--test-tags", tags])
    initialize_sys_path()
    print(json.dumps({position: classes(addons, position) for position in ("at_install", "post_install")}))
