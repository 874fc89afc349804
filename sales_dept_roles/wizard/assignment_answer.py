from odoo import fields, models


class SalesAssignmentAnswer(models.TransientModel):
    _name = "sales.assignment.answer"
    _description = "Answer an Assignment"

    row_ids = fields.Many2many("sales.assignment.report", string="Assignments", required=True)
    outcome = fields.Selection(
        [("done", "Done"), ("changed", "Changed"), ("cancelled", "Cancelled")], required=True, default="done"
    )
    feedback = fields.Text(help="What came of it; kept with the assignment and noted on its document.")
    reason = fields.Text(help="Why it is cancelled; kept with the assignment.")
    date_deadline = fields.Date("Deadline")
    user_id = fields.Many2one("res.users", "Done By")

    def action_answer(self):
        self.ensure_one()
        self.row_ids.check_access("read")
        activities = self.row_ids._activities()
        if self.outcome == "done":
            activities._assignment_report_done(self.feedback)
        elif self.outcome == "cancelled":
            activities.action_assignment_cancel(self.reason)
        else:
            activities._assignment_change(self.date_deadline, self.user_id)
        return {"type": "ir.actions.act_window_close"}
