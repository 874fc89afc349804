from pytz import timezone

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates

from .advance import day_begins

OPEN = ("open", "handled", "told")
CAUSES = [
    ("plan", "Plan Passes the Promise"),
    ("inspection", "Inspection Failed"),
    ("picking", "Delivery Late"),
    ("purchase", "Purchase Late"),
    ("production", "Production Late"),
    ("short", "Quantity Short"),
    ("damaged", "Damaged"),
    ("other", "Other"),
]
# What an exception is about, by its cause.
KINDS = {"inspection": "quality", "damaged": "quality", "short": "quantity", "other": "other"}
# So many working days from its opening an exception is handled, and the customer is told.
HANDLE_DAYS, TELL_DAYS = 1, 2
# What is said about an exception, and what of it those departments say who make, buy, check and ship the goods.
DEPARTMENT = {"kind", "cause", "description", "measure", "date_new"}
CONTENT = DEPARTMENT | {"teller_id", "date_tell_by"}
DEPARTMENT_ROLES = [
    f"sales_dept_roles.group_review_{name}" for name in ("production", "purchasing", "quality", "logistics")
]


class SaleOrderException(models.Model):
    """Something is not as the customer was promised: what it is, what is done about it, and when she was told.

    Found by the system or entered by hand. Of a line and a cause one is open at a time. Whatever proves something
    (the promise as it was, when and with which words the customer was told, whether that was in advance) is written
    by the system alone.
    """

    _name = "sale.order.exception"
    _description = "Order Exception"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "sales.dept.protected.mixin",
        "sales.dept.register.mixin",
    ]
    _order = "date_tell_by, id"
    _check_company_auto = True
    # Departments that read it discuss it.
    _mail_post_access = "read"

    name = fields.Char("Number", readonly=True, copy=False, index="trigram")
    order_id = fields.Many2one(
        "sale.order",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'sale')]",
    )
    order_number = fields.Char(
        "Order No.",
        compute="_compute_order_number",
        search="_search_order_number",
        readonly=False,
        help="Departments that do not read orders name the order by its number.",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('order_id', '=', order_id), ('display_type', '=', False)]",
        help="Empty: it concerns the whole order.",
    )
    product_id = fields.Many2one(related="sale_line_id.product_id", store=True, index="btree_not_null")
    partner_id = fields.Many2one(related="order_id.partner_id", store=True, index=True, string="Customer")
    user_id = fields.Many2one(related="order_id.user_id", store=True, index="btree_not_null", string="Account Manager")
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True, precompute=True)
    cause = fields.Selection(CAUSES, required=True, default="other", index=True, tracking=True)
    kind = fields.Selection(
        [("date", "Date"), ("quality", "Quality"), ("quantity", "Quantity"), ("other", "Other")],
        string="About",
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    origin = fields.Selection(
        [("system", "Found by the System"), ("manual", "Entered by Hand")],
        default="manual",
        required=True,
        readonly=True,
        copy=False,
    )
    date_opened = fields.Datetime("Opened On", default=fields.Datetime.now, readonly=True, copy=False, index=True)
    date_found = fields.Date(
        "Planned For", readonly=True, copy=False, help="The date that was found to be late, as it stood then."
    )
    found_documents = fields.Char("Found In", readonly=True, copy=False, help="The documents that are late or short.")
    description = fields.Text("What Happened")
    measure = fields.Text(help="What is done about it.", tracking=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("handled", "Handled"),
            ("told", "Customer Told"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    date_handle_by = fields.Datetime(
        "Handle By", readonly=True, copy=False, help="What is not handled by then goes to the superior."
    )
    date_handled = fields.Datetime("Handled On", readonly=True, copy=False)
    handled_by_id = fields.Many2one("res.users", readonly=True, copy=False, index="btree_not_null")
    is_escalated = fields.Boolean("With the Superior", readonly=True, copy=False)
    date_promised = fields.Date(
        "Promised For", readonly=True, copy=False, help="The promise as it stood when this was opened."
    )
    date_new = fields.Date("New Date", copy=False, tracking=True, help="The date that is proposed instead.")
    date_accepted = fields.Datetime(
        "New Date Accepted On",
        readonly=True,
        copy=False,
        help="When the account manager made the new date the order's promise.",
    )
    accepted_by_id = fields.Many2one(
        "res.users", "New Date Accepted By", readonly=True, copy=False, index="btree_not_null"
    )
    teller_id = fields.Many2one(
        "res.users",
        "Who Tells the Customer",
        compute="_compute_teller_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', '=', company_id)]",
        tracking=True,
    )
    date_tell_by = fields.Datetime(
        "Tell By",
        copy=False,
        tracking=True,
        index=True,
        help="By default the close of the second working day, and before the promised day begins where that is sooner.",
    )
    date_in_advance_until = fields.Datetime(
        "In Advance Before",
        readonly=True,
        copy=False,
        help="When the promised day begins in the customer's time zone. What is told earlier is told in advance.",
    )
    customer_zone = fields.Char("Customer's Time Zone", readonly=True, copy=False)
    date_told = fields.Datetime("Told On", readonly=True, copy=False, index=True)
    told_text = fields.Text("What Was Told", readonly=True, copy=False)
    told_message_id = fields.Many2one(
        "mail.message", "Told With", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    told_by_id = fields.Many2one("res.users", readonly=True, copy=False, index="btree_not_null")
    is_in_advance = fields.Boolean("Told in Advance", readonly=True, copy=False)
    in_advance_share = fields.Float(
        "Told in Advance (%)", compute="_compute_in_advance_share", store=True, aggregator="avg", digits=(5, 1)
    )
    cancel_reason = fields.Text("Why It Is None", copy=False)
    is_tell_overdue = fields.Boolean(
        "Overdue to Tell", compute="_compute_is_tell_overdue", search="_search_is_tell_overdue"
    )
    can_lead = fields.Boolean(compute="_compute_can")
    can_sell = fields.Boolean(compute="_compute_can")

    _open_once = models.UniqueIndex(
        "(sale_line_id, cause) WHERE sale_line_id IS NOT NULL AND state IN ('open', 'handled', 'told')",
        "An exception of this line with this cause is open already: go on with that one.",
    )
    _open_once_of_order = models.UniqueIndex(
        "(order_id, cause) WHERE sale_line_id IS NULL AND state IN ('open', 'handled', 'told')",
        "An exception of this order with this cause is open already: go on with that one.",
    )
    _told_with_text = models.Constraint(
        "CHECK (date_told IS NULL OR told_text IS NOT NULL)", "What the customer was told is kept with when."
    )
    _cancelled_with_reason = models.Constraint(
        "CHECK (state != 'cancelled' OR cancel_reason IS NOT NULL)", "A cancelled exception says why it is none."
    )
    _to_handle = models.Index("(company_id, date_handle_by) WHERE state = 'open' AND is_escalated IS NOT TRUE")

    # === COMPUTES === #

    @api.depends("order_id")
    def _compute_order_number(self):
        for exception in self:
            exception.order_number = exception.sudo().order_id.name or exception.order_number

    def _search_order_number(self, operator, value):
        return Domain("order_id", "in", self.env["sale.order"].sudo()._search([("name", operator, value)]))

    @api.depends("cause")
    def _compute_kind(self):
        for exception in self:
            exception.kind = KINDS.get(exception.cause, "date")

    @api.depends("order_id")
    def _compute_teller_id(self):
        for exception in self:
            exception.teller_id = exception.teller_id or exception.order_id.user_id

    @api.depends("is_in_advance")
    def _compute_in_advance_share(self):
        for exception in self:
            exception.in_advance_share = 100.0 if exception.is_in_advance else 0.0

    def _read_group_select(self, aggregate_spec, query):
        """The share counts those of which there is a verdict: told, or not told when the promised day began."""
        select = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec != "in_advance_share:avg":
            return select
        limit, told, state = (
            self._field_to_sql(self._table, name, query) for name in ("date_in_advance_until", "date_told", "state")
        )
        return SQL(
            "%s FILTER (WHERE %s IS NOT NULL AND %s != 'cancelled' AND (%s IS NOT NULL OR %s <= %s))",
            select,
            limit,
            state,
            told,
            limit,
            fields.Datetime.now(),
        )

    @api.depends("state", "date_told", "date_tell_by")
    def _compute_is_tell_overdue(self):
        now = fields.Datetime.now()
        for exception in self:
            waits = exception.state in OPEN and not exception.date_told
            exception.is_tell_overdue = bool(waits and exception.date_tell_by and exception.date_tell_by < now)

    def _search_is_tell_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return (
            Domain("state", "in", OPEN)
            & Domain("date_told", "=", False)
            & Domain("date_tell_by", "<", fields.Datetime.now())
        )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_can(self):
        sells = self._user_sells()
        for exception in self:
            exception.can_sell = sells
            exception.can_lead = exception._user_leads()

    @api.depends("name", "order_id.name")
    def _compute_display_name(self):
        for exception in self:
            # Departments that read it do not read the order.
            order = exception.sudo().order_id
            parts = [exception.name, order.name] if exception.name else []
            exception.display_name = " · ".join(filter(None, parts)) or self.env._("New Exception")

    # === CONSTRAINTS === #

    @api.constrains("date_new")
    def _check_dates(self):
        check_dates(self, "date_new")

    @api.constrains("order_id", "sale_line_id")
    def _check_order(self):
        for exception in self.sudo():
            order, line = exception.order_id, exception.sale_line_id
            if order.state != "sale":
                raise ValidationError(
                    self.env._(
                        "%(order)s is not confirmed: nothing was promised that could be an exception.", order=order.name
                    )
                )
            if line and line.order_id != order:
                raise ValidationError(
                    self.env._("%(line)s is no line of %(order)s.", line=line.display_name, order=order.name)
                )

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "name",
            "product_id",
            "partner_id",
            "user_id",
            "company_id",
            "origin",
            "date_opened",
            "date_found",
            "found_documents",
            "state",
            "date_handle_by",
            "date_handled",
            "handled_by_id",
            "is_escalated",
            "date_promised",
            "date_accepted",
            "accepted_by_id",
            "date_in_advance_until",
            "customer_zone",
            "date_told",
            "told_text",
            "told_message_id",
            "told_by_id",
            "is_in_advance",
            "in_advance_share",
        }

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_enter(vals_list)
        exceptions = super().create([self._with_order(vals) for vals in vals_list])
        exceptions._set_out()
        exceptions._follow_measure()
        exceptions._refresh_todos()
        return exceptions

    def write(self, vals):
        self._check_may_write(vals)
        new_date = self.filtered(lambda exception: exception.date_accepted and "date_new" in vals)
        before = {exception: exception.date_new for exception in new_date}
        result = super().write(vals)
        # What was accepted is another date.
        changed = new_date.filtered(lambda exception: exception.date_new != before[exception])
        changed._write_protected({"date_accepted": False, "accepted_by_id": False})
        if "measure" in vals or "cause" in vals:
            self._follow_measure()
        if vals.keys() & {"measure", "teller_id", "date_tell_by"}:
            self._refresh_todos()
        return result

    @api.model
    def _with_order(self, vals):
        """Return `vals` with the order in the place of its number, where they name it so."""
        number = (vals.get("order_number") or "").strip()
        vals = {name: value for name, value in vals.items() if name != "order_number"}
        if not number or vals.get("order_id"):
            return vals
        orders = self.env["sale.order"].sudo()
        order = orders.search([("name", "=", number), ("company_id", "in", self.env.companies.ids)], limit=1)
        if not order:
            raise UserError(
                self.env._("There is no order with the number %(number)s: look at it again.", number=number)
            )
        return {**vals, "order_id": order.id}

    def _set_out(self):
        """Give the new exceptions `self` their numbers, the promise as it stands, and the deadlines that follow."""
        now = fields.Datetime.now()
        for company, exceptions in self.grouped("company_id").items():
            calendar = company.resource_calendar_id
            handle_by, tell_by = calendar._working_day_deadlines([(now, HANDLE_DAYS), (now, TELL_DAYS)], company)
            for exception, number in zip(exceptions, exceptions._next_numbers(), strict=True):
                promised = exception._promise()
                zone = exception._zone()
                limit = promised and day_begins(promised, zone)
                # Not later than it still is in advance, where that is to come.
                by_default = min(tell_by, limit) if tell_by and limit and limit > now else tell_by
                exception._write_protected(
                    {
                        "name": number,
                        "date_promised": promised,
                        "customer_zone": zone.zone,
                        "date_in_advance_until": limit,
                        "date_handle_by": handle_by,
                        "date_tell_by": exception.date_tell_by or by_default,
                    }
                )

    def _next_numbers(self):
        """The numbers of the new exceptions `self`, all of one company, from its sequence."""
        sequence = self.env["ir.sequence"].with_company(self.company_id)
        return sequence._next_many("sale.order.exception", len(self), self.company_id._local_today())

    def _promise(self):
        """The day for which the goods are promised now: of the line, else of the order; False where none is."""
        self.ensure_one()
        order = self.order_id.sudo()
        return self.sale_line_id.sudo().promised_date or order.company_id._local_day(order.commitment_date)

    def _zone(self):
        """The time zone (pytz) in which the customer reads what she is told."""
        self.ensure_one()
        customer = self.order_id.sudo().partner_id
        name = customer.tz or customer.commercial_partner_id.tz
        return timezone(name) if name else self.company_id._local_zone()

    # === RIGHTS === #

    @api.model
    def _user_sells(self):
        """Whether the user is of the sales department, which decides about exceptions."""
        user = self.env.user
        return self.env.su or any(
            user.has_group(f"sales_dept_roles.group_{role}")
            for role in ("assistant", "account_manager", "director", "general_manager")
        )

    def _user_leads(self):
        """Whether the user is the account manager, or above: who decides what the customer is promised."""
        self.ensure_one()
        user = self.env.user
        return (
            self.env.su
            or (bool(self.user_id) and self.user_id == user)
            or user.has_group("sales_dept_roles.group_director")
            or user.has_group("sales_dept_roles.group_general_manager")
        )

    def _check_leads(self):
        """:raises AccessError: when the user is neither the account manager nor above"""
        if others := self.filtered(lambda exception: not exception._user_leads()):
            raise AccessError(
                self.env._(
                    "%(exception)s: this is decided by %(manager)s, who is the account manager, or by the director or "
                    "the general manager.",
                    exception=others[0].display_name,
                    manager=others[0].sudo().user_id.name or self.env._("nobody yet"),
                )
            )

    def _check_sells(self):
        """:raises AccessError: when the user is not of the sales department"""
        if not self._user_sells():
            raise AccessError(
                self.env._("The customer is told, and exceptions are closed, by the sales department: ask there.")
            )

    @api.model
    def _check_may_enter(self, vals_list):
        """:raises AccessError: when a department decides with a new exception what is the sales department's"""
        if not self._user_sells() and any(vals.keys() & {"teller_id", "date_tell_by"} for vals in vals_list):
            self._check_sells()

    def _check_may_write(self, vals):
        """:raises UserError: or AccessError, when `vals` are not for the user to write now"""
        changed = vals.keys() & (CONTENT | {"order_id", "sale_line_id", "cancel_reason"})
        if not changed:
            return
        if ended := self.filtered(lambda exception: exception.state not in OPEN):
            raise UserError(
                self.env._(
                    "%(exception)s is %(state)s and stays as it is. Enter a new one where something else came up.",
                    exception=ended[0].display_name,
                    state=dict(self._fields["state"]._description_selection(self.env))[ended[0].state],
                )
            )
        for name in changed & {"order_id", "sale_line_id"}:
            if any(exception[name].id != (vals[name] or False) for exception in self):
                raise UserError(
                    self.env._("An exception stays with its order and line: cancel it, and enter one for the other.")
                )
        if changed - DEPARTMENT - {"order_id", "sale_line_id"}:
            self._check_sells()
