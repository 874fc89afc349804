"""Chargeable weight, exact: a binary fraction that is a hair off would cost another step."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

CM3 = 1_000_000  # cm³ in a m³
WEIGHT_DIGITS, VOLUME_DIGITS = 3, 6


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
    charged = _exact(weight, WEIGHT_DIGITS)
    if divisor:
        charged = max(charged, _exact(volume, VOLUME_DIGITS) * CM3 / Decimal(divisor))
    if step:
        step = _exact(step, WEIGHT_DIGITS)
        charged = (charged / step).to_integral_value(ROUND_CEILING) * step
    return charged.quantize(Decimal(1).scaleb(-WEIGHT_DIGITS), ROUND_HALF_UP)


def _exact(number, digits):
    """What was typed, of which a float is the nearest binary fraction."""
    return Decimal(repr(number or 0)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
