from odoo import api, fields, models


class SalesApprovalPreparerMixin(models.AbstractModel):
    """A document that keeps who submitted it.

    Flows ask who it was: nobody decides on what they submitted themselves.
    """

    _name = "sales.approval.preparer.mixin"
    _description = "Submitted for Approval by a Preparer"
    _inherit = ["sales.approval.mixin"]
    # In which of its states the document is worked on, so that whoever submits it is who prepared it.
    _preparing_states = ("draft",)

    preparer_id = fields.Many2one(
        "res.users", "Prepared By", readonly=True, copy=False, index="btree_not_null", help="Who asked to approve it."
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"preparer_id"}

    def _approval_submit(self):
        prepared = self.filtered(lambda document: document.state in self._preparing_states)
        prepared._write_protected({"preparer_id": self.env.user})
        return super()._approval_submit()
