from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, is_html_empty

from ..approval.sales_approval_mixin import without_client_context
from ..register.register_xlsx import register_xlsx

EXPIRING_DAYS = 60
REMINDER_DAYS = (60, 30, 7)
RENEWAL_ACTIVITY = "sales_dept_roles.mail_activity_agreement_renewal"

IN_FORCE = ("in_force", "expiring")
SIGNED_FIELDS = {"signed_scan", "signed_scan_name", "signed_date"}
# Fixed once it is numbered: the number says both.
IDENTITY_FIELDS = ("kind", "company_id")
# What a renewal has in common with the agreement it follows.
RENEWED_SAME = ("kind", "company_id", "partner_id")
NUMBER_PREFIX = {"sales": "FA", "logistics": "LA", "channel": "CA"}


class SalesAgreement(models.Model):
    """A framework agreement with a customer, a carrier or a channel partner.

    What it is worth is read from the signatures and from the calendar at the moment of asking: `state` is
    not stored, so that no list and no gate waits for a cron to learn that an agreement began or ended.
    """

    _name = "sales.agreement"
    _description = "Agreement"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.approval.mixin"]
    _order = "date_start desc, id desc"
    _check_company_auto = True
    # Finance and the reviewing departments read only, and may ask.
    _mail_post_access = "read"

    name = fields.Char(
        "Number",
        copy=False,
        index="trigram",
        tracking=True,
        help="Left empty, the next number of the kind and company. An agreement on paper keeps the number it has.",
    )
    kind = fields.Selection(
        [("sales", "Sales Framework"), ("logistics", "Logistics Cooperation"), ("channel", "Channel Cooperation")],
        required=True,
        default="sales",
        index=True,
        help="Sales: with a customer. Logistics: with a carrier. Channel: with a partner who sells for us.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    partner_id = fields.Many2one(
        "res.partner",
        "Other Party",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The company that signs, not one of its contacts.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        check_company=True,
        domain=[("share", "=", False)],
        tracking=True,
        help="Is reminded 60, 30 and 7 days before the end.",
    )
    our_signatory_id = fields.Many2one("res.users", check_company=True, domain=[("share", "=", False)], tracking=True)
    their_signatory = fields.Char(tracking=True)
    subject = fields.Char(required=True, tracking=True)
    terms = fields.Html("Main Terms", help="What was agreed, in short. It is what is approved.")
    payment_term_id = fields.Many2one("account.payment.term", "Payment Terms", check_company=True, tracking=True)
    date_start = fields.Date(
        "Start", required=True, default=lambda self: self.env.company._agreement_today(), tracking=True
    )
    date_end = fields.Date("End", tracking=True, help="The last day. Empty: open-ended, until it is terminated.")
    date_last = fields.Date(
        "Last Day in Force",
        compute="_compute_date_last",
        store=True,
        index="btree_not_null",
        help="The end, or the day before the termination takes effect.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("approval", "In Approval"),
            ("approved", "Approved"),
            ("in_force", "In Force"),
            ("expiring", "Expiring"),
            ("expired", "Expired"),
            ("terminated", "Terminated"),
        ],
        string="Status",
        compute="_compute_state",
        search="_search_state",
        help="Approved: waits for the signed scan or for its first day. Expiring: ends within 60 days.",
    )
    signed_scan = fields.Binary(attachment=True, copy=False, help="The paper that both parties signed.")
    signed_scan_name = fields.Char(copy=False)
    signed_date = fields.Date("Signed On", copy=False, tracking=True)
    recorded_date = fields.Date("Recorded On", readonly=True, copy=False)
    recorded_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    termination_date = fields.Date(
        "Terminated From", readonly=True, copy=False, help="From this day on it is not in force."
    )
    termination_reason = fields.Text(readonly=True, copy=False)
    terminated_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    predecessor_id = fields.Many2one(
        "sales.agreement",
        "Renews",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        help="The agreement that this one follows.",
    )
    successor_ids = fields.One2many("sales.agreement", "predecessor_id", string="Renewals")
    successor_id = fields.Many2one("sales.agreement", "Renewed By", compute="_compute_successor_id")
    renewal_reminded = fields.Integer(
        readonly=True, copy=False, help="Days before the end of which the responsible was last reminded."
    )
    is_open_ended = fields.Boolean(compute="_compute_is_open_ended")
    can_lead = fields.Boolean(compute="_compute_can_lead")
    state_note = fields.Text("Note", compute="_compute_state_note", help="What there is to know beside the status.")

    _number_unique = models.UniqueIndex(
        "(company_id, name)", "Another agreement of the company has this number: choose another, or leave it empty."
    )
    _predecessor_unique = models.UniqueIndex(
        "(predecessor_id) WHERE predecessor_id IS NOT NULL",
        "That agreement was renewed already: open its renewal.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)", "An agreement ends on or after the day it starts."
    )

    # === COMPUTES === #

    @api.depends("date_end", "termination_date")
    def _compute_date_last(self):
        for agreement in self:
            before = agreement.termination_date and agreement.termination_date - timedelta(days=1)
            agreement.date_last = min(filter(None, (agreement.date_end, before)), default=False)

    @api.depends("date_end")
    def _compute_is_open_ended(self):
        for agreement in self:
            agreement.is_open_ended = not agreement.date_end

    @api.depends("successor_ids")
    def _compute_successor_id(self):
        for agreement in self:
            agreement.successor_id = agreement.successor_ids[:1]

    @api.depends_context("uid")
    def _compute_can_lead(self):
        self.can_lead = self._agreement_user_leads()

    @api.depends(
        "approval_state",
        "recorded_date",
        "signed_scan",
        "signed_date",
        "date_start",
        "date_last",
        "termination_date",
        "company_id",
    )
    def _compute_state(self):
        # The rules of `_state_to_sql`, in the same order.
        scanned = self._with_scan_ids()
        today_of = {company: company._agreement_today() for company in self.company_id}
        for agreement in self:
            today = today_of.get(agreement.company_id) or self.env.company._agreement_today()
            if agreement.termination_date and agreement.termination_date <= today:
                agreement.state = "terminated"
            elif agreement.approval_state != "approved" and not agreement.recorded_date:
                agreement.state = "approval" if agreement.approval_state == "pending" else "draft"
            elif agreement.date_last and agreement.date_last < today:
                agreement.state = "expired"
            elif agreement._origin.id not in scanned or not agreement.signed_date or agreement.date_start > today:
                agreement.state = "approved"
            elif agreement.date_last and agreement.date_last <= today + timedelta(days=EXPIRING_DAYS):
                agreement.state = "expiring"
            else:
                agreement.state = "in_force"

    @api.depends("state", "recorded_by_id", "terminated_by_id", "termination_reason")
    @api.depends_context("lang")
    def _compute_state_note(self):
        for agreement in self:
            sentences = []
            if agreement.recorded_date:
                sentences.append(
                    self.env._(
                        "%(name)s recorded on %(date)s that it is signed on paper; it had no approval.",
                        name=agreement.recorded_by_id.sudo().name,
                        date=agreement.recorded_date,
                    )
                )
            if agreement.termination_date:
                sentences.append(
                    self.env._(
                        "Terminated by %(name)s from %(date)s on: %(reason)s",
                        name=agreement.terminated_by_id.sudo().name,
                        date=agreement.termination_date,
                        reason=agreement.termination_reason,
                    )
                )
            elif agreement.state == "approved" and agreement.signed_date:
                sentences.append(self.env._("Signed: it is in force from %(date)s on.", date=agreement.date_start))
            agreement.state_note = "\n".join(sentences)

    def _with_scan_ids(self):
        """Return the ids of those of `self` that have their signed scan."""
        scans = self.env["ir.attachment"].sudo()
        domain = [("res_model", "=", self._name), ("res_field", "=", "signed_scan"), ("res_id", "in", self._origin.ids)]
        return {res_id for (res_id,) in scans._read_group(domain, ["res_id"])}

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = [state for state in value if state]
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s", model._field_to_sql(alias, "state", query), tuple(states) or (None,)
            ),
            predicate=lambda agreement: agreement.state in states,
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        # So that lists are grouped and sorted by it too.
        if field_expr == "state":
            return self._state_to_sql(alias, query)
        return super()._field_to_sql(alias, field_expr, query)

    def _state_to_sql(self, alias, query):
        """`state` as the database sees it, at this moment."""
        return SQL(
            """
            CASE
                WHEN %(termination)s <= %(today)s THEN 'terminated'
                WHEN %(approval)s IS DISTINCT FROM 'approved' AND %(recorded)s IS NULL
                    THEN CASE WHEN %(approval)s = 'pending' THEN 'approval' ELSE 'draft' END
                WHEN %(last)s < %(today)s THEN 'expired'
                WHEN %(signed)s IS NULL OR %(start)s > %(today)s OR NOT EXISTS (
                    SELECT FROM ir_attachment
                    WHERE res_model = %(model)s AND res_field = 'signed_scan' AND res_id = %(id)s
                ) THEN 'approved'
                WHEN %(last)s <= %(today)s + %(days)s THEN 'expiring'
                ELSE 'in_force'
            END
            """,
            today=self._today_to_sql(alias, query),
            termination=self._field_to_sql(alias, "termination_date", query),
            approval=self._field_to_sql(alias, "approval_state", query),
            recorded=self._field_to_sql(alias, "recorded_date", query),
            last=self._field_to_sql(alias, "date_last", query),
            signed=self._field_to_sql(alias, "signed_date", query),
            start=self._field_to_sql(alias, "date_start", query),
            id=self._field_to_sql(alias, "id", query),
            model=self._name,
            days=EXPIRING_DAYS,
        )

    def _today_to_sql(self, alias, query):
        """The date it is now in the company of a row."""
        companies = self.env["res.company"].union(
            *(company for (company,) in self.sudo()._read_group([], ["company_id"]))
        )
        by_day = (companies or self.env.company).grouped(lambda company: company._agreement_today())
        # All companies but those where it is another day.
        usual = max(by_day, key=lambda day: len(by_day[day]))
        sql = SQL("%s::date", usual)
        for day, there in by_day.items():
            if day != usual:
                company = self._field_to_sql(alias, "company_id", query)
                sql = SQL("CASE WHEN %s IN %s THEN %s::date ELSE %s END", company, there._ids, day, sql)
        return sql

    # === CONSTRAINTS === #

    @api.constrains("partner_id")
    def _check_partner_id(self):
        for agreement in self:
            commercial = agreement.partner_id.commercial_partner_id
            if commercial != agreement.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s: make the agreement with %(company)s itself.",
                        contact=agreement.partner_id.display_name,
                        company=commercial.display_name,
                    )
                )

    @api.constrains("signed_date")
    def _check_signed_date(self):
        for agreement in self:
            if agreement.signed_date and agreement.signed_date > agreement.company_id._agreement_today():
                raise ValidationError(
                    self.env._(
                        "Agreement %(number)s cannot have been signed in the future: correct the date of signature.",
                        number=agreement.name,
                    )
                )

    @api.constrains("predecessor_id", "partner_id")
    def _check_predecessor_id(self):
        for agreement in self:
            previous = agreement.predecessor_id.sudo()
            if previous and (previous == agreement or any(previous[name] != agreement[name] for name in RENEWED_SAME)):
                raise ValidationError(
                    self.env._(
                        "Agreement %(number)s cannot renew %(previous)s: a renewal is of the same kind, company "
                        "and other party.",
                        number=agreement.name,
                        previous=previous.name,
                    )
                )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        self.partner_id = self.partner_id.commercial_partner_id
        self.payment_term_id = self.partner_id.property_payment_term_id or self.payment_term_id

    # === CRUD === #

    @api.model
    def _approval_protected_fields(self):
        """No client writes what the engine, the calendar or the buttons below decide."""
        results = {
            "state",
            "date_last",
            "recorded_date",
            "recorded_by_id",
            "termination_date",
            "termination_reason",
            "terminated_by_id",
            "renewal_reminded",
        }
        # Clients never are superuser; the buttons below are, once they have looked at who presses them.
        return super()._approval_protected_fields() | (set() if self.env.su else results)

    @api.model_create_multi
    def create(self, vals_list):
        defaults = self.default_get(IDENTITY_FIELDS)
        numbered = []
        for vals in vals_list:
            values = {**defaults, **vals}
            company = self.env["res.company"].browse(values["company_id"])
            if not values.get("name"):
                values["name"] = self._next_number(company, values["kind"])
            if values.get("signed_scan") and not values.get("signed_date"):
                values["signed_date"] = company._agreement_today()
            numbered.append(values)
        agreements = super().create(numbered)
        if any(vals.get("signed_scan") for vals in vals_list):
            agreements._log_scan(self.browse())
        return agreements

    def write(self, vals):
        if message := self._write_error_message(vals):
            raise UserError(message)
        if SIGNED_FIELDS & vals.keys():
            self._check_signed_fields(vals)
        had_scan = self.browse()
        if "signed_scan" in vals:
            had_scan = self.browse(self._with_scan_ids())
            if not vals["signed_scan"]:
                vals = {**vals, "signed_scan_name": False, "signed_date": False}
        result = super().write(vals)
        if "signed_scan" in vals:
            undated = self.filtered(lambda agreement: not agreement.signed_date) if vals["signed_scan"] else ()
            for agreement in undated:
                agreement.signed_date = agreement.company_id._agreement_today()
            self._log_scan(had_scan)
        return result

    def _write_error_message(self, vals):
        """Return why `vals` may not be written on one of `self`, or False."""
        fixed = [name for name in IDENTITY_FIELDS if name in vals]
        if fixed and any(
            self._fields[name].convert_to_write(agreement[name], agreement) != vals[name]
            for agreement in self
            for name in fixed
        ):
            return self.env._(
                "Kind and company of an agreement are fixed with its number: make a new agreement, and delete this one."
            )
        changed = set(self._approval_terms_spec()).union(("name", "predecessor_id")) - set(IDENTITY_FIELDS)
        if changed & vals.keys() and (signed := self._filter_signed()):
            return self.env._(
                "Agreement %(number)s is signed: its terms stand as they are. Make a renewal with the new terms, "
                "or have the director terminate it.",
                number=signed[0].name,
            )
        return False

    def _filter_signed(self):
        """Those of `self` that stand approved (or recorded) and signed, in force or not."""
        scanned = self.sudo()._with_scan_ids()
        return self.filtered(
            lambda agreement: (
                agreement.id in scanned
                and agreement.signed_date
                and (agreement.sudo().approval_state == "approved" or agreement.recorded_date)
            )
        )

    def _check_signed_fields(self, vals):
        """The paper is not part of what is approved, but it is not exchanged behind anybody's back either."""
        for agreement in self.sudo().filtered(lambda agreement: agreement.approval_state == "pending"):
            raise UserError(
                self.env._(
                    "Agreement %(number)s is in approval: add the signed scan once it is decided.",
                    number=agreement.name,
                )
            )
        for agreement in self:
            if agreement.recorded_date and any(
                name in vals and not vals[name] for name in ("signed_scan", "signed_date")
            ):
                raise UserError(
                    self.env._(
                        "Agreement %(number)s was recorded as signed, so it stands on its signed scan and its date: "
                        "replace them, but do not remove them.",
                        number=agreement.name,
                    )
                )
        if (signed := self._filter_signed()) and not self._agreement_user_leads():
            raise AccessError(
                self.env._(
                    "The signed scan of %(number)s is its proof: only the director or the general manager exchange it.",
                    number=signed[0].name,
                )
            )

    def _log_scan(self, had_scan):
        """Leave a note of what happened to the scans of `self`; those of `had_scan` had one before."""
        scanned = self._with_scan_ids()
        bodies = {}
        for agreement in self:
            if agreement.id in scanned:
                file = agreement.signed_scan_name or ""
                bodies[agreement.id] = (
                    self.env._("Signed scan replaced: %(file)s", file=file)
                    if agreement in had_scan
                    else self.env._("Signed scan added: %(file)s", file=file)
                )
            elif agreement in had_scan:
                bodies[agreement.id] = self.env._("Signed scan removed.")
        self.browse(bodies)._message_log_batch(bodies)

    def unlink(self):
        # Looked at before the request for approval is taken back, which makes a draft of it.
        self._check_drafts()
        return super().unlink()

    def _check_drafts(self):
        for agreement in self:
            if agreement.state != "draft" or agreement.approval_state == "stale":
                raise UserError(
                    self.env._(
                        "Agreement %(number)s was submitted or signed: it is kept. Drafts alone can be deleted.",
                        number=agreement.name,
                    )
                )

    # === NUMBERS === #

    @api.model
    def _next_number(self, company, kind):
        sequence = self._number_sequence(company, kind)
        while number := sequence.next_by_id():
            # Agreements on paper bring their own numbers.
            if not self.sudo().search_count([("company_id", "=", company.id), ("name", "=", number)], limit=1):
                return number

    @api.model
    def _number_sequence(self, company, kind):
        """The sequence of a kind of agreement in a company; made with the first one."""
        Sequence = self.env["ir.sequence"].sudo()
        code = f"sales.agreement.{kind}"
        return Sequence.search([("code", "=", code), ("company_id", "=", company.id)], limit=1) or Sequence.create(
            {
                "name": f"{dict(self._fields['kind'].selection)[kind]} Agreement",
                "code": code,
                "company_id": company.id,
                "prefix": f"{NUMBER_PREFIX[kind]}-%(year)s-",
                "padding": 4,
            }
        )

    # === APPROVAL === #

    @api.model
    def _approval_terms_spec(self):
        # The signed paper is not among them: it comes after the approval, and has rules of its own.
        return dict.fromkeys(
            [
                "company_id",
                "kind",
                "partner_id",
                "our_signatory_id",
                "their_signatory",
                "subject",
                "terms",
                "payment_term_id",
                "date_start",
                "date_end",
            ]
        )

    @api.model
    def _approval_kind(self):
        return self.env._("Agreement")

    def _approval_submit_error_message(self):
        message = super()._approval_submit_error_message()
        if not message and self.recorded_date:
            message = self.env._("%(number)s was recorded as signed: it needs no approval.", number=self.name)
        if not message and self.termination_date:
            message = self.env._("%(number)s is terminated: make a new agreement.", number=self.name)
        if not message and is_html_empty(self.terms):
            message = self.env._(
                "Agreement %(number)s says nothing yet: write down its main terms, they are what is signed.",
                number=self.name,
            )
        return message

    def _prepare_approval_values(self, flow):
        return {
            **super()._prepare_approval_values(flow),
            "partner_id": self.partner_id.id,
            "responsible_id": self.user_id.id,
        }

    # === RECORDING PAPER THAT IS SIGNED ALREADY === #

    @api.model
    def _agreement_user_leads(self):
        """Whether the user may decide about agreements outside the flow: the director or the general manager."""
        user = self.env.user
        return self.env.su or any(
            user.has_group(f"sales_dept_roles.{group}") for group in ("group_director", "group_general_manager")
        )

    def _check_leads(self):
        if not self._agreement_user_leads():
            raise AccessError(
                self.env._("Only the sales director or the general manager may do this: ask one of them.")
            )

    def action_record_signed(self):
        """Take agreements that were signed on paper before the rule came as they are, without an approval."""
        self._check_leads()
        self.check_access("write")
        for agreement in self:
            if message := agreement._record_signed_error_message():
                raise UserError(message)
        self.sudo().write({"recorded_date": fields.Date.today(), "recorded_by_id": self.env.uid})
        self._message_log_batch(
            {
                agreement.id: self.env._(
                    "Recorded as signed on %(date)s, without approval.", date=agreement.signed_date
                )
                for agreement in self
            }
        )
        return True

    def _record_signed_error_message(self):
        """Return why this agreement cannot be recorded as signed, or False."""
        self.ensure_one()
        if self.state != "draft" or self.approval_state == "stale":
            return self.env._("%(number)s is no draft: it follows its approval.", number=self.name)
        if not self._with_scan_ids() or not self.signed_date:
            return self.env._(
                "%(number)s has no signed scan or no date of signature: add both, they are what is recorded.",
                number=self.name,
            )
        since = self.company_id.sudo().sales_dept_agreement_date
        if since and self.signed_date >= since:
            return self.env._(
                "%(number)s was signed on %(signed)s. Since %(since)s agreements are approved before they are signed: "
                "submit it for approval.",
                number=self.name,
                signed=self.signed_date,
                since=since,
            )
        return False

    # === RENEWAL === #

    def action_renew(self):
        """Open the agreement that follows this one; make it where there is none yet."""
        self.ensure_one()
        self.check_access("write")
        successor = self.sudo().successor_id
        if not successor:
            if self.state not in (*IN_FORCE, "expired"):
                raise UserError(
                    self.env._(
                        "%(number)s was never in force, or is terminated: make a new agreement instead.",
                        number=self.name,
                    )
                )
            successor = without_client_context(self).create(self._prepare_renewal_values())
            self._close_reminders(self.env._("Renewed by %(number)s.", number=successor.name))
            self._message_log(body=self.env._("Renewed by %(number)s.", number=successor._get_html_link()))
        return successor.sudo(False)._action_open()

    def _prepare_renewal_values(self):
        today = self.company_id._agreement_today()
        start = (self.date_last or today) + timedelta(days=1)
        end = False
        if self.date_end:
            # As long as this one: a year that ends on the last day of February too.
            length = relativedelta(self.date_end + timedelta(days=1), self.date_start)
            end = start + length - timedelta(days=1)
        return {
            **{name: self._fields[name].convert_to_write(self[name], self) for name in RENEWED_SAME},
            "predecessor_id": self.id,
            "user_id": self.user_id.id,
            "our_signatory_id": self.our_signatory_id.id,
            "their_signatory": self.their_signatory,
            "subject": self.subject,
            "terms": self.terms,
            "payment_term_id": self.payment_term_id.id,
            "date_start": start,
            "date_end": end,
        }

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Agreement"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_open_successor(self):
        self.ensure_one()
        return self.successor_id._action_open()

    # === TERMINATION === #

    def action_open_terminate(self):
        """Ask for the date and the reason."""
        self._check_leads()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Terminate"),
            "res_model": "sales.agreement.terminate",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_agreement_id": self.id},
        }

    def _terminate(self, date, reason):
        """End the agreements of `self` from `date` on.

        :raises AccessError: for anybody but the director and the general manager
        :raises UserError: when the reason is missing, or one of them is not in force
        """
        self._check_leads()
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the agreement ends: the reason stays with it."))
        for agreement in self:
            if agreement.state not in ("approved", *IN_FORCE):
                raise UserError(
                    self.env._("%(number)s is not in force: there is nothing to terminate.", number=agreement.name)
                )
            if date < agreement.date_start:
                raise UserError(
                    self.env._(
                        "%(number)s starts on %(start)s: it cannot end before.",
                        number=agreement.name,
                        start=agreement.date_start,
                    )
                )
        self.sudo().write({"termination_date": date, "termination_reason": reason, "terminated_by_id": self.env.uid})
        text = self.env._("Terminated from %(date)s on. %(reason)s", date=date, reason=reason)
        self._close_reminders(text)
        self._message_log_batch(dict.fromkeys(self.ids, text))

    # === REMINDERS === #

    def _close_reminders(self, feedback):
        """Nobody needs to renew `self` any more, because of `feedback`."""
        # They may be somebody else's.
        self.sudo().activity_feedback([RENEWAL_ACTIVITY], feedback=feedback)

    @api.model
    def _cron_remind_renewals(self):
        """Once a day: tell the responsible that an agreement ends, at each of the thresholds once.

        What was missed while the server was down is made up for with the nearest threshold.
        """
        ending = self.search(
            Domain("state", "=", "expiring")
            & Domain("termination_date", "=", False)
            & Domain("successor_ids", "=", False)
        )
        due = {}
        for agreement in ending:
            left = (agreement.date_last - agreement.company_id._agreement_today()).days
            threshold = min(days for days in REMINDER_DAYS if left <= days)
            if not agreement.renewal_reminded or threshold < agreement.renewal_reminded:
                due.setdefault((threshold, agreement._renewal_user(), agreement.date_last), []).append(agreement.id)
        for (threshold, user, last), ids in due.items():
            agreements = self.browse(ids).with_context(lang=user.lang)
            agreements.activity_schedule(
                RENEWAL_ACTIVITY,
                # Until the next reminder, or the end.
                date_deadline=last - timedelta(days=max([days for days in REMINDER_DAYS if days < threshold] or [0])),
                summary=agreements.env._("Ends on %(date)s: renew or let it end", date=last),
                user_id=user.id,
            )
            agreements.renewal_reminded = threshold

    def _renewal_user(self):
        """Who is reminded: the responsible, or a director where that person has left."""
        self.ensure_one()
        if self.user_id.active:
            return self.user_id
        directors = self.env.ref("sales_dept_roles.group_director").all_user_ids
        return directors.filtered(lambda user: self.company_id in user.company_ids)[:1] or self.env.user

    # === REGISTER === #

    def action_export_register(self):
        """Download the register; of the selected lines, or of all when none is selected."""
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/sales_dept/agreement_register.xlsx?ids={ids}",
            "target": "download",
        }

    def _register_columns(self):
        """Columns of the exported register: ``[(title, width, function of an agreement)]``."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        return [
            (self.env._("Number"), 16, lambda agreement: agreement.name),
            (self.env._("Kind"), 20, lambda agreement: kinds[agreement.kind]),
            (self.env._("Other Party"), 36, lambda agreement: agreement.partner_id.display_name),
            (self.env._("Subject"), 36, lambda agreement: agreement.subject),
            (self.env._("Start"), 12, lambda agreement: agreement.date_start),
            (self.env._("End"), 12, lambda agreement: agreement.date_end or self.env._("Open-ended")),
            (self.env._("Signed On"), 12, lambda agreement: agreement.signed_date),
            (self.env._("Our Signatory"), 18, lambda agreement: agreement.our_signatory_id.sudo().name),
            (self.env._("Their Signatory"), 18, lambda agreement: agreement.their_signatory),
            (self.env._("Payment Terms"), 18, lambda agreement: agreement.payment_term_id.sudo().name),
            (self.env._("Responsible"), 18, lambda agreement: agreement.user_id.sudo().name),
            (self.env._("Status"), 14, lambda agreement: states[agreement.state]),
            (self.env._("Renews"), 16, lambda agreement: agreement.predecessor_id.sudo().name),
            (self.env._("Renewed By"), 16, lambda agreement: agreement.sudo().successor_id.name),
            (self.env._("Terminated From"), 14, lambda agreement: agreement.termination_date),
            (self.env._("Company"), 30, lambda agreement: agreement.company_id.sudo().name),
        ]

    def _register_xlsx(self):
        """Return the register of `self` as the bytes of an XLSX workbook."""
        return register_xlsx(self, self.env._("Agreement Register"), self._register_columns())
