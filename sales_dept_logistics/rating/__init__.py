"""What a carrier should charge, by its rate card: exact arithmetic without Odoo.

:func:`.rate.rate` prices one shipment and says each step; `models/rate_card/rating_sql.py` does the same for many
waybills in the database, and a test compares the two.
"""

from .card import Area, Band, Card, Discount, Shipment, Surcharge, Tier
from .quantity import chargeable_weight
from .rate import NoPrice, Rating, Step, rate
from .rounding import exact, to_step
from .shares import share
from .zones import specific_zone

__all__ = [
    "Area",
    "Band",
    "Card",
    "Discount",
    "NoPrice",
    "Rating",
    "Shipment",
    "Step",
    "Surcharge",
    "Tier",
    "chargeable_weight",
    "exact",
    "rate",
    "share",
    "specific_zone",
    "to_step",
]
