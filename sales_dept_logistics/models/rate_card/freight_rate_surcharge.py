from odoo import api, fields, models
from odoo.exceptions import ValidationError


class FreightRateSurcharge(models.Model):
    """What a carrier charges besides freight and fuel, and when."""

    _name = "freight.rate.surcharge"
    _description = "Surcharge of a Rate Card"
    _inherit = ["freight.rate.part"]
    _order = "card_id, kind_id, id"
    _rec_name = "kind_id"
    _check_company_auto = True

    kind_id = fields.Many2one("freight.charge.kind", "Charge", required=True, ondelete="restrict", check_company=True)
    method = fields.Selection(
        [
            ("fixed", "Fixed amount"),
            ("weight", "Per chargeable kg"),
            ("piece", "Per piece"),
            ("freight", "% of the freight"),
            ("value", "% of the declared value"),
            ("cash", "% of the cash collected"),
        ],
        required=True,
        default="fixed",
    )
    amount = fields.Float("Amount or %", digits=(16, 6), required=True, default=0)
    condition = fields.Selection(
        [
            ("always", "Always"),
            ("remote", "In remote areas"),
            ("zones", "In some zones"),
            ("request", "Where it was ordered"),
        ],
        required=True,
        default="always",
        help="Where it was ordered: the kind of charge is among the services of the waybill.",
    )
    zone_ids = fields.Many2many(
        "freight.zone",
        "freight_rate_surcharge_zone_rel",
        "surcharge_id",
        "zone_id",
        "Zones",
        check_company=True,
        domain="[('carrier_id', '=', carrier_id)]",
    )
    above_weight = fields.Float(
        "Only above (kg)", digits=(16, 3), required=True, default=0, help="Chargeable weight. 0: for any."
    )
    minimum_amount = fields.Monetary("Minimum", required=True, default=0)
    most_amount = fields.Monetary("At Most", required=True, default=0, help="0: no limit.")

    _amounts = models.Constraint(
        "CHECK (amount >= 0 AND above_weight >= 0 AND minimum_amount >= 0 AND most_amount >= 0 "
        "AND (most_amount = 0 OR most_amount >= minimum_amount))",
        "A surcharge is not negative, and its highest amount is not below its least.",
    )

    @api.constrains("condition", "zone_ids")
    def _check_zones(self):
        for surcharge in self:
            if surcharge.condition == "zones" and not surcharge.zone_ids:
                raise ValidationError(
                    self.env._(
                        "%(card)s, %(charge)s: name the zones in which it is due.",
                        card=surcharge.card_id.display_name,
                        charge=surcharge.kind_id.name,
                    )
                )

    @api.constrains("method", "card_id")
    def _check_currency(self):
        self.card_id._check_currency()
