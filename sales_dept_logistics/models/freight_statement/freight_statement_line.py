from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_dept_roles.models.protected_results.key import Key

PASSES = [
    ("number", "Waybill number"),
    ("shipment", "Destination, date and weight"),
    ("near", "Number with one character wrong"),
    ("hand", "Chosen by hand"),
]
DIFFERENCES = [
    ("price", "Price"),
    ("weight", "Weight"),
    ("twice", "Billed twice"),
    ("unknown", "Unknown to us"),
    ("missing", "Missing on their side"),
    ("carrier", "Wrong carrier"),
    ("period", "Wrong period"),
    ("tax", "Tax"),
    ("surcharge", "Surcharge not agreed"),
    ("rounding", "Rounding"),
]
# What the carrier wrote, which stays as it is once the statement waits for signatures.
WRITTEN = {
    "reference",
    "ship_date",
    "destination",
    "pieces",
    "weight",
    "volume",
    "charge_label",
    "kind_id",
    "amount",
    "tax_amount",
    "tax_rate",
    "currency_id",
    "statement_id",
    "reading_note",
}
# Of these what people may still say of a charge that was read.
SAID = {"kind_id"}


class FreightStatementLine(models.Model):
    """One charge of one row: what the carrier wrote, the waybill that it is for, and what was agreed for it.

    Identity is the waybill's record, not the number: carriers use numbers again. What is billed once ever is an
    original charge, a waybill and a kind of charge; whatever comes later for the same pair corrects it or repeats it.
    """

    _name = "freight.statement.line"
    _description = "Line of a Freight Statement"
    _inherit = ["sales.dept.protected.mixin", "sales.dept.register.mixin"]
    _order = "statement_id, id"
    _rec_name = "reference"
    _check_company_auto = True

    statement_id = fields.Many2one(
        "freight.statement", required=True, index=True, ondelete="cascade", check_company=True
    )
    row_id = fields.Many2one(
        "freight.statement.row", readonly=True, index="btree_not_null", ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="statement_id.company_id", store=True, index=True)
    carrier_id = fields.Many2one(related="statement_id.carrier_id", store=True)
    state = fields.Selection(related="statement_id.state")

    # === AS THE CARRIER WROTE IT === #

    reference = fields.Char("Number on the Statement", help="As the carrier wrote it.")
    number_key = Key("Compared Number", compute="_compute_number_key", store=True)
    ship_date = fields.Date("Date Shipped")
    destination = fields.Char()
    pieces = fields.Float(digits=(16, 3))
    weight = fields.Float("Weight (kg)", digits=(16, 3), help="That which is charged for, where the carrier says so.")
    volume = fields.Float("Volume (m³)", digits=(16, 6))
    charge_label = fields.Char("Charge as Written", help="As the carrier calls it.")
    kind_id = fields.Many2one(
        "freight.charge.kind", "Kind of Charge", index="btree_not_null", ondelete="restrict", check_company=True
    )
    amount = fields.Monetary("Amount Charged")
    tax_amount = fields.Monetary("Tax")
    tax_rate = fields.Float("Tax %", digits=(6, 3))
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, ondelete="restrict"
    )
    reading_note = fields.Char("Note of the Reading")

    is_as_it_came = fields.Boolean(
        "As It Came", compute="_compute_is_as_it_came", help="It was read, and is not rewritten."
    )

    # === WHAT WE MAKE OF IT === #

    waybill_id = fields.Many2one(
        "freight.waybill", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    match_pass = fields.Selection(PASSES, "Matched By", readonly=True)
    role = fields.Selection(
        [
            ("original", "Charge"),
            ("adjustment", "Correction"),
            ("duplicate", "Repeated"),
            ("unmatched", "No waybill"),
            ("missing", "Not on the statement"),
        ],
        "Counts As",
        readonly=True,
        help="Each kind of charge of a waybill is billed once. What comes later for it corrects it, or repeats it.",
    )
    original_id = fields.Many2one(
        "freight.statement.line",
        "First Billed",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The charge that this line corrects or repeats.",
    )
    other_waybill_id = fields.Many2one(
        "freight.waybill",
        "Waybill of Another Carrier",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    expected_amount = fields.Monetary("Agreed", readonly=True)
    difference = fields.Monetary(readonly=True, help="What is charged, less what was agreed.")
    difference_kind = fields.Selection(DIFFERENCES, "Kind of Difference", readonly=True)
    difference_code = fields.Char(readonly=True, help="Which sentence says why.")
    is_exception = fields.Boolean("Exception", readonly=True, help="Somebody has to say what is done about it.")
    payable_amount = fields.Monetary("To Pay", readonly=True, help="What is billed now: without what is disputed.")
    decision = fields.Selection(
        [("accept", "Accepted as charged"), ("dispute", "Disputed"), ("exclude", "Left out")], readonly=True
    )
    decision_user_id = fields.Many2one("res.users", "Decided By", readonly=True, index="btree_not_null")
    decision_note = fields.Char("Remark", readonly=True)
    is_settled = fields.Boolean("Settled", readonly=True)
    settled_amount = fields.Monetary("Settled At", readonly=True, help="What is paid in the end for a disputed line.")

    _number_idx = models.Index("(company_id, carrier_id, number_key)")
    _billed_once = models.UniqueIndex(
        "(waybill_id, COALESCE(kind_id, 0)) WHERE role = 'original'",
        "This kind of charge of the waybill is billed already: what comes later corrects it, or repeats it.",
    )

    @api.depends(
        "reference",
        "carrier_id.number_prefix",
        "carrier_id.number_digits",
        "carrier_id.number_keeps_case",
        "carrier_id.number_keeps_dashes",
    )
    def _compute_number_key(self):
        for line in self:
            line.number_key = line.carrier_id.sudo()._number_key(line.reference) or False

    @api.depends("row_id", "role")
    def _compute_is_as_it_came(self):
        for line in self:
            line.is_as_it_came = line._is_as_it_came()

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "row_id",
            "number_key",
            "waybill_id",
            "match_pass",
            "role",
            "original_id",
            "other_waybill_id",
            "expected_amount",
            "difference",
            "difference_kind",
            "difference_code",
            "is_exception",
            "payable_amount",
            "decision",
            "decision_user_id",
            "decision_note",
            "is_settled",
            "settled_amount",
        }

    def _refused_fields(self, names):
        """A line that somebody writes by hand stands in no file; the system itself says where the others do."""
        return names - {"row_id"} if self.env.su else super()._refused_fields(names)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.statement_id._check_lines_open()
        return lines

    def write(self, vals):
        if vals.keys() & WRITTEN:
            self.statement_id._check_lines_open()
            self._check_as_it_came(vals.keys() & WRITTEN - SAID)
        if "kind_id" in vals:
            # It may be another charge then, which another line bills already: the matching says what it counts as.
            self.sudo()._write_protected({"role": False})
        result = super().write(vals)
        if vals.keys() & WRITTEN:
            self.statement_id._match_again()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_open(self):
        self.statement_id._check_lines_open()
        if self.row_id:
            raise UserError(
                self.env._("A line of the carrier's file is not deleted: leave it out, and say why in the remark.")
            )

    def _check_as_it_came(self, names):
        """:raises UserError: where `names`, fields of what the carrier wrote, would be changed by hand"""
        if not names or self.env.su:
            return
        if read := self.filtered(lambda line: line._is_as_it_came())[:1]:
            raise UserError(
                self.env._(
                    "%(line)s stays as it stands in the carrier's file: accept it, dispute it, or leave it out.",
                    line=read.display_name or self.env._("The line"),
                )
            )

    def _is_as_it_came(self):
        """Whether the line is what was read of a row, or what the carrier did not write at all. Extension point."""
        self.ensure_one()
        return bool(self.row_id) or self.role == "missing"

    def _certain_digits(self):
        """The first digits of a number that could not be read as a whole, as far as they are certain; or ""."""
        return ""
