from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates
from odoo.addons.sales_dept_roles.models.protected_results.key import Key

from .sales_target import MEASURES, MONEY
from .spreading import exact, spread, step_of
from .years import is_within, months_from

WHOSE = ("measure", "categ_id", "team_id", "user_id")


class SalesTargetShare(models.Model):
    """What one person has to reach in a year, or a team or the company as far as no person has it."""

    _name = "sales.target.share"
    _description = "Share of a Target"
    _inherit = ["sales.dept.protected.mixin"]
    _order = "sequence, categ_id, team_id, user_id, id"
    _check_company_auto = True

    target_id = fields.Many2one("sales.target", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="target_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(related="target_id.state", string="Target's Status")
    measure = fields.Selection(MEASURES, required=True, default="sales")
    sequence = fields.Integer(compute="_compute_sequence", store=True, precompute=True)
    categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        index="btree_not_null",
        ondelete="restrict",
        help="Of which the sales of all its subcategories count too. Empty: all sales.",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Person",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', '=', company_id)]",
        help="Empty: not given to a person yet; it is the team's, or the company's.",
    )
    date_from = fields.Date("From", help="For somebody who joins within the year: months before are the team's.")
    date_to = fields.Date("Until", help="For somebody who leaves within the year: months after are the team's.")
    last_amount = fields.Float(
        "Last Year", digits=(16, 2), readonly=True, help="What was reached in the year that was proposed from."
    )
    amount = fields.Float(
        "Year", digits=(16, 2), compute="_compute_amount", inverse="_inverse_amount", store=True, readonly=False
    )
    line_ids = fields.One2many("sales.target.line", "share_id", string="Months")
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False, index="btree_not_null")
    confirmed_date = fields.Datetime("Confirmed On", readonly=True, copy=False)
    confirmed_figures = Key(readonly=True, copy=False, help="The figures of the months as they were confirmed.")
    confirmation = fields.Selection(
        [("none", "Not Confirmed"), ("confirmed", "Confirmed"), ("stale", "Changed Since")],
        compute="_compute_confirmation",
        store=True,
        help="Changed Since: the figures are not those that the person confirmed.",
    )

    _once = models.UniqueIndex(
        "(target_id, measure, COALESCE(categ_id, 0), COALESCE(team_id, 0), COALESCE(user_id, 0))",
        "This person, team or company has such a target already: change that one.",
    )
    _category_of_sales = models.Constraint(
        "CHECK (categ_id IS NULL OR measure = 'sales')",
        "Only sales have targets by product category: leave the category empty.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "Nobody leaves before they join: correct one of the two days.",
    )

    # === COMPUTES === #

    @api.depends("measure")
    def _compute_sequence(self):
        order = [measure for measure, _label in MEASURES]
        for share in self:
            share.sequence = order.index(share.measure) if share.measure else 0

    @api.depends("user_id")
    def _compute_team_id(self):
        for share in self:
            share.team_id = share.team_id or share.user_id.sale_team_id

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for share in self:
            share.amount = sum(share.line_ids.mapped("amount"))

    def _inverse_amount(self):
        for share in self:
            share._spread_to_months(exact(share.amount))

    @api.depends("measure", "user_id", "team_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        measures = dict(self._fields["measure"]._description_selection(self.env))
        for share in self:
            share.display_name = " · ".join(filter(None, [measures.get(share.measure), share._owner_name()]))

    def _owner_name(self):
        """Whose it is: a person's, else a team's, else the company's."""
        self.ensure_one()
        share = self.sudo()
        return share.user_id.name or share.team_id.name or share.company_id.name

    @api.depends("confirmed_figures", "line_ids.amount", "line_ids.date", *WHOSE)
    def _compute_confirmation(self):
        for share in self:
            if not share.confirmed_figures:
                share.confirmation = "none"
            else:
                share.confirmation = "confirmed" if share.confirmed_figures == share._figures_text() else "stale"

    def _figures_text(self):
        """The figures that a person confirms, as a text to be compared with."""
        self.ensure_one()
        months = "; ".join(
            f"{line.date:%Y-%m} {exact(line.amount)}" for line in self.line_ids.sorted("date") if line.amount
        )
        return f"{self.user_id.id} {self.measure} {self.categ_id.id or '-'}: {months}"

    # === RULES === #

    @api.constrains("amount")
    def _check_amount(self):
        if wrong := self.filtered(lambda share: share.amount < 0):
            raise ValidationError(
                self.env._("%(share)s: a target is 0 or more, correct the figure.", share=wrong[0].display_name)
            )

    @api.constrains("date_from", "date_to", "user_id")
    def _check_days(self):
        check_dates(self, "date_from", "date_to")
        for share in self:
            if (share.date_from or share.date_to) and not share.user_id:
                raise ValidationError(
                    self.env._(
                        "%(share)s is nobody's yet: days of joining and leaving are a person's. Name one, or leave the "
                        "days empty.",
                        share=share.display_name,
                    )
                )
            if not share._months():
                raise ValidationError(
                    self.env._(
                        "%(share)s: no month of %(target)s lies between these days. Correct them.",
                        share=share.display_name,
                        target=share.target_id.display_name,
                    )
                )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "confirmed_by_id",
            "confirmed_date",
            "confirmed_figures",
            "confirmation",
            "last_amount",
        }

    @api.model_create_multi
    def create(self, vals_list):
        shares = super().create(vals_list)
        shares.target_id._check_open()
        for share in shares.filtered(lambda share: not share.line_ids):
            share._spread_to_months(Decimal(0))
        shares.target_id._refresh_confirmations()
        return shares

    def write(self, vals):
        if vals.keys() & {*WHOSE, "target_id", "date_from", "date_to", "amount", "line_ids"}:
            # Whoever may not is told so, and nothing else.
            self.check_access("write")
            self.target_id._check_open()
        if vals.keys() & {*WHOSE, "target_id"}:
            self._check_nothing_locked()
        result = super().write(vals)
        if vals.keys() & {"date_from", "date_to"}:
            self._hand_over()
        if vals.keys() & {*WHOSE, "amount", "line_ids"}:
            self.target_id._refresh_confirmations()
        return result

    def unlink(self):
        targets = self.target_id
        result = super().unlink()
        targets._refresh_confirmations()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_open(self):
        self.target_id._check_open()
        self._check_nothing_locked()

    def _check_nothing_locked(self):
        """:raises UserError: when one of `self` has a figure in a locked month"""
        for target, shares in self.grouped("target_id").items():
            locked = target._locked_months()
            if kept := shares.line_ids.filtered(lambda line, locked=locked: line.amount and line.date in locked):
                raise UserError(
                    self.env._(
                        "%(share)s has figures in months that are locked, which stay. Say until when it holds instead.",
                        share=kept[0].share_id.display_name,
                    )
                )

    # === MONTHS === #

    def _months(self):
        """The first days of the months for which this share holds."""
        self.ensure_one()
        return [
            month for month in months_from(self.target_id.date_from) if is_within(month, self.date_from, self.date_to)
        ]

    def _unit(self):
        """The smallest part that a figure of this share has."""
        return Decimal(repr(self.currency_id.rounding)) if self.measure in MONEY else Decimal(1)

    def _spread_to_months(self, amount):
        """Let the months of this share add up to `amount`, by the target's weights; locked months stay."""
        self.ensure_one()
        target, months = self.target_id, self._months()
        locked = target._locked_months()
        present = {line.date: line for line in self.line_ids}
        kept = {day: exact(line.amount) for day, line in present.items() if day in locked}
        rest = amount - sum(kept.values())
        if rest < 0:
            raise UserError(
                self.env._(
                    "%(share)s: locked months have %(kept)s already, the year cannot have less. Enter more.",
                    share=self.display_name,
                    kept=f"{sum(kept.values()):,}",
                )
            )
        weights = target._weights()
        open_months = [month for month in months if month not in locked]
        if rest and not open_months:
            raise UserError(
                self.env._(
                    "%(share)s: all its months are locked, what was to be reached in them stays.",
                    share=self.display_name,
                )
            )
        parts = spread(rest, [weights[month] for month in open_months], step_of(rest, self._unit()))
        self._write_months({**kept, **dict(zip(open_months, parts, strict=True))}, present)

    def _write_months(self, amounts, present):
        """Write the figures ``{month: amount}`` of this share, whose lines are ``{month: line}``."""
        # Whoever may change the share may have its months made: nobody makes them otherwise.
        Line = self.env["sales.target.line"].sudo()
        Line.union(*(line for day, line in present.items() if day not in amounts)).unlink()
        for day, amount in amounts.items():
            if day in present and exact(present[day].amount) != amount:
                present[day].amount = float(amount)
        Line.create(
            [
                {"share_id": self.id, "date": day, "amount": float(amount)}
                for day, amount in amounts.items()
                if day not in present
            ]
        )

    def _hand_over(self):
        """Give what lies outside the days of these shares to their teams, so that the sums stay."""
        for share in self:
            months, locked = set(share._months()), share.target_id._locked_months()
            outside = share.line_ids.filtered(
                lambda line, months=months, locked=locked: line.date not in months and line.date not in locked
            )
            left = {line.date: exact(line.amount) for line in outside if line.amount}
            outside.sudo().unlink()
            if left:
                share._unassigned()._add_to_months(left)
            share._complete_months()

    def _unassigned(self):
        """The share of the same team that nobody has, made if need be."""
        self.ensure_one()
        values = {
            "target_id": self.target_id.id,
            "measure": self.measure,
            "categ_id": self.categ_id.id,
            "team_id": self.team_id.id,
            "user_id": False,
        }
        return self.search([(name, "=", value) for name, value in values.items()], limit=1) or self.create(values)

    def _add_to_months(self, amounts):
        self._complete_months()
        lines = {line.date: line for line in self.line_ids}
        for month, amount in amounts.items():
            lines[month].amount = float(exact(lines[month].amount) + amount)

    def _complete_months(self):
        """Each month of the share has a line, be it of 0."""
        missing = set(self._months()) - set(self.line_ids.mapped("date"))
        self.env["sales.target.line"].sudo().create([{"share_id": self.id, "date": month} for month in sorted(missing)])

    def _of(self, names):
        """The values of the fields `names`, as they are given to another record."""
        self.ensure_one()
        return {name: self._fields[name].convert_to_write(self[name], self) for name in names}

    def action_open_months(self):
        """Open the months of this share, to change them one by one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_target_lines")
        return {
            **action,
            "view_mode": "list",
            "views": [(False, "list")],
            "domain": Domain("share_id", "=", self.id),
            "context": {},
            "target": "new",
            "name": self.display_name,
        }
