from decimal import Decimal

from odoo import models

from ... import rating

ZERO = Decimal(0)


class FreightRateCard(models.Model):
    """The card as values of the plain arithmetic."""

    _inherit = "freight.rate.card"

    def _values(self, zone=None):
        """Return the card as a :class:`.rating.Card`; its kinds of charge and zones are ids.

        :param zone: of which zone tiers are wanted, besides those of all; None: of all zones
        """
        self.ensure_one()
        card = self.sudo()
        tiers = card.tier_ids
        if zone is not None:
            tiers = tiers.filtered(lambda tier: tier.zone_id.id in (zone.id, False))
        kind = self.env["freight.charge.kind"]
        return rating.Card(
            basis=card.basis,
            tier_kind=card.tier_kind,
            tiers=tuple(_tier(tier) for tier in tiers),
            tier_start=card.tier_start,
            break_weight=card.break_weight,
            divisor=Decimal(card.volumetric_divisor),
            bands=tuple(
                rating.Band(rating.exact(band.start_quantity, 3), rating.exact(band.step, 3), band.rule)
                for band in card.rounding_ids
            ),
            minimum=rating.exact(card.minimum_amount, 6),
            fee_step=rating.exact(card.fee_step, 3),
            fee_rule=card.fee_rule,
            fuel=card.has_fuel,
            surcharges=tuple(_surcharge(surcharge) for surcharge in card.surcharge_ids),
            discounts=tuple(
                rating.Discount(rating.exact(discount.start_volume, 3), rating.exact(discount.percent, 3))
                for discount in card.discount_ids
            )
            if card.discount_basis
            else (),
            freight=kind._freight().id,
            fuel_kind=kind._fuel().id,
        )


def _tier(tier):
    return rating.Tier(
        start=rating.exact(tier.start_quantity, 3),
        fixed=rating.exact(tier.fixed_amount, 6),
        included=rating.exact(tier.included_quantity, 3),
        price=rating.exact(tier.price, 6),
        minimum=rating.exact(tier.minimum_amount, 6),
        zone=tier.zone_id.id or None,
    )


def _surcharge(surcharge):
    return rating.Surcharge(
        kind=surcharge.kind_id.id,
        method=surcharge.method,
        amount=rating.exact(surcharge.amount, 6),
        condition=surcharge.condition,
        zones=frozenset(surcharge.zone_ids.ids),
        above=rating.exact(surcharge.above_weight, 3),
        minimum=rating.exact(surcharge.minimum_amount, 6),
        most=rating.exact(surcharge.most_amount, 6),
    )
