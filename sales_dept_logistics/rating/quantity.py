"""What is charged: by weight or by volume, rounded as the carrier does."""

from decimal import ROUND_HALF_UP, Decimal

from .card import Band
from .rounding import exact, to_step

CM3 = 1_000_000  # cm³ in a m³
WEIGHT_DIGITS, VOLUME_DIGITS = 3, 6
GRAM = Decimal("0.001")


def chargeable_weight(weight, volume, divisor=0, step=0.0):
    """The weight in kg that a carrier charges: by weight or by volume, whichever is more, up to the next step.

    :param float weight: kg
    :param float volume: m³
    :param divisor: cm³ that count as one kg; 0: volume does not count
    :param float step: kg; 0: it is not rounded
    :rtype: Decimal

    >>> chargeable_weight(2.1, 0.018, 6000, 0.5)
    Decimal('3.000')
    >>> chargeable_weight(3.1, 0.018, 6000, 0.5)
    Decimal('3.500')
    """
    weight, volume = exact(weight, WEIGHT_DIGITS), exact(volume, VOLUME_DIGITS)
    return rounded(heavier(weight, volume, Decimal(divisor)), (Band(Decimal(0), exact(step, WEIGHT_DIGITS)),))


def heavier(weight, volume, divisor):
    """The weight, or what the volume counts as where that is more; not rounded."""
    return max(weight, volume * CM3 / divisor) if divisor else weight


def rounded(quantity, bands, unit=GRAM):
    """`quantity` by the last of `bands` that starts with it or before, and to `unit` at most."""
    reached = [band for band in bands if band.start <= quantity]
    if reached:
        band = max(reached, key=lambda band: band.start)
        quantity = to_step(quantity, band.step, band.rule)
    return quantity.quantize(unit, ROUND_HALF_UP)


def charged_weight(card, shipment):
    """The chargeable weight; the card's bands round it where the card charges by weight."""
    bands = card.bands if card.basis == "weight" else ()
    return rounded(heavier(shipment.weight, shipment.volume, card.divisor), bands)


def charged_quantity(card, shipment):
    """What the tiers of `card` are asked with, in the unit of its basis."""
    if card.basis == "weight":
        return charged_weight(card, shipment)
    if card.basis == "volume":
        return rounded(shipment.volume, card.bands, Decimal(1).scaleb(-VOLUME_DIGITS))
    return Decimal(shipment.pieces) if card.basis == "pieces" else Decimal(1)
