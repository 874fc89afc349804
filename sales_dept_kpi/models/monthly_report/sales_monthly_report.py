from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from odoo.addons.sales_dept_logistics.models.stock_ageing.days import month_end
from odoo.addons.sales_dept_roles.models.approval.terms import ORDER

from ..kpi.month_name import month_name
from .sections import SECTIONS

# As long as it is one of these, its writer goes on with it.
OPEN = ("draft", "sent_back")
# What the writer says; all else is the system's own.
WRITTEN = ("results", "causes", "help_needed")
LEADERS = "sales_dept_roles.group_director,sales_dept_roles.group_general_manager"
# Whose report it is of when; set when it is made.
FIXED = {"kind", "company_id", "user_id", "date_from"}
COUNTS = [f"{code}_count" for code in SECTIONS]
AMOUNTS = [f"{code}_amount" for code, section in SECTIONS.items() if section.has_amount]


class SalesMonthlyReport(models.Model):
    """What a month was like for a person, or for the department: the system's figures, and what people say of them.

    Figures and documents are values, taken when the report is made and again on demand, until it is submitted. What
    was submitted stays as it is, unless the director sends it back.
    """

    _name = "sales.monthly.report"
    _description = "Monthly Summary Report"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.approval.mixin"]
    _order = "date_from desc, kind, user_id, id"
    _check_company_auto = True
    _mail_post_access = "read"

    kind = fields.Selection(
        [("department", "Department"), ("person", "Person")], string="Report Of", required=True, readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users", "Written By", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    date_from = fields.Date("First Day of the Month", required=True, readonly=True, index=True)
    month_text = fields.Char("Month", compute="_compute_month_text")
    date_to = fields.Date("Month's End", compute="_compute_date_to")
    due_date = fields.Date("Due", readonly=True, copy=False)
    figures_date = fields.Datetime("Figures Taken On", readonly=True, copy=False)
    as_of_text = fields.Char("Documents As Of", compute="_compute_as_of_text")
    failed_text = fields.Char("Figures That Are Missing", compute="_compute_failed_text")
    submitted_date = fields.Datetime(
        "Submitted On", readonly=True, copy=False, help="For the first time: one that was sent back keeps its day."
    )
    submitted_late = fields.Boolean(readonly=True, copy=False)
    confirmed_date = fields.Datetime("Confirmed On", readonly=True, copy=False)
    reminded_date = fields.Datetime("Reminded On", readonly=True, copy=False)
    escalated_date = fields.Datetime("Director Told On", readonly=True, copy=False)
    results = fields.Text(copy=False, help="What was achieved this month.")
    causes = fields.Text(copy=False, help="Why figures fell short, and why documents are still open.")
    help_needed = fields.Text(copy=False, help="What the director or other departments are asked for.")
    figure_ids = fields.One2many("sales.monthly.report.figure", "report_id", string="Figures", readonly=True)
    line_ids = fields.One2many("sales.monthly.report.line", "report_id", string="Open Documents", readonly=True)
    member_ids = fields.One2many(
        "sales.monthly.report.member", "report_id", string="People", readonly=True, groups=LEADERS
    )
    item_ids = fields.One2many("sales.monthly.report.item", "report_id", string="Next Month's Plan", copy=False)
    answered_ids = fields.One2many(
        "sales.monthly.report.item", "answer_report_id", string="This Month's Plan", copy=False
    )
    kpi_count = fields.Integer("KPIs Judged", readonly=True, copy=False)
    kpi_met_count = fields.Integer("Number of KPIs Met", readonly=True, copy=False)
    kpi_text = fields.Char("KPIs Met", compute="_compute_kpi_text")
    collection_count = fields.Integer("Open Collections", readonly=True, copy=False)
    collection_amount = fields.Monetary("Overdue Receivables", readonly=True, copy=False)
    review_count = fields.Integer("Overdue Order Reviews", readonly=True, copy=False)
    review_amount = fields.Monetary("Value of Overdue Order Reviews", readonly=True, copy=False)
    overstock_count = fields.Integer("Overstock Lines", readonly=True, copy=False)
    overstock_amount = fields.Monetary("Overstock Value", readonly=True, copy=False)
    exception_count = fields.Integer("Order Exceptions", readonly=True, copy=False)
    follow_up_count = fields.Integer("Follow-ups with Other Departments", readonly=True, copy=False)
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_is_late")
    is_mine = fields.Boolean(compute="_compute_is_mine")
    can_edit = fields.Boolean(compute="_compute_is_mine")
    can_take = fields.Boolean(compute="_compute_is_mine")
    state = fields.Selection(
        [
            ("draft", "To Be Written"),
            ("waiting", "Waiting for Confirmation"),
            ("sent_back", "Sent Back"),
            ("confirmed", "Confirmed"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )

    _one_a_person = models.UniqueIndex(
        "(company_id, date_from, user_id) WHERE kind = 'person'", "This person has a report of that month already."
    )
    _one_a_department = models.UniqueIndex(
        "(company_id, date_from) WHERE kind = 'department'", "The department has a report of that month already."
    )

    # === COMPUTES === #

    @api.depends("date_from")
    def _compute_date_to(self):
        for report in self:
            report.date_to = report.date_from and month_end(report.date_from)

    @api.depends("kpi_count", "kpi_met_count")
    def _compute_kpi_text(self):
        for report in self:
            report.kpi_text = f"{report.kpi_met_count} / {report.kpi_count}" if report.kpi_count else "–"

    @api.depends("date_from")
    @api.depends_context("lang")
    def _compute_month_text(self):
        for report in self:
            report.month_text = report._month_text()

    @api.depends("figures_date", "date_to", "company_id")
    @api.depends_context("lang")
    def _compute_as_of_text(self):
        for report in self:
            report.as_of_text = report.figures_date and report._as_of_text()

    def _as_of_text(self):
        """Which day and moment the documents of the report are as of."""
        company = self.company_id
        taken = format_datetime(self.env, self.figures_date, tz=company._local_zone().zone)
        if company._local_day(self.figures_date) <= self.date_to:
            return self.env._("As of %(moment)s.", moment=taken)
        return self.env._(
            "As at the end of %(day)s; exceptions, causes, measures and remarks as they stood on %(moment)s.",
            day=format_date(self.env, self.date_to),
            moment=taken,
        )

    @api.depends("figure_ids.verdict", "figure_ids.name")
    @api.depends_context("lang")
    def _compute_failed_text(self):
        for report in self:
            failed = report.figure_ids.filtered(lambda figure: figure.verdict == "failed")
            report.failed_text = bool(failed) and self.env._(
                "Could not be computed when the figures were taken: %(kpis)s. What is shown of them is what they said "
                "last, and is not judged.",
                kpis=", ".join(f"“{name}”" for name in failed.mapped("name")),
            )

    @api.depends("approval_state", "confirmed_date")
    def _compute_state(self):
        states = {"pending": "waiting", "stale": "waiting", "rejected": "sent_back", "approved": "confirmed"}
        for report in self:
            report.state = "confirmed" if report.confirmed_date else states.get(report.approval_state, "draft")

    @api.depends("state", "due_date", "submitted_date", "submitted_late")
    def _compute_is_late(self):
        today = {company: company._local_today() for company in self.company_id}
        for report in self:
            is_due = bool(report.due_date) and report.due_date < today[report.company_id]
            report.is_late = report.submitted_late or (not report.submitted_date and is_due)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        # A company's day is no secret of it; record rules say which reports are found.
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        overdue = Domain.OR(
            Domain("company_id", "in", [company.id for company in of_day]) & Domain("due_date", "<", day)
            for day, of_day in companies.grouped(lambda company: company._local_today()).items()
        )
        return Domain("submitted_late", "=", True) | (Domain("submitted_date", "=", False) & overdue)

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        leads = self._may_make()
        for report in self:
            is_open = report.state in OPEN
            report.is_mine = report.user_id == self.env.user
            report.can_edit = report.is_mine and is_open
            report.can_take = (report.is_mine or leads) and is_open

    @api.depends("kind", "date_from", "user_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for report in self:
            whose = self.env._("Department") if report.kind == "department" else report.sudo().user_id.name
            report.display_name = self.env._(
                "Monthly report %(month)s: %(whose)s", month=report._month_text(), whose=whose or ""
            )

    def _month_text(self):
        """The month as the reader writes it."""
        return month_name(self.env, self.date_from) if self.date_from else ""

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return (
            super()._protected_fields()
            | FIXED
            | {*COUNTS, *AMOUNTS}
            | {
                "kpi_count",
                "kpi_met_count",
                "figure_ids",
                "line_ids",
                "member_ids",
                "due_date",
                "figures_date",
                "submitted_date",
                "submitted_late",
                "confirmed_date",
                "reminded_date",
                "escalated_date",
                "state",
            }
        )

    def _refused_fields(self, names):
        # Only the system makes reports: nobody else has the right.
        return super()._refused_fields(names) - (set() if self else FIXED)

    def write(self, vals):
        if vals.keys() & {*WRITTEN, "item_ids", "answered_ids"}:
            self._check_open()
        return super().write(vals)

    def _check_open(self):
        """:raises UserError: when one of `self` was submitted"""
        if closed := self.sudo().filtered(lambda report: report.state not in OPEN)[:1]:
            raise UserError(
                self.env._(
                    "%(report)s was submitted: what stands in it stays as it is. As long as it waits for confirmation, "
                    "its writer may withdraw it.",
                    report=closed.display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_submitted(self):
        if kept := self.filtered("submitted_date")[:1]:
            raise UserError(self.env._("%(report)s was submitted once: it stays on record.", report=kept.display_name))

    # === APPROVAL === #

    @api.model
    def _approval_terms_spec(self):
        return {
            **super()._approval_terms_spec(),
            **dict.fromkeys(["company_id", "kind", "user_id", "date_from", *WRITTEN]),
            "figure_ids": {
                "sequence": ORDER,
                **dict.fromkeys(["name", "numerator", "denominator", "value", "threshold", "verdict"]),
            },
            "line_ids": dict.fromkeys(["section", "name", "partner_name", "user_id", "date", "amount", "detail"]),
            "member_ids": dict.fromkeys(
                [
                    "user_id",
                    "state",
                    "is_late",
                    "kpi_count",
                    "kpi_met_count",
                    *COUNTS,
                    *AMOUNTS,
                    "results",
                    "help_needed",
                ]
            ),
            "item_ids": {"sequence": ORDER, **dict.fromkeys(["name", "measure", "date"])},
            "answered_ids": {"sequence": ORDER, **dict.fromkeys(["name", "outcome", "moved_date", "remark"])},
        }

    @api.model
    def _approval_line_label(self, lines, values):
        return values.get("name") or (values.get("user_id") or {}).get("text") or ""

    def _approval_submit_error_message(self):
        message = super()._approval_submit_error_message()
        if message:
            return message
        names = {"report": self.display_name}
        if self.user_id != self.env.user:
            return self.env._("%(report)s is submitted by %(name)s, who writes it.", **names, name=self.user_id.name)
        if self.confirmed_date:
            return self.env._("%(report)s is confirmed already.", **names)
        if not (self.results or "").strip():
            return self.env._("%(report)s says nothing about the results yet: write what was achieved.", **names)
        return self._plan_error_message()

    def _plan_error_message(self):
        """Return what is missing in last month's plan, or in next month's, or False."""
        names = {"report": self.display_name}
        for item in self.answered_ids:
            if message := item._answer_error_message():
                return message
        if not self.item_ids:
            return self.env._("%(report)s has no plan for the next month yet: say what you will do.", **names)
        if vague := self.item_ids.filtered(lambda item: not item.date or not (item.measure or "").strip())[:1]:
            return self.env._(
                "“%(item)s” in the plan of %(report)s wants a measure and a date.", **names, item=vague.name
            )
        return False

    def _prepare_approval_values(self, flow):
        return {
            **super()._prepare_approval_values(flow),
            "responsible_id": self.user_id.id,
            # Between the writer and those who lead: a colleague who sees all of sales does not see it.
            "is_confidential": True,
        }

    def _approval_submit(self):
        result = super()._approval_submit()
        self._on_submitted()
        return result

    def _on_approval_granted(self, approval):
        self._write_protected({"confirmed_date": fields.Datetime.now()})
        self._refresh_members()
        return super()._on_approval_granted(approval)

    def _on_approval_refused(self, approval):
        self._refresh_members()
        self._approval_refresh_activities()
        return super()._on_approval_refused(approval)
