from odoo import api, fields, models
from odoo.exceptions import UserError


class SalesAssignmentSheet(models.Model):
    """What an assignment is about that is about no other document; its talk and feedback gather here."""

    _name = "sales.assignment.sheet"
    _description = "Assignment Sheet"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char("Subject", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )

    def write(self, vals):
        if "company_id" in vals and not self.env.su:
            raise UserError(self.env._("An assignment sheet stays in the company where it was made."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Assignments are kept when they are done: their sheet cannot be deleted."))
