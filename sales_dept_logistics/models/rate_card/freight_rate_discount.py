from odoo import fields, models


class FreightRateDiscount(models.Model):
    """What is taken off the freight once the month's volume reaches so much."""

    _name = "freight.rate.discount"
    _description = "Volume Discount of a Rate Card"
    _inherit = ["freight.rate.part"]
    _order = "card_id, start_volume, id"

    start_volume = fields.Float("From", digits=(16, 3), required=True, default=0, help="In the month.")
    percent = fields.Float("Discount (%)", digits=(6, 3), required=True, default=0)

    _start_unique = models.UniqueIndex(
        "(card_id, start_volume)", "Two discounts of a card start with the same volume: keep one of them."
    )
    _percents = models.Constraint(
        "CHECK (start_volume >= 0 AND percent >= 0 AND percent <= 100)", "A discount is between 0 and 100 %."
    )
