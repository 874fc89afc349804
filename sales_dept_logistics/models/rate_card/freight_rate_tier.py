from odoo import api, fields, models


class FreightRateTier(models.Model):
    """The price of a zone from a quantity on: see :class:`.rating.card.Tier`."""

    _name = "freight.rate.tier"
    _description = "Rate Tier"
    _inherit = ["freight.rate.part"]
    _order = "card_id, zone_id, start_quantity, id"
    _check_company_auto = True

    zone_id = fields.Many2one(
        "freight.zone",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('carrier_id', '=', carrier_id)]",
        help="Empty: all zones that have no price of their own.",
    )
    zone_name = fields.Char("Where", compute="_compute_zone_name")
    start_quantity = fields.Float("From", digits=(16, 3), required=True, default=0, aggregator=None)
    fixed_amount = fields.Monetary(
        "Fixed", required=True, default=0, aggregator=None, help="Due once, for the included quantity and less (首重)."
    )
    included_quantity = fields.Float(
        "Included", digits=(16, 3), required=True, default=0, aggregator=None, help="What the fixed amount pays for."
    )
    price = fields.Float(
        "Price per Unit",
        digits=(16, 4),
        required=True,
        default=0,
        aggregator=None,
        help="Of each kg, m³ or piece beyond what is included (续重).",
    )
    minimum_amount = fields.Monetary(
        "Minimum", required=True, default=0, aggregator=None, help="The least freight in this tier. 0: the card's."
    )

    _tier_unique = models.UniqueIndex(
        "(card_id, (COALESCE(zone_id, 0)), start_quantity)",
        "A zone has one tier that starts with a quantity: correct that one, or let this one start with another.",
    )
    _amounts = models.Constraint(
        "CHECK (start_quantity >= 0 AND fixed_amount >= 0 AND included_quantity >= 0 AND price >= 0 "
        "AND minimum_amount >= 0)",
        "Quantities and prices of a tier are not negative.",
    )

    @api.depends("zone_id")
    @api.depends_context("lang")
    def _compute_zone_name(self):
        for tier in self:
            tier.zone_name = tier.zone_id.name or self.env._("All zones")
