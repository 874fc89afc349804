"""The price of one shipment, step by step."""

from decimal import Context, Decimal, localcontext
from typing import NamedTuple

from .card import ZERO
from .quantity import charged_quantity, charged_weight, heavier
from .rounding import CARRIED, exact, to_step
from .tiers import position, slab, slices, tiers_of_zone

# Products of all that a card holds stay exact.
EXACT = Context(prec=60)
PERCENT = Decimal("0.01")


class NoPrice(Exception):
    """The card has no price for the shipment; `code` says why: ``no_zone``, ``no_tier`` or ``no_quantity``."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Step(NamedTuple):
    """A step on the way to the price of a kind of charge; `values` are what a sentence about it names."""

    kind: object
    code: str
    values: dict


class Rating(NamedTuple):
    """``{kind: amount}``, the steps, and the chargeable weight in kg."""

    charges: dict
    steps: list
    weight: Decimal


def rate(card, shipment):
    """Return the :class:`Rating` of `shipment` by `card`.

    Freight is what the tiers say, less the month's discount, rounded, and at least the minimum. Fuel and surcharges
    in percent are of that freight; each is rounded as the freight is, and kept between its own bounds.

    :raises NoPrice: where the card does not say
    """
    with localcontext(EXACT):
        weight = charged_weight(card, shipment)
        quantity = charged_quantity(card, shipment)
        if not quantity:
            raise NoPrice("no_quantity")
        steps = [_quantity_step(card, shipment, quantity)]
        freight = _freight(card, shipment, quantity, steps)
        charges = {card.freight: freight}
        for kind, amount in _besides(card, shipment, weight, freight, steps):
            charges[kind] = charges.get(kind, ZERO) + amount
        return Rating({kind: sum_ for kind, sum_ in charges.items() if sum_ or kind == card.freight}, steps, weight)


def _quantity_step(card, shipment, quantity):
    by_volume = heavier(ZERO, shipment.volume, card.divisor) if card.basis == "weight" else ZERO
    values = {"basis": card.basis, "quantity": quantity, "divisor": card.divisor}
    measured = {"weight": shipment.weight, "volume": shipment.volume, "by_volume": exact(by_volume, 3)}
    return Step(card.freight, "quantity", values | measured)


# === FREIGHT === #


def _freight(card, shipment, quantity, steps):
    tiers = tiers_of_zone(card.tiers, shipment.zone)
    if not tiers:
        raise NoPrice("no_tier" if shipment.zone is not None else "no_zone")
    at = position(tiers, quantity, card.tier_start)
    if at is None:
        raise NoPrice("no_tier")
    percent = month_percent(card.discounts, shipment.month_volume)
    if card.tier_kind == "cumulative":
        return _cumulative(card, tiers[: at + 1], quantity, percent, steps)
    freight, own = _slab(card, tiers[at], quantity, percent)
    least = freight
    for higher in tiers[at + 1 :] if card.break_weight else ():
        at_break, others = _slab(card, higher, higher.start, percent)
        if at_break < least:
            own = [Step(card.freight, "break", {"start": higher.start, "instead": freight}), *others]
            least = at_break
    steps += own
    return least


def month_percent(discounts, volume):
    """The discount in percent for the month's `volume`."""
    reached = [discount for discount in discounts if discount.start <= volume]
    return max(reached, key=lambda discount: discount.start).percent if reached else ZERO


def _slab(card, tier, quantity, percent):
    """Return the freight by one tier, and its steps."""
    amount = slab(tier, quantity)
    values = {**tier._asdict(), "basis": card.basis, "quantity": quantity, "amount": exact(amount, CARRIED)}
    steps = [Step(card.freight, "tier", values)]
    return _due(card, amount, percent, tier.minimum, steps), steps


def _cumulative(card, tiers, quantity, percent, steps):
    total = ZERO
    for tier, inside, amount in slices(tiers, quantity):
        total += amount
        values = {**tier._asdict(), "basis": card.basis, "quantity": inside, "amount": exact(amount, CARRIED)}
        steps.append(Step(card.freight, "slice", values))
    return _due(card, total, percent, tiers[-1].minimum, steps)


def _due(card, amount, percent, minimum, steps):
    """What is due of the `amount` of the tiers: less `percent`, rounded, at least the minimum."""
    if percent:
        amount = amount * (100 - percent) * PERCENT
        steps.append(Step(card.freight, "discount", {"percent": percent, "amount": exact(amount, CARRIED)}))
    amount = _fee(card, card.freight, amount, steps)
    least = minimum or card.minimum
    if amount < least:
        steps.append(Step(card.freight, "minimum", {"amount": least}))
        amount = least
    return amount


def _fee(card, kind, amount, steps):
    """`amount` rounded as the carrier rounds its charges."""
    amount = exact(amount, CARRIED)
    fee = to_step(amount, card.fee_step, card.fee_rule)
    if fee != amount:
        steps.append(Step(kind, "fee", {"step": card.fee_step, "rule": card.fee_rule, "amount": fee}))
    return fee


# === BESIDES FREIGHT === #


def _besides(card, shipment, weight, freight, steps):
    """Yield ``(kind, amount)`` of the fuel surcharge and of each surcharge that is due."""
    if card.fuel and shipment.fuel_percent:
        percent = shipment.fuel_percent
        amount = freight * percent * PERCENT
        steps.append(Step(card.fuel_kind, "fuel", {"percent": percent, "of": freight, "amount": amount}))
        yield card.fuel_kind, _fee(card, card.fuel_kind, amount, steps)
    for surcharge in card.surcharges:
        if is_due(surcharge, shipment, weight):
            yield surcharge.kind, _surcharge(card, surcharge, shipment, weight, freight, steps)


def is_due(surcharge, shipment, weight):
    """Whether the conditions of `surcharge` hold."""
    if surcharge.above and weight <= surcharge.above:
        return False
    if surcharge.condition == "remote":
        return shipment.remote
    if surcharge.condition == "zones":
        return shipment.zone in surcharge.zones
    return surcharge.condition == "always" or surcharge.kind in shipment.services


def _surcharge(card, surcharge, shipment, weight, freight, steps):
    base = {
        "fixed": Decimal(1),
        "weight": weight,
        "piece": Decimal(shipment.pieces),
        "freight": freight * PERCENT,
        "value": shipment.declared * PERCENT,
        "cash": shipment.cash * PERCENT,
    }[surcharge.method]
    amount = surcharge.amount * base
    values = {"method": surcharge.method, "rate": surcharge.amount, "amount": amount, "pieces": shipment.pieces}
    values |= {"weight": weight, "freight": freight, "declared": shipment.declared, "cash": shipment.cash}
    steps.append(Step(surcharge.kind, "surcharge", values))
    if not base:
        return ZERO
    amount = _fee(card, surcharge.kind, amount, steps)
    bounded = max(amount, surcharge.minimum)
    bounded = min(bounded, surcharge.most) if surcharge.most else bounded
    if bounded != amount:
        steps.append(Step(surcharge.kind, "bound", {"amount": bounded}))
    return bounded
