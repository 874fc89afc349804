import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates

# The rows of a card, and what is agreed with each.
CONTENT = {
    "tier_ids": ["zone_id", "start_quantity", "fixed_amount", "included_quantity", "price", "minimum_amount"],
    "rounding_ids": ["start_quantity", "step", "rule"],
    "surcharge_ids": [
        "kind_id",
        "method",
        "amount",
        "condition",
        "zone_ids",
        "above_weight",
        "minimum_amount",
        "most_amount",
    ],
    "discount_ids": ["start_volume", "percent"],
}


def _row(rows, names, part):
    """The text of a row of a card: records by their ids, numbers in six decimals."""
    values = (part[name] for name in names)
    return "|".join([rows, *(_text(value) for value in values)])


def _text(value):
    if isinstance(value, models.BaseModel):
        return ",".join(map(str, sorted(value.ids)))
    return f"{value:.6f}" if isinstance(value, float) else str(value or "")


class FreightRateCard(models.Model):
    """The prices that were agreed with a carrier (运价表), under its logistics agreement, from one day to another.

    What the fields mean is said in :class:`.rating.card.Card`; `freight_rate_card_course` says when it counts.
    """

    _name = "freight.rate.card"
    _description = "Freight Rate Card"
    _inherit = ["mail.thread", "sales.dept.protected.mixin"]
    _order = "carrier_id, mode, date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True, help="For example the carrier's name for it, and the year.")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    agreement_id = fields.Many2one(
        "sales.agreement",
        "Logistics Agreement",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('kind', '=', 'logistics'), ('company_id', '=', company_id)]",
        tracking=True,
        help="Who signs the agreement signs the prices with it.",
    )
    carrier_id = fields.Many2one(
        "delivery.carrier", required=True, index=True, ondelete="restrict", check_company=True, tracking=True
    )
    mode = fields.Selection(
        selection=lambda self: self.env["delivery.carrier"]._fields["transport_mode"]._description_selection(self.env),
        string="Transport",
        tracking=True,
        help="Empty: all ways of transport of this carrier that have no card of their own.",
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, tracking=True
    )
    date_from = fields.Date(
        "Valid from", required=True, default=lambda self: self.env.company._local_today(), tracking=True
    )
    date_to = fields.Date(
        "Valid to", copy=False, tracking=True, help="The last day. Empty: until the next card, or the agreement's end."
    )
    note = fields.Text("Remark")

    # === HOW IT IS CHARGED === #

    basis = fields.Selection(
        [("weight", "Weight (kg)"), ("volume", "Volume (m³)"), ("pieces", "Pieces"), ("shipment", "Shipment")],
        "Charged by",
        required=True,
        default="weight",
    )
    tier_kind = fields.Selection(
        [("slab", "All at the price of its tier"), ("cumulative", "Each slice at its own price")],
        "Kind of Tiers",
        required=True,
        default="slab",
    )
    tier_start = fields.Selection(
        [("from", "Belongs to its tier"), ("over", "Belongs to the tier before")],
        "Quantity a Tier Starts with",
        required=True,
        default="from",
        help="“From 100 kg” has 100 kg in it, “over 100 kg” has not.",
    )
    break_weight = fields.Boolean(
        "Cheaper Break Weight", help="Where the least quantity of a higher tier is cheaper, that is due."
    )
    volumetric_divisor = fields.Integer(help="cm³ that are charged as one kg. 0: volume does not count.")
    minimum_amount = fields.Monetary("Minimum Freight", required=True, default=0)
    fee_step = fields.Float(
        "Charges Rounded to",
        digits=(16, 3),
        required=True,
        default=0.01,
        help="0.01: to the cent. 1: to whole yuan. Each charge for itself.",
    )
    fee_rule = fields.Selection(
        [("up", "Up"), ("nearest", "To the nearest"), ("down", "Down")], "Rounded", required=True, default="nearest"
    )
    has_fuel = fields.Boolean("Fuel Surcharge", help="The carrier's percentage of the month is due on the freight.")
    discount_basis = fields.Selection(
        [("waybills", "Waybills"), ("weight", "Weight (kg)"), ("amount", "Freight agreed")],
        "Volume Counted in",
        help="Of all that leaves with this carrier in the month of a statement. Freight agreed: in the card's "
        "currency, after discount, of the month before.",
    )
    discount_month = fields.Selection(
        [("same", "The same month"), ("before", "The month before")],
        "Volume of",
        required=True,
        default="before",
        help="With the same month prices change back to its first day when a volume is reached.",
    )
    tier_ids = fields.One2many("freight.rate.tier", "card_id", "Tiers", copy=True)
    rounding_ids = fields.One2many("freight.rate.rounding", "card_id", "Roundings", copy=True)
    surcharge_ids = fields.One2many("freight.rate.surcharge", "card_id", "Surcharges", copy=True)
    discount_ids = fields.One2many("freight.rate.discount", "card_id", "Discounts", copy=True)
    tier_count = fields.Integer("Number of Tiers", compute="_compute_tier_count")
    content_digest = fields.Char("Digest of the Prices", compute="_compute_content_digest", compute_sudo=True)

    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "A rate card ends on or after the day it starts."
    )
    # What a discount takes off would change whether it is due.
    _amount_of_month_before = models.Constraint(
        "CHECK (discount_basis IS NULL OR discount_basis <> 'amount' OR discount_month = 'before')",
        "A discount by the freight of a month goes by the month before: choose it.",
    )
    _amounts = models.Constraint(
        "CHECK (minimum_amount >= 0 AND volumetric_divisor >= 0 AND fee_step > 0)",
        "Minimum and divisor are not negative, and charges are rounded to a step that is more than nothing.",
    )

    @api.depends("tier_ids")
    def _compute_tier_count(self):
        counts = dict(
            self.env["freight.rate.tier"]._read_group([("card_id", "in", self.ids)], ["card_id"], ["__count"])
        )
        for card in self:
            card.tier_count = counts.get(card._origin, 0) if card._origin else len(card.tier_ids)

    @api.depends(*(f"{rows}.{name}" for rows, names in CONTENT.items() for name in names))
    def _compute_content_digest(self):
        """A SHA-256 of all rows, in an order of their own: the same prices have the same one."""
        for card in self:
            rows = sorted(_row(rows, names, part) for rows, names in CONTENT.items() for part in card[rows])
            card.content_digest = hashlib.sha256(json.dumps(rows).encode()).hexdigest()

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        check_dates(self, "date_from", "date_to")

    @api.constrains("agreement_id", "carrier_id")
    def _check_agreement(self):
        for card in self:
            agreement, party = card.agreement_id.sudo(), card.carrier_id.sudo().partner_id.commercial_partner_id
            if agreement.kind != "logistics":
                raise ValidationError(
                    self.env._(
                        "%(card)s: %(agreement)s is no agreement with a carrier. Choose a logistics agreement.",
                        card=card.name,
                        agreement=agreement.name,
                    )
                )
            if party != agreement.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(card)s: %(agreement)s is with %(party)s, and %(carrier)s is not. Choose this carrier's own "
                        "agreement, or name its company on the carrier.",
                        card=card.name,
                        agreement=agreement.name,
                        party=agreement.partner_id.display_name,
                        carrier=card.carrier_id.name,
                    )
                )

    @api.constrains("currency_id")
    def _check_currency(self):
        """Values are declared, and cash is collected, in the company's currency."""
        for card in self:
            own = card.company_id.currency_id
            if card.currency_id != own and {"value", "cash"} & set(card.surcharge_ids.mapped("method")):
                raise ValidationError(
                    self.env._(
                        "%(card)s is in %(currency)s: a surcharge in percent of the declared value, or of the cash "
                        "collected, needs a card in %(own)s.",
                        card=card.name,
                        currency=card.currency_id.name,
                        own=own.name,
                    )
                )

    @api.onchange("agreement_id")
    def _onchange_agreement_id(self):
        agreement = self.agreement_id.sudo()
        if not agreement:
            return
        self.date_from, self.date_to = agreement.date_start, agreement.date_end
        if self.carrier_id.sudo().partner_id.commercial_partner_id != agreement.partner_id:
            self.carrier_id = self.env["delivery.carrier"].search(
                [("partner_id", "child_of", agreement.partner_id.id)], limit=1
            )

    @api.onchange("carrier_id")
    def _onchange_carrier_id(self):
        carrier = self.carrier_id
        self.mode = carrier.transport_mode or self.mode
        self.volumetric_divisor = carrier.volumetric_divisor or self.volumetric_divisor
        self.name = self.name or carrier.name
