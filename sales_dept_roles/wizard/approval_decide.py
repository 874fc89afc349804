from odoo import api, fields, models
from odoo.exceptions import AccessError


class SalesApprovalDecide(models.TransientModel):
    """The dialog in which a person signs or refuses, with a comment and a drawing."""

    _name = "sales.approval.decide"
    _description = "Sign Off or Refuse"

    approval_ids = fields.Many2many("sales.approval", required=True, readonly=True)
    outcome = fields.Selection(
        [("approved", "Sign off"), ("conditional", "Agree with Conditions"), ("rejected", "Refuse")],
        required=True,
        readonly=True,
    )
    glance = fields.Html(compute="_compute_glance", sanitize=False)
    comment = fields.Text()
    signature = fields.Image("Drawn Signature", max_width=1024, max_height=512)
    keep_signature = fields.Boolean("Keep this signature for next time", default=True)
    signature_name = fields.Char(compute="_compute_glance")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "signature" in fields:
            values["signature"] = self.env.user.sudo().sales_dept_signature
        return values

    @api.depends("approval_ids")
    @api.depends_context("lang", "uid")
    def _compute_glance(self):
        self.signature_name = self.env.user.name
        for wizard in self:
            approvals = wizard.approval_ids
            wizard.glance = self.env["ir.qweb"]._render(
                "sales_dept_roles.approval_decide_glance", {"approvals": approvals, "sums": approvals._sums()}
            )

    def action_decide(self):
        self.ensure_one()
        if self.create_uid != self.env.user:
            raise AccessError(self.env._("This dialog was opened by %(name)s.", name=self.create_uid.name))
        if self.outcome != "rejected" and self.signature and self.keep_signature:
            # One's own signature: the field is closed to others, so the user writes it through sudo.
            self.env.user.sudo().sales_dept_signature = self.signature
        told = self.approval_ids._decide_possible(self.outcome, self.comment, self.signature)
        # The row lives on for some hours, and a drawing is nothing to leave about.
        self.signature = False
        return told
