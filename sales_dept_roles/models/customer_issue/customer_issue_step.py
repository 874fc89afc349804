from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STEPS = [
    ("containment", "Containment"),
    ("cause", "Root Cause"),
    ("correction", "Corrective Action"),
    ("prevention", "Prevention"),
]


class CustomerIssueStep(models.Model):
    """A step of an 8D report: who found or did what, and when. What the customer was given stays as it was."""

    _name = "customer.issue.step"
    _description = "Step of an 8D Report"
    _inherit = ["sales.dept.protected.mixin"]
    _order = "issue_id, round, sequence, id"

    issue_id = fields.Many2one("customer.issue", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="issue_id.company_id", store=True, index=True, precompute=True)
    round = fields.Integer(
        required=True,
        readonly=True,
        default=1,
        help="Each time the customer says that it is not solved begins a round.",
    )
    sequence = fields.Integer(readonly=True)
    step = fields.Selection(STEPS, required=True, readonly=True)
    text = fields.Text("What Was Found and Done")
    user_id = fields.Many2one("res.users", "Who", readonly=True, index="btree_not_null")
    date = fields.Datetime("When", readonly=True)
    given_at = fields.Datetime("Told the Customer On", readonly=True, help="From then on it stays as it is.")

    _once = models.UniqueIndex("(issue_id, round, step)", "An 8D report has each step once.")

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"user_id", "date", "given_at"}

    @api.depends("step", "issue_id.name")
    def _compute_display_name(self):
        labels = dict(self._fields["step"]._description_selection(self.env))
        for step in self:
            step.display_name = f"{step.issue_id.name} · {labels.get(step.step)}"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._("The steps of an 8D report come with the issue: write in those that are there.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and vals.keys() - {"text"}:
            self._refuse_protected(vals.keys() - {"text"})
        if "text" in vals:
            self._check_may_write()
        result = super().write(vals)
        if "text" in vals:
            filled = self.filtered(lambda step: (step.text or "").strip())
            filled._write_protected({"user_id": self.env.uid, "date": fields.Datetime.now()})
            (self - filled)._write_protected({"user_id": False, "date": False})
        return result

    def _check_may_write(self):
        """:raises UserError: when one of `self` was given to the customer already, or its issue has ended"""
        for step in self:
            if step.given_at:
                raise UserError(
                    self.env._(
                        "%(step)s was given to the customer and stays as it is. What is found later goes into the next "
                        "answer.",
                        step=step.display_name,
                    )
                )
            step.issue_id._check_open()

    @api.model
    def _make_for(self, issues):
        """Make the steps of the round that `issues` are in, where they are about quality and have none yet."""
        wanted = [
            {"issue_id": issue.id, "step": step, "sequence": number, "round": issue.reopen_count + 1}
            for issue in issues.filtered(lambda issue: issue.kind == "quality")
            for number, (step, _label) in enumerate(STEPS)
            if not issue.sudo().step_ids.filtered(lambda row, issue=issue: row.round == issue.reopen_count + 1)
        ]
        # They come with the issue: nobody makes one by hand.
        return self.sudo().create(wanted)
