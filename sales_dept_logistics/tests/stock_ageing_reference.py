"""Layers walked one after the other, in plain Python: what the figures of a stock ageing sheet have to be."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass
class Event:
    """Something that was done with own goods.

    `source` and `target` are warehouses, or None for outside; `outside` says what kind of place that is. `origin` is
    the event that this one returns.
    """

    moment: datetime
    quantity: float
    source: str | None = None
    target: str | None = None
    outside: str | None = None
    origin: "Event | None" = None
    consigned: bool = False
    key: object = field(default=None, compare=False)

    def root(self):
        return self.origin.root() if self.origin else self

    def is_receipt(self):
        return self.source is None and self.origin is None and self.outside != "customer"


def walk(events, end, since):
    """Return ``{warehouse: (on hand, [(moment or None where it is unknown, quantity)] from the newest)}``.

    :param end: what happened from then on is not looked at
    :param since: receipts before do not tell where the newest goods lie
    """
    events = [event for event in events if event.moment < end and not event.consigned]
    on_hand, received = defaultdict(float), {}
    layers = {}
    for event in sorted(events, key=lambda event: event.moment):
        if event.target:
            on_hand[event.target] += event.quantity
        if event.source:
            on_hand[event.source] -= event.quantity
        if event.is_receipt():
            layers[id(event)] = [event.moment, event.quantity]
            if event.moment >= since:
                received[event.target] = event.moment
    # What was returned takes its receipt back, on its day.
    returned = defaultdict(float)
    for event in events:
        root = event.root()
        if event is not root and id(root) in layers and (event.source is None) != (event.target is None):
            returned[id(root)] += event.quantity if event.target is None else -event.quantity
    for key, quantity in returned.items():
        layers[key][1] = max(layers[key][1] - quantity, 0)
    # The oldest go out first, until as much is left as there is.
    total = sum(max(quantity, 0) for quantity in on_hand.values())
    stack = sorted(layers.values())
    surplus = sum(quantity for _moment, quantity in stack) - total
    left = []
    for moment, quantity in stack:
        gone = min(max(surplus, 0), quantity)
        surplus -= gone
        if quantity > gone:
            left.append((moment, quantity - gone))
    if surplus < 0:
        left.insert(0, (None, -surplus))
    return _spread(left[::-1], on_hand, received)


def _spread(newest_first, on_hand, received):
    """Give each warehouse its part of the layers: the newest to where goods came in last."""
    order = sorted(
        on_hand, key=lambda name: (name not in received, -(received[name].timestamp() if name in received else 0), name)
    )
    result, stack = {}, [list(layer) for layer in newest_first]
    for name in order:
        wanted, taken = max(on_hand[name], 0), []
        while wanted > 1e-9:
            moment, quantity = stack[0]
            part = min(wanted, quantity)
            taken.append((moment, part))
            wanted -= part
            stack[0][1] -= part
            if stack[0][1] <= 1e-9:
                stack.pop(0)
        result[name] = (on_hand[name], taken)
    return result


def buckets(layers, day, day_of):
    """Return the quantities of 0–30, 31–60, 61–90 and more than 90 days on `day`.

    :param day_of: function that returns the date of a moment at the company
    """
    result = [0.0, 0.0, 0.0, 0.0]
    for moment, quantity in layers:
        age = (day - day_of(moment)) if moment else timedelta(days=10_000)
        column = 0 if age.days <= 30 else 1 if age.days <= 60 else 2 if age.days <= 90 else 3
        result[column] += quantity
    return result


def older_than(layers, day, days, day_of):
    return sum(quantity for moment, quantity in layers if moment is None or (day - day_of(moment)).days > days)
