from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class SalesAssignmentReport(models.Model):
    """Every assignment and follow-up, open and done, with how it stands today.

    One row per activity, with its id. `on_time_share` is 100 or 0 for what counts and empty for
    what does not, so that its average over any group is the share on time: done on or before the
    deadline, of all that was due. What is overdue counts as not on time; what one gave oneself,
    and what was cancelled by who gave it, does not count.
    """

    _name = "sales.assignment.report"
    _description = "Assignment"
    _auto = False
    _order = "date_deadline, id"
    _depends = {
        "mail.activity": [
            "active",
            "activity_type_id",
            "assignment_cancel_reason",
            "assignment_cancelled_by_id",
            "assignment_company_id",
            "assignment_date",
            "assignment_giver_id",
            "date_deadline",
            "date_done",
            "feedback",
            "meeting_id",
            "note",
            "res_id",
            "res_model",
            "res_name",
            "summary",
            "user_id",
        ],
        "mail.activity.type": ["assignment_kind"],
        "res.company": ["partner_id", "resource_calendar_id"],
        "res.partner": ["tz"],
        "resource.calendar": ["tz"],
    }

    name = fields.Char("Task", readonly=True)
    kind = fields.Selection([("assignment", "Assignment"), ("follow_up", "Cross-Department Follow-up")], readonly=True)
    user_id = fields.Many2one("res.users", "Done By", readonly=True)
    giver_id = fields.Many2one("res.users", "Given By", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    date_given = fields.Date("Given On", readonly=True)
    date_deadline = fields.Date("Deadline", readonly=True)
    date_done = fields.Date("Done On", readonly=True)
    note = fields.Html("Details", readonly=True)
    feedback = fields.Text(readonly=True)
    cancel_reason = fields.Text("Reason of the Cancellation", readonly=True)
    cancelled_by_id = fields.Many2one("res.users", readonly=True)
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference("Document ID", model_field="res_model", readonly=True)
    res_name = fields.Char("About", readonly=True)
    meeting_id = fields.Many2one("calendar.event", "Decided in Meeting", readonly=True)
    status = fields.Selection(
        [
            ("open", "Under Way"),
            ("overdue", "Overdue"),
            ("on_time", "Done on Time"),
            ("late", "Done Late"),
            ("cancelled", "Cancelled"),
        ],
        readonly=True,
    )
    days_late = fields.Integer(
        readonly=True, aggregator="sum", help="Calendar days from the deadline until it was done, or until today."
    )
    due_count = fields.Integer("Fallen Due", readonly=True, help="Assignments that count for the share on time.")
    on_time_count = fields.Integer("Number on Time", readonly=True)
    on_time_share = fields.Float(
        "On Time (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Done on or before the deadline, of all that was due in the period. "
        "What is overdue counts as not on time.",
    )
    can_report = fields.Boolean(compute="_compute_can")
    can_change = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")

    @property
    def _table_query(self):
        # Today is the company's day, by the same clock that stamps what is done.
        return SQL(
            """
            SELECT activity.id,
                   activity.summary AS name,
                   kind.assignment_kind AS kind,
                   activity.user_id,
                   activity.assignment_giver_id AS giver_id,
                   activity.assignment_company_id AS company_id,
                   activity.assignment_date AS date_given,
                   activity.date_deadline,
                   CASE WHEN activity.assignment_cancelled_by_id IS NULL THEN activity.date_done END AS date_done,
                   activity.note,
                   activity.feedback,
                   activity.assignment_cancel_reason AS cancel_reason,
                   activity.assignment_cancelled_by_id AS cancelled_by_id,
                   activity.res_model,
                   activity.res_id,
                   CASE WHEN activity.res_model <> 'sales.assignment.sheet' THEN activity.res_name END AS res_name,
                   activity.meeting_id,
                   standing.status,
                   CASE WHEN standing.status IN ('overdue', 'late')
                        THEN COALESCE(activity.date_done, today.day) - activity.date_deadline ELSE 0 END AS days_late,
                   CASE WHEN counted.is_due THEN 1 ELSE 0 END AS due_count,
                   CASE WHEN counted.is_due AND standing.status = 'on_time' THEN 1 ELSE 0 END AS on_time_count,
                   CASE WHEN counted.is_due
                        THEN CASE WHEN standing.status = 'on_time' THEN 100.0 ELSE 0.0 END END AS on_time_share
              FROM mail_activity activity
              JOIN mail_activity_type kind ON kind.id = activity.activity_type_id
        CROSS JOIN LATERAL (SELECT %(today)s AS day) today
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN activity.assignment_cancelled_by_id IS NOT NULL THEN 'cancelled'
                               WHEN activity.active AND activity.date_deadline < today.day THEN 'overdue'
                               WHEN activity.active THEN 'open'
                               WHEN activity.date_done <= activity.date_deadline THEN 'on_time'
                               ELSE 'late' END AS status) standing
        CROSS JOIN LATERAL (
                   SELECT activity.user_id IS DISTINCT FROM activity.assignment_giver_id
                          AND (standing.status IN ('overdue', 'on_time', 'late')
                               OR standing.status = 'cancelled'
                                  AND activity.assignment_cancelled_by_id = activity.user_id
                                  AND activity.date_deadline < today.day) AS is_due) counted
             WHERE kind.assignment_kind IS NOT NULL
               AND activity.assignment_company_id IS NOT NULL
            """,
            today=self.env["res.company"]._local_today_sql(SQL("activity.assignment_company_id")),
        )

    @api.depends_context("uid")
    def _compute_can(self):
        for row, activity in zip(self, self._activities(), strict=True):
            manager = activity._assignment_is_manager()
            is_open = row.status in ("open", "overdue")
            row.can_report = is_open and (manager or row.user_id == self.env.user)
            row.can_change = is_open and manager
            row.can_cancel = (is_open and (manager or row.user_id == self.env.user)) or (
                manager and row.status == "cancelled" and row.cancelled_by_id == row.user_id
            )

    def _activities(self):
        """The activities that the rows `self` stand for."""
        return self.env["mail.activity"].browse(self.ids)

    # === ACTIONS === #

    def action_open_document(self):
        self.ensure_one()
        if not self.res_model or self.res_model not in self.env:
            raise UserError(self.env._("“%(assignment)s” is about no document.", assignment=self.name))
        document = self.env[self.res_model].browse(self.res_id).exists()
        if not document:
            raise UserError(self.env._("%(document)s was deleted.", document=self.res_name))
        document.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_report_done(self):
        return self._action_open_answer("done", self.env._("Report as Done"))

    def action_change(self):
        return self._action_open_answer("changed", self.env._("Change Deadline or Person"))

    def action_cancel(self):
        return self._action_open_answer("cancelled", self.env._("Cancel with a Reason"))

    def _action_open_answer(self, outcome, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "sales.assignment.answer",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_row_ids": self.ids,
                "default_outcome": outcome,
                "default_date_deadline": self.date_deadline if len(self) == 1 else False,
                "default_user_id": self.user_id.id if len(self) == 1 else False,
            },
        }
