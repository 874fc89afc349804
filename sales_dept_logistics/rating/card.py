"""A rate card and a shipment, as values. All numbers are Decimal; weights in kg, volumes in m³."""

from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal(0)
CENT = Decimal("0.01")


class Tier(NamedTuple):
    """The price from a quantity on.

    :param start: the quantity from which it holds, in the unit of the card's basis
    :param fixed: what is due once, for `included` and less
    :param included: the quantity that `fixed` pays for (首重)
    :param price: for each unit beyond (续重)
    :param minimum: the least that is due; 0: the card's
    :param zone: of which zone, or None for all that have no tiers of their own
    """

    start: Decimal = ZERO
    fixed: Decimal = ZERO
    included: Decimal = ZERO
    price: Decimal = ZERO
    minimum: Decimal = ZERO
    zone: object = None


class Band(NamedTuple):
    """How quantities from `start` on are rounded."""

    start: Decimal
    step: Decimal
    rule: str = "up"


class Surcharge(NamedTuple):
    """What is due besides freight.

    :param kind: the kind of charge
    :param str method: ``fixed``, ``weight`` (per chargeable kg), ``piece``, ``freight`` (% of the freight), ``value``
        (% of the declared value) or ``cash`` (% of the cash collected)
    :param str condition: ``always``, ``remote`` (the zone is remote), ``zones`` (it is one of `zones`) or ``request``
        (the kind is among the shipment's services)
    :param above: only for a chargeable weight of more kg than this; 0: for any
    :param most: the most that is due; 0: no limit
    """

    kind: object
    method: str
    amount: Decimal
    condition: str = "always"
    zones: frozenset = frozenset()
    above: Decimal = ZERO
    minimum: Decimal = ZERO
    most: Decimal = ZERO


class Discount(NamedTuple):
    """`percent` off the freight where the month's volume reaches `start`."""

    start: Decimal
    percent: Decimal


class Card(NamedTuple):
    """A rate card.

    :param str basis: ``weight``, ``volume``, ``pieces`` or ``shipment``
    :param str tier_kind: ``slab``: the whole quantity at the price of its tier; ``cumulative``: each slice at its own
    :param str tier_start: ``from``: a quantity that a tier starts with is in it; ``over``: it is in the tier before
    :param bool break_weight: where the least quantity of a higher tier is cheaper, the cheapest of them is due
    :param divisor: cm³ that count as one kg; 0: volume does not count
    :param minimum: the least freight
    :param fee_step: charges are rounded to a multiple of this, by `fee_rule`
    :param bool fuel: the carrier's fuel percentage is charged
    :param freight: the kind of charge of the freight
    :param fuel_kind: of the fuel surcharge
    """

    basis: str = "weight"
    tier_kind: str = "slab"
    tiers: tuple = ()
    tier_start: str = "from"
    break_weight: bool = False
    divisor: Decimal = ZERO
    bands: tuple = ()
    minimum: Decimal = ZERO
    fee_step: Decimal = CENT
    fee_rule: str = "nearest"
    fuel: bool = False
    surcharges: tuple = ()
    discounts: tuple = ()
    freight: object = "freight"
    fuel_kind: object = "fuel"


class Shipment(NamedTuple):
    """What is priced.

    :param zone: one of the carrier's zones, or None
    :param bool remote: whether that zone is remote
    :param declared: value declared for the insurance
    :param cash: collected on delivery
    :param services: kinds of charge that were asked for
    :param month_volume: what counts for the discount of the month
    :param fuel_percent: that holds on the day of shipping
    """

    weight: Decimal = ZERO
    volume: Decimal = ZERO
    pieces: int = 1
    zone: object = None
    remote: bool = False
    declared: Decimal = ZERO
    cash: Decimal = ZERO
    services: frozenset = frozenset()
    month_volume: Decimal = ZERO
    fuel_percent: Decimal = ZERO


class Area(NamedTuple):
    """Where a zone is: all that is given has to fit. Names of places in the form of :func:`.zones.place`."""

    zone: object
    country: object = None
    state: object = None
    city: str = ""
    zip_prefix: str = ""
