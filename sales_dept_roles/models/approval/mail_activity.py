from odoo import api, models
from odoo.exceptions import AccessError

# What makes a to-do what it is. Words may be added to it.
FIXED = {"user_id", "date_deadline", "activity_type_id", "res_model_id", "res_model", "res_id", "active", "automated"}


class MailActivity(models.Model):
    """The to-dos of approvals come and go with what they ask for: nobody makes, moves or ends them by hand."""

    _inherit = "mail.activity"

    def _approval_todos_only(self):
        """Those of `self` that the documents themselves hand out and take back."""
        models_there = self.env["sales.approval.flow"]._approval_model_names()
        candidates = self.sudo().filtered(lambda activity: activity.res_model in models_there)
        types = {
            res_model: self.env[res_model]._approval_todo_type_ids() for res_model in candidates.mapped("res_model")
        }
        return candidates.filtered(lambda activity: activity.activity_type_id.id in types[activity.res_model]).with_env(
            self.env
        )

    def _approval_todo_message(self):
        """Say of the first of `self` how it ends."""
        activity = self[0].sudo()
        return self.env._(
            "“%(todo)s” on %(document)s comes from the system: it ends when that is done, or when nobody has to do it "
            "any more. Whoever is away delegates their authority.",
            todo=activity.summary or activity.activity_type_id.name,
            document=activity.res_name,
        )

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        if not self.env.su and (todos := activities._approval_todos_only()):
            raise AccessError(todos._approval_todo_message())
        return activities

    def write(self, vals):
        if self.env.su or not FIXED & vals.keys():
            return super().write(vals)
        todos = self._approval_todos_only()
        # Before anything of them is named in a sentence.
        todos.check_access("write")
        if todos:
            raise AccessError(todos._approval_todo_message())
        result = super().write(vals)
        if made := self._approval_todos_only():
            raise AccessError(made._approval_todo_message())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approval_todo(self):
        if not self.env.su and (todos := self._approval_todos_only()):
            raise AccessError(todos._approval_todo_message())
