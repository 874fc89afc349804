"""Results of a KPI taken together, over people or months: exact decimals, without records."""

from decimal import Decimal
from typing import NamedTuple

from ..kpi.measure import FACTORS, value_of


class Sums(NamedTuple):
    """What results come to together; value and threshold are None where there is none."""

    numerator: Decimal
    denominator: Decimal
    value: Decimal | None
    threshold: Decimal | None


def combined(measure, summands):
    """Return the :class:`Sums` of ``[(numerator, denominator, threshold or None)]``, all Decimal.

    The value is that of the sums. So is the threshold: of a share or a mean it is what the denominators asked for,
    of a total the sum.

    >>> combined("share", [(Decimal(9), Decimal(10), Decimal(90)), (Decimal(60), Decimal(90), Decimal(80))])
    Sums(numerator=Decimal('69'), denominator=Decimal('100'), value=Decimal('69'), threshold=Decimal('81'))
    >>> combined("total", [(Decimal(2), Decimal(0), Decimal(1)), (Decimal(1), Decimal(0), Decimal(2))]).threshold
    Decimal('3')
    >>> combined("share", [(Decimal(0), Decimal(0), Decimal(90))])
    Sums(numerator=Decimal('0'), denominator=Decimal('0'), value=None, threshold=None)
    """
    rows = list(summands)
    numerator = sum((row[0] for row in rows), Decimal(0))
    denominator = sum((row[1] for row in rows), Decimal(0))
    value = value_of(measure, numerator, denominator) if rows else None
    return Sums(numerator, denominator, value, _threshold(measure, rows))


def _threshold(measure, rows):
    asked = [(row[1], row[2]) for row in rows if row[2] is not None]
    if not asked:
        return None
    if FACTORS[measure] is None:
        return sum(threshold for _denominator, threshold in asked)
    total = sum(denominator for denominator, _threshold in asked)
    return sum(denominator * threshold for denominator, threshold in asked) / total if total > 0 else None
