from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL, format_date

from ..protected_results.client_context import without_client_context
from ..register.register_column import RegisterColumn
from ..telling.quantity_text import quantity_text

PRODUCTION = "sales_dept_roles.group_review_production"


class SaleRushRequest(models.Model):
    """The request to deliver lines of one order earlier than promised, at the cost of other orders.

    Nothing changes while it waits. Once granted, :meth:`_grant` carries it out, and the request is a record
    that nobody edits any more.
    """

    _name = "sale.rush.request"
    _description = "Rush Request"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.approval.mixin", "sales.dept.register.mixin"]
    _order = "id desc"
    _check_company_auto = True
    # Departments read the request and discuss it.
    _mail_post_access = "read"

    name = fields.Char("Number", readonly=True, copy=False, index="trigram")
    order_id = fields.Many2one(
        "sale.order",
        required=True,
        ondelete="cascade",
        index=True,
        check_company=True,
        domain="[('state', '!=', 'cancel'), ('locked', '=', False)]",
    )
    order_name = fields.Char(related="order_id.name", string="Order No.")
    company_id = fields.Many2one(related="order_id.company_id", store=True, precompute=True, index=True)
    partner_id = fields.Many2one(
        related="order_id.partner_id", string="Customer", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(
        related="order_id.user_id", string="Account Manager", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    cause = fields.Selection(
        [
            ("customer", "Customer's wish"),
            ("own_delay", "Our own delay"),
            ("quality", "Replacement for a quality problem"),
        ],
        required=True,
        default="customer",
        tracking=True,
    )
    reason = fields.Text(required=True, help="Why it cannot wait. Those who decide read this first.")
    extra_cost = fields.Monetary(help="Overtime, air freight, change of tools: what the rush costs besides.")
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    extra_cost_company = fields.Monetary(
        "Extra Cost in Company Currency",
        compute="_compute_extra_cost_company",
        search="_search_extra_cost_company",
        currency_field="company_currency_id",
        help="At the rate of the order. For conditions of approval flows.",
    )
    cost_bearer = fields.Selection(
        [("customer", "Customer"), ("us", "We ourselves"), ("supplier", "Supplier"), ("shared", "Both Sides")],
        string="Borne By",
    )
    # Before the lines, for which the system proposes what is not listed yet.
    affected_ids = fields.One2many("sale.rush.request.affected", "request_id", string="Orders Pushed Back", copy=False)
    line_ids = fields.One2many("sale.rush.request.line", "request_id", string="Lines", copy=True)
    wanted_date = fields.Date(
        "Wanted On", compute="_compute_wanted_date", store=True, help="The earliest wanted date of the lines."
    )
    request_date = fields.Datetime(
        "Asked", compute="_compute_request_date", store=True, copy=False, index="btree_not_null"
    )
    close_date = fields.Datetime("Decided", compute="_compute_request_date", store=True, copy=False)
    is_granted = fields.Boolean("Granted", readonly=True, copy=False)
    is_asked_by_director = fields.Boolean(
        compute="_compute_is_asked_by_director",
        search="_search_is_asked_by_director",
        help="The user is a sales director, whose step is then skipped. For conditions of approval flows.",
    )
    can_give_dates = fields.Boolean(compute="_compute_can_give_dates")

    # === COMPUTES === #

    @api.depends("name", "order_name")
    def _compute_display_name(self):
        for request in self:
            request.display_name = " · ".join(filter(None, [request.name, request.order_name]))

    @api.depends("line_ids.wanted_date")
    def _compute_wanted_date(self):
        for request in self:
            request.wanted_date = min(filter(None, request.line_ids.mapped("wanted_date")), default=False)

    @api.depends("approval_ids.state", "approval_ids.request_date", "approval_ids.close_date")
    def _compute_request_date(self):
        for request in self:
            # The latest, also when it was withdrawn: what was asked stays in the register.
            latest = request._origin.sudo().approval_ids.sorted("id")[-1:]
            request.request_date = latest.request_date
            request.close_date = latest.state in ("approved", "rejected") and latest.close_date

    @api.depends_context("uid")
    def _compute_is_asked_by_director(self):
        self.is_asked_by_director = self.env.user.has_group("sales_dept_roles.group_director")

    def _search_is_asked_by_director(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.TRUE if self.env.user.has_group("sales_dept_roles.group_director") in value else Domain.FALSE

    @api.depends("extra_cost", "order_id.currency_rate", "company_id")
    def _compute_extra_cost_company(self):
        for request in self:
            request.extra_cost_company = request.sudo().order_id._in_company_currency(request.extra_cost)

    def _search_extra_cost_company(self, operator, value):
        Order = self.env["sale.order"]
        Order.flush_model(["currency_rate", "company_id"])
        self.flush_model(["extra_cost", "order_id"])
        requests = SQL(
            "SELECT request.id FROM sale_rush_request request JOIN sale_order ord ON ord.id = request.order_id %s",
            Order._company_amount_condition(SQL("request.extra_cost"), operator, value),
        )
        return Domain("id", "in", SQL("(%s)", requests))

    @api.depends("approval_state")
    @api.depends_context("uid")
    def _compute_can_give_dates(self):
        judging = self._origin._filter_judged_by_user()
        for request in self:
            request.can_give_dates = request._origin in judging

    @api.onchange("order_id")
    def _onchange_order_id(self):
        self.line_ids = [Command.clear(), *map(Command.create, self._prepare_line_values())]

    def _prepare_line_values(self):
        """Values of a request line for each line of the order that is still to be delivered."""
        return [
            {"sale_line_id": line.id, "wanted_date": line.wanted_date}
            for line in self.order_id.order_line
            if line._is_undelivered()
        ]

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        # Among them what record rules go by.
        return super()._protected_fields() | {
            "company_id",
            "partner_id",
            "user_id",
            "wanted_date",
            "request_date",
            "close_date",
            "is_granted",
            "name",
        }

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        for request in requests:
            request._write_protected({"name": self.env["ir.sequence"].next_by_code("sale.rush.request")})
        if not self.env.su:
            requests.order_id.check_access("write")
        return requests

    def write(self, vals):
        if vals.keys() & self._approval_spec().keys():
            self._check_editable()
        if "order_id" in vals and any(request.order_id.id != vals["order_id"] for request in self):
            raise UserError(self.env._("A rush request stays with its order: make a new one for another order."))
        return super().write(vals)

    def _check_editable(self):
        """:raises UserError: when one of `self` was granted, so that it is a record"""
        if not self.env.su and (granted := self.filtered("is_granted")):
            raise UserError(
                self.env._(
                    "%(requests)s was granted and carried out: it cannot be changed any more. Make a new request.",
                    requests=", ".join(granted.mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        if asked := self.filtered("request_date"):
            raise UserError(
                self.env._(
                    "%(requests)s was asked for: it stays in the register. Withdraw it where it still waits.",
                    requests=", ".join(asked.mapped("name")),
                )
            )

    # === ACTIONS === #

    def action_propose_affected(self):
        """Add the open orders of the same products that are not listed yet."""
        self.check_access("write")
        self._check_editable()
        before = self.affected_ids
        self._propose_affected(self.line_ids)
        found = len(self.affected_ids - before)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("%(count)s more orders would be pushed back.", count=found)
                if found
                else self.env._("No other open order of these products was found."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_dates(self):
        """Open the dialog in which production says what it can promise."""
        self.ensure_one()
        self._check_may_give_dates()
        wizard = self.env["sale.rush.request.dates"].create({"request_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dates for %(request)s", request=self.name),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_give_dates(self, line_dates=None, affected_dates=None):
        """Note the dates that production can keep; for those whose step on this request is open.

        :param dict line_dates: ``{id of a request line: date or False}``
        :param dict affected_dates: ``{id of an affected row: date}``
        :raises UserError: when the user has no such step, or an id is of another request
        """
        self.ensure_one()
        self._check_may_give_dates()
        request = without_client_context(self).sudo()
        changes = [
            *request._change_dates(request.line_ids, "feasible_date", line_dates or {}),
            *request._change_dates(request.affected_ids, "date_after", affected_dates or {}),
        ]
        if changes:
            request._approval_post(Markup("<br/>").join([self.env._("Dates given by production:"), *changes]))
        return True

    def _change_dates(self, rows, name, dates):
        """Set the field `name` of `rows` where `dates` differ, and return a sentence for each change."""
        # Keys are text when they come as JSON.
        dates = {int(key): fields.Date.to_date(value) for key, value in dates.items()}
        if set(dates) - set(rows.ids):
            raise UserError(self.env._("These rows do not belong to %(request)s.", request=self.name))
        sentences = []
        for row in rows:
            if row.id not in dates or row[name] == dates[row.id]:
                continue
            if name == "date_after" and not dates[row.id]:
                raise UserError(
                    self.env._(
                        "%(line)s needs a date: it is an order of a customer.", line=row.sale_line_id.display_name
                    )
                )
            row[name] = dates[row.id]
            date = format_date(self.env, row[name]) or self.env._("as wanted")
            sentences.append(f"{row.sale_line_id.display_name}: {date}")
        return sentences

    def action_open_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }

    # === WHO IS PUSHED BACK === #

    def _propose_affected(self, lines):
        """Add to `self` the open lines of other orders with the products of the request lines `lines`, in one query."""
        if not lines:
            return
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT request.id, other.id
                  FROM sale_rush_request_line line
                  JOIN sale_rush_request request ON request.id = line.request_id
                  JOIN sale_order_line rushed ON rushed.id = line.sale_line_id
                  JOIN sale_order_line other
                    ON other.product_id = rushed.product_id
                   AND other.company_id = request.company_id
                   AND other.order_id != request.order_id
                 WHERE line.id IN %s
                   AND other.state = 'sale'
                   AND other.display_type IS NULL
                   AND NOT COALESCE(other.is_downpayment, FALSE)
                   AND other.product_uom_qty - COALESCE(other.qty_delivered, 0) >= %s
                   AND NOT EXISTS (
                       SELECT 1 FROM sale_rush_request_affected affected
                        WHERE affected.request_id = request.id AND affected.sale_line_id = other.id
                   )
                 ORDER BY request.id, other.id
                """,
                lines._ids,
                # As units of measure compare: what is less than half of the last digit is nothing.
                0.5 * 10 ** -self.env["decimal.precision"].precision_get("Product Unit"),
            )
        )
        # Also orders that the requester may not open: who is pushed back is not theirs to choose.
        without_client_context(self).env["sale.rush.request.affected"].sudo().create(
            [{"request_id": request_id, "sale_line_id": line_id} for request_id, line_id in found]
        )

    def _drop_unaffected(self):
        """Remove rows whose product is not rushed any more."""
        self.sudo().affected_ids.filtered(lambda row: row.product_id not in row.request_id.line_ids.product_id).unlink()

    def _refresh_dates(self):
        """Bring the dates before to what is promised now, so that nobody signs what is out of date."""
        for rows, name in ((self.sudo().line_ids, "promised_date"), (self.sudo().affected_ids, "date_before")):
            for row in rows:
                if (planned := row.sale_line_id._planned_date()) != row[name]:
                    row[name] = planned

    # === PRODUCTION === #

    def _filter_judged_by_user(self):
        """Those of `self` of which production's step is open to the user."""
        group = self.env.ref(PRODUCTION)
        tasks = self.sudo()._approval_in_force().task_ids._filter_decidable(self.env.user)
        waiting = {task.approval_id.res_id for task in tasks if task.group_id == group}
        return self.filtered(lambda request: request.id in waiting and request.approval_state == "pending")

    def _check_may_give_dates(self):
        self.check_access("read")
        if not self._filter_judged_by_user():
            raise AccessError(
                self.env._(
                    "Dates of %(request)s are given by production, while the request waits for its opinion.",
                    request=self.name,
                )
            )

    # === REGISTER === #

    @api.model
    def _register_title(self):
        return self.env._("Rush Request Register")

    @api.model
    def _register_columns(self):
        return [
            "name",
            RegisterColumn("order_name", self.env._("Order No."), 14),
            RegisterColumn("partner_id", width=36),
            "user_id",
            "cause",
            "reason",
            RegisterColumn(
                "line_ids",
                self.env._("Lines"),
                44,
                lambda request: "\n".join(
                    f"{line.product_id.display_name}: {quantity_text(self.env, line.quantity)} {line.uom_id.name}"
                    for line in request.line_ids
                ),
            ),
            "wanted_date",
            RegisterColumn(
                "affected_ids",
                self.env._("Orders Pushed Back"),
                12,
                lambda request: len(set(request.affected_ids.mapped("order_name"))),
            ),
            RegisterColumn("extra_cost", self.env._("Extra Cost")),
            RegisterColumn("currency_id", self.env._("Currency"), 9),
            RegisterColumn("cost_bearer", self.env._("Borne By"), 14),
            RegisterColumn("request_date", self.env._("Asked")),
            RegisterColumn("close_date", self.env._("Decided")),
            RegisterColumn("approval_state", self.env._("Status")),
        ]
