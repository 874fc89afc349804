from odoo import api, fields, models
from odoo.exceptions import UserError


class SalesDeptJobCardMixin(models.AbstractModel):
    """Part of a job card: a department edits what is shipped and adds its own."""

    _name = "sales.dept.job.card.mixin"
    _description = "Part of a Job Card"

    active = fields.Boolean(default=True)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shipped(self):
        if shipped := self._first_shipped():
            raise UserError(
                self.env._(
                    "“%(name)s” came with the application, and its next update would bring it back. "
                    "Archive it instead: what is archived stays archived.",
                    name=shipped.display_name,
                )
            )

    def _first_shipped(self):
        """Return a record that a data file made, of those that are deleted with `self`, if there is one."""
        identifier = (
            self.env["ir.model.data"]
            .sudo()
            .search_fetch(
                # Not those that an export or an import gave.
                [
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("module", "not in", ("__export__", "__import__")),
                ],
                ["res_id"],
                limit=1,
            )
        )
        return self.browse(identifier.mapped("res_id"))
