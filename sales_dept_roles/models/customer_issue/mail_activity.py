from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext


class MailActivity(models.Model):
    """A question to a department that is done as an activity is answered with the feedback; cancelled, it is so too."""

    _inherit = "mail.activity"

    def _open_issue_questions(self):
        """The open questions that the activities `self` follow up, as superuser."""
        of_issues = self.filtered(lambda activity: activity.sudo().res_model == "customer.issue")
        return (
            self.env["customer.issue.question"]
            .sudo()
            .search(Domain("activity_id", "in", of_issues.ids) & Domain("state", "=", "open"))
            if of_issues
            else self.env["customer.issue.question"].sudo()
        )

    def _action_done(self, feedback=False, attachment_ids=None):
        for question in self._open_issue_questions():
            text = html2plaintext(feedback or "").strip() or question.answer
            if not text:
                raise UserError(
                    self.env._("“%(question)s”: say your answer when you mark it as done.", question=question.question)
                )
            question._note_answered(text)
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

    def action_assignment_cancel(self, reason):
        questions = self._open_issue_questions()
        result = super().action_assignment_cancel(reason)
        questions._write_protected({"state": "cancelled"})
        return result
