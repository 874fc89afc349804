"""What a unit of a product cost on a day that is past, from what came in and went out until then.

Of today Odoo keeps it itself; these are its rules, for one product, without records.
"""

IN, OUT, THROUGH, PRICE = "in", "out", "through", "price"


def average_cost(events, cost=0.0):
    """Return the average cost after `events`, in their order: ``(kind, quantity, value)``.

    Of goods that came in below zero the last receipt says what they cost. A ``price`` that somebody set is worth
    `value` a unit; what went ``through``, from a supplier right to a customer, counts as in and out.

    >>> average_cost([("in", 10, 100.0), ("out", 5, 0.0), ("in", 5, 100.0)])
    15.0
    >>> average_cost([("in", 10, 100.0), ("out", 12, 0.0), ("in", 4, 80.0)])
    20.0
    >>> average_cost([("in", 10, 100.0), ("price", 0, 8.0), ("in", 10, 100.0)])
    9.0
    """
    quantity = total = 0.0
    for kind, moved, value in events:
        if kind == PRICE:
            cost, total = value, value * quantity
            continue
        if kind in (IN, THROUGH):
            before, quantity = quantity, quantity + moved
            if before > 0:
                total += value
                cost = total / quantity
            else:
                cost = value / moved if moved else cost
                total = cost * quantity
        if kind in (OUT, THROUGH):
            quantity -= moved
            total -= moved * cost
    return cost


def first_in_cost(events, quantity, cost=0.0):
    """Return the average cost of the `quantity` on hand after `events`, of which the latest receipts are left.

    >>> first_in_cost([("in", 10, 100.0), ("in", 10, 200.0)], 15)
    16.666666666666668
    >>> first_in_cost([("in", 10, 100.0)], 20)
    10.0
    """
    left, total = quantity, 0.0
    for kind, moved, value in reversed(events):
        if kind == IN and moved and left > 0:
            cost = value / moved
            taken = min(moved, left)
            total += taken * cost
            left -= taken
    # More than ever came in: at the price of the earliest that did.
    return (total + max(left, 0) * cost) / quantity if quantity > 0 else cost
