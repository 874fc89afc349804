"""Parts of an amount by weights, which add up to it exactly. Plain arithmetic, without records."""

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

WHOLE = Decimal(1)


def spread(amount, weights, step=WHOLE):
    """Part `amount` by `weights`: whole steps, and what is left goes to the largest remainders, the earlier first.

    :param Decimal amount: a multiple of `step`
    :param weights: numbers that are not negative; where all are 0, the parts are even
    :return: list of Decimal, as long as `weights`, whose sum is `amount`

    >>> [str(part) for part in spread(Decimal(100), [1, 1, 1])]
    ['34', '33', '33']
    >>> [str(part) for part in spread(Decimal(10), [0, 3, 1])]
    ['0', '8', '2']
    """
    weights = [Decimal(str(weight)) for weight in weights]
    if not weights:
        return []
    total = sum(weights)
    if not total:
        weights, total = [WHOLE] * len(weights), Decimal(len(weights))
    exact = [amount * weight / total / step for weight in weights]
    parts = [part.to_integral_value(ROUND_FLOOR) for part in exact]
    left = int(amount / step - sum(parts))
    by_remainder = sorted(range(len(weights)), key=lambda at: (parts[at] - exact[at], at))
    # Months without a weight have no remainder, and get nothing of what is left.
    for at in [at for at in by_remainder if weights[at]][:left]:
        parts[at] += 1
    return [part * step for part in parts]


def step_of(amount, unit):
    """In which steps `amount` is parted: whole ones where it is whole, else in those of its currency.

    >>> step_of(Decimal("1000000.00"), Decimal("0.01")), step_of(Decimal("99.50"), Decimal("0.01"))
    (Decimal('1'), Decimal('0.01'))
    """
    return WHOLE if amount == amount.to_integral_value() else unit


def grown(amount, per_cent):
    """`amount` and so many per cent more, as a whole number; never below 0.

    >>> grown(Decimal("1234.5"), Decimal("10"))
    Decimal('1358')
    """
    return max((amount * (100 + per_cent) / 100).quantize(WHOLE, ROUND_HALF_UP), Decimal(0))


def exact(number, unit=Decimal("0.01")):
    """What was typed, of which a float is the nearest binary fraction.

    >>> exact(0.1 + 0.2)
    Decimal('0.30')
    """
    return Decimal(repr(number or 0)).quantize(unit, ROUND_HALF_UP)
