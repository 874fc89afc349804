from odoo import api, fields, models

from .subjects import SUBJECTS


class CustomerIssue(models.Model):
    """A customer who is not satisfied: her answer opens an issue, once for each subject."""

    _inherit = "customer.issue"

    satisfaction_input_id = fields.Many2one(
        "survey.user_input",
        "Survey's Answer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    satisfaction_subject = fields.Selection(SUBJECTS, readonly=True, copy=False, groups="base.group_user")

    _satisfaction_once = models.UniqueIndex(
        "(satisfaction_input_id, satisfaction_subject) WHERE satisfaction_input_id IS NOT NULL",
        "What the customer said about this subject has opened an issue already.",
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"satisfaction_input_id", "satisfaction_subject"}

    def action_open_satisfaction(self):
        """What the customer answered, by the reader's own rights."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sales.satisfaction.answer",
            "res_id": self.satisfaction_input_id.id,
            "views": [(False, "form")],
        }
