from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import format_date

from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates

from .years import last_day, months_from

# Who reads the targets of all; an account manager reads their own.
READERS = ",".join(f"sales_dept_roles.group_{role}" for role in ("director", "general_manager", "finance_verifier"))
MEASURES = [
    ("sales", "Sales"),
    ("new_customers", "New Customers"),
    ("new_products", "New Products"),
    ("promotion", "Promotion Budget"),
    ("exhibition", "Exhibition Budget"),
]
# What is spent, not reached: less of it is no shortfall.
BUDGETS = {"promotion", "exhibition"}
MONEY = {"sales", *BUDGETS}
# A target that is begun so long before a year's end is for the next one.
NEXT_YEAR = timedelta(days=92)


class SalesTarget(models.Model):
    """What the company wants to reach in a year, by team, person and month.

    Its figures are the months of its shares and nothing else: what a person, a team or the company has to reach is
    always the sum. What is not given to a person yet stands as the team's own, or the company's.
    What was approved stays; a revision is another version with a reason, which takes its place once it is approved.
    """

    _name = "sales.target"
    _description = "Annual Sales Target"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.dept.version.mixin"]
    _order = "date_from desc, version desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        "Year From",
        required=True,
        index=True,
        default=lambda self: self.env.company._target_year_of(self.env.company._local_today() + NEXT_YEAR),
        help="The first month of the calendar or fiscal year.",
    )
    date_to = fields.Date("Year To", compute="_compute_date_to", store=True)
    version = fields.Integer(readonly=True, copy=False, default=1)
    reason = fields.Text("Reason of the Revision", readonly=True, copy=False)
    previous_id = fields.Many2one(
        "sales.target", "Revises", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    successor_id = fields.Many2one(
        "sales.target", "Revised By", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    spread = fields.Selection(
        [
            ("season", "As Last Year's Sales"),
            ("days", "By Working Days"),
            ("even", "Evenly"),
            ("hand", "By Weights of My Own"),
        ],
        string="Spread to Months",
        required=True,
        default="season",
        help="By what a year's figure is spread to its months. Months may be changed one by one afterwards.",
    )
    growth = fields.Float(
        "Growth (%)", digits=(6, 2), default=10, help="What is proposed is last year's figure and so much more."
    )
    weight_ids = fields.One2many("sales.target.weight", "target_id", string="Weights of the Months")
    share_ids = fields.One2many("sales.target.share", "target_id", string="Shares")
    line_ids = fields.One2many("sales.target.line", "target_id", string="Months", readonly=True)
    preparer_id = fields.Many2one(string="Submitted By")
    asked_date = fields.Datetime("Confirmation Asked On", readonly=True, copy=False)
    approved_date = fields.Datetime("Approved On", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Waiting for Approval"),
            ("approved", "Approved"),
            ("superseded", "Replaced"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )

    _first_of_month = models.Constraint(
        "CHECK (EXTRACT(DAY FROM date_from) = 1)", "A target's year begins on the first of a month: choose that day."
    )
    _growth_bounds = models.Constraint(
        "CHECK (growth > -100 AND growth <= 1000)",
        "Growth is more than −100 % and at most 1,000 %: correct it.",
    )
    _one_in_force = models.UniqueIndex(
        "(company_id, date_from) WHERE approved_date IS NOT NULL AND superseded_date IS NULL",
        "This year has an approved target already: revise that one.",
    )

    # === COMPUTES === #

    @api.depends("date_from")
    def _compute_date_to(self):
        for target in self:
            target.date_to = target.date_from and last_day(target.date_from)

    @api.depends("date_from", "version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for target in self:
            year = target._year_text()
            if target.version > 1:
                target.display_name = self.env._(
                    "Sales target %(year)s, version %(version)s", year=year, version=target.version
                )
            else:
                target.display_name = self.env._("Sales target %(year)s", year=year)

    def _year_text(self):
        """The calendar year, or the first and last month of another one."""
        self.ensure_one()
        if not self.date_from:
            return ""
        if self.date_from.month == 1:
            return str(self.date_from.year)
        first, last = (
            format_date(self.env, day, date_format="yyyy-MM") for day in (self.date_from, last_day(self.date_from))
        )
        return f"{first} – {last}"

    @api.depends("approval_state", "approved_date", "superseded_date")
    def _compute_state(self):
        for target in self:
            if target.superseded_date:
                target.state = "superseded"
            elif target.approved_date:
                target.state = "approved"
            else:
                target.state = "waiting" if target.approval_state in ("pending", "stale") else "draft"

    @api.constrains("date_from")
    def _check_dates(self):
        check_dates(self, "date_from")

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "version",
            "reason",
            "previous_id",
            "asked_date",
            "approved_date",
            "state",
        }

    @api.model_create_multi
    def create(self, vals_list):
        # Shares are spread by the weights, so these come first.
        rows = [{name: value for name, value in vals.items() if name != "share_ids"} for vals in vals_list]
        targets = super().create(rows)
        for target, vals in zip(targets, vals_list, strict=True):
            if not target.weight_ids:
                target.weight_ids = [Command.create({"date": month}) for month in months_from(target.date_from)]
            if vals.get("share_ids"):
                target.share_ids = vals["share_ids"]
        return targets

    def write(self, vals):
        if vals.keys() & {"company_id", "date_from", "spread", "growth", "weight_ids", "share_ids"}:
            # Whoever may not is told so, and nothing else.
            self.check_access("write")
            self._check_open()
        if vals.keys() & {"company_id", "date_from"} and (
            begun := self.filtered(lambda target: target.share_ids or target.previous_id)
        ):
            raise UserError(
                self.env._(
                    "%(target)s has figures of that year: make a target for the other year.",
                    target=begun[0].display_name,
                )
            )
        result = super().write(vals)
        if "date_from" in vals:
            for target in self:
                target.weight_ids = [
                    Command.clear(),
                    *(Command.create({"date": month}) for month in months_from(target.date_from)),
                ]
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if kept := self.filtered(lambda target: target.state != "draft"):
            raise UserError(
                self.env._(
                    "%(target)s is %(state)s and stays on record. Revise it where it does not hold any more.",
                    target=kept[0].display_name,
                    state=kept[0]._state_text(),
                )
            )

    def _state_text(self):
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _check_open(self):
        """:raises UserError: when figures of one of `self` cannot be changed any more"""
        if closed := self.filtered(lambda target: target.state != "draft"):
            target = closed[0]
            if target.state == "waiting":
                raise UserError(
                    self.env._(
                        "%(target)s waits for approval: withdraw the request before you change its figures.",
                        target=target.display_name,
                    )
                )
            raise UserError(
                self.env._(
                    "%(target)s is %(state)s and stays as it was signed. Press “Revise” on the one in force to make a "
                    "new version.",
                    target=target.display_name,
                    state=target._state_text(),
                )
            )

    @api.constrains("date_from", "company_id", "approved_date", "superseded_date")
    def _check_overlap(self):
        for target in self.filtered(lambda target: target.approved_date and not target.superseded_date):
            other = self.sudo().search(target._overlap_domain(), limit=1)
            if other:
                raise ValidationError(
                    self.env._(
                        "%(target)s has months that %(other)s has too: two targets of a month cannot be in force.",
                        target=target.display_name,
                        other=other.display_name,
                    )
                )

    def _overlap_domain(self):
        """Other targets in force of the company, for some of the same months."""
        self.ensure_one()
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "=", "approved")
            & Domain("id", "not in", (self | self.previous_id).ids)
            & Domain("date_from", "<=", self.date_to)
            & Domain("date_to", ">=", self.date_from)
        )

    # === APPROVAL === #

    @api.model
    def _approval_terms_spec(self):
        whose = ["measure", "categ_id", "team_id", "user_id"]
        return {
            **super()._approval_terms_spec(),
            **dict.fromkeys(["company_id", "date_from", "version", "reason"]),
            "share_ids": dict.fromkeys([*whose, "date_from", "date_to"]),
            "line_ids": dict.fromkeys([*whose, "date", "amount"]),
        }

    @api.model
    def _approval_term_domain(self, name):
        if name in ("share_ids", "line_ids"):
            return Domain.TRUE
        return super()._approval_term_domain(name)

    @api.model
    def _approval_line_label(self, lines, values):
        names = [(values.get(name) or {}).get("text") for name in ("categ_id", "team_id", "user_id")]
        measures = dict(self.env["sales.target.line"]._fields["measure"]._description_selection(self.env))
        return " · ".join(filter(None, [values.get("date"), measures.get(values.get("measure")), *names]))

    def _superseded_reason(self):
        return self.env._("A revision of %(target)s was approved.", target=self.display_name)

    def _approval_submit_error_message(self):
        message = super()._approval_submit_error_message()
        if message:
            return message
        if self.approved_date:
            return self.env._("%(target)s is approved already.", target=self.display_name)
        if not self.line_ids.filtered("amount"):
            return self.env._(
                "%(target)s has no figures yet: propose them from last year's, or enter them.",
                target=self.display_name,
            )
        return self._base_error_message() or self._overlap_error_message() or self._unconfirmed_message()

    def _overlap_error_message(self):
        """Return which other target holds for some of the months, or False."""
        other = self.sudo().search(self._overlap_domain(), limit=1)
        return bool(other) and self.env._(
            "%(other)s is in force for some of the same months: revise that one.", other=other.display_name
        )

    def _base_error_message(self):
        """Return whose sales are planned by category alone, or False: months are measured by the whole."""
        whole = self.share_ids.filtered(lambda share: share.measure == "sales" and not share.categ_id)
        parts = self.share_ids.filtered(lambda share: share.measure == "sales" and share.categ_id)
        if missing := parts.user_id - whole.user_id:
            return self.env._(
                "%(names)s: there is a target for categories, and none for all sales. Add one without a category; "
                "attainment goes by it.",
                names=", ".join(missing.mapped("name")),
            )
        return False

    def _prepare_approval_values(self, flow):
        # Colleagues' figures stand in it.
        return {**super()._prepare_approval_values(flow), "is_confidential": True}

    def _on_approval_granted(self, approval):
        self.previous_id.filtered(lambda target: not target.superseded_date)._supersede(self)
        self._write_protected({"approved_date": fields.Datetime.now()})
        self.flush_recordset()
        # A constraint looks at writes of people, and this is none.
        self._check_overlap()
        return super()._on_approval_granted(approval)
