from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..approval.proof import check_papers
from ..clock.bounds import check_dates

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
        "Start", required=True, default=lambda self: self.env.company._local_today(), tracking=True
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

    # === CONSTRAINTS === #

    @api.constrains("date_start", "date_end", "signed_date", "termination_date")
    def _check_dates(self):
        check_dates(self, "date_start", "date_end", "signed_date", "termination_date")

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

    @api.constrains("signed_scan")
    def _check_signed_scan(self):
        check_papers(self, "signed_scan")

    @api.constrains("signed_date")
    def _check_signed_date(self):
        for agreement in self:
            if agreement.signed_date and agreement.signed_date > agreement.company_id._local_today():
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
    def _protected_fields(self):
        """What the engine, the calendar or the buttons decide."""
        return super()._protected_fields() | {
            "state",
            "date_last",
            "recorded_date",
            "recorded_by_id",
            "termination_date",
            "termination_reason",
            "terminated_by_id",
            "renewal_reminded",
        }

    @api.model
    def _proof_fields(self):
        return super()._proof_fields() | {"signed_scan"}

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
                values["signed_date"] = company._local_today()
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
                agreement.signed_date = agreement.company_id._local_today()
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
        changed = set(self._approval_spec()).union(("name", "predecessor_id")) - set(IDENTITY_FIELDS)
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
