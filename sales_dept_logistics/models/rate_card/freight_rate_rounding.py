from odoo import fields, models


class FreightRateRounding(models.Model):
    """How quantities from some quantity on are rounded before they are priced."""

    _name = "freight.rate.rounding"
    _description = "Rounding of a Rate Card"
    _inherit = ["freight.rate.part"]
    _order = "card_id, start_quantity, id"

    start_quantity = fields.Float("From", digits=(16, 3), required=True, default=0)
    step = fields.Float(digits=(16, 3), required=True, default=1, help="Rounded to a multiple of this.")
    rule = fields.Selection(
        [("up", "Up"), ("nearest", "To the nearest"), ("down", "Down")], required=True, default="up"
    )

    _band_unique = models.UniqueIndex(
        "(card_id, start_quantity)", "Two roundings of a card start with the same quantity: keep one of them."
    )
    _steps = models.Constraint(
        "CHECK (start_quantity >= 0 AND step > 0)", "A rounding has a step that is more than nothing."
    )
