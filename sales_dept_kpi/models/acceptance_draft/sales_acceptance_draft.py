from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates

# By law a draft matures within so many months of its issue.
MOST_MONTHS = 6
STATES = [
    ("entered", "Entered"),
    ("held", "Held"),
    ("endorsed", "Endorsed"),
    ("discounted", "Discounted"),
    ("paid", "Paid"),
    ("dishonoured", "Dishonoured"),
    ("returned", "Returned"),
]
# The customer still stands for it: it may come back until it matures, and after.
WITH_RECOURSE = ("endorsed", "discounted")
# What is on the draft itself, and what was booked of it.
FROZEN = {
    "name",
    "kind",
    "medium",
    "drawer",
    "acceptor",
    "issue_date",
    "maturity_date",
    "amount",
    "currency_id",
    "partner_id",
    "company_id",
    "receipt_date",
    "invoice_ids",
}


class SalesAcceptanceDraft(models.Model):
    """A bank's or a company's promise to pay on a day, by which a customer pays.

    Entered by whoever is handed it, registered by finance, whereby it becomes a payment of Odoo's; from then on what
    stands on it is fixed, and what happens to it is an event with its own date and figures, which nobody changes.
    """

    _name = "sales.acceptance.draft"
    _description = "Acceptance Draft"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.dept.protected.mixin"]
    _order = "maturity_date desc, id desc"
    _check_company_auto = True
    # Those who read it discuss it.
    _mail_post_access = "read"

    name = fields.Char("Draft Number", required=True, copy=False, index="trigram", tracking=True)
    kind = fields.Selection(
        [("bank", "Bank Acceptance"), ("commercial", "Commercial Acceptance")],
        required=True,
        default="bank",
        tracking=True,
        help="Bank acceptance: a bank promises to pay. Commercial acceptance: a company does.",
    )
    medium = fields.Selection([("electronic", "Electronic"), ("paper", "Paper")], required=True, default="electronic")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, tracking=True
    )
    amount = fields.Monetary(required=True, tracking=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Received From",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="The customer who pays with it, who need not be its drawer.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Account Manager",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        domain=[("share", "=", False)],
        tracking=True,
    )
    drawer = fields.Char(required=True, tracking=True)
    acceptor = fields.Char(required=True, tracking=True, help="The bank or the company that pays when it matures.")
    issue_date = fields.Date(required=True, tracking=True)
    maturity_date = fields.Date("Maturity", required=True, index=True, tracking=True)
    receipt_date = fields.Date(
        "Received On", required=True, default=lambda self: self.env.company._local_today(), tracking=True
    )
    invoice_ids = fields.Many2many(
        "account.move",
        "sales_acceptance_draft_invoice_rel",
        "draft_id",
        "move_id",
        "Pays",
        copy=False,
        check_company=True,
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'), ('commercial_partner_id', '=',"
        " commercial_partner_id), ('company_id', '=', company_id), ('payment_state', 'in', ('not_paid', 'partial'))]",
        help="Empty: the customer's open invoices, those first that fall due first.",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, string="Customer", index=True
    )
    state = fields.Selection(
        STATES,
        "Status",
        required=True,
        default="entered",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    close_date = fields.Date(
        "Since", readonly=True, copy=False, help="When it was passed on, paid, dishonoured or returned."
    )
    realised_date = fields.Date(
        readonly=True, copy=False, help="When it became money or was passed on in place of money."
    )
    cost = fields.Monetary(
        "Interest and Fees", readonly=True, copy=False, help="What was given for having it discounted or cashed."
    )
    event_ids = fields.One2many("sales.acceptance.draft.event", "draft_id", "What Happened", readonly=True)
    days_left = fields.Integer("Days to Maturity", compute="_compute_days_left")
    state_note = fields.Char("Note", compute="_compute_state_note")

    _number_unique = models.UniqueIndex(
        "(company_id, name)", "A draft with this number is there already: look for it under Acceptance Drafts."
    )
    _amount_positive = models.Constraint("CHECK (amount > 0)", "A draft has an amount: enter what stands on it.")
    _maturity_after_issue = models.Constraint(
        "CHECK (maturity_date > issue_date)",
        "A draft matures after the day on which it was issued: look at both dates.",
    )

    # === COMPUTES === #

    @api.depends("partner_id")
    def _compute_user_id(self):
        for draft in self:
            draft.user_id = draft.partner_id.commercial_partner_id.user_id or draft.user_id

    @api.depends("maturity_date", "company_id")
    def _compute_days_left(self):
        today_of = {company: company._local_today() for company in self.company_id}
        for draft in self:
            today = today_of.get(draft.company_id)
            draft.days_left = (draft.maturity_date - today).days if today and draft.maturity_date else 0

    @api.depends("state", "days_left", "event_ids.party", "close_date")
    @api.depends_context("lang")
    def _compute_state_note(self):
        for draft in self:
            draft.state_note = draft._state_sentence()

    def _state_sentence(self):
        """What there is to know beside the status, or False."""
        if self.state == "held" and self.days_left < 0:
            return self.env._("Matured %(days)s days ago: is it paid, or dishonoured?", days=-self.days_left)
        if self.state in WITH_RECOURSE and self.days_left >= 0:
            return self.env._(
                "Passed on to %(party)s: it may come back until it matures on %(date)s.",
                party=self.event_ids[-1:].party,
                date=format_date(self.env, self.maturity_date),
            )
        if self.state == "dishonoured":
            return self.env._(
                "Dishonoured on %(date)s: what it paid is owed again, due as it was before.",
                date=format_date(self.env, self.close_date),
            )
        return False

    # === CONSTRAINTS === #

    @api.constrains("issue_date", "maturity_date", "receipt_date")
    def _check_days(self):
        check_dates(self, "issue_date", "maturity_date", "receipt_date")
        for draft in self:
            if message := draft._days_error_message():
                raise ValidationError(message)

    def _days_error_message(self):
        """Return what is wrong with the dates, or False."""
        if self.maturity_date > self.issue_date + relativedelta(months=MOST_MONTHS):
            return self.env._(
                "Draft %(number)s: from %(issue)s to %(maturity)s is more than six months, which is the longest that a "
                "draft may run. Look at both dates.",
                number=self.name,
                issue=format_date(self.env, self.issue_date),
                maturity=format_date(self.env, self.maturity_date),
            )
        if self.receipt_date < self.issue_date:
            return self.env._(
                "Draft %(number)s: it cannot have been received on %(date)s, before it was issued.",
                number=self.name,
                date=format_date(self.env, self.receipt_date),
            )
        if self.receipt_date > self.company_id._local_today():
            return self.env._(
                "Draft %(number)s: %(date)s is still to come. Enter it once it is received.",
                number=self.name,
                date=format_date(self.env, self.receipt_date),
            )
        return False

    @api.constrains("invoice_ids", "partner_id")
    def _check_invoices(self):
        for draft in self:
            if others := draft.invoice_ids.filtered(
                lambda move, draft=draft: move.commercial_partner_id != draft.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "Draft %(number)s: %(invoice)s is not an invoice of %(customer)s.",
                        number=draft.name,
                        invoice=others[0].name,
                        customer=draft.commercial_partner_id.name,
                    )
                )

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"state", "close_date", "realised_date", "cost", "payment_id"}

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_clean_number(vals) for vals in vals_list])

    def write(self, vals):
        if FROZEN & vals.keys() and (fixed := self.filtered(lambda draft: draft.state != "entered")[:1]):
            raise UserError(
                self.env._(
                    "Draft %(number)s is registered as a payment: what stands on it is fixed. If it was entered "
                    "wrongly, return it and enter it anew.",
                    number=fixed.name,
                )
            )
        return super().write(self._with_clean_number(vals))

    @api.model
    def _with_clean_number(self, vals):
        """Numbers are typed from paper and copied from banks' screens: blanks within them say nothing."""
        return {**vals, "name": "".join(vals["name"].split())} if vals.get("name") else vals

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        for draft in self:
            if draft.state != "entered":
                raise UserError(
                    self.env._("Draft %(number)s is registered: it is kept, whatever became of it.", number=draft.name)
                )
