from odoo import api, fields, models
from odoo.exceptions import UserError

from ..protected_results.key import Key


class SalesApprovalDecision(models.Model):
    """What one person decided on one step: written once, never changed."""

    _name = "sales.approval.decision"
    _description = "Approval Decision"
    _order = "date, id"

    approval_id = fields.Many2one("sales.approval", required=True, readonly=True, ondelete="cascade", index=True)
    task_id = fields.Many2one(
        "sales.approval.task", "Step", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="approval_id.company_id", store=True, index=True)
    user_id = fields.Many2one("res.users", "Decided By", required=True, readonly=True, ondelete="restrict", index=True)
    on_behalf_id = fields.Many2one("res.users", "On Behalf Of", readonly=True, ondelete="restrict")
    user_name = fields.Char("Name", readonly=True, help="The name of the person when they decided.")
    on_behalf_name = fields.Char(
        "Name of Whom", readonly=True, help="The name, at that time, of the person on whose behalf it was decided."
    )
    delegation_id = fields.Many2one(
        "sales.approval.delegation", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    outcome = fields.Selection(
        [("approved", "Approved"), ("conditional", "Approved with Conditions"), ("rejected", "Refused")],
        required=True,
        readonly=True,
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    comment = fields.Text(readonly=True)
    signature = fields.Image("Drawn Signature", max_width=1024, max_height=512, readonly=True)
    digest = Key(required=True, readonly=True, help="SHA-256 of the terms that were decided on.")

    _one_per_step = models.UniqueIndex("(task_id)", "This step was decided by somebody else just now: reload the page.")

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("Decisions are a record of who signed what: they cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Decisions are a record of who signed what: they cannot be deleted."))

    @api.depends("user_name", "on_behalf_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for decision in self:
            name = decision.user_name
            if decision.on_behalf_name:
                name = self.env._("%(delegate)s for %(principal)s", delegate=name, principal=decision.on_behalf_name)
            decision.display_name = name
