from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates

from .days import deadline, last_month_end, month_end

# Who reads the stock of all; an account manager reads the lines of their own.
READERS = ",".join(
    f"sales_dept_roles.group_{role}" for role in ("assistant", "director", "general_manager", "finance_verifier")
)
# Set when the figures are taken, and as they were then ever after.
TOTALS = ["total_value", "value_0_30", "value_31_60", "value_61_90", "value_over_90", "over_value", "non_moving_value"]


class StockAgeingSheet(models.Model):
    """What lay in stock at the end of a day, how old it was, and why what is over the limit lies there.

    The figures are values, taken once; who is responsible explains the lines over the limit; the director confirms.
    Figures that are taken again stand on a new sheet, in place of this one.
    """

    _name = "stock.ageing.sheet"
    _description = "Stock Ageing Sheet"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.dept.version.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"
    _preparing_states = ("draft", "computed")

    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        "As of",
        required=True,
        index=True,
        copy=False,
        default=lambda self: last_month_end(self.env.company._local_today()),
        help="The stock as it stood at the end of this day.",
    )
    is_month_end = fields.Boolean("Month's End", compute="_compute_deadline", store=True)
    deadline = fields.Date(
        "To Be Explained By",
        compute="_compute_deadline",
        store=True,
        help="The end of the month in which the sheet is worked on.",
    )
    preparer_id = fields.Many2one(help="Who asked to confirm it.")
    limit_months = fields.Integer("Limit (Months)", readonly=True, copy=False)
    line_ids = fields.One2many("stock.ageing.line", "sheet_id", string="Lines", readonly=True, copy=False)
    total_value = fields.Monetary("Value", readonly=True, copy=False, groups=READERS)
    value_0_30 = fields.Monetary("Value 0–30 Days", readonly=True, copy=False, groups=READERS)
    value_31_60 = fields.Monetary("Value 31–60 Days", readonly=True, copy=False, groups=READERS)
    value_61_90 = fields.Monetary("Value 61–90 Days", readonly=True, copy=False, groups=READERS)
    value_over_90 = fields.Monetary("Value > 90 Days", readonly=True, copy=False, groups=READERS)
    over_value = fields.Monetary("Value over the Limit", readonly=True, copy=False, groups=READERS)
    non_moving_value = fields.Monetary("Value Not Moving", readonly=True, copy=False, groups=READERS)
    over_count = fields.Integer("Lines over the Limit", readonly=True, copy=False, groups=READERS)
    unexplained_count = fields.Integer("Not Explained", compute="_compute_counts")
    mine_count = fields.Integer("Mine to Explain", compute="_compute_counts")
    computed_date = fields.Datetime("Figures Taken On", readonly=True, copy=False)
    asked_date = fields.Datetime("Explanations Asked On", readonly=True, copy=False)
    reminded_date = fields.Datetime("Reminded On", readonly=True, copy=False)
    escalated_date = fields.Datetime("Director Told On", readonly=True, copy=False)
    confirmed_date = fields.Datetime("Confirmed On", readonly=True, copy=False)
    successor_id = fields.Many2one(
        "stock.ageing.sheet", "Replaced By", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("computed", "To Be Explained"),
            ("waiting", "Waiting for Approval"),
            ("confirmed", "Confirmed"),
            ("superseded", "Replaced"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )

    _one_a_day = models.UniqueIndex(
        "(company_id, date) WHERE superseded_date IS NULL",
        "There is a stock ageing sheet of this day already: open it, and take its figures again where they changed.",
    )

    # === COMPUTES === #

    @api.depends("date")
    def _compute_deadline(self):
        for sheet in self:
            sheet.is_month_end = bool(sheet.date) and sheet.date == month_end(sheet.date)
            sheet.deadline = sheet.date and deadline(sheet.date)

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for sheet in self:
            sheet.display_name = self.env._(
                "Stock ageing as of %(date)s", date=format_date(self.env, sheet.date) if sheet.date else ""
            )

    @api.depends("approval_state", "computed_date", "confirmed_date", "superseded_date")
    def _compute_state(self):
        for sheet in self:
            if sheet.superseded_date:
                sheet.state = "superseded"
            elif sheet.confirmed_date:
                sheet.state = "confirmed"
            elif sheet.approval_state in ("pending", "stale"):
                sheet.state = "waiting"
            else:
                sheet.state = "computed" if sheet.computed_date else "draft"

    @api.depends("line_ids.is_explained", "line_ids.user_id")
    @api.depends_context("uid")
    def _compute_counts(self):
        # How many others have still to answer is told to everybody; what they have to answer for is not.
        counts = {sheet.id: (count, mine) for sheet, count, mine in self._unexplained_counts()}
        for sheet in self:
            sheet.unexplained_count, sheet.mine_count = counts.get(sheet._origin.id, (0, 0))

    def _unexplained_counts(self):
        """Yield ``(sheet, unexplained lines, those of the user)``."""
        for sheet, users in self._unexplained_users().items():
            yield sheet, sum(users.values()), users.get(self.env.user, 0)

    def _unexplained_users(self):
        """Return ``{sheet: {responsible: how many lines they have still to explain}}``; of none: who is missing."""
        rows = (
            self.env["stock.ageing.line"]
            .sudo()
            ._read_group(
                [("sheet_id", "in", self._origin.ids), ("is_over", "=", True), ("is_explained", "=", False)],
                ["sheet_id", "user_id"],
                ["__count"],
            )
        )
        found = {}
        for sheet, user, count in rows:
            found.setdefault(sheet, {})[user] = count
        return found

    @api.constrains("date")
    def _check_date(self):
        check_dates(self, "date")
        for sheet in self:
            if sheet.date > sheet.company_id._local_today():
                raise UserError(
                    self.env._(
                        "%(date)s is still to come: choose a day up to today.", date=format_date(self.env, sheet.date)
                    )
                )

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            *TOTALS,
            "line_ids",
            "limit_months",
            "over_count",
            "computed_date",
            "asked_date",
            "reminded_date",
            "escalated_date",
            "confirmed_date",
            "state",
        }

    def write(self, vals):
        if vals.keys() & {"date", "company_id"} and (taken := self.filtered("computed_date")):
            raise UserError(
                self.env._(
                    "%(sheet)s has its figures already, and they are of that day: make a sheet of the other day.",
                    sheet=taken[0].display_name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if taken := self.filtered("computed_date"):
            raise UserError(
                self.env._(
                    "%(sheet)s has figures and answers, which stay on record. Take its figures again where they are "
                    "wrong.",
                    sheet=taken[0].display_name,
                )
            )

    # === APPROVAL === #

    @api.model
    def _approval_terms_spec(self):
        return {
            **super()._approval_terms_spec(),
            **dict.fromkeys(["company_id", "date", "limit_months", *TOTALS, "over_count"]),
            "line_ids": dict.fromkeys(
                [
                    "product_id",
                    "warehouse_id",
                    "user_id",
                    "quantity",
                    "over_quantity",
                    "over_value",
                    "cause",
                    "measure",
                    "measure_date",
                    "measure_user_id",
                ]
            ),
        }

    @api.model
    def _approval_term_domain(self, name):
        # What is within the limit is signed as its sum: a company may have tens of thousands of such lines.
        return Domain("is_over", "=", True) if name == "line_ids" else super()._approval_term_domain(name)

    @api.model
    def _approval_line_label(self, lines, values):
        return (values.get("product_id") or {}).get("text") or super()._approval_line_label(lines, values)

    def _superseded_reason(self):
        return self.env._("The figures of %(sheet)s were taken again.", sheet=self.display_name)

    def _approval_submit_error_message(self):
        message = super()._approval_submit_error_message()
        if message:
            return message
        if self.confirmed_date:
            return self.env._("%(sheet)s is confirmed already.", sheet=self.display_name)
        if not self.computed_date:
            return self.env._("%(sheet)s has no figures yet: take them first.", sheet=self.display_name)
        return self._unexplained_message()

    def _on_approval_granted(self, approval):
        self._write_protected({"confirmed_date": fields.Datetime.now()})
        return super()._on_approval_granted(approval)
