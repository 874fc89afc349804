from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates
from odoo.addons.sales_dept_roles.models.telling.quantity_text import quantity_text

ROLE = "sales_dept_roles.group_%s"
# Who ticks what by hand, beside the assistant, the director and the account manager.
DEPARTMENTS = {
    "material": "review_purchasing",
    "production": "review_production",
    "produced": "review_production",
    "inspected": "review_quality",
    "signed": "review_logistics",
}
SALES = ("assistant", "account_manager", "director")
# What a person says; all else is the system's own.
EDITED = {"date_planned"}


class SaleOrderMilestone(models.Model):
    """How far the goods of an order line are: planned back from the promise, and what happened, with quantities.

    The database makes and writes these rows (see `sale_order_milestone_figures.py`); people change the planned date,
    and tick what the system does not see.
    """

    _name = "sale.order.milestone"
    _description = "Production Milestone"
    _inherit = ["sales.dept.protected.mixin", "sales.dept.register.mixin"]
    _order = "date_promised, sale_line_id, sequence"
    _check_company_auto = True

    sale_line_id = fields.Many2one(
        "sale.order.line", "Order Line", required=True, readonly=True, ondelete="cascade", index=True
    )
    order_id = fields.Many2one(related="sale_line_id.order_id", store=True, index=True, string="Order")
    partner_id = fields.Many2one(related="order_id.partner_id", store=True, index=True, string="Customer")
    user_id = fields.Many2one(related="order_id.user_id", store=True, index=True, string="Account Manager")
    company_id = fields.Many2one(related="sale_line_id.company_id", store=True)
    product_id = fields.Many2one(related="sale_line_id.product_id", store=True, index=True)
    product_uom_id = fields.Many2one(related="sale_line_id.product_uom_id", string="Unit")
    kind = fields.Selection(
        [
            ("material", "Material Ready"),
            ("production", "In Production"),
            ("produced", "Produced"),
            ("inspected", "Inspected"),
            ("stock", "In Stock"),
            ("shipped", "Shipped"),
            ("signed", "Signed For"),
        ],
        string="Milestone",
        required=True,
        readonly=True,
        group_expand=True,
    )
    sequence = fields.Integer(readonly=True, required=True)
    date_promised = fields.Date(
        "Promised For", readonly=True, help="Promised in the order review, else the order's delivery date."
    )
    date_planned = fields.Date(
        "Planned For",
        help="Counted back from the promise. A date that is entered stays, whatever is promised; emptied, it is "
        "counted again.",
    )
    is_plan_edited = fields.Boolean("Planned by Hand", readonly=True)
    is_plan_late = fields.Boolean("Planned Too Late", readonly=True, help="The plan does not keep what was promised.")
    date_actual = fields.Date("Reached On", readonly=True, help="The day on which the whole quantity had come so far.")
    quantity = fields.Float("Ordered", digits="Product Unit", readonly=True, aggregator=None)
    quantity_done = fields.Float("Done", digits="Product Unit", readonly=True, aggregator=None)
    state = fields.Selection(
        [("waiting", "Waiting"), ("partial", "Partly"), ("done", "Done")],
        string="Status",
        required=True,
        readonly=True,
        default="waiting",
    )
    is_current = fields.Boolean(
        "Next Milestone", readonly=True, help="What the goods of this order line have to reach next."
    )
    is_passed = fields.Boolean("Overtaken", readonly=True, help="Not noted, and the goods got further all the same.")
    is_done_late = fields.Boolean("Reached Late", readonly=True)
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_is_late")
    is_system = fields.Boolean(
        "Read by the System", readonly=True, help="From transfers, manufacturing orders or delivery notices."
    )
    is_manual = fields.Boolean("Ticked by Hand", readonly=True)
    manual_date = fields.Date("Ticked For", readonly=True)
    manual_quantity = fields.Float("Quantity Ticked", digits="Product Unit", readonly=True, aggregator=None)
    manual_user_id = fields.Many2one("res.users", "Ticked By", readonly=True, index="btree_not_null")
    manual_moment = fields.Datetime("Ticked On", readonly=True)
    can_tick = fields.Boolean(compute="_compute_can_tick")
    # Written by the registry's triggers, not read: see _compute_production_mark.
    production_mark = fields.Boolean(compute="_compute_production_mark", store=True, export_string_translation=False)

    _kind_once = models.UniqueIndex("(sale_line_id, kind)", "An order line has each milestone once.")
    _board = models.Index("(company_id, kind, date_planned) WHERE is_current")
    _open_plan = models.Index("(company_id, date_planned) WHERE state != 'done'")

    # === COMPUTES === #

    @api.depends("kind", "product_id", "order_id")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for milestone in self.sudo():
            names = (milestone.order_id.name, milestone.product_id.display_name, labels.get(milestone.kind))
            milestone.display_name = " · ".join(name for name in names if name)

    @api.depends("date_planned", "state", "is_done_late", "is_passed")
    def _compute_is_late(self):
        for milestone in self:
            today = (milestone.company_id or self.env.company)._local_today()
            is_open = milestone.state != "done" and not milestone.is_passed
            milestone.is_late = milestone.is_done_late or bool(
                is_open and milestone.date_planned and milestone.date_planned < today
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        companies = self.env["res.company"].sudo().search(Domain.TRUE).grouped(lambda company: company._local_today())
        days = [
            Domain("company_id", "in", some.ids) & Domain("date_planned", "<", day) for day, some in companies.items()
        ]
        is_open = Domain("state", "!=", "done") & Domain("is_passed", "=", False)
        return Domain("is_done_late", "=", True) | (is_open & Domain.OR(days))

    @api.depends("is_system", "state", "kind")
    @api.depends_context("uid")
    def _compute_can_tick(self):
        for milestone in self:
            milestone.can_tick = not milestone.is_system and milestone._may_tick()

    @api.model
    def _production_fields(self):
        """What of manufacturing orders, where there are any, milestones are read from and no move tells."""
        if "production_ids" not in self.env["stock.reference"]._fields:
            return ()
        productions = "sale_line_id.order_id.stock_reference_ids.production_ids"
        return (f"{productions}.state", f"{productions}.reservation_state")

    @api.depends(lambda self: self._production_fields())
    def _compute_production_mark(self):
        """A production begins without anything being moved: Odoo calls here when one does."""
        self._mark(lines=self.sale_line_id)
        self.production_mark = False

    @api.constrains("date_planned")
    def _check_dates(self):
        check_dates(self, "date_planned")

    # === RIGHTS === #

    @api.model
    def _protected_fields(self):
        stored = {name for name, field in self._fields.items() if field.store and name not in models.MAGIC_COLUMNS}
        return super()._protected_fields() | (stored - EDITED)

    def write(self, vals):
        result = super().write(vals)
        if "date_planned" in vals:
            self._write_protected({"is_plan_edited": bool(vals["date_planned"])})
            self._refresh(self.sudo().sale_line_id)
        return result

    # === TICKING === #

    def action_tick(self, date=None, quantity=None):
        """Note by hand that the goods have reached the milestones `self`.

        :param date: the day, not in the future; by default today
        :param float quantity: how much of them, in the unit of the order line; by default all
        :raises UserError: where the system reads the milestone itself, or what is said cannot be
        """
        self._check_may_tick()
        day = fields.Date.to_date(date)
        for milestone in self:
            today = milestone.company_id._local_today()
            if day and day > today:
                raise UserError(
                    self.env._(
                        "%(milestone)s: %(day)s is in the future. Only what has happened is ticked.",
                        milestone=milestone.display_name,
                        day=format_date(self.env, day),
                    )
                )
            if message := milestone._tick_error_message(milestone.quantity if quantity is None else quantity):
                raise UserError(message)
            milestone._note_tick(day or today, quantity)
        self._refresh(self.sudo().sale_line_id)
        return True

    def action_untick(self):
        """Take back what was ticked by hand."""
        self._check_may_tick()
        self.sudo()._write_protected(
            {"manual_date": False, "manual_quantity": 0, "manual_user_id": False, "manual_moment": False}
        )
        self._refresh(self.sudo().sale_line_id)
        return True

    def _note_tick(self, day, quantity):
        self.sudo()._write_protected(
            {
                "manual_date": day,
                # All of it, even of what is ordered in addition: 0.
                "manual_quantity": 0 if quantity is None else quantity,
                "manual_user_id": self.env.uid,
                "manual_moment": fields.Datetime.now(),
            }
        )

    def _check_may_tick(self):
        """:raises AccessError: when the user may not tick one of `self` by hand"""
        self.check_access("read")
        for milestone in self:
            if not milestone._may_tick():
                raise AccessError(
                    self.env._(
                        "%(milestone)s is ticked by the sales department, and by the department that does it.",
                        milestone=milestone.display_name,
                    )
                )

    def _may_tick(self):
        """Whether it is the user's work to tick the milestone."""
        self.ensure_one()
        roles = [*SALES, *filter(None, [DEPARTMENTS.get(self.kind)])]
        return self.env.su or any(self.env.user.has_group(ROLE % role) for role in roles)

    def _tick_error_message(self, quantity):
        """Return why `quantity` of the milestone is not ticked by hand, or False."""
        self.ensure_one()
        unit = self.sudo().product_uom_id
        if self.is_system:
            return self.env._(
                "%(milestone)s is read from transfers, manufacturing orders and delivery notices: it is done when they "
                "are.",
                milestone=self.display_name,
            )
        if not 0 < quantity <= self.quantity:
            return self.env._(
                "%(milestone)s: say how much of it, more than nothing and at most %(quantity)s %(unit)s.",
                milestone=self.display_name,
                quantity=quantity_text(self.env, self.quantity),
                unit=unit.name,
            )
        shipped = self.sudo().sale_line_id.qty_delivered
        if self.kind == "signed" and unit.compare(quantity, shipped) > 0:
            return self.env._(
                "%(milestone)s: only %(shipped)s %(unit)s were shipped. What has not left, nobody signs for.",
                milestone=self.display_name,
                shipped=quantity_text(self.env, shipped),
                unit=unit.name,
            )
        return False

    # === SCREENS === #

    def action_open_tick(self):
        """Ask on which day, and how much."""
        self._check_may_tick()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tick by Hand"),
            "res_model": "sale.order.milestone.tick",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_milestone_ids": self.ids},
        }

    def action_view_order(self):
        self.ensure_one()
        return self.order_id._get_records_action()

    def _strip_of_order(self):
        """How far the lines of an order are together: a dict for each milestone that one of them passes."""
        steps = []
        for kind, rows in sorted(self.grouped("kind").items(), key=lambda item: item[1][0].sequence):
            done = rows.filtered(lambda row: row.state == "done" or row.is_passed)
            is_late = any(row.is_late and row.state != "done" for row in rows)
            planned = [row.date_planned for row in rows - done if row.date_planned]
            steps.append(
                {
                    "name": rows._kind_label(kind),
                    "done": len(done),
                    "count": len(rows),
                    "day": min(planned, default=None),
                    "look": _look(
                        len(done) == len(rows), is_late, bool(done) or any(row.state == "partial" for row in rows)
                    ),
                }
            )
        return steps

    def _strip_look(self):
        """How the milestone looks in the strip of its line."""
        self.ensure_one()
        return _look(self.state == "done", self.is_late and self.state != "done", self.state == "partial")

    @api.model
    def _kind_label(self, kind):
        return dict(self._fields["kind"]._description_selection(self.env))[kind]

    # === REGISTER === #

    @api.model
    def _register_title(self):
        return self.env._("Milestones")

    @api.model
    def _register_columns(self):
        return [
            "order_id",
            "partner_id",
            "product_id",
            "user_id",
            "kind",
            "date_promised",
            "date_planned",
            "date_actual",
            "quantity",
            "quantity_done",
            "state",
        ]


def _look(is_done, is_late, is_begun):
    """Classes of a step of a strip."""
    if is_done:
        return "text-bg-success"
    if is_late:
        return "text-bg-danger"
    return "text-bg-info" if is_begun else "text-bg-light border"
