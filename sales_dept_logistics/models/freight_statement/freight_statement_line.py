from odoo import api, fields, models

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


class FreightStatementLine(models.Model):
    """One charge of one row: what the carrier wrote, the waybill that it is for, and what was agreed for it."""

    _name = "freight.statement.line"
    _description = "Line of a Freight Statement"
    _inherit = ["sales.dept.protected.mixin"]
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

    # === AS THE CARRIER WROTE IT === #

    reference = fields.Char("Number on the Statement", help="As the carrier wrote it.")
    number_key = fields.Char("Compared Number", compute="_compute_number_key", store=True)
    ship_date = fields.Date("Date Shipped")
    destination = fields.Char()
    pieces = fields.Float(digits=(16, 3))
    weight = fields.Float("Weight (kg)", digits=(16, 3))
    volume = fields.Float("Volume (m³)", digits=(16, 6))
    charge_label = fields.Char("Charge", help="As the carrier calls it.")
    kind_id = fields.Many2one(
        "freight.charge.kind", "Kind of Charge", index="btree_not_null", ondelete="restrict", check_company=True
    )
    amount = fields.Monetary("Charged")
    tax_amount = fields.Monetary("Tax")
    tax_rate = fields.Float("Tax %", digits=(6, 3))
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, ondelete="restrict"
    )
    reading_note = fields.Char("Note of the Reading")

    # === WHAT WE MAKE OF IT === #

    waybill_id = fields.Many2one(
        "freight.waybill", readonly=True, index="btree_not_null", ondelete="restrict", check_company=True
    )
    match_pass = fields.Selection(PASSES, "Matched By", readonly=True)
    expected_amount = fields.Monetary("Agreed", readonly=True)
    difference_kind = fields.Selection(DIFFERENCES, "Difference", readonly=True)

    _number_idx = models.Index("(company_id, carrier_id, number_key)")

    @api.depends("reference", "carrier_id.number_prefix", "carrier_id.number_digits")
    def _compute_number_key(self):
        for line in self:
            line.number_key = line.carrier_id.sudo()._number_key(line.reference) or False

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "number_key",
            "waybill_id",
            "match_pass",
            "expected_amount",
            "difference_kind",
        }
