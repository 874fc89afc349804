from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerIssueAsk(models.TransientModel):
    _name = "customer.issue.ask"
    _description = "Ask a Department About an Issue"

    issue_id = fields.Many2one("customer.issue", required=True, readonly=True)
    company_id = fields.Many2one(related="issue_id.company_id")
    group_id = fields.Many2one(
        "res.groups",
        "Department",
        compute="_compute_group_id",
        store=True,
        readonly=False,
        domain=lambda self: [("privilege_id", "=", self.env.ref("sales_dept_roles.privilege_sales_dept").id)],
    )
    member_ids = fields.Many2many("res.users", compute="_compute_member_ids")
    user_id = fields.Many2one(
        "res.users",
        "Who Answers",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', member_ids)]",
    )
    question = fields.Text()
    working_days = fields.Integer("Within (Working Days)", default=1)
    deadline = fields.Date("Until", compute="_compute_deadline", store=True, readonly=False)
    is_asked = fields.Boolean(readonly=True)

    @api.depends("issue_id")
    def _compute_group_id(self):
        for ask in self:
            issue = ask.issue_id
            limits = self.env["customer.issue.limit"]._limits_of(issue.company_id)
            ask.group_id = limits[issue.kind].group_id if issue.kind in limits else False

    @api.depends("group_id")
    def _compute_member_ids(self):
        for ask in self:
            # Who has which role is shown to whoever asks them.
            members = ask.sudo().group_id.all_user_ids
            ask.member_ids = self.env["sales.dept.role"]._of_company(members, ask.issue_id.company_id)

    @api.depends("member_ids")
    def _compute_user_id(self):
        for ask in self:
            ask.user_id = ask.user_id & ask.member_ids or ask.member_ids[:1]

    @api.depends("working_days")
    def _compute_deadline(self):
        for ask in self:
            if ask.working_days >= 0 and ask.issue_id:
                company = ask.issue_id.company_id
                ask.deadline = self.env["mail.activity"]._assignment_deadline(ask.working_days, company)

    def action_ask(self):
        """Ask once, however often the button is pressed."""
        self.ensure_one()
        if self.is_asked:
            return {"type": "ir.actions.act_window_close"}
        self.issue_id._check_course()
        if message := self._error_message():
            raise UserError(message)
        # Written by both, where it is pressed twice at the same moment: one of them begins anew.
        self.is_asked = True
        self.env["customer.issue.question"]._ask(self.issue_id, self._prepare_question_values())
        return {"type": "ir.actions.act_window_close"}

    def _error_message(self):
        """Return what is missing, or False."""
        if not self.group_id or not (self.question or "").strip() or not self.deadline:
            return self.env._("Say which department is asked, what, and until when.")
        if not self.user_id or self.user_id not in self.member_ids:
            return self.env._(
                "Nobody in %(company)s has the role “%(department)s”: give it to somebody on their user's form, or ask "
                "another department.",
                company=self.issue_id.company_id.name,
                department=self.group_id.name,
            )
        return False

    def _prepare_question_values(self):
        return {
            "group_id": self.group_id.id,
            "user_id": self.user_id.id,
            "question": self.question.strip(),
            "deadline": self.deadline,
        }
