from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from odoo.addons.sales_dept_roles.models.approval.terms import ORDER

from .periods import MONTHS
from .scores import exact, rounded, weighted

OPEN = ("draft", "refused")
LEADERS = "sales_dept_roles.group_director,sales_dept_roles.group_general_manager"
# Each has a `has_…` beside it, since a score of 0 is one too.
SCORES = ("kpi_score", "rating_score", "score")
# What the rater says, besides the ratings.
PROPOSED = ("assessment", "reward_amount", "reward_reason")
# Of whom and for when it is, who rates, and by which rules; set when it is made.
FIXED = {"company_id", "user_id", "kind", "date_from", "date_to", "rater", "kpi_weight", "rating_weight", "cap"}


class SalesAppraisal(models.Model):
    """How a person did in a month, a quarter or a year: locked KPIs, the rating of daily work, and a reward.

    The director rates, and the general manager approves; the director is rated by the general manager. The person
    sees it once it is released, and may say a word to it. From its submission on it stays as it is.
    """

    _name = "sales.appraisal"
    _description = "Appraisal"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.approval.mixin"]
    _order = "date_from desc, kind, rank, id"
    _check_company_auto = True
    _mail_post_access = "read"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users", "Person", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    kind = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")], string="For", required=True, readonly=True
    )
    date_from = fields.Date("From", required=True, readonly=True, index=True)
    date_to = fields.Date("To", required=True, readonly=True)
    rater = fields.Selection(
        [("director", "Director"), ("general_manager", "General Manager")],
        string="Rated By",
        required=True,
        readonly=True,
        help="The director is rated by the general manager.",
    )
    kpi_weight = fields.Float("Weight of KPIs", readonly=True, aggregator=None)
    rating_weight = fields.Float("Weight of the Rating", readonly=True, aggregator=None)
    cap = fields.Integer("Most Points of a KPI", readonly=True, aggregator=None)
    figure_ids = fields.One2many("sales.appraisal.figure", "appraisal_id", string="KPIs", readonly=True)
    rating_ids = fields.One2many("sales.appraisal.rating", "appraisal_id", string="Rating of Daily Work")
    locked_count = fields.Integer("Locked Months", readonly=True, aggregator=None)
    month_count = fields.Integer("Months", compute="_compute_month_count")
    figures_date = fields.Datetime("Figures Taken On", readonly=True)
    kpi_score = fields.Float("KPI Score", digits=(16, 2), compute="_compute_score", store=True, aggregator="avg")
    has_kpi_score = fields.Boolean(compute="_compute_score", store=True)
    rating_score = fields.Float(digits=(16, 2), compute="_compute_score", store=True, aggregator="avg")
    has_rating_score = fields.Boolean(compute="_compute_score", store=True)
    score = fields.Float(digits=(16, 2), compute="_compute_score", store=True, aggregator="avg")
    has_score = fields.Boolean(compute="_compute_score", store=True)
    rank = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Among those appraised for the same period; as it stood when this was submitted.",
    )
    rank_count = fields.Integer("People Ranked", readonly=True, aggregator=None)
    rank_text = fields.Char("Rank in Words", compute="_compute_rank_text")
    assessment = fields.Text(copy=False, help="What the person does well, and what is to become better.")
    reward_amount = fields.Monetary("Reward", copy=False)
    reward_reason = fields.Text("Why This Reward", copy=False)
    comment = fields.Text("The Person's Own Comment", readonly=True, copy=False)
    comment_date = fields.Datetime("Commented On", readonly=True, copy=False)
    approved_date = fields.Datetime("Approved On", readonly=True, copy=False)
    approver_id = fields.Many2one("res.users", "Decided By", readonly=True, copy=False, index="btree_not_null")
    released_date = fields.Datetime("Released On", readonly=True, copy=False)
    period_text = fields.Char("Period", compute="_compute_period_text")
    is_mine = fields.Boolean(compute="_compute_is_mine")
    can_release = fields.Boolean(compute="_compute_is_mine")
    can_rate = fields.Boolean(compute="_compute_is_mine")
    state = fields.Selection(
        [
            ("draft", "Being Rated"),
            ("waiting", "Waiting for Approval"),
            ("refused", "Refused"),
            ("approved", "Approved"),
            ("released", "Released"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )
    # What was said when it was decided is not for the person, who reads the result.
    approval_summary = fields.Html(groups=LEADERS)
    approval_ids = fields.One2many(groups=LEADERS)
    approval_in_force_id = fields.Many2one(groups=LEADERS)

    _one_a_period = models.UniqueIndex(
        "(company_id, user_id, kind, date_from)", "This person has an appraisal for that period already."
    )
    _reward_positive = models.Constraint("CHECK (reward_amount >= 0)", "A reward is 0 or more.")

    # === COMPUTES === #

    @api.depends("kind")
    def _compute_month_count(self):
        for appraisal in self:
            appraisal.month_count = MONTHS.get(appraisal.kind, 0)

    @api.depends(
        "figure_ids.points", "figure_ids.has_points", "figure_ids.weight",
        "rating_ids.rating", "rating_ids.is_rated", "rating_ids.weight",
        "kpi_weight", "rating_weight",
    )  # fmt: skip
    def _compute_score(self):
        for appraisal in self:
            kpi = weighted((figure.weight, figure._counted_points()) for figure in appraisal.figure_ids)
            rating = weighted((rating.weight, rating._counted_points()) for rating in appraisal.rating_ids)
            total = weighted([(exact(appraisal.kpi_weight), kpi), (exact(appraisal.rating_weight), rating)])
            for name, score in (("kpi_score", kpi), ("rating_score", rating), ("score", total)):
                appraisal[name] = float(rounded(score) or 0)
                appraisal[f"has_{name}"] = score is not None

    def _read_group_select(self, aggregate_spec, query):
        """Means are over those that have a score: what is missing is not nothing."""
        name, _colon, function = aggregate_spec.partition(":")
        if name not in SCORES or function != "avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "AVG(%s) FILTER (WHERE %s)",
            self._field_to_sql(self._table, name, query),
            self._field_to_sql(self._table, f"has_{name}", query),
        )

    @api.depends("rank", "rank_count")
    @api.depends_context("lang")
    def _compute_rank_text(self):
        for appraisal in self:
            appraisal.rank_text = appraisal.rank and self.env._(
                "%(rank)s of %(count)s", rank=appraisal.rank, count=appraisal.rank_count
            )

    @api.depends("approval_state", "approved_date", "released_date")
    def _compute_state(self):
        states = {"pending": "waiting", "stale": "waiting", "rejected": "refused", "approved": "approved"}
        for appraisal in self:
            if appraisal.released_date:
                appraisal.state = "released"
            elif appraisal.approved_date:
                appraisal.state = "approved"
            else:
                appraisal.state = states.get(appraisal.approval_state, "draft")

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        writable = self._origin._filtered_access("write")
        for appraisal in self:
            appraisal.is_mine = appraisal.user_id == self.env.user
            appraisal.can_rate = appraisal.state in OPEN and appraisal._origin in writable
            appraisal.can_release = appraisal.state == "approved" and appraisal._origin in writable

    @api.depends("kind", "date_from")
    @api.depends_context("lang")
    def _compute_period_text(self):
        for appraisal in self:
            appraisal.period_text = appraisal._period_text()

    @api.depends("kind", "date_from", "user_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for appraisal in self:
            appraisal.display_name = self.env._(
                "Appraisal %(period)s: %(name)s",
                period=appraisal._period_text(),
                name=appraisal.sudo().user_id.name or "",
            )

    def _period_text(self):
        """The period as the reader writes it."""
        if not self.date_from:
            return ""
        formats = {"month": "yyyy-MM", "quarter": "yyyy-'Q'Q", "year": "yyyy"}
        return format_date(self.env, self.date_from, date_format=formats[self.kind])

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return (
            super()._protected_fields()
            | FIXED
            | {
                "figure_ids",
                "locked_count",
                "figures_date",
                "kpi_score",
                "has_kpi_score",
                "rating_score",
                "has_rating_score",
                "score",
                "has_score",
                "rank",
                "rank_count",
                "comment",
                "comment_date",
                "approved_date",
                "approver_id",
                "released_date",
                "state",
            }
        )

    def _refused_fields(self, names):
        # Only the system makes appraisals: nobody else has the right.
        return super()._refused_fields(names) - (set() if self else FIXED)

    def write(self, vals):
        if vals.keys() & {*PROPOSED, "rating_ids"}:
            self._check_open()
        return super().write(vals)

    def _check_open(self):
        """:raises UserError: when one of `self` was submitted"""
        if closed := self.filtered(lambda appraisal: appraisal.state not in OPEN)[:1]:
            raise UserError(
                self.env._(
                    "%(appraisal)s was submitted: it stays as it is. As long as it waits for approval, whoever "
                    "submitted it may withdraw it.",
                    appraisal=closed.display_name,
                )
            )

    def unlink(self):
        # Before the requests for approval are taken back, by which it would be open again.
        self.check_access("unlink")
        self._check_open()
        peers = self._peers() - self
        result = super().unlink()
        peers._rank()
        return result

    # === APPROVAL === #

    @api.model
    def _approval_terms_spec(self):
        return {
            **super()._approval_terms_spec(),
            **dict.fromkeys(["company_id", "user_id", "kind", "date_from", "date_to", "rater"]),
            **dict.fromkeys(["kpi_weight", "rating_weight", "cap", "locked_count"]),
            **dict.fromkeys(["kpi_score", "rating_score", "score", "rank", "rank_count", *PROPOSED]),
            "figure_ids": {
                "sequence": ORDER,
                **dict.fromkeys(["name", "value", "threshold", "weight", "points"]),
            },
            "rating_ids": {
                "sequence": ORDER,
                **dict.fromkeys(["name", "weight", "rating", "is_rated", "remark"]),
            },
        }

    def _approval_submit_error_message(self):
        message = super()._approval_submit_error_message()
        if message:
            return message
        if self.state not in OPEN:
            return self.env._("%(appraisal)s was decided on already.", appraisal=self.display_name)
        return self._incomplete_message()

    def _incomplete_message(self):
        """Return what is missing before it can be decided on, or False."""
        names = {"appraisal": self.display_name}
        if not self.has_score:
            return self.env._(
                "%(appraisal)s has no score yet: rate the daily work, or lock months that have results.", **names
            )
        if unrated := self.rating_ids.filtered(lambda rating: not rating.is_rated and not rating.is_left_out)[:1]:
            return self.env._(
                "%(appraisal)s: rate “%(criterion)s”, or say that it is left out.", **names, criterion=unrated.name
            )
        if self.reward_amount and not (self.reward_reason or "").strip():
            return self.env._("%(appraisal)s proposes a reward: say what for.", **names)
        return False

    def _prepare_approval_values(self, flow):
        # Whoever stands in for the general manager may be the person, or a colleague.
        return {**super()._prepare_approval_values(flow), "is_confidential": True, "holders_only": True}

    def _on_approval_granted(self, approval):
        self._write_protected({"approved_date": fields.Datetime.now(), "approver_id": self.env.user})
        return super()._on_approval_granted(approval)
