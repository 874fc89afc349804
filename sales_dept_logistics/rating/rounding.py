"""Rounding, exact: a binary fraction that is a hair off would cost another step."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

RULES = {"up": ROUND_CEILING, "nearest": ROUND_HALF_UP, "down": ROUND_FLOOR}
# Digits that amounts carry until the fee is rounded; the database carries as many.
CARRIED = 8


def exact(number, digits):
    """What was typed, of which a float is the nearest binary fraction.

    >>> exact(0.1 + 0.2, 6)
    Decimal('0.300000')
    """
    number = number if isinstance(number, Decimal) else Decimal(repr(number or 0))
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def to_step(number, step, rule):
    """The multiple of `step` that `number` is rounded to; `number` itself without a step.

    :param str rule: ``up``, ``nearest`` (halves away from zero) or ``down``

    >>> to_step(Decimal("1.2"), Decimal("0.5"), "up"), to_step(Decimal("1.25"), Decimal("0.5"), "nearest")
    (Decimal('1.5'), Decimal('1.5'))
    """
    if not step:
        return number
    return (number / step).to_integral_value(RULES[rule]) * step
