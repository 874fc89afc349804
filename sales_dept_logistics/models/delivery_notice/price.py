"""Prices of a delivery paper, exact: the reader may multiply what is printed, and gets what is printed."""

from decimal import ROUND_HALF_UP, Decimal

# A price and a discount of two places each give six; companies may agree on finer prices.
PRICE_PLACES = 8


def agreed_price(price, discount):
    """The unit price after a discount in percent, of floats as Odoo holds them."""
    factor = 1 - exact(discount) / 100
    return round_half_up(exact(price) * factor, Decimal(1).scaleb(-PRICE_PLACES))


def line_amount(quantity, price, rounding):
    """Quantity × unit price, rounded once, to the currency's `rounding`."""
    return round_half_up(exact(quantity) * exact(price), exact(rounding))


def price_places(price, least):
    """Return how many decimals the Decimal `price` is printed with: as many as it has, and no fewer than `least`."""
    return max(least, -price.normalize().as_tuple().exponent)


def exact(number):
    """The Decimal that the float `number` is read as."""
    return number if isinstance(number, Decimal) else Decimal(repr(number))


def round_half_up(number, step):
    return (number / step).quantize(Decimal(1), ROUND_HALF_UP) * step
