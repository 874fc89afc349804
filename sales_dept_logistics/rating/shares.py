"""Parts of an amount that add up to it."""

from decimal import Decimal

from .rounding import CARRIED, exact, to_step


def share(amount, at, count, unit="0.01"):
    """The part number `at` (from 0) of `amount` parted into `count`; all of them add up to it, exactly.

    :param amount: a multiple of `unit`

    >>> [str(share(100, at, 3)) for at in range(3)]
    ['33.33', '33.34', '33.33']
    """
    amount, unit = exact(amount, CARRIED), Decimal(str(unit))
    before, after = (to_step(amount * n / count, unit, "nearest") for n in (at, at + 1))
    return after - before
