from odoo import api, fields, models

from ...rating import chargeable_weight
from .statement_month import statement_month
from .waybill_number import NumberRules


class DeliveryCarrier(models.Model):
    """A carrier as a business partner: who it is, how the company works with it, how it writes its numbers."""

    _inherit = "delivery.carrier"

    partner_id = fields.Many2one(
        "res.partner",
        "Carrier Company",
        index="btree_not_null",
        check_company=True,
        help="Who carries the goods, sends the statement and the invoice.",
    )
    cooperation_mode = fields.Selection(
        [
            ("monthly", "Monthly settlement"),
            ("prepaid", "Prepaid"),
            ("shipment", "Paid per shipment"),
            ("collect", "Freight collect"),
        ],
        "Cooperation",
        help="How freight is settled with this carrier. Deliveries of a carrier that has one are expected to have a "
        "waybill.",
    )
    closing_day = fields.Integer(
        help="The last day of the month that stands on the carrier's statement of that month. "
        "0: the last day of the month.",
    )
    transport_mode = fields.Selection(
        [
            ("express", "Express parcel"),
            ("part_load", "Road, part load"),
            ("full_truck", "Road, full truck"),
            ("rail", "Rail"),
            ("air", "Air"),
            ("sea", "Sea"),
        ],
        "Transport",
    )
    waybill_paper_required = fields.Boolean(
        default=True,
        help="The scan of each waybill has to be there before the month is reconciled.",
    )

    # === NUMBERS === #

    number_prefix = fields.Char(
        help="With which each waybill number of this carrier begins. It is added where only the digits are written."
    )
    number_digits = fields.Integer(
        "Digits of a Number",
        help="How many digits follow the prefix. Others are marked, and zeros that a spreadsheet lost come back. "
        "0: any number of digits.",
    )
    number_keeps_case = fields.Boolean(
        "Small Letters Count", help="Small and capital letters are different numbers: “a1” is not “A1”."
    )
    number_keeps_dashes = fields.Boolean("Dashes Count", help="“1-23” is another number than “123”.")
    number_reuse_days = fields.Integer(
        "Number Used Again After",
        default=180,
        help="Carriers use their numbers again. A number that comes again after more days than this is another "
        "shipment. 0: never.",
    )

    # === CHARGEABLE WEIGHT === #

    volumetric_divisor = fields.Integer(
        help="cm³ that are charged as one kg, for example 6000. 0: volume is not charged. A change holds for waybills "
        "from now on."
    )
    chargeable_step = fields.Float(
        digits=(12, 3),
        help="The chargeable weight is rounded up to a multiple of this, in kg. 0: it is not rounded.",
    )

    _closing_day = models.Constraint(
        "CHECK (closing_day BETWEEN 0 AND 31)", "The closing day is a day of the month: 1 to 31, or 0 for its last day."
    )
    _number_bounds = models.Constraint(
        "CHECK (number_digits BETWEEN 0 AND 40 AND number_reuse_days >= 0)",
        "A number has between 0 and 40 digits, and days are not negative.",
    )
    _chargeable_bounds = models.Constraint(
        "CHECK (volumetric_divisor >= 0 AND chargeable_step >= 0)",
        "Volumetric divisor and rounding step are not negative.",
    )

    @api.model
    def _number_rule_fields(self):
        """Return the names of the fields that say how a number is compared."""
        return ["number_prefix", "number_keeps_case", "number_keeps_dashes", "number_digits"]

    def _number_rules(self):
        """The rules of one carrier, or of none."""
        return NumberRules(
            self.number_prefix or "", self.number_keeps_case, self.number_keeps_dashes, self.number_digits
        )

    def _number_key(self, number):
        return self._number_rules().key(number)

    def _chargeable_weight(self, weight, volume):
        return float(chargeable_weight(weight, volume, self.volumetric_divisor, self.chargeable_step))

    def _statement_month(self, day):
        return statement_month(day, self.closing_day)
