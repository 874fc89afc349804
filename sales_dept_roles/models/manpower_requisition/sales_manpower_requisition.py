from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, is_html_empty

from ..clock.bounds import check_dates
from .places import position_key

SALARY_GROUPS = ",".join(
    f"sales_dept_roles.group_{role}"
    for role in ("assistant", "account_manager", "director", "general_manager", "finance_verifier")
)


class SalesManpowerRequisition(models.Model):
    """A request for people, which opens the position in Recruitment once it is approved."""

    _name = "sales.manpower.requisition"
    _description = "Manpower Requisition"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.approval.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False, default=lambda self: self.env._("New"))
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    requester_id = fields.Many2one(
        "res.users",
        "Requested By",
        required=True,
        index=True,
        copy=False,
        default=lambda self: self.env.user,
        tracking=True,
    )
    department_id = fields.Many2one(
        "hr.department",
        required=True,
        index=True,
        check_company=True,
        default=lambda self: self.env.company.sales_dept_department_id,
    )
    job_id = fields.Many2one(
        "hr.job",
        "Existing Position",
        index="btree_not_null",
        check_company=True,
        help="Leave empty for a position that the company does not have yet.",
    )
    position = fields.Char(compute="_compute_position", store=True, readonly=False, required=True, precompute=True)
    number_of_people = fields.Integer("People Needed", default=1, required=True)
    reason = fields.Selection(
        [("growth", "Growth"), ("replacement", "Replacement")], required=True, default="growth", tracking=True
    )
    replaced_name = fields.Char("Person Replaced", help="Whom the new colleague takes over from.")
    reason_note = fields.Text("Explanation")
    wanted_date = fields.Date("Wanted By", required=True)
    contract_type_id = fields.Many2one("hr.contract.type", "Employment Type", index="btree_not_null")
    duties = fields.Html(sanitize_attributes=False)
    requirements = fields.Text(help="Education, experience, languages and skills.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    salary_min = fields.Monetary("Salary From", groups=SALARY_GROUPS, help="Per month.")
    salary_max = fields.Monetary("Salary To", groups=SALARY_GROUPS, help="Per month.")
    recruiter_id = fields.Many2one(
        "res.users", domain="[('share', '=', False), ('company_ids', '=', company_id)]", check_company=True
    )
    interviewer_ids = fields.Many2many(
        "res.users",
        string="Interviewers",
        domain="[('share', '=', False), ('company_ids', '=', company_id)]",
        help="They see the applicants of the position in Recruitment once it is open.",
    )
    opened_job_id = fields.Many2one(
        "hr.job", "Open Position", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    opened_date = fields.Datetime("Position Opened", readonly=True, copy=False)
    hired_before = fields.Integer(
        readonly=True, copy=False, help="People hired for the position before, when this one was approved."
    )
    number_given_up = fields.Integer(
        "Places Given Up", readonly=True, copy=False, help="Approved, but not needed any more."
    )
    needed_count = fields.Integer(
        "Places", compute="_compute_needed_count", store=True, help="People needed, without the places given up."
    )
    closed_date = fields.Datetime("Closed On", readonly=True, copy=False)
    closed_by_id = fields.Many2one("res.users", readonly=True, copy=False, index="btree_not_null")
    close_reason = fields.Text("Why It Was Closed", readonly=True, copy=False)
    hired_count = fields.Integer(
        "Hired",
        compute="_compute_hired_count",
        store=True,
        help="Hired since the approval, without those who declined or left again.",
    )
    filled_date = fields.Date("Filled On", compute="_compute_hired_count", store=True)
    application_count = fields.Integer(compute="_compute_application_count", compute_sudo=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Waiting for Approval"),
            ("approved", "Approved"),
            ("filled", "Filled"),
            ("refused", "Refused"),
            ("closed", "Closed"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )

    _number_of_people_positive = models.Constraint(
        "CHECK (number_of_people > 0)", "A requisition is for at least one person: enter how many people are needed."
    )
    _salary_range = models.Constraint(
        "CHECK (salary_min >= 0 AND (COALESCE(salary_max, 0) = 0 OR salary_max >= salary_min))",
        "The salary range goes from the lower to the higher amount: correct one of the two.",
    )

    # === COMPUTES === #

    @api.depends("job_id")
    def _compute_position(self):
        for requisition in self:
            requisition.position = requisition.job_id.name or requisition.position

    @api.depends("name", "position")
    def _compute_display_name(self):
        for requisition in self:
            requisition.display_name = " ".join(filter(None, [requisition.name, requisition.position]))

    @api.depends("approval_state", "opened_job_id", "hired_count", "needed_count", "filled_date", "closed_date")
    def _compute_state(self):
        states = {"pending": "waiting", "rejected": "refused", "approved": "approved"}
        for requisition in self:
            state = states.get(requisition.approval_state, "draft")
            if requisition.opened_job_id:
                state = "filled" if requisition.hired_count >= requisition.needed_count > 0 else "approved"
            if requisition.closed_date and not requisition.filled_date:
                state = "closed"
            requisition.state = state

    @api.depends("opened_job_id")
    def _compute_application_count(self):
        for requisition in self:
            requisition.application_count = requisition.opened_job_id.all_application_count

    @api.constrains("wanted_date")
    def _check_dates(self):
        check_dates(self, "wanted_date")

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "state",
            "opened_job_id",
            "opened_date",
            "hired_before",
            "number_given_up",
            "needed_count",
            "hired_count",
            "filled_date",
            "name",
            "closed_date",
            "closed_by_id",
            "close_reason",
        }

    @api.model_create_multi
    def create(self, vals_list):
        requisitions = super().create(vals_list)
        for requisition in requisitions:
            numbers = self.env["ir.sequence"].with_company(requisition.company_id)
            number = numbers.next_by_code("sales.manpower.requisition")
            requisition._write_protected({"name": number or requisition.name})
        return requisitions

    def write(self, vals):
        # A record rule looks at who asked before this write, not after it.
        if (
            not self.env.su
            and "requester_id" in vals
            and self.requester_id != self.env.user.browse(vals["requester_id"])
        ):
            raise AccessError(self.env._("A requisition stays with the person who asked: make one in your own name."))
        if vals.keys() & {*self._approval_spec(), "requester_id"}:
            if opened := self.filtered("opened_job_id"):
                raise UserError(
                    self.env._(
                        "%(names)s opened its position already and stays as it was signed. "
                        "Make a new requisition for what has changed, or close or lower this one.",
                        names=", ".join(opened.mapped("name")),
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_opened(self):
        if opened := self.filtered("opened_job_id"):
            raise UserError(
                self.env._(
                    "%(names)s opened a position: it stays as a record of who asked for it.",
                    names=", ".join(opened.mapped("name")),
                )
            )

    # === ACTIONS === #

    def action_open_job(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "hr.job",
            "res_id": self.opened_job_id.id,
            "views": [(False, "form")],
        }

    def action_open_applicants(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("hr_recruitment.action_hr_job_applications")
        return {
            **action,
            "domain": [("job_id", "=", self.opened_job_id.id)],
            "context": {"default_job_id": self.opened_job_id.id, "active_id": self.opened_job_id.id},
        }

    # === APPROVAL === #

    @api.model
    def _approval_terms_spec(self):
        return dict.fromkeys(
            [
                "company_id",
                "department_id",
                "job_id",
                "position",
                "number_of_people",
                "reason",
                "replaced_name",
                "reason_note",
                "wanted_date",
                "contract_type_id",
                "duties",
                "requirements",
                "salary_min",
                "salary_max",
                "recruiter_id",
                "interviewer_ids",
            ]
        )

    def _approval_submit_error_message(self):
        message = super()._approval_submit_error_message()
        if not message and self.opened_job_id:
            message = self.env._("%(name)s opened its position already.", name=self.name)
        if not message and is_html_empty(self.duties):
            message = self.env._(
                "%(name)s says nothing about the duties yet: fill in what the new colleague will do.", name=self.name
            )
        if not message and self.reason == "replacement" and not (self.replaced_name or "").strip():
            message = self.env._("%(name)s is for a replacement: say whom it replaces.", name=self.name)
        if not message and self.wanted_date < self.company_id._local_today():
            message = self.env._(
                "%(name)s is wanted by a day that is past: choose a day from today on.", name=self.name
            )
        return message

    def _prepare_approval_values(self, flow):
        return {
            **super()._prepare_approval_values(flow),
            "responsible_id": self.requester_id.id,
            "is_confidential": True,
        }

    def _on_approval_granted(self, approval):
        self._open_position()
        return super()._on_approval_granted(approval)

    def _open_position(self):
        """Ask Recruitment for the people of this requisition: of a position that is there, or of a new one."""
        self.ensure_one()
        if self.opened_job_id:
            return
        job = self._find_position()
        hired_before = len(job._manpower_hires()[job]) if job else 0
        if job:
            job.write(self._prepare_position_update_values(job))
        else:
            job = job.with_company(self.company_id).create(self._prepare_position_values())
        self._write_protected(
            {"opened_job_id": job, "opened_date": fields.Datetime.now(), "hired_before": hired_before}
        )
        job.message_post(
            body=self.env._(
                "%(count)s wanted by %(date)s: manpower requisition %(name)s.",
                count=self.number_of_people,
                date=fields.Date.to_string(self.wanted_date),
                name=self.name,
            )
        )

    def _find_position(self):
        """The position that is meant: the one chosen, or one of that name in the department."""
        if self.job_id:
            return self.job_id
        jobs = (
            self.env["hr.job"]
            .with_context(active_test=False)
            .search(
                [("company_id", "in", [False, self.company_id.id]), ("department_id", "=", self.department_id.id)],
                order="active DESC, company_id, id",
            )
        )
        # A position has a name in each language, and the requester wrote one of them.
        jobs.flush_recordset(["name"])
        rows = self.env.execute_query(SQL("SELECT id, name FROM hr_job WHERE id IN %s", jobs._ids or (0,)))
        keys = {job_id: {position_key(name) for name in names.values()} for job_id, names in rows}
        return jobs.filtered(lambda job: position_key(self.position) in keys[job.id])[:1]

    def _prepare_position_update_values(self, job):
        values = {
            "active": True,
            "no_of_recruitment": job.no_of_recruitment + self.number_of_people,
            "interviewer_ids": [Command.link(user.id) for user in self.interviewer_ids],
        }
        if self.recruiter_id:
            values["user_id"] = self.recruiter_id.id
        return values

    def _prepare_position_values(self):
        return {
            "name": self.position,
            "company_id": self.company_id.id,
            "department_id": self.department_id.id,
            "no_of_recruitment": self.number_of_people,
            "contract_type_id": self.contract_type_id.id,
            "description": self.duties,
            "requirements": self.requirements,
            "user_id": self.recruiter_id.id,
            "interviewer_ids": [Command.set(self.interviewer_ids.ids)],
        }
