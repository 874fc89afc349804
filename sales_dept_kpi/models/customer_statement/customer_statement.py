from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sales_dept_roles.models.approval.proof import check_papers
from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates
from odoo.addons.sales_dept_roles.models.customer_file.closing_day import closing_date_before

ONE_DAY = timedelta(days=1)
# Who reads statements at all.
READERS = ",".join(
    f"sales_dept_roles.group_{role}"
    for role in ("assistant", "account_manager", "director", "general_manager", "finance_verifier")
)
# What says which goods and which money stand on it: set when it is made, and never after.
PLACE = {"company_id", "partner_id", "currency_id", "date_from", "date_to"}


class CustomerStatement(models.Model):
    """What a customer owes at its closing day, and why (对账单): what was open, shipments, returns, receipts.

    Each is chained to the one before: it begins the day after that ended, with the balance with which that closed. So
    what comes later, late or in another form stands on the next one, and none that was sent ever changes.
    """

    _name = "customer.statement"
    _description = "Customer Statement"
    _inherit = ["sales.dept.link.mixin", "mail.thread", "mail.activity.mixin", "sales.approval.mixin"]
    _order = "date_to desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char("Number", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('parent_id', '=', False)]",
    )
    user_id = fields.Many2one(
        "res.users", "Account Manager", compute="_compute_user_id", store=True, index=True, help="Of the customer."
    )
    currency_id = fields.Many2one("res.currency", required=True, ondelete="restrict")
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True, index=True)
    version = fields.Integer(readonly=True, copy=False, default=1)
    previous_id = fields.Many2one(
        "customer.statement", "Statement Before", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    previous_date_to = fields.Date("Statement Before: To", readonly=True, copy=False)
    next_ids = fields.One2many("customer.statement", "previous_id", "Next Statement", readonly=True)
    # The customer with whom the chain began. No link: contacts that are merged take their chains along.
    chain_key = fields.Integer(readonly=True, copy=False, aggregator=None)
    chain_date_from = fields.Date("First Day of All", readonly=True, copy=False)
    taken_over_by_id = fields.Many2one(
        "customer.statement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The contact was merged into another one: its balance goes on there.",
    )
    opening_balance = fields.Monetary()
    opening_note = fields.Char("What the Opening Balance Is", help="Of the first statement of a customer.")
    collected_date = fields.Datetime("Collected On", readonly=True, copy=False)
    sent_date = fields.Datetime("Sent On", readonly=True, copy=False)
    answer_by = fields.Date(readonly=True, copy=False, index="btree_not_null")
    confirmed_date = fields.Datetime("Confirmed On", readonly=True, copy=False)
    confirmed_by = fields.Char(readonly=True, copy=False, tracking=True)
    confirmed_partner_id = fields.Many2one(
        "res.partner", "Confirmed For", readonly=True, copy=False, index="btree_not_null"
    )
    confirmed_source = fields.Selection(
        [("portal", "On the Portal"), ("paper", "On Paper")], "Confirmed How", readonly=True, copy=False
    )
    reply_slip = fields.Binary(copy=False, attachment=True)
    reply_slip_name = fields.Char(copy=False)
    preparer_id = fields.Many2one(
        "res.users", "Prepared By", readonly=True, copy=False, index="btree_not_null", help="Who asked to verify it."
    )
    validated_date = fields.Datetime("Validated On", readonly=True, copy=False)
    cancelled_date = fields.Datetime("Cancelled On", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("corrected", "Corrected by the Customer"),
            ("confirmed", "Confirmed"),
            ("waiting", "Being Verified"),
            ("validated", "Validated"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("customer.statement.line", "statement_id", "Lines", copy=False)
    correction_ids = fields.One2many("customer.statement.correction", "statement_id", "Corrections", readonly=True)
    open_correction_count = fields.Integer("Open Corrections", compute="_compute_open_correction_count", store=True)
    issue_ids = fields.One2many("customer.statement.issue", "statement_id", "Versions Sent", readonly=True)
    note = fields.Text("Remarks", help="Printed below the balance.")

    _period = models.Constraint(
        "CHECK (date_from <= date_to)", "A statement's period begins before it ends: correct the two dates."
    )
    # Integers are compared as ranges of one value.
    _no_overlap = models.Constraint(
        """
        EXCLUDE USING gist (
            int4range(company_id, company_id, '[]') WITH &&,
            int4range(chain_key, chain_key, '[]') WITH &&,
            int4range(currency_id, currency_id, '[]') WITH &&,
            daterange(date_from, date_to, '[]') WITH &&
        ) WHERE (cancelled_date IS NULL AND chain_key IS NOT NULL)
        """,
        "The customer has a statement for some of these days already: continue after that one.",
    )
    _no_gap = models.Constraint(
        "CHECK (previous_date_to IS NULL OR date_from = previous_date_to + 1)",
        "A statement begins the day after the one before it ended.",
    )
    _followed_once = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL AND cancelled_date IS NULL",
        "Another statement follows this one already: reload the page.",
    )
    _one_beginning = models.UniqueIndex(
        "(company_id, chain_key, currency_id) "
        "WHERE previous_id IS NULL AND cancelled_date IS NULL AND chain_key IS NOT NULL",
        "The customer has a first statement already: continue after its last one.",
    )

    # === COMPUTES === #

    @api.depends("partner_id.user_id")
    def _compute_user_id(self):
        for statement in self:
            statement.user_id = statement.partner_id.user_id

    @api.depends("correction_ids.state")
    def _compute_open_correction_count(self):
        for statement in self:
            statement.open_correction_count = len(
                statement.correction_ids.filtered(lambda correction: correction.state == "open")
            )

    @api.depends(
        "sent_date", "confirmed_date", "validated_date", "cancelled_date", "approval_state", "open_correction_count"
    )
    def _compute_state(self):
        for statement in self:
            statement.state = statement._current_state()

    def _current_state(self):
        self.ensure_one()
        if self.cancelled_date:
            return "cancelled"
        if self.validated_date:
            return "validated"
        if self.approval_state in ("pending", "stale"):
            return "waiting"
        if self.open_correction_count:
            return "corrected"
        if self.confirmed_date:
            return "confirmed"
        return "sent" if self.sent_date else "draft"

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = " · ".join(filter(None, [statement.name, statement.partner_id.sudo().name]))

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        check_dates(self, "date_from", "date_to")

    @api.constrains("date_to", "company_id")
    def _check_over(self):
        for statement in self:
            if statement.date_to > statement.company_id._local_today():
                raise ValidationError(
                    self.env._(
                        "The period until %(date)s is not over yet: a statement is made once it is.",
                        date=statement.date_to,
                    )
                )

    @api.constrains("reply_slip")
    def _check_reply_slip(self):
        check_papers(self, "reply_slip")

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "name",
            "user_id",
            "version",
            "previous_id",
            "previous_date_to",
            "next_ids",
            "chain_key",
            "chain_date_from",
            "taken_over_by_id",
            "collected_date",
            "sent_date",
            "answer_by",
            "confirmed_date",
            "confirmed_by",
            "confirmed_partner_id",
            "confirmed_source",
            "preparer_id",
            "validated_date",
            "cancelled_date",
            "state",
            "correction_ids",
            "open_correction_count",
            "issue_ids",
        }

    @api.model
    def _proof_fields(self):
        return super()._proof_fields() | {"reply_slip"}

    @api.model_create_multi
    def create(self, vals_list):
        """Make statements that follow the last ones of their customers, with all that belongs to them.

        Only the customer is needed: the period ends on its last closing day, and begins after the statement before.
        """
        rows = [dict(vals) for vals in vals_list]
        heads = self._place(rows)
        statements = super().create(rows)
        statements._chain(heads)
        statements._collect()
        return statements

    @api.model
    def _place(self, rows):
        """Complete the values `rows` with company, customer, currency and period, each by the statement before it.

        :return: the statement that each follows, in the same order; none for a first one
        """
        Partner, Company = self.env["res.partner"], self.env["res.company"]
        # Of one prefetch, so that what is asked of each is read for all at once.
        named = Partner.browse({row.get("partner_id") for row in rows} - {None, False})
        customers = named.commercial_partner_id
        for row in rows:
            company = Company.browse(row.setdefault("company_id", self.env.company.id))
            partner = Partner.browse(row.get("partner_id")).with_prefetch(named.ids).commercial_partner_id
            if not partner:
                raise UserError(self.env._("Say for which customer the statement is."))
            row["partner_id"] = partner.id
            row.setdefault("currency_id", company.currency_id.id)
        found = self._heads(rows)
        heads = []
        for row in rows:
            head = found.get((row["company_id"], row["partner_id"], row["currency_id"]), self.browse())
            partner = Partner.browse(row["partner_id"]).with_prefetch(customers.ids)
            company = Company.browse(row["company_id"])
            closing_day = partner.customer_file_closing_day or 0
            row["date_to"] = fields.Date.to_date(row.get("date_to")) or closing_date_before(
                closing_day, company._local_today() + ONE_DAY
            )
            if head:
                self._check_follows(head, row["date_to"])
                row["date_from"] = head.date_to + ONE_DAY
                row["opening_balance"], row["opening_note"] = head.closing_balance, False
            else:
                row["date_from"] = fields.Date.to_date(row.get("date_from")) or (
                    closing_date_before(closing_day, row["date_to"]) + ONE_DAY
                )
            heads.append(head)
        return heads

    def _check_follows(self, head, date_to):
        if date_to <= head.date_to:
            raise UserError(
                self.env._(
                    "%(customer)s has %(statement)s, which goes until %(date)s: there is nothing to state yet.",
                    customer=head.partner_id.name,
                    statement=head.name,
                    date=head.date_to,
                )
            )
        if head.state == "draft":
            raise UserError(
                self.env._(
                    "%(statement)s is still a draft: send it before you make the next one, or delete it.",
                    statement=head.display_name,
                )
            )

    @api.model
    def _heads(self, rows):
        """Return ``{(company id, customer id, currency id): last statement}``.

        Of a customer that others were merged into it is the one of its own chain, or else the latest.
        """
        partners = {row["partner_id"] for row in rows}
        last_ones = self.sudo().search(
            Domain("partner_id", "in", partners)
            & Domain("cancelled_date", "=", False)
            & Domain("taken_over_by_id", "=", False)
            & Domain("next_ids", "not any", [("cancelled_date", "=", False)]),
            order="date_to, id",
        )
        heads = {}
        for own in (False, True):
            for head in last_ones.filtered(lambda head, own=own: (head.chain_key == head.partner_id.id) == own):
                heads[head.company_id.id, head.partner_id.id, head.currency_id.id] = head
        return heads

    def _chain(self, heads):
        """Note what each of `self` follows, and give it its number."""
        numbers = {}
        for company, statements in self.grouped("company_id").items():
            found = self.env["ir.sequence"].with_company(company)._next_many("customer.statement", len(statements))
            numbers.update(zip(statements, found, strict=True))
        for statement, head in zip(self, heads, strict=True):
            statement._write_protected(
                {
                    "name": numbers[statement] or "/",
                    "previous_id": head.id,
                    "previous_date_to": head.date_to,
                    "chain_key": head.chain_key or statement.partner_id.id,
                    "chain_date_from": head.chain_date_from or statement.date_from,
                }
            )
        self.flush_recordset()

    def write(self, vals):
        if vals.keys() & PLACE:
            # Whoever may not is told so, and nothing else.
            self.check_access("write")
            raise UserError(
                self.env._(
                    "A statement's customer and period stay as they are: delete the draft, and make another one."
                )
            )
        if vals.keys() & {"opening_balance", "opening_note", "line_ids", "note"}:
            self.check_access("write")
            self._check_draft()
            self._check_opening(vals)
        if vals.keys() & {"reply_slip", "reply_slip_name"}:
            self._check_reply()
        result = super().write(vals)
        if vals.keys() & {"opening_balance", "line_ids"}:
            self._take_totals()
        return result

    def _check_opening(self, vals):
        if "opening_balance" in vals and (
            chained := self.filtered(
                lambda statement: (
                    statement.previous_id
                    and statement.currency_id.compare_amounts(statement.opening_balance, vals["opening_balance"] or 0)
                )
            )[:1]
        ):
            raise UserError(
                self.env._(
                    "%(statement)s opens with what %(previous)s closed with. Enter an adjustment where that is wrong.",
                    statement=chained.display_name,
                    previous=chained.previous_id.name,
                )
            )

    def _check_draft(self):
        if kept := self.filtered(lambda statement: statement.state != "draft")[:1]:
            raise UserError(
                self.env._(
                    "%(statement)s is %(state)s, and stays as it was sent. What changes since stands on the next one.",
                    statement=kept.display_name,
                    state=kept._state_text(),
                )
            )

    def _check_reply(self):
        if kept := self.filtered(lambda statement: statement.state not in ("sent", "corrected"))[:1]:
            raise UserError(
                self.env._(
                    "%(statement)s is %(state)s: a reply slip is put in while the customer's answer is awaited.",
                    statement=kept.display_name,
                    state=kept._state_text(),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        self._check_draft()

    def _state_text(self):
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _lock(self):
        """Whoever comes at the same time waits, begins anew once the first one is done, and finds what that one did."""
        self.ensure_one()
        self.env.flush_all()
        # A lock alone would let the second one go on with what it read before; a change has Odoo run it again.
        self.env.cr.execute(SQL("UPDATE customer_statement SET write_date = write_date WHERE id = %s", self.id))
        self.invalidate_recordset()
