"""The arithmetic of an appraisal: exact decimals, without records.

A part that is missing (None) is left out, and never counts as nothing. Weights are shares of whatever they add up to.
"""

from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")


def exact(number):
    """Return a number from the database as Decimal, by its shortest text: 0.1 is a tenth.

    >>> exact(0.1), exact(Decimal("2.50")), exact(None)
    (Decimal('0.1'), Decimal('2.50'), None)
    """
    if number is None or isinstance(number, Decimal):
        return number
    return Decimal(repr(number))


def rounded(number):
    """Return the Decimal `number` with two places, halves away from zero; None as it is.

    >>> rounded(Decimal("84.125")), rounded(Decimal("-0.005"))
    (Decimal('84.13'), Decimal('-0.01'))
    """
    return None if number is None else number.quantize(HUNDREDTH, ROUND_HALF_UP)


def weighted(parts):
    """Return the weighted mean of ``[(weight, score or None)]``; None where nothing counts.

    >>> rounded(weighted([(Decimal("0.75"), 60), (Decimal("0.75"), 60), (Decimal("98.5"), 100)]))
    Decimal('99.40')
    >>> weighted([(1, Decimal(5)), (1, Decimal(5)), (1, None)])
    Decimal('5')
    >>> weighted([(0, Decimal(5))]) is None
    True
    """
    present = [(exact(weight), exact(score)) for weight, score in parts if score is not None and weight > 0]
    total = sum(weight for weight, _score in present)
    return sum(weight * score for weight, score in present) / total if total else None


def points(value, threshold, cap):
    """Return the points of a KPI: 100 where `value` just reaches `threshold`, in proportion below and above it.

    :param value: the result, or None where there is no verdict
    :param threshold: None or 0 where it has none; such a KPI has no points
    :param cap: the most points that a KPI brings

    >>> points(Decimal("90"), Decimal("90"), 120), points(Decimal("45"), Decimal("90"), 120)
    (Decimal('100'), Decimal('50'))
    >>> points(Decimal("500"), Decimal("90"), 120), points(Decimal("-3"), Decimal("90"), 120)
    (Decimal('120'), Decimal('0'))
    >>> points(None, Decimal("90"), 120), points(Decimal("3"), None, 120)
    (None, None)
    """
    if value is None or not threshold or threshold < 0:
        return None
    share = 100 * exact(value) / exact(threshold)
    return min(max(share, Decimal(0)), Decimal(cap))


def ranks(scores):
    """Return ``{key: rank}`` of ``{key: score or None}``, the highest first; equal scores have the same rank.

    >>> ranks({"a": 90, "b": 95, "c": 90, "d": 70, "e": None})
    {'b': 1, 'a': 2, 'c': 2, 'd': 4}
    """
    present = sorted((item for item in scores.items() if item[1] is not None), key=lambda item: -item[1])
    found = {}
    for position, (key, score) in enumerate(present, 1):
        before = present[position - 2] if position > 1 else None
        found[key] = found[before[0]] if before and before[1] == score else position
    return found
