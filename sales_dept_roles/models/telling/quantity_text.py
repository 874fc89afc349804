"""Quantities in sentences: with as many decimals as they have, in the reader's own figures."""

from decimal import Decimal

from odoo.tools import float_repr, formatLang


def quantity_text(env, quantity):
    """Return the float `quantity` as the reader of `env` writes it: 1234567.5 is 1,234,567.5, and 4.0 is 4."""
    places = env["decimal.precision"].precision_get("Product Unit")
    exact = Decimal(float_repr(quantity, places)).normalize()
    return formatLang(env, quantity, digits=max(0, -exact.as_tuple().exponent))
