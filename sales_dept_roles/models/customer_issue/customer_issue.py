from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .customer_issue_limit import KINDS

OPEN = ("new", "in_progress", "waiting")
ENDED = ("closed", "cancelled")
# What departments that were asked write on an issue; the rest is the sales department's.
DEPARTMENT = {"step_ids", "question_ids", "service_ids"}
# What stays as it is once the issue has ended.
CONTENT = {
    "partner_id",
    "email_from",
    "kind",
    "title",
    "description",
    "channel",
    "user_id",
    "sale_order_id",
    "picking_id",
    "lot_id",
    "product_id",
    "company_id",
}
SALES_ROLES = ("assistant", "account_manager", "director", "general_manager")


class CustomerIssue(models.Model):
    """What a customer asks or complains of: until when it is answered and solved, by whom, and what was said.

    Its number, its state, its deadlines and whatever proves something are written by the system alone.
    """

    _name = "customer.issue"
    _description = "Customer Issue"
    _inherit = [
        "sales.dept.link.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "sales.dept.protected.mixin",
        "sales.dept.register.mixin",
    ]
    _order = "next_deadline, id desc"
    _rec_name = "title"
    _rec_names_search = ["name", "title"]
    _primary_email = "email_from"
    _check_company_auto = True
    # Departments that are asked read it, and discuss it.
    _mail_post_access = "read"

    name = fields.Char("Number", readonly=True, copy=False, index="trigram")
    title = fields.Char("Subject", required=True, tracking=True)
    description = fields.Html("What Happened")
    kind = fields.Selection(KINDS, required=True, default="quality", index=True, tracking=True)
    channel = fields.Selection(
        [
            ("mail", "Mail"),
            ("portal", "Portal"),
            ("survey", "Survey"),
            ("call", "Call"),
            ("visit", "Visit"),
            ("exception", "Order Exception"),
            ("other", "Other"),
        ],
        "Came By",
        required=True,
        default="call",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    email_from = fields.Char(
        "Mail Address",
        compute="_compute_email_from",
        store=True,
        readonly=False,
        precompute=True,
        help="Of who asked. Whoever is not known as a customer yet is answered there.",
    )
    phone = fields.Char(related="partner_id.phone")
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Account Manager",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', '=', company_id)]",
        tracking=True,
    )
    sale_order_id = fields.Many2one(
        "sale.order",
        "Order",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('company_id', '=', company_id), ('state', 'in', ('sent', 'sale', 'cancel'))]",
    )
    picking_id = fields.Many2one(
        "stock.picking",
        "Shipment",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('company_id', '=', company_id), ('picking_type_code', '=', 'outgoing')]",
    )
    lot_id = fields.Many2one(
        "stock.lot", "Lot or Serial No.", index="btree_not_null", ondelete="set null", check_company=True
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    state = fields.Selection(
        [
            ("new", "New"),
            ("in_progress", "Under Way"),
            ("waiting", "Customer Is Asked"),
            ("solved", "Solved"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        default="new",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand="_expand_states",
    )
    reported_at = fields.Datetime("Reported On", readonly=True, copy=False, index=True)
    response_deadline = fields.Datetime("Answer By", readonly=True, copy=False, index=True)
    answered_at = fields.Datetime("Answered On", readonly=True, copy=False, help="When the first answer left.")
    solution_deadline = fields.Datetime("Solve By", readonly=True, copy=False)
    solved_at = fields.Datetime("Solved On", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed On", readonly=True, copy=False)
    solution = fields.Html(readonly=True, copy=False)
    waiting_since = fields.Datetime(readonly=True, copy=False)
    next_deadline = fields.Datetime(compute="_compute_next_deadline", store=True, index=True)
    standing = fields.Selection(
        [
            ("late", "Late"),
            ("soon", "Due Today"),
            ("in_time", "In Time"),
            ("stopped", "Clock Stands"),
            ("done", "Done"),
        ],
        compute="_compute_standing",
    )
    is_late = fields.Boolean("Late", compute="_compute_standing", search="_search_is_late")
    is_answered_on_time = fields.Boolean("Answered on Time", compute="_compute_is_answered_on_time", store=True)
    reopen_count = fields.Integer("Times Reopened", readonly=True, copy=False)
    response_escalation = fields.Integer(readonly=True, copy=False, groups="base.group_user")
    solution_escalation = fields.Integer(readonly=True, copy=False, groups="base.group_user")
    is_escalated = fields.Boolean(
        "With the Superior", compute="_compute_is_escalated", store=True, groups="base.group_user"
    )
    cancel_reason = fields.Text("Why It Is None", copy=False, groups="base.group_user")
    submission_key = fields.Char(readonly=True, copy=False, groups="base.group_system")
    group_id = fields.Many2one(
        "res.groups",
        "Department",
        compute="_compute_group_id",
        store=True,
        index="btree_not_null",
        groups="base.group_user",
        help="The department that was asked last.",
    )
    question_ids = fields.One2many(
        "customer.issue.question", "issue_id", "Questions to Departments", groups="base.group_user"
    )
    step_ids = fields.One2many("customer.issue.step", "issue_id", "8D Steps", groups="base.group_user")
    entry_ids = fields.One2many("customer.issue.entry", "issue_id", "What Was Said", groups="base.group_user")
    pause_ids = fields.One2many("customer.issue.pause", "issue_id", "Pauses", groups="base.group_user")
    service_ids = fields.One2many("customer.issue.service", "issue_id", "Service Records", groups="base.group_user")
    can_handle = fields.Boolean(compute="_compute_can_handle")

    _submitted_once = models.UniqueIndex(
        "(submission_key) WHERE submission_key IS NOT NULL", "This issue has reached us already."
    )
    _cancelled_with_reason = models.Constraint(
        "CHECK (state != 'cancelled' OR cancel_reason IS NOT NULL)", "A cancelled issue says why it is none."
    )
    _to_escalate = models.Index("(next_deadline) WHERE state IN ('new', 'in_progress')")

    # === COMPUTES === #

    @api.depends("sale_order_id", "picking_id")
    def _compute_partner_id(self):
        for issue in self:
            found = issue.sale_order_id.partner_id or issue.picking_id.sale_id.partner_id or issue.picking_id.partner_id
            issue.partner_id = issue.partner_id or found

    @api.depends("partner_id")
    def _compute_email_from(self):
        for issue in self:
            issue.email_from = issue.partner_id.email or issue.email_from

    @api.depends("sale_order_id", "picking_id")
    def _compute_company_id(self):
        for issue in self:
            found = issue.sale_order_id.company_id or issue.picking_id.company_id
            issue.company_id = found or issue.company_id or self.env.company

    @api.depends("partner_id", "sale_order_id")
    def _compute_user_id(self):
        for issue in self:
            partner = issue.partner_id
            # Whoever may enter an issue may not read each contact's company.
            found = issue.sale_order_id.user_id or partner.user_id or partner.sudo().commercial_partner_id.user_id
            if not issue.user_id and found.active and issue.company_id in found.sudo().company_ids:
                issue.user_id = found

    @api.depends("lot_id")
    def _compute_product_id(self):
        for issue in self:
            issue.product_id = issue.lot_id.product_id or issue.product_id

    @api.depends("question_ids.group_id")
    def _compute_group_id(self):
        for issue in self:
            issue.group_id = issue.question_ids.sorted("id")[-1:].group_id

    @api.depends("state", "response_deadline", "answered_at", "solution_deadline")
    def _compute_next_deadline(self):
        for issue in self:
            deadline = issue.solution_deadline if issue.answered_at else issue.response_deadline
            issue.next_deadline = deadline if issue.state in OPEN else False

    @api.depends("state", "next_deadline", "waiting_since", "company_id")
    def _compute_standing(self):
        now = fields.Datetime.now()
        for issue in self:
            issue.standing = issue._standing_at(now)
            issue.is_late = issue.standing == "late"

    def _standing_at(self, now):
        self.ensure_one()
        if self.state not in OPEN:
            return "done"
        deadline = self.next_deadline
        # While the clock stands, what was not late by then does not become it.
        if deadline and deadline < (self.waiting_since or now):
            return "late"
        if self.state == "waiting":
            return "stopped"
        company = self.company_id or self.env.company
        is_today = deadline and company._local_day(deadline) <= company._local_day(now)
        return "soon" if is_today else "in_time"

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        running = Domain("state", "in", ("new", "in_progress")) & Domain("next_deadline", "<", fields.Datetime.now())
        return running | Domain.custom(to_sql=self._late_while_waiting_sql, predicate=self._is_late_while_waiting)

    @api.model
    def _late_while_waiting_sql(self, model, alias, query):
        state, deadline, since = (
            model._field_to_sql(alias, name, query) for name in ("state", "next_deadline", "waiting_since")
        )
        return SQL("(%s = 'waiting' AND %s < %s)", state, deadline, since)

    @api.model
    def _is_late_while_waiting(self, issue):
        return bool(issue.state == "waiting" and issue.next_deadline and issue.next_deadline < issue.waiting_since)

    @api.model
    def _expand_states(self, states, domain):
        """What has ended has a column only where there is something in it."""
        return [*OPEN, "solved", *(state for state in ENDED if state in states)]

    def _web_read_group_format(self, groupby, aggregates, groups):
        """Columns of what has ended are folded, as those of stages are that say so."""
        result = super()._web_read_group_format(groupby, aggregates, groups)
        if self._web_read_group_field_expand(groupby) is self._fields["state"]:
            for group in result:
                group["__fold"] = group["state"] in ENDED
        return result

    @api.depends("answered_at", "response_deadline")
    def _compute_is_answered_on_time(self):
        for issue in self:
            answered, deadline = issue.answered_at, issue.response_deadline
            issue.is_answered_on_time = bool(answered and (not deadline or answered <= deadline))

    @api.depends("response_escalation", "solution_escalation")
    def _compute_is_escalated(self):
        for issue in self:
            issue.is_escalated = max(issue.response_escalation, issue.solution_escalation) >= 2

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_can_handle(self):
        for issue in self:
            issue.can_handle = issue._user_handles()

    @api.depends("name", "title")
    def _compute_display_name(self):
        for issue in self:
            issue.display_name = " · ".join(filter(None, [issue.name, issue.title])) or self.env._("New Issue")

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for issue in self:
            issue.access_url = f"/my/issues/{issue.id}"
        return result

    # === THE LINK OF THE MAILS === #

    def _link_recipient(self):
        """Also whoever is not known as a customer gets a new link where they wrote from."""
        self.ensure_one()
        issue = self.sudo()
        return issue.partner_id, issue.partner_id.email or issue.email_from

    def _is_link_renewable(self):
        """What we entered of our own accord is the customer's to see once it was told."""
        self.ensure_one()
        return self.channel not in ("exception", "other") or bool(self.answered_at)

    # === CONSTRAINTS === #

    @api.constrains("title")
    def _check_title(self):
        if any(not (issue.title or "").strip() for issue in self):
            raise ValidationError(self.env._("Say in a few words what the issue is about (its subject)."))

    # No constraint of the database: where one names a customer, customers that are merged may lose their records.
    @api.constrains("partner_id", "email_from")
    def _check_customer(self):
        if any(not issue.partner_id and not (issue.email_from or "").strip() for issue in self):
            raise ValidationError(self.env._("Say who asked: choose the customer, or enter the mail address."))

    @api.constrains("partner_id", "sale_order_id", "picking_id")
    def _check_documents(self):
        for issue in self.sudo():
            customer = issue.partner_id.commercial_partner_id
            for document in (issue.sale_order_id, issue.picking_id.sale_id):
                if customer and document and document.partner_id.commercial_partner_id != customer:
                    raise ValidationError(
                        self.env._(
                            "%(document)s is not of %(customer)s: choose the customer's own document, or none.",
                            document=document.display_name,
                            customer=customer.display_name,
                        )
                    )

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "name",
            "state",
            "reported_at",
            "response_deadline",
            "answered_at",
            "solution_deadline",
            "solved_at",
            "closed_at",
            "solution",
            "waiting_since",
            "next_deadline",
            "is_answered_on_time",
            "reopen_count",
            "response_escalation",
            "solution_escalation",
            "is_escalated",
            "submission_key",
            "group_id",
        }

    @api.model_create_multi
    def create(self, vals_list):
        self._check_handles()
        issues = super().create(vals_list)
        issues._set_out()
        self.env["customer.issue.step"]._make_for(issues)
        issues._refresh_todos()
        return issues

    def write(self, vals):
        self._check_may_change(vals)
        result = super().write(vals)
        if "kind" in vals:
            self._kind_changed()
        if vals.keys() & {"user_id", "kind"}:
            self._refresh_todos()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Issues are kept: what customers said stays on record. Cancel it with the reason instead.")
        )

    def _set_out(self):
        """Give new issues their number, and their deadlines by the limits of today."""
        now = fields.Datetime.now()
        for issue in self:
            issue._write_protected({"name": issue._next_number(), "reported_at": now})
        self._set_deadlines()

    def _next_number(self):
        """The number of a new issue, from the sequence of its company."""
        sequence = self.env["ir.sequence"].with_company(self.company_id)
        return sequence.next_by_code("customer.issue", sequence_date=self.company_id._local_today())

    # === RIGHTS === #

    @api.model
    def _user_handles(self):
        """Whether the user is of the sales department, which answers customers."""
        user = self.env.user
        return self.env.su or any(user.has_group(f"sales_dept_roles.group_{role}") for role in SALES_ROLES)

    def _check_handles(self):
        """:raises AccessError: when the user is not of the sales department"""
        if not self._user_handles():
            raise AccessError(
                self.env._(
                    "Issues are entered, and customers answered, by the sales department. A department that is asked "
                    "answers the question that was put to it."
                )
            )

    def _check_open(self):
        """:raises UserError: when one of `self` is solved, or has ended"""
        if done := self.filtered(lambda issue: issue.state not in OPEN):
            raise UserError(
                self.env._(
                    "%(issue)s is %(state)s already.", issue=done[0].display_name, state=done[0]._state_label().lower()
                )
            )

    def _state_label(self):
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _check_may_change(self, vals):
        """:raises UserError: or AccessError, when `vals` are not for the user to write now"""
        if vals.keys() & (CONTENT | {"cancel_reason"}):
            self._check_handles()
        changed = vals.keys() & CONTENT
        if changed and (ended := self.filtered(lambda issue: issue.state in ENDED)):
            raise UserError(
                self.env._(
                    "%(issue)s is %(state)s and stays as it is. Reopen it, or enter a new one.",
                    issue=ended[0].display_name,
                    state=ended[0]._state_label().lower(),
                )
            )
        if "kind" in vals and (answered := self.filtered("answered_at").filtered(lambda one: one.kind != vals["kind"])):
            raise UserError(
                self.env._(
                    "%(issue)s was answered as what it is: its deadline goes by that. Enter a new one for the other "
                    "subject.",
                    issue=answered[0].display_name,
                )
            )
        if "company_id" in vals and any(issue.company_id.id != vals["company_id"] for issue in self):
            raise UserError(self.env._("An issue stays in its company, whose number and clock it has."))
