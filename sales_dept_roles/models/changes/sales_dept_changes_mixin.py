from odoo import api, models


class SalesDeptChangesMixin(models.AbstractModel):
    """Something else depends on these records, and follows whenever one is created, written or deleted.

    A model says what that is by extending :meth:`_concerned`, and what follows by extending :meth:`_after_change`.
    """

    _name = "sales.dept.changes.mixin"
    _description = "Changes That Concern Others"

    def _concerned(self):
        """Return what depends on `self` as they are now: records of one model, or a set."""
        return set()

    @api.model
    def _after_change(self, concerned, names=None):
        """Follow up on a change.

        :param concerned: what depended on the records before it, or does now
        :param names: the fields that were written; None where records were created or deleted
        """

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self._after_change(records._concerned())
        return records

    def write(self, vals):
        before = self._concerned()
        result = super().write(vals)
        self._after_change(before | self._concerned(), vals.keys())
        return result

    def unlink(self):
        concerned = self._concerned()
        result = super().unlink()
        self._after_change(concerned)
        return result
