"""The subjects, one module each: what is measured, and what Odoo does for it.

A module may have, for each stage of `bench.__main__.STAGES`:

- ``prepare_<stage>(bench)``, run before anything is measured in that stage,
- ``measure_<stage>(bench)``, which adds rows to ``bench.table``,

and a class ``Operations``, whose methods a process of Odoo does when it is told so. It is found here by itself.
"""

import importlib
import pkgutil


def modules():
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return [importlib.import_module(f"{__name__}.{name}") for name in names]


def operations():
    """The classes of operations of all subjects."""
    return [module.Operations for module in modules() if hasattr(module, "Operations")]


def name(module):
    return module.__name__.rpartition(".")[2]
