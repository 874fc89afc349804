import unicodedata

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context
from odoo.addons.sales_dept_roles.models.protected_results.key import Key

CRON = "sales_dept_logistics.ir_cron_freight_carrier_invoices"
CHASE = "sales_dept_logistics.mail_activity_freight_invoice"


class FreightCarrierInvoice(models.Model):
    """The carrier's invoice (发票) for a statement: expected, received with number and scan, handed to finance."""

    _name = "freight.carrier.invoice"
    _description = "Carrier's Invoice"
    _inherit = [
        "mail.thread.main.attachment",
        "mail.activity.mixin",
        "sales.dept.protected.mixin",
        "sales.dept.register.mixin",
    ]
    _order = "due_date, id"
    _check_company_auto = True
    _mail_post_access = "read"

    statement_id = fields.Many2one(
        "freight.statement", index="btree_not_null", ondelete="restrict", check_company=True, tracking=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    carrier_id = fields.Many2one(
        "delivery.carrier",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        compute="_compute_carrier_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    due_date = fields.Date("Expected By", required=True, default=lambda self: self.env.company._local_today())
    number = fields.Char("Invoice No.", tracking=True, copy=False)
    number_key = Key(compute="_compute_number_key", store=True)
    date = fields.Date("Invoice Date", tracking=True, copy=False)
    amount = fields.Monetary("Amount with Tax", tracking=True, copy=False)
    tax_amount = fields.Monetary("Tax", copy=False)
    scan = fields.Binary(attachment=True, copy=False)
    scan_name = fields.Char(copy=False)
    billed_amount = fields.Monetary("On the Bill", compute="_compute_billed_amount", compute_sudo=True)
    bill_difference = fields.Monetary("Differs from the Bill by", compute="_compute_billed_amount", compute_sudo=True)
    difference_note = fields.Char("Why It Differs", copy=False)
    reminded_date = fields.Date("Carrier Reminded On", readonly=True, copy=False)
    received_date = fields.Date("Received On", readonly=True, copy=False, tracking=True)
    handed_date = fields.Datetime("Handed to Finance On", readonly=True, copy=False, tracking=True)
    receipt_user_id = fields.Many2one(
        "res.users", "Received by Finance", readonly=True, copy=False, index="btree_not_null", tracking=True
    )
    receipt_date = fields.Datetime("Receipt On", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("expected", "Expected"),
            ("received", "Invoice received"),
            ("handed", "Handed to Finance"),
            ("receipted", "Receipt Given"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )

    _number_once = models.UniqueIndex(
        "(company_id, carrier_id, number_key) WHERE number_key IS NOT NULL",
        "This carrier's invoice of that number is here already, whatever its date: open that one.",
    )
    _amounts = models.Constraint(
        "CHECK (amount IS NULL OR abs(amount) >= abs(tax_amount))", "Tax is a part of the amount."
    )

    # === COMPUTES === #

    @api.depends("statement_id")
    def _compute_carrier_id(self):
        for invoice in self:
            invoice.carrier_id = invoice.statement_id.carrier_id or invoice.carrier_id

    @api.depends("number")
    def _compute_number_key(self):
        for invoice in self:
            invoice.number_key = invoice_number_key(invoice.number) or False

    @api.depends("number", "carrier_id", "statement_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for invoice in self:
            number = invoice.number or self.env._(
                "Invoice for %(statement)s", statement=invoice.statement_id.name or ""
            )
            invoice.display_name = " · ".join(filter(None, [number, invoice.carrier_id.sudo().name]))

    @api.depends("received_date", "handed_date", "receipt_date")
    def _compute_state(self):
        for invoice in self:
            if invoice.receipt_date:
                invoice.state = "receipted"
            elif invoice.handed_date:
                invoice.state = "handed"
            else:
                invoice.state = "received" if invoice.received_date else "expected"

    @api.depends("amount", "statement_id.bill_ids.move_id.amount_total")
    def _compute_billed_amount(self):
        for invoice in self:
            statement = invoice.statement_id
            others = statement.invoice_ids - invoice if statement else invoice.browse()
            rest = statement.billed_total - sum(others.filtered("received_date").mapped("amount"))
            invoice.billed_amount = rest if statement else 0
            invoice.bill_difference = invoice.amount - rest if statement and invoice.amount else 0

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "state",
            "number_key",
            "reminded_date",
            "received_date",
            "handed_date",
            "receipt_user_id",
            "receipt_date",
        }

    def write(self, vals):
        fixed = {"number", "date", "amount", "tax_amount", "scan", "carrier_id", "statement_id", "currency_id"}
        if vals.keys() & fixed and (
            kept := self.filtered(lambda invoice: invoice.state in ("handed", "receipted"))[:1]
        ):
            raise UserError(
                self.env._("%(invoice)s is with finance already, and stays as it is.", invoice=kept.display_name)
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_expected(self):
        if kept := self.filtered(lambda invoice: invoice.state != "expected")[:1]:
            raise UserError(self.env._("%(invoice)s is here, and stays on record.", invoice=kept.display_name))

    # === ACTIONS === #

    def action_receive(self):
        """Note that the invoices of `self` are here, with number, date and amount."""
        self.check_access("write")
        for invoice in self.filtered(lambda invoice: invoice.state == "expected"):
            if not (invoice.number_key and invoice.date and invoice.amount):
                raise UserError(
                    self.env._(
                        "%(invoice)s: enter its number, its date and its amount first.", invoice=invoice.display_name
                    )
                )
            invoice._write_protected({"received_date": invoice.company_id._local_today()})
            invoice.sudo().activity_unlink([CHASE])
        return True

    def action_hand_over(self):
        """Hand the invoices of `self` to finance; what differs from the bill is explained before."""
        self.check_access("write")
        for invoice in self:
            if message := invoice._hand_over_error_message():
                raise UserError(message)
        self._write_protected({"handed_date": fields.Datetime.now()})
        self.env["sales.dept.telling"]._ask(
            "sales_dept_logistics.mail_activity_freight_receipt",
            [(invoice, user, {}) for invoice in self for user in invoice._finance_users()],
            per_person=True,
            quiet=True,
        )
        return True

    def _hand_over_error_message(self):
        """Why the invoice is not handed over yet, or False."""
        self.ensure_one()
        if self.state != "received":
            return self.env._("%(invoice)s is not here to be handed over.", invoice=self.display_name)
        if not self.scan:
            return self.env._("%(invoice)s has no scan: attach it first.", invoice=self.display_name)
        if self.currency_id.compare_amounts(self.bill_difference, 0) and not (self.difference_note or "").strip():
            return self.env._(
                "%(invoice)s is for %(amount)s, and %(billed)s is billed: say why, or have the carrier correct it.",
                invoice=self.display_name,
                amount=format_amount(self.env, self.amount, self.currency_id),
                billed=format_amount(self.env, self.billed_amount, self.currency_id),
            )
        return False

    def action_give_receipt(self):
        """Finance confirms that it has the invoices of `self`."""
        self.check_access("read")
        if not self.env.user.has_group("sales_dept_roles.group_finance_verifier"):
            raise AccessError(self.env._("Finance itself says that it has the invoice."))
        for invoice in self:
            if invoice.state != "handed":
                raise UserError(self.env._("%(invoice)s was not handed to finance yet.", invoice=invoice.display_name))
        invoices = without_client_context(self.sudo())
        invoices._write_protected({"receipt_date": fields.Datetime.now(), "receipt_user_id": self.env.user})
        invoices.activity_unlink(["sales_dept_logistics.mail_activity_freight_receipt"])
        for invoice in invoices:
            invoice._message_log(
                body=self.env._("Receipt given for the invoice."), author_id=self.env.user.partner_id.id
            )
        return True

    def action_remind(self):
        """Remind the carriers now."""
        self.check_access("write")
        self._remind()
        return True

    def _finance_users(self):
        users = self.env.ref("sales_dept_roles.group_finance_verifier").sudo().all_user_ids
        return users.filtered(lambda user: user.active and not user.share and self.company_id in user.company_ids)

    # === CHASING === #

    @api.model
    def _cron_chase(self):
        """Remind carriers whose invoice is overdue, once a week."""
        today = fields.Date.context_today(self)
        late = self.search(Domain("state", "=", "expected") & Domain("due_date", "<=", fields.Date.add(today, days=1)))
        late = late.filtered(lambda invoice: invoice._is_to_be_reminded())
        if late:
            self.env["sales.dept.job"]._run(CRON, late, lambda batch: batch._remind(), batch_size=10)

    def _is_to_be_reminded(self):
        self.ensure_one()
        today = self.company_id._local_today()
        last = self.reminded_date
        return self.state == "expected" and self.due_date < today and (not last or (today - last).days >= 7)

    def _remind(self):
        """Write to the carriers, each in its language."""
        for invoice in self.filtered(lambda invoice: invoice.state == "expected"):
            partner = invoice.carrier_id.sudo().partner_id
            if partner.email:
                told = invoice.sudo().with_context(lang=partner.lang)
                told.message_post(
                    partner_ids=partner.ids,
                    subject=told.env._("Invoice for %(statement)s", statement=told.statement_id.name or ""),
                    body=told._reminder_text(),
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                )
            invoice._write_protected({"reminded_date": invoice.company_id._local_today()})

    def _reminder_text(self):
        self.ensure_one()
        statement = self.statement_id
        return self.env._(
            "The statement %(statement)s for %(begin)s – %(end)s was signed, and we expect your invoice over "
            "%(amount)s by %(date)s. Please send it to us.",
            statement=statement.name or "",
            begin=format_date(self.env, statement.date_from) if statement else "",
            end=format_date(self.env, statement.date_to) if statement else "",
            amount=format_amount(self.env, statement.billed_total or statement.payable_total, self.currency_id),
            date=format_date(self.env, self.due_date),
        )

    # === REGISTER === #

    @api.model
    def _register_title(self):
        return self.env._("Invoices of Carriers")

    @api.model
    def _register_columns(self):
        return [
            "carrier_id",
            "statement_id",
            "due_date",
            "number",
            "date",
            "amount",
            "tax_amount",
            "billed_amount",
            "bill_difference",
            "received_date",
            "handed_date",
            "receipt_user_id",
            "state",
        ]


def invoice_number_key(number):
    """The form in which numbers of invoices are compared: letters and digits, whatever their width and case.

    >>> invoice_number_key("No. １２３４-5678"), invoice_number_key(" 12345678 ")
    ('NO12345678', '12345678')
    """
    text = unicodedata.normalize("NFKC", number or "").upper()
    return "".join(letter for letter in text if letter.isalnum())
