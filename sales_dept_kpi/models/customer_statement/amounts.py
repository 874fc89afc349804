"""What a line of a statement comes to, exact: rounded once, in the kind of price that was agreed."""

from decimal import Decimal
from typing import NamedTuple

from odoo.addons.sales_dept_logistics.models.delivery_notice.price import exact, line_amount, round_half_up

HUNDRED = Decimal(100)


class Amounts(NamedTuple):
    """Of one line: without tax, the tax, and with it."""

    untaxed: Decimal
    tax: Decimal
    total: Decimal


def line_amounts(quantity, price, with_tax, rate, rounding):
    """Return the :class:`Amounts` of `quantity` at the unit `price`.

    :param bool with_tax: the agreed price holds the tax
    :param rate: of the tax in percent
    :param rounding: the currency's
    """
    amount, share = line_amount(quantity, price, rounding), exact(rate) / HUNDRED
    if with_tax:
        untaxed = _rounded(amount / (1 + share), rounding)
        return Amounts(untaxed, amount - untaxed, amount)
    tax = _rounded(amount * share, rounding)
    return Amounts(amount, tax, amount + tax)


def _rounded(amount, rounding):
    return round_half_up(amount, exact(rounding))
