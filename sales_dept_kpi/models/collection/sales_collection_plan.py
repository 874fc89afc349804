from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.sales_dept_roles.models.approval.terms import ORDER

OPEN = ("draft", "refused")


class SalesCollectionPlan(models.Model):
    """What an account manager means to collect in a month: made in advance of what is due by then, approved by the
    director, and unchanged from then on. What came of it stands beside it, and what came later apart from it.
    """

    _name = "sales.collection.plan"
    _description = "Collection Plan"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.approval.mixin"]
    _order = "date_from desc, user_id, id"
    _check_company_auto = True
    _mail_post_access = "read"

    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        "Account Manager",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', '=', company_id)]",
        tracking=True,
    )
    date_from = fields.Date(
        "Month",
        required=True,
        index=True,
        default=lambda self: self._default_month(),
        help="Any day of it; its first is kept.",
    )
    date_to = fields.Date("Until", compute="_compute_date_to", store=True)
    line_ids = fields.One2many(
        "sales.collection.plan.line",
        "plan_id",
        string="Planned Items",
        domain=[("is_addition", "=", False)],
        copy=False,
    )
    addition_ids = fields.One2many(
        "sales.collection.plan.line",
        "plan_id",
        string="Came Afterwards",
        domain=[("is_addition", "=", True)],
        copy=False,
    )
    note = fields.Text("Remarks", copy=False)
    line_count = fields.Integer("Items", readonly=True, copy=False)
    overdue_amount = fields.Monetary("Overdue From Before", readonly=True, copy=False)
    due_amount = fields.Monetary("Falls Due", readonly=True, copy=False)
    planned_amount = fields.Monetary("Planned", readonly=True, copy=False)
    settled_amount = fields.Monetary("Settled Since", compute="_compute_settled", compute_sudo=True)
    settled_share = fields.Float("Settled (%)", compute="_compute_settled", compute_sudo=True, digits=(16, 1))
    made_date = fields.Datetime("Items Taken On", readonly=True, copy=False)
    approved_date = fields.Datetime("Approved On", readonly=True, copy=False)
    approver_id = fields.Many2one("res.users", "Approved By", readonly=True, copy=False, index="btree_not_null")
    is_open = fields.Boolean(compute="_compute_is_open")
    state = fields.Selection(
        [
            ("draft", "Being Planned"),
            ("waiting", "Waiting for Approval"),
            ("refused", "Refused"),
            ("approved", "Approved"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )

    _one_a_month = models.UniqueIndex(
        "(company_id, user_id, date_from)", "This account manager has a collection plan for that month already."
    )

    # === COMPUTES === #

    @api.model
    def _default_month(self):
        """The running month; from its twentieth day on the next, since plans are made in advance."""
        today = self.env.company._local_today()
        return today.replace(day=1) + relativedelta(months=1 if today.day >= 20 else 0)

    @api.depends("date_from")
    def _compute_date_to(self):
        for plan in self:
            plan.date_to = plan.date_from and plan.date_from + relativedelta(day=31)

    @api.depends("approval_state", "approved_date")
    def _compute_state(self):
        states = {"pending": "waiting", "stale": "waiting", "rejected": "refused", "approved": "approved"}
        for plan in self:
            plan.state = "approved" if plan.approved_date else states.get(plan.approval_state, "draft")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_is_open(self):
        writable = self._origin._filtered_access("write")
        for plan in self:
            plan.is_open = plan.state in OPEN and (not plan._origin or plan._origin in writable)

    @api.depends("line_ids.settled_company", "planned_amount")
    def _compute_settled(self):
        for plan in self:
            plan.settled_amount = sum(plan.line_ids.mapped("settled_company"))
            plan.settled_share = 100 * plan.settled_amount / plan.planned_amount if plan.planned_amount else 0

    @api.depends("date_from", "user_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for plan in self:
            month = plan.date_from and format_date(self.env, plan.date_from, date_format="yyyy-MM")
            plan.display_name = self.env._(
                "Collection Plan %(month)s: %(name)s", month=month or "", name=plan.sudo().user_id.name or ""
            )

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "date_to", "addition_ids", "line_count", "overdue_amount", "due_amount", "planned_amount", "made_date",
            "approved_date", "approver_id", "state",
        }  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._first_of_month(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._first_of_month(vals)
        if vals.keys() & {"company_id", "user_id", "date_from", "line_ids", "note"}:
            self._check_open()
        if vals.keys() & {"company_id", "user_id", "date_from"} and self.sudo().line_ids:
            raise UserError(
                self.env._("The items of this plan are taken: delete it, and make another for that person and month.")
            )
        return super().write(vals)

    @api.model
    def _first_of_month(self, vals):
        if day := fields.Date.to_date(vals.get("date_from")):
            vals["date_from"] = day.replace(day=1)

    def unlink(self):
        # Before the requests for approval are taken back, by which it would be open again.
        self.check_access("unlink")
        self._check_open()
        return super().unlink()

    def _check_open(self):
        """:raises UserError: when one of `self` was submitted"""
        if closed := self.filtered(lambda plan: plan.state not in OPEN)[:1]:
            raise UserError(
                self.env._(
                    "%(plan)s was submitted: it stays as it is. As long as it waits for approval, whoever submitted "
                    "it may withdraw it; what comes later is added apart.",
                    plan=closed.display_name,
                )
            )

    # === APPROVAL === #

    @api.model
    def _approval_terms_spec(self):
        return {
            **super()._approval_terms_spec(),
            **dict.fromkeys(["company_id", "user_id", "date_from", "planned_amount", "note"]),
            "line_ids": {
                "sequence": ORDER,
                **dict.fromkeys(["partner_name", "name", "date_due", "amount", "currency_name"]),
                **dict.fromkeys(["expected_date", "payment_method", "person_name", "note"]),
            },
        }

    def _approval_submit_error_message(self):
        message = super()._approval_submit_error_message()
        if message:
            return message
        names = {"plan": self.display_name}
        if self.approved_date:
            return self.env._("%(plan)s was approved already.", **names)
        if not self.line_ids:
            return self.env._("%(plan)s has no items yet: take what is due first.", **names)
        return False

    def _on_approval_granted(self, approval):
        self._write_protected({"approved_date": fields.Datetime.now(), "approver_id": self.env.user})
        return super()._on_approval_granted(approval)
