from odoo import api, fields, models
from odoo.fields import Domain


class SalesDeptVersionMixin(models.AbstractModel):
    """A document that stays as it was signed: another one takes its place, and what is asked about it ends with that.

    A model that has it names its own `successor_id`, the document that stands in its place.
    """

    _name = "sales.dept.version.mixin"
    _description = "Replaced by a Newer Version"
    _inherit = ["sales.approval.preparer.mixin"]

    superseded_date = fields.Datetime("Replaced On", readonly=True, copy=False)

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"superseded_date", "successor_id"}

    def _supersede(self, successor=None):
        """Let `self` hold no more, as of now; `successor` takes their place, or is named once it is there."""
        self._write_protected({"superseded_date": fields.Datetime.now(), "successor_id": successor or False})
        # The database lets one hold at a time.
        self.flush_recordset()

    def _superseded_reason(self):
        """The sentence that says why a request for approval of this version ended with it."""
        self.ensure_one()
        return self.env._("%(document)s was replaced by a newer version.", document=self.display_name)

    # === APPROVAL === #

    @api.model
    def _approval_ended_domain(self):
        return super()._approval_ended_domain() | Domain("superseded_date", "!=", False)

    def _approval_ended_as(self):
        return "superseded" if self.superseded_date else super()._approval_ended_as()

    def _approval_ended_reason(self):
        return self._superseded_reason() if self.superseded_date else super()._approval_ended_reason()
