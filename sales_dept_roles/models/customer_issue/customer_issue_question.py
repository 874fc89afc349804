from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from ..clock.bounds import check_dates


class CustomerIssueQuestion(models.Model):
    """What a department was asked about an issue, and its answer, which stays.

    It is followed up as any question to another department: by an activity that stays in the record.
    """

    _name = "customer.issue.question"
    _description = "Question to a Department"
    _inherit = ["sales.dept.protected.mixin"]
    _order = "id desc"
    _rec_name = "question"

    issue_id = fields.Many2one("customer.issue", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="issue_id.company_id", store=True, index=True, precompute=True)
    group_id = fields.Many2one(
        "res.groups", "Department", required=True, readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", "Who Is Asked", required=True, readonly=True, index=True)
    question = fields.Text(required=True, readonly=True)
    asked_by_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, default=lambda self: self.env.user
    )
    asked_at = fields.Datetime("Question Asked On", required=True, readonly=True, default=fields.Datetime.now)
    deadline = fields.Date("Answer Until", required=True, readonly=True)
    answer = fields.Text()
    answered_by_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")
    answered_at = fields.Datetime("Answered On", readonly=True)
    is_on_time = fields.Boolean(
        "On Time", compute="_compute_is_on_time", store=True, help="Answered by the end of its day, at the company."
    )
    state = fields.Selection(
        [("open", "Awaiting an Answer"), ("answered", "Answered"), ("cancelled", "Cancelled")],
        string="Status",
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    activity_id = fields.Many2one("mail.activity", readonly=True, index="btree_not_null", ondelete="set null")
    issue_title = fields.Char(related="issue_id.title", string="Subject")
    issue_description = fields.Html(related="issue_id.description", string="What Happened")
    can_answer = fields.Boolean(compute="_compute_can_answer")

    @api.depends("state", "group_id")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        for question in self:
            question.can_answer = question.state == "open" and question._user_answers()

    @api.depends("answered_at", "deadline", "company_id")
    def _compute_is_on_time(self):
        for question in self:
            answered = question.company_id._local_day(question.answered_at)
            question.is_on_time = bool(answered) and answered <= question.deadline

    def _user_answers(self):
        """Whether the user is of the department that was asked, or was asked by name."""
        self.ensure_one()
        user = self.env.user
        return self.env.su or user == self.user_id or self.group_id.id in user._get_group_ids()

    @api.constrains("deadline")
    def _check_dates(self):
        check_dates(self, "deadline")

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "answered_by_id",
            "answered_at",
            "is_on_time",
            "state",
            "activity_id",
        }

    def write(self, vals):
        if not self.env.su and vals.keys() - {"answer"}:
            self._refuse_protected(vals.keys() - {"answer"})
        if "answer" in vals:
            self._check_may_answer()
        return super().write(vals)

    def _check_may_answer(self):
        """:raises UserError: or AccessError, when the user does not answer `self`, or not any more"""
        for question in self:
            if not question._user_answers():
                raise AccessError(
                    self.env._(
                        "This is answered by %(person)s, or by a colleague with the role “%(department)s”.",
                        person=question.user_id.name,
                        department=question.sudo().group_id.name,
                    )
                )
            if question.state != "open":
                raise UserError(
                    self.env._(
                        "“%(question)s” was answered or cancelled already, and stays as it is.",
                        question=question.question,
                    )
                )

    # === ASKING === #

    @api.model
    def _ask(self, issue, values):
        """Ask a department about `issue`, and have it followed up; return the question.

        :param dict values: `group_id`, `user_id`, `question`, `deadline`
        """
        # Made by the dialog alone, which has looked at who asks.
        question = self.sudo().create({"issue_id": issue.id, "asked_by_id": self.env.uid, **values})
        activity = self.env["mail.activity"].create(question._prepare_activity_values(issue))
        question._write_protected({"activity_id": activity.id})
        issue._take_up()
        return question.sudo(False)

    def _prepare_activity_values(self, issue):
        self.ensure_one()
        return {
            "activity_type_id": self.env.ref("sales_dept_roles.mail_activity_follow_up").id,
            "summary": self.env._("%(issue)s: answer a question", issue=issue.name),
            # What was typed is text.
            "note": plaintext2html(self.question),
            "user_id": self.user_id.id,
            "date_deadline": self.deadline,
            "res_model_id": self.env["ir.model"]._get_id(issue._name),
            "res_id": issue.id,
        }

    # === ANSWERING === #

    def action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Question to a Department"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"short_display_name": True},
        }

    def action_answer(self):
        """The department answers with what it wrote."""
        self.check_access("write")
        self._check_may_answer()
        for question in self:
            question._note_answered(question.answer)
            # Done for whoever was asked, also where a colleague answers.
            question.sudo().activity_id.filtered("active").action_feedback(feedback=question.answer)
        return True

    def action_cancel(self):
        """Who asked takes the question back."""
        self.issue_id._check_handles()
        self.issue_id.check_access("write")
        for question in self.filtered(lambda question: question.state == "open"):
            question.sudo()._write_protected({"state": "cancelled"})
            activity = question.sudo().activity_id.filtered("active").sudo(False)
            activity.action_assignment_cancel(self.env._("The question was taken back."))
        return True

    def _note_answered(self, text):
        """The user answers with `text`."""
        self.ensure_one()
        if not (text or "").strip():
            raise UserError(self.env._("Write the answer first: whoever asked goes by it."))
        question = self.sudo()
        question._write_protected(
            {
                "answer": text.strip(),
                "state": "answered",
                "answered_by_id": self.env.uid,
                "answered_at": fields.Datetime.now(),
            }
        )
        self.env["sales.dept.telling"]._notify(
            question.asked_by_id - self.env.user,
            lambda issue: issue.env._("%(issue)s: your question was answered", issue=issue.display_name),
            text.strip(),
            about=question.issue_id,
        )
