"""What a quantity costs by tiers, before discount, minimum and rounding."""


def tiers_of_zone(tiers, zone):
    """The tiers of `zone`, or those of all zones where it has none of its own; in their order."""
    own = [tier for tier in tiers if zone is not None and tier.zone == zone]
    return sorted(own or [tier for tier in tiers if tier.zone is None], key=lambda tier: tier.start)


def reaches(quantity, tier, tier_start):
    """Whether `quantity` is in `tier` or in one after it. What is less than any tier is in none."""
    return quantity > tier.start or (tier_start == "from" and quantity == tier.start)


def position(tiers, quantity, tier_start):
    """The position in `tiers` of that which `quantity` is in, or None."""
    reached = [at for at, tier in enumerate(tiers) if reaches(quantity, tier, tier_start)]
    return reached[-1] if reached else None


def slab(tier, quantity):
    """The whole of `quantity` at the price of `tier`."""
    return tier.fixed + max(quantity - tier.included, 0) * tier.price


def slices(tiers, quantity):
    """``[(tier, quantity in it, amount)]`` of each tier up to that in which `quantity` is; their sum is due."""
    result = []
    for at, tier in enumerate(tiers):
        end = min(quantity, tiers[at + 1].start) if at + 1 < len(tiers) else quantity
        inside = max(end - max(tier.start, tier.included), 0)
        result.append((tier, inside, tier.fixed + inside * tier.price))
    return result
