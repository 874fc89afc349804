"""What a KPI's sums say: its value, and whether that is enough. Plain arithmetic, and the same as SQL."""

import math

from odoo.tools import SQL

# How numerators and denominators become a value.
FACTORS = {"share": 100, "mean": 1, "total": None}


def value_of(measure, numerator, denominator):
    """Return the value, or None where there is no verdict: of nothing, nothing is said.

    >>> from decimal import Decimal
    >>> value_of("share", Decimal(9), Decimal(10))
    Decimal('90')
    >>> value_of("share", Decimal(0), Decimal(0)) is None
    True
    """
    factor = FACTORS[measure]
    if factor is None:
        return numerator
    return factor * numerator / denominator if denominator > 0 else None


def is_met(measure, numerator, denominator, threshold):
    """Whether the threshold is reached, exactly and inclusively; without a verdict None.

    >>> from decimal import Decimal
    >>> is_met("share", Decimal("89.999"), Decimal(100), Decimal(90))
    False
    >>> is_met("share", Decimal("90.000"), Decimal(100), Decimal(90))
    True
    """
    factor = FACTORS[measure]
    if factor is None:
        return numerator >= threshold
    return factor * numerator >= threshold * denominator if denominator > 0 else None


def missing(measure, numerator, denominator, threshold):
    """How much more of the numerator reaches the threshold, the denominator being as it is; never below 0."""
    factor = FACTORS[measure]
    wanted = threshold if factor is None else threshold * denominator / factor
    return max(wanted - numerator, type(wanted)(0))


def shown(value, met):
    """The value with one decimal, never rounded up to a threshold that it misses.

    >>> shown(89.999, False), shown(89.96, True)
    ('89.9', '90.0')
    """
    return f"{round(value, 1) if met is not False else math.floor(value * 10) / 10:.1f}"


def value_sql(measure, numerator, denominator):
    """As :func:`value_of`, of columns: `measure` is one too. Null where there is no verdict."""
    return SQL(
        "CASE %(measure)s WHEN 'total' THEN %(numerator)s"
        " WHEN 'share' THEN 100 * %(numerator)s / CASE WHEN %(denominator)s > 0 THEN %(denominator)s END"
        " ELSE %(numerator)s / CASE WHEN %(denominator)s > 0 THEN %(denominator)s END END",
        measure=measure,
        numerator=numerator,
        denominator=denominator,
    )


def verdict_sql(measure, numerator, denominator, threshold):
    """As :func:`is_met`, of columns: ``none``, ``met`` or ``missed``."""
    return SQL(
        "CASE WHEN %(threshold)s IS NULL OR %(measure)s <> 'total' AND %(denominator)s <= 0 THEN 'none'"
        " WHEN CASE %(measure)s WHEN 'total' THEN %(numerator)s >= %(threshold)s"
        " WHEN 'share' THEN 100 * %(numerator)s >= %(threshold)s * %(denominator)s"
        " ELSE %(numerator)s >= %(threshold)s * %(denominator)s END THEN 'met' ELSE 'missed' END",
        measure=measure,
        numerator=numerator,
        denominator=denominator,
        threshold=threshold,
    )
