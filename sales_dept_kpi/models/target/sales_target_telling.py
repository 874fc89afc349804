from odoo import api, models

CONFIRM_ACTIVITY = "sales_dept_kpi.mail_activity_target_confirm"


class SalesTarget(models.Model):
    """Who has still to confirm is asked to, and not any more once they have."""

    _inherit = "sales.target"

    @api.model
    def _approval_todo_types(self):
        return [*super()._approval_todo_types(), CONFIRM_ACTIVITY]

    def _approval_todos(self):
        todos = super()._approval_todos()
        asked = self.filtered(lambda target: target.asked_date and target.state == "draft")
        waiting = asked._unconfirmed_users()
        for target in asked:
            for user in waiting.get(target.id, ()):
                if target.company_id in user.company_ids:
                    todos[target.id, CONFIRM_ACTIVITY, user] = (target.company_id._local_today(), "")
        return todos

    def _prepare_approval_todo_values(self, xmlid, user):
        if xmlid == CONFIRM_ACTIVITY:
            return {"summary": self.env._("Look at your figures of the year, and confirm them")}
        return super()._prepare_approval_todo_values(xmlid, user)

    def _refresh_confirmations(self):
        """Figures changed: whoever confirmed others is asked again, where they were asked at all."""
        self.filtered("asked_date")._approval_refresh_activities()
