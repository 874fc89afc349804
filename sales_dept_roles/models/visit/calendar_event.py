import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date
from odoo.tools.sql import column_exists, create_column

STATES = [
    ("planned", "Planned"),
    ("checked_in", "Checked In"),
    ("not_reported", "Not Reported"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]


class CalendarEvent(models.Model):
    """Visits to customers, calls and online meetings with them: events with a purpose, and what came of them.

    An event is a visit when it has a purpose. Whoever checks in says by it when, and perhaps where; whoever reports it
    says what came of it, and from then on it is a record: the day, the customer and the kind of contact stay.
    """

    _inherit = "calendar.event"

    visit_purpose = fields.Selection(
        [
            ("relationship", "Relationship"),
            ("demonstration", "Demonstration"),
            ("negotiation", "Negotiation"),
            ("complaint", "Complaint or After-Sales"),
            ("collection", "Collection"),
            ("exhibition", "Exhibition"),
            ("other", "Other"),
        ],
        string="Purpose",
        index="btree_not_null",
        groups="base.group_user",
        help="An event with a purpose is a visit.",
    )
    visit_kind = fields.Selection(
        [("visit", "Visit"), ("call", "Call"), ("online", "Online Meeting")],
        string="Kind of Contact",
        compute="_compute_visit_kind",
        store=True,
        readonly=False,
        groups="base.group_user",
    )
    visit_partner_id = fields.Many2one(
        "res.partner", "Customer", index="btree_not_null", ondelete="restrict", groups="base.group_user"
    )
    visit_contact_ids = fields.Many2many(
        "res.partner",
        "calendar_event_visit_contact_rel",
        "event_id",
        "partner_id",
        string="People Met",
        groups="base.group_user",
        help="At the customer's. They are not invited: nobody gets mail.",
    )
    visit_product_ids = fields.Many2many(
        "product.product",
        "calendar_event_visit_product_rel",
        "event_id",
        "product_id",
        string="Products Shown",
        groups="base.group_user",
    )
    visit_result = fields.Selection(
        [
            ("order", "Order"),
            ("quotation", "Quotation Asked For"),
            ("interest", "Interested"),
            ("neutral", "Nothing New"),
            ("negative", "Dissatisfied or Declined"),
        ],
        string="Result",
        copy=False,
        tracking=True,
        groups="base.group_user",
    )
    visit_outcome = fields.Text("Talk and Outcome", copy=False, tracking=True, groups="base.group_user")
    visit_checkin_date = fields.Datetime("Checked In On", readonly=True, copy=False, groups="base.group_user")
    visit_latitude = fields.Float(
        "Latitude",
        digits=(10, 6),
        readonly=True,
        copy=False,
        groups="sales_dept_roles.group_director,sales_dept_roles.group_general_manager",
    )
    visit_longitude = fields.Float(
        "Longitude",
        digits=(10, 6),
        readonly=True,
        copy=False,
        groups="sales_dept_roles.group_director,sales_dept_roles.group_general_manager",
    )
    visit_date = fields.Date(
        "Contacted On",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The day at the company on which the customer was contacted: of the check-in, else of the event.",
    )
    visit_report_date = fields.Datetime("Reported On", readonly=True, copy=False, groups="base.group_user")
    visit_reporter_id = fields.Many2one(
        "res.users", "Reported By", readonly=True, copy=False, ondelete="restrict", groups="base.group_user"
    )
    visit_state = fields.Selection(
        STATES,
        string="Status",
        compute="_compute_visit_state",
        search="_search_visit_state",
        groups="base.group_user",
        help="Not reported: it is over, and nobody wrote what came of it.",
    )
    visit_may_report = fields.Boolean(compute="_compute_visit_may", groups="base.group_user")
    visit_may_check_in = fields.Boolean(compute="_compute_visit_may", groups="base.group_user")
    visit_asks_position = fields.Boolean(compute="_compute_visit_may", groups="base.group_user")
    visit_contact_names = fields.Char("Whom to Meet", compute="_compute_visit_contacts", groups="base.group_user")
    visit_phone = fields.Char("Phone", compute="_compute_visit_contacts", groups="base.group_user")

    _visit_contact_index = models.Index(
        "(visit_partner_id, visit_date) INCLUDE (visit_kind) WHERE visit_date IS NOT NULL"
    )
    _visit_has_customer = models.Constraint(
        "CHECK (visit_date IS NULL OR visit_partner_id IS NOT NULL)",
        "A visit that is reported says which customer it was to: choose the customer.",
    )

    def _auto_init(self):
        # No event that is there is a visit: nothing to compute for them.
        if not column_exists(self.env.cr, self._table, "visit_kind"):
            create_column(self.env.cr, self._table, "visit_kind", "varchar")
        return super()._auto_init()

    # === COMPUTES === #

    @api.depends("visit_purpose")
    def _compute_visit_kind(self):
        for event in self:
            event.visit_kind = event.visit_kind or ("visit" if event.visit_purpose else False)

    @api.depends(
        "visit_purpose", "visit_date", "visit_checkin_date", "active", "allday", "stop", "stop_date", "user_id"
    )
    def _compute_visit_state(self):
        for event in self:
            event.visit_state = event._visit_state() if event.visit_purpose else False

    def _visit_state(self):
        """Where the visit stands now; in SQL: :meth:`_visit_state_sql`."""
        self.ensure_one()
        if self.visit_date:
            return "done"
        if not self.active:
            return "cancelled"
        if self._visit_is_over():
            return "not_reported"
        return "checked_in" if self.visit_checkin_date else "planned"

    def _visit_is_over(self):
        if self.allday:
            return bool(self.stop_date) and self.stop_date < self._visit_company()._local_today()
        return bool(self.stop) and self.stop < fields.Datetime.now()

    @api.model
    def _visit_state_sql(self, alias):
        def column(name):
            return SQL.identifier(alias, name)

        company = SQL("(SELECT visitor.company_id FROM res_users visitor WHERE visitor.id = %s)", column("user_id"))
        return SQL(
            """
            CASE WHEN %(purpose)s IS NULL THEN NULL
                 WHEN %(date)s IS NOT NULL THEN 'done'
                 WHEN %(active)s IS NOT TRUE THEN 'cancelled'
                 WHEN CASE WHEN %(allday)s THEN %(stop_date)s < %(today)s ELSE %(stop)s < %(now)s END
                 THEN 'not_reported'
                 WHEN %(checkin)s IS NOT NULL THEN 'checked_in'
                 ELSE 'planned' END
            """,
            purpose=column("visit_purpose"),
            date=column("visit_date"),
            active=column("active"),
            allday=column("allday"),
            stop_date=column("stop_date"),
            stop=column("stop"),
            checkin=column("visit_checkin_date"),
            now=fields.Datetime.now(),
            today=self.env["res.company"]._local_today_sql(company),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "visit_state":
            self._check_field_access(self._fields[field_expr], "read")
            return self._visit_state_sql(alias)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _search_visit_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["visit_state"], "read")
        states = [state for state in value if state]
        matches = Domain.custom(
            to_sql=lambda model, alias, query: SQL("%s = ANY(%s)", model._visit_state_sql(alias), states),
            predicate=lambda event: event.visit_state in states,
        )
        return matches | Domain("visit_purpose", "=", False) if False in value else matches

    @api.depends(
        "visit_checkin_date", "visit_kind", "visit_purpose", "visit_date", "active", "user_id", "start", "stop"
    )
    @api.depends_context("uid")
    def _compute_visit_may(self):
        for event in self:
            event.visit_may_report = bool(event.visit_purpose) and event._may_report_visit()
            event.visit_may_check_in = (
                bool(event.visit_purpose) and bool(event.id) and not event._visit_check_in_error_message()
            )
            event.visit_asks_position = event._visit_company().sales_dept_visit_position

    @api.depends("visit_partner_id.phone", "visit_contact_ids.phone", "visit_contact_ids.name")
    def _compute_visit_contacts(self):
        for event in self:
            event.visit_contact_names = ", ".join(filter(None, event.visit_contact_ids.mapped("name")))
            phones = (event.visit_contact_ids | event.visit_partner_id).mapped("phone")
            event.visit_phone = next(filter(None, phones), False)

    @api.onchange("visit_partner_id")
    def _onchange_visit_partner_id(self):
        customer = self.visit_partner_id
        if customer:
            # Both are Odoo's own fields, which have no compute to extend.
            self.name = self.name or self._visit_name(customer)
            self.location = self.location or self._visit_location(customer)

    @api.model
    def _visit_name(self, customer):
        return self.env._("Visit: %(customer)s", customer=customer.name)

    @api.model
    def _visit_location(self, customer):
        return re.sub(r"\s*\n\s*", ", ", customer._display_address(without_company=True).strip())

    def _visit_company(self):
        """The company whose days are meant."""
        return self.sudo().user_id.company_id or self.env.company

    def _visit_day(self):
        """The day on which the customer was contacted, where the company is."""
        self.ensure_one()
        company = self._visit_company()
        if self.visit_checkin_date:
            return company._local_day(self.visit_checkin_date)
        return self.start_date if self.allday else company._local_day(self.start)

    def _visit_planned_days(self):
        """The first and the last day for which it is planned, where the company is."""
        self.ensure_one()
        if self.allday:
            return self.start_date, self.stop_date
        company = self._visit_company()
        return company._local_day(self.start), company._local_day(self.stop)

    # === ACTIONS === #

    def action_visit_check_in(self, latitude=None, longitude=None):
        """Note that the visitor is there now; a second time it changes nothing.

        :param latitude: in degrees, of the browser that gave it; kept where the company wants it
        :param longitude: as `latitude`
        """
        self.ensure_one()
        self._check_is_visit()
        if self._lock_visit().visit_checkin_date:
            return
        if message := self._visit_check_in_error_message():
            raise UserError(message)
        self._write_protected(self._prepare_visit_check_in_values(latitude, longitude))

    def action_visit_done(self):
        """Report what came of it: from now on it is a record."""
        for event in self:
            event._check_is_visit()
            event._check_may_report_visit()
            if event._lock_visit().visit_date:
                continue
            if message := event._visit_done_error_message():
                raise UserError(message)
            event._write_protected(event._prepare_visit_done_values())

    def action_visit_cancel(self):
        for event in self:
            event._check_is_visit()
        self.action_archive()

    def action_visit_plan_next(self):
        """Plan the next contact with the same customer."""
        self.ensure_one()
        return self.visit_partner_id.action_plan_visit()

    def action_visit_open(self):
        """Open it with what belongs to a visit."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_visits"),
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("sales_dept_roles.view_calendar_event_visit_form").id, "form")],
        }

    def _lock_visit(self):
        """Let nobody else check in or report at the same time; return `self` as it is in the database."""
        self.check_access("write")
        if not self.sudo().try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._(
                    "“%(visit)s” is being written by somebody else right now, perhaps by your other device: look again "
                    "in a moment.",
                    visit=self.display_name,
                )
            )
        self.invalidate_recordset(["visit_checkin_date", "visit_date"])
        return self

    def _check_is_visit(self):
        self.ensure_one()
        if not self.visit_purpose:
            raise UserError(self.env._("“%(event)s” is no visit: choose its purpose first.", event=self.display_name))

    def _visit_check_in_error_message(self):
        """Return why the user cannot check in at the visit `self` now, or False."""
        self.ensure_one()
        name = self.display_name
        if self.env.user != self.user_id:
            return self.env._(
                "Only whoever visits the customer checks in: “%(visit)s” is %(person)s's.",
                visit=name,
                person=self.sudo().user_id.name,
            )
        if self.visit_kind != "visit":
            return self.env._("“%(visit)s” is no visit on site: report it when it is over.", visit=name)
        if self.visit_checkin_date or self.visit_date:
            return self.env._("“%(visit)s” is under way or done already.", visit=name)
        if not self.active:
            return self.env._("“%(visit)s” is cancelled: plan it anew.", visit=name)
        first, last = self._visit_planned_days()
        if not first <= self._visit_company()._local_today() <= last:
            return self.env._(
                "“%(visit)s” is planned for %(day)s: move it to today, or report it without check-in when it is over.",
                visit=name,
                day=format_date(self.env, first),
            )
        return False

    def _visit_done_error_message(self):
        """Return why the visit `self` cannot be reported as done, or False."""
        self.ensure_one()
        name = self.display_name
        if not self.active:
            return self.env._("“%(visit)s” is cancelled: take it out of the archive first.", visit=name)
        if not self.visit_partner_id:
            return self.env._("Say which customer “%(visit)s” was to.", visit=name)
        if not self.visit_result or not (self.visit_outcome or "").strip():
            return self.env._("Say what came of “%(visit)s”: a result, and the outcome in a few words.", visit=name)
        if not self.visit_checkin_date and self.start > fields.Datetime.now():
            return self.env._(
                "“%(visit)s” is still to come: check in when you are there, or move it to when it took place.",
                visit=name,
            )
        return False

    def _prepare_visit_check_in_values(self, latitude, longitude):
        values = {"visit_checkin_date": fields.Datetime.now()}
        if self._visit_company().sales_dept_visit_position and latitude is not None and longitude is not None:
            values.update(self._prepare_visit_position_values(latitude, longitude))
        return values

    def _prepare_visit_position_values(self, latitude, longitude):
        wrong = self.env._("That is no place on earth: latitude and longitude are degrees, such as 31.23 and 121.47.")
        try:
            latitude, longitude = float(latitude), float(longitude)
        except (TypeError, ValueError) as error:
            raise UserError(wrong) from error
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise UserError(wrong)
        return {"visit_latitude": latitude, "visit_longitude": longitude}

    def _prepare_visit_done_values(self):
        return {
            "visit_date": self._visit_day(),
            "visit_report_date": fields.Datetime.now(),
            "visit_reporter_id": self.env.uid,
        }
