from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import ormcache

from .client_context import without_defaults


class SalesDeptProtectedMixin(models.AbstractModel):
    """Fields that hold results of the system's own work, which nobody sets in any other way.

    Gates, flows, signatures and figures go by them, and Odoo takes a written value for a field whether it is
    readonly or not, computed or not. A model says which they are by extending :meth:`_protected_fields`;
    :meth:`_write_protected` is the only way to set those that are not computed.
    """

    _name = "sales.dept.protected.mixin"
    _description = "Protected Results"

    @api.model
    def _protected_fields(self):
        """Return the set of the names of the protected fields."""
        return set()

    @api.model
    @ormcache()
    def _protected_names(self):
        return frozenset(self._protected_fields())

    def _refused_fields(self, names):
        """Return those of the protected fields `names` that are refused on the records `self` now.

        Extension point for fields of Odoo's own, which its superuser sets too, or which a policy of the company
        protects. On creation `self` is empty.
        """
        return names

    def _check_protected(self, vals):
        """:raises AccessError: when `vals` holds a protected field"""
        if written := self._protected_names() & vals.keys():
            self._refuse_protected(self._refused_fields(written))

    @api.model
    def _refuse_protected(self, names):
        """:raises AccessError: when there are any fields `names`"""
        if names:
            labels = [self._fields[name].get_description(self.env, ["string"])["string"] for name in sorted(names)]
            raise AccessError(
                self.env._(
                    "%(fields)s cannot be set by hand: it follows from the rest of the document, and from those who "
                    "press its buttons.",
                    fields=", ".join(labels),
                )
            )

    @api.model
    def _proof_fields(self):
        """Return the set of the names of binary fields whose files prove something.

        They come and go with their field, which says who did it and when, and in no other way.
        """
        return set()

    def _files_on_record(self):
        """Return the attachments of `self`, some of which may be deleted, that stay as they are from now on."""
        return self.env["ir.attachment"]

    @api.model_create_multi
    def create(self, vals_list):
        # Nothing is there yet, whatever record it was called on.
        refused = self.browse()._refused_fields(self._protected_names())
        for vals in vals_list:
            self._refuse_protected({name for name in refused if vals.get(name)})
        # An empty value says nothing; a client's `default_…` would set them as a value would.
        vals_list = [{name: vals[name] for name in vals if name not in refused} for vals in vals_list]
        return super(SalesDeptProtectedMixin, without_defaults(self, refused)).create(vals_list)

    def write(self, vals):
        self._check_protected(vals)
        return super().write(vals)

    def _write_protected(self, vals):
        """Set fields as a compute would: past :meth:`write`, which refuses them to everybody.

        Whoever calls it has looked at who asks for it; rights are not looked at.
        """
        if not self:
            return
        if hasattr(self, "_track_prepare"):
            self._track_prepare(vals)
        with self.env.protecting([self._fields[name] for name in vals], self):
            for name, value in vals.items():
                self[name] = value
        self.modified(vals)
