from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.sales_dept_roles.models.approval.proof import decoded
from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates

from . import einvoice_xml
from .numbers import CODE_DIGITS, DIGITAL_DIGITS, PAPER_DIGITS, is_digits, normalised

DIGITAL = ("digital_special", "digital_normal")
# In the customer's books or on their way there: these count.
VALID = ("issued", "red_lettered")
# What stands on the invoice: as it was issued, so it stays.
CONTENT = {
    "kind",
    "code",
    "number",
    "date",
    "partner_id",
    "buyer_vat",
    "company_id",
    "amount_untaxed",
    "amount_tax",
    "amount_total",
    "blue_id",
}
# How the files begin, by their fields.
FILES = {"xml_file": (b"<", b"\xef\xbb\xbf<"), "ofd_file": (b"PK",), "pdf_file": (b"%PDF",)}


class SalesTaxInvoice(models.Model):
    """An invoice of the tax office: one, or a part of one, of Odoo's invoices, or several of them together.

    It is entered as a draft, also from a file or a sheet, and issued by finance; from then on what stands on it stays.
    What was wrong is taken back by a red letter, an invoice of its own with negative amounts.
    """

    _name = "sales.tax.invoice"
    _description = "Tax-Office Invoice"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.dept.protected.mixin", "sales.dept.register.mixin"]
    _order = "date desc, number desc, id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "code", "partner_id.name"]
    _check_company_auto = True
    # Account managers read only, and may ask.
    _mail_post_access = "read"

    kind = fields.Selection(
        [
            ("digital_special", "Digital, Special VAT"),
            ("digital_normal", "Digital, Ordinary"),
            ("paper_special", "Paper, Special VAT"),
            ("paper_normal", "Paper, Ordinary"),
        ],
        required=True,
        default="digital_special",
        index=True,
        tracking=True,
    )
    code = fields.Char(copy=False, tracking=True, help="Of paper invoices: 10 or 12 digits.")
    number = fields.Char(
        "Invoice Number",
        copy=False,
        index="trigram",
        tracking=True,
        help="20 digits of a digital invoice, 8 of one on paper.",
    )
    date = fields.Date("Issued On", copy=False, index=True, tracking=True, help="The day that stands on the invoice.")
    company_id = fields.Many2one(
        "res.company", "Seller", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    buyer_vat = fields.Char(
        "Customer's Tax No.",
        compute="_compute_buyer_vat",
        store=True,
        readonly=False,
        help="As it stands on the invoice.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Account Manager",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        domain=[("share", "=", False)],
    )
    amount_untaxed = fields.Monetary("Without Tax", required=True, default=0.0, tracking=True)
    amount_tax = fields.Monetary("Tax", required=True, default=0.0)
    amount_total = fields.Monetary(
        "Total",
        compute="_compute_amount_total",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("issued", "Issued"), ("red_lettered", "Taken Back"), ("void", "Void")],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    issued_by_id = fields.Many2one("res.users", readonly=True, copy=False, index="btree_not_null")
    void_reason = fields.Char("Why It Is Void", copy=False)
    # A red letter, and what it takes back.
    blue_id = fields.Many2one(
        "sales.tax.invoice",
        "Takes Back",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        domain="[('amount_total', '>', 0), ('state', '=', 'issued'), ('company_id', '=', company_id),"
        " ('partner_id', '=', partner_id)]",
        help="The invoice that this red letter takes back, as a whole or in part. Red letters have negative amounts.",
    )
    red_ids = fields.One2many("sales.tax.invoice", "blue_id", "Red Letters")
    red_amount = fields.Monetary("Taken Back by Red Letters", compute="_compute_red_amount", store=True)
    line_ids = fields.One2many("sales.tax.invoice.line", "tax_invoice_id", "Invoices in Odoo")
    allocated_amount = fields.Monetary("Of Invoices in Odoo", compute="_compute_allocated_amount", store=True)
    open_amount = fields.Monetary(
        "Without Invoice in Odoo", compute="_compute_allocated_amount", store=True, help="What is not allocated yet."
    )
    xml_file = fields.Binary("XML", attachment=True, copy=False)
    xml_name = fields.Char(compute="_compute_file_names")
    ofd_file = fields.Binary("OFD", attachment=True, copy=False)
    ofd_name = fields.Char(compute="_compute_file_names")
    pdf_file = fields.Binary("PDF", attachment=True, copy=False)
    pdf_name = fields.Char(compute="_compute_file_names")
    note = fields.Text()
    handover_ids = fields.Many2many("sales.invoice.handover", string="Handed Over With", readonly=True, copy=False)
    handover_count = fields.Integer(compute="_compute_handover")
    handover_date = fields.Datetime("Handed Over On", compute="_compute_handover")
    can_issue = fields.Boolean(compute="_compute_can_issue")

    _number_unique = models.UniqueIndex(
        "(company_id, COALESCE(code, ''), number) WHERE number IS NOT NULL",
        "A tax-office invoice with this number is registered already: look it up instead of entering it again.",
    )
    _total_is_sum = models.Constraint(
        "CHECK (amount_untaxed + amount_tax = amount_total)",
        "The amount without tax and the tax make the total: correct the one that is wrong.",
    )
    _one_sign = models.Constraint(
        "CHECK (amount_untaxed * amount_total >= 0 AND amount_tax * amount_total >= 0)",
        "On an invoice all amounts are positive, on a red letter all of them are negative.",
    )
    _issued_in_full = models.Constraint(
        "CHECK (state = 'draft' OR (number IS NOT NULL AND date IS NOT NULL AND amount_total <> 0))",
        "An invoice is issued with its number, its date and its amounts.",
    )

    # === COMPUTES === #

    @api.depends("partner_id")
    def _compute_buyer_vat(self):
        for invoice in self:
            invoice.buyer_vat = invoice.partner_id.commercial_partner_id.vat or invoice.buyer_vat

    @api.depends("partner_id", "line_ids.move_id")
    def _compute_user_id(self):
        for invoice in self:
            billed = invoice.line_ids.move_id.sudo().invoice_user_id[:1]
            invoice.user_id = billed or invoice.partner_id.user_id or invoice.partner_id.commercial_partner_id.user_id

    @api.depends("amount_untaxed", "amount_tax")
    def _compute_amount_total(self):
        for invoice in self:
            invoice.amount_total = invoice.amount_untaxed + invoice.amount_tax

    @api.depends("red_ids.amount_total", "red_ids.state")
    def _compute_red_amount(self):
        for invoice in self:
            valid = invoice.red_ids.filtered(lambda red: red.state != "void")
            invoice.red_amount = invoice.currency_id.round(-sum(valid.mapped("amount_total")))

    @api.depends("amount_total", "line_ids.amount")
    def _compute_allocated_amount(self):
        for invoice in self:
            allocated = sum(invoice.line_ids.mapped("amount"))
            invoice.allocated_amount = allocated
            invoice.open_amount = invoice.amount_total - allocated

    @api.depends("number")
    def _compute_file_names(self):
        for invoice in self:
            for suffix in ("xml", "ofd", "pdf"):
                invoice[f"{suffix}_name"] = f"{invoice.number or 'invoice'}.{suffix}"

    @api.depends("handover_ids")
    def _compute_handover(self):
        for invoice in self:
            invoice.handover_count = len(invoice.handover_ids)
            invoice.handover_date = min(invoice.handover_ids.mapped("date"), default=False)

    @api.depends_context("uid")
    def _compute_can_issue(self):
        self.can_issue = self._user_issues()

    @api.depends("number", "amount_total")
    def _compute_display_name(self):
        for invoice in self:
            number = invoice.number or self.env._("Invoice without Number")
            is_red = invoice.amount_total < 0
            invoice.display_name = self.env._("%(number)s (red letter)", number=number) if is_red else number

    # === FILLED IN === #

    @api.onchange("xml_file")
    def _onchange_xml_file(self):
        """What the XML says fills in what is still empty; where it says something else, it warns."""
        raw = decoded(self.with_context(bin_size=False).xml_file)
        if not raw or self.state != "draft":
            return None
        try:
            values = einvoice_xml.read(raw)
        except ValueError:
            return self._warn_of_file(self.env._("This is no XML. Choose the XML file of the invoice."))
        if not values.get("number"):
            return self._warn_of_file(
                self.env._("Nothing of an invoice could be read from this XML. Fill in what stands on the invoice.")
            )
        return self._take_read(values)

    def _take_read(self, values):
        vat, seller = values.pop("buyer_vat", None), values.pop("seller_vat", None)
        for name, value in values.items():
            if not self[name]:
                self[name] = float(value) if name.startswith("amount") else value
        if vat and not self.partner_id:
            self.partner_id = self.env["res.partner"].search([("vat", "=", vat), ("parent_id", "=", False)], limit=1)
        self.buyer_vat = vat or self.buyer_vat
        ours = self.company_id.vat
        if seller and ours and normalised(ours) != seller:
            return self._warn_of_file(
                self.env._("The seller on it has the tax number %(number)s, which is not ours.", number=seller)
            )
        return None

    def _warn_of_file(self, message):
        return {"warning": {"title": self.env._("XML of the invoice"), "message": message}}

    # === CONSTRAINTS === #

    @api.constrains("kind", "code", "number")
    def _check_number(self):
        for invoice in self:
            if message := invoice._number_error_message():
                raise ValidationError(message)

    def _number_error_message(self):
        """Return what is wrong with the number, or False."""
        self.ensure_one()
        number, code = self.number, self.code
        if self.kind in DIGITAL:
            if code:
                return self.env._("A digital invoice has no code: leave it empty, and enter all 20 digits as number.")
            if number and not is_digits(number, (DIGITAL_DIGITS,)):
                return self.env._(
                    "%(number)s is no number of a digital invoice, which has 20 digits; this has %(count)s characters.",
                    number=number,
                    count=len(number),
                )
            return False
        if number and not is_digits(number, (PAPER_DIGITS,)):
            return self.env._(
                "%(number)s is no number of a paper invoice, which has 8 digits beside its code; this has %(count)s "
                "characters.",
                number=number,
                count=len(number),
            )
        if (number or code) and not is_digits(code, CODE_DIGITS):
            return self.env._(
                "A paper invoice has a code of 10 or 12 digits beside its number: %(code)s is none.", code=code or "–"
            )
        return False

    @api.constrains("date")
    def _check_dates(self):
        check_dates(self, "date")
        for invoice in self:
            if invoice.date and invoice.date > invoice.company_id._local_today():
                raise ValidationError(
                    self.env._(
                        "%(invoice)s cannot have been issued in the future: correct its date.",
                        invoice=invoice.display_name,
                    )
                )

    @api.constrains("blue_id", "amount_total", "partner_id", "state")
    def _check_red(self):
        for invoice in self:
            if message := invoice._red_error_message():
                raise ValidationError(message)
        for invoice in self | self.blue_id:
            if invoice.currency_id.compare_amounts(invoice.red_amount, max(invoice.amount_total, 0)) > 0:
                raise ValidationError(
                    self.env._(
                        "The red letters of %(invoice)s take back more than its total: reduce the amounts.",
                        invoice=invoice.display_name,
                    )
                )

    def _red_error_message(self):
        """Return what is wrong with a red letter, or with an invoice that should be one, or False."""
        blue = self.blue_id
        if self.amount_total < 0 and not blue:
            return self.env._("Negative amounts are a red letter: say which invoice it takes back.")
        if not blue:
            return False
        if self.amount_total > 0:
            return self.env._("A red letter takes back %(blue)s: its amounts are negative.", blue=blue.display_name)
        if blue.amount_total < 0 or blue.state not in VALID:
            return self.env._(
                "%(blue)s cannot be taken back: a red letter takes back an invoice that was issued.",
                blue=blue.display_name,
            )
        if blue.partner_id.commercial_partner_id != self.partner_id.commercial_partner_id:
            return self.env._(
                "%(blue)s was issued to another customer: choose one of this customer's.", blue=blue.display_name
            )
        return False

    @api.constrains(*FILES)
    def _check_files(self):
        # What was stored: a file without content reads as no file.
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_field", "in", list(FILES)), ("res_id", "in", self.ids)])
        )
        for file in files:
            if not (file.raw or b"").lstrip().startswith(FILES[file.res_field]):
                raise ValidationError(
                    self.env._(
                        "%(field)s: this file is of another kind, or empty. Attach the one that the tax office gave.",
                        field=self._fields[file.res_field]._description_string(self.env),
                    )
                )

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "state",
            "issued_by_id",
            "red_amount",
            "allocated_amount",
            "open_amount",
            "handover_ids",
        }

    @api.model
    def _proof_fields(self):
        return super()._proof_fields() | FILES.keys()

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_with_plain_numbers(vals) for vals in vals_list])

    def write(self, vals):
        vals = _with_plain_numbers(vals)
        self._check_frozen(vals)
        return super().write(vals)

    def _check_frozen(self, vals):
        """What was issued stays: its content, and the files that came with it. Files that are missing may be added."""
        issued = self.filtered(lambda invoice: invoice.state != "draft")
        for invoice in issued:
            for name in CONTENT & vals.keys():
                field = self._fields[name]
                if field.convert_to_cache(vals[name], invoice) != field.convert_to_cache(invoice[name], invoice):
                    raise UserError(
                        self.env._(
                            "%(invoice)s was issued: what stands on it stays. Take it back by a red letter, and issue "
                            "a new one.",
                            invoice=invoice.display_name,
                        )
                    )
        if names := [name for name in FILES if name in vals]:
            sized = issued.with_context(bin_size=True)
            if any(invoice[name] for invoice in sized for name in names):
                raise UserError(
                    self.env._("A file that came with an issued invoice is its proof: it is not replaced or removed.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        if kept := self.filtered(lambda invoice: invoice.state != "draft"):
            raise UserError(
                self.env._(
                    "%(invoice)s was issued: it is kept. Drafts alone can be deleted.", invoice=kept[0].display_name
                )
            )


def _with_plain_numbers(vals):
    return {name: normalised(value) if name in ("number", "code") else value for name, value in vals.items()}
