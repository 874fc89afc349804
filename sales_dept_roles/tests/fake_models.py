"""Loads models of the tests' own while they run, with OCA's ``FakeModelLoader``."""

from types import MappingProxyType
from unittest.mock import patch

from odoo import models


def load_fake_models(test_class, *names):
    """Make classes of :mod:`.fake_document` known to the registry until `test_class` is done.

    The loader was written for Odoo 18, where some names and signatures differed. It restores the
    models' bases and puts a plain dict where their fields are looked up, while Odoo 19 builds models
    anew from ``_base_classes__`` and looks fields up in a view of ``_fields__``: both are put back here. So are the
    classes themselves: loading made new ones of our models, which those that inherit from them do not know.
    """
    # Only its import reads this one.
    models.MetaModel.module_to_models = models.MetaModel._module_to_models__
    from odoo_test_helper import FakeModelLoader

    del models.MetaModel.module_to_models
    registry = test_class.registry
    known = dict(registry.models)
    bases = {name: model._base_classes__ for name, model in known.items()}
    loader = FakeModelLoader(test_class.env, test_class.__module__)
    loader.backup_registry()

    def restore():
        registry.models.update(known)
        loader.restore_registry()
        for name, model in known.items():
            model._base_classes__ = bases[name]
            model._fields = MappingProxyType(model._fields__)
        registry._setup_models__(test_class.env.cr)

    test_class.addClassCleanup(restore)
    from . import fake_document

    Registry = type(registry)
    load = Registry.load
    with (
        patch.object(Registry, "setup_models", Registry._setup_models__, create=True),
        # Once each, though several classes make a model: the database takes no row twice in one statement.
        patch.object(Registry, "load", lambda self, cr, package: list(dict.fromkeys(load(self, package)))),
    ):
        loader.update_registry(tuple(getattr(fake_document, name) for name in names))
