"""When a customer was told in advance, and which exceptions a message names: plain Python without Odoo."""

import re
from datetime import datetime, time

from pytz import utc


def day_begins(day, zone):
    """The naive UTC datetime at which the date `day` begins in the time zone (pytz) `zone`."""
    local = zone.normalize(zone.localize(datetime.combine(day, time.min)))
    return local.astimezone(utc).replace(tzinfo=None)


def is_in_advance(told, limit):
    """Whether what was `told` at a moment was told in advance: before the promised day began.

    :param told: naive UTC datetime, or False
    :param limit: when the promised day begins for the customer, naive UTC datetime; False where nothing was promised,
        so that there is nothing to be told in advance of
    """
    return bool(told and limit and told < limit)


def named_in(text, numbers):
    """Return those of `numbers` that `text` names, each as a whole: EX/2026/0001 is not in EX/2026/00012."""
    return [
        number
        for number in numbers
        if number and re.search(rf"(?<![\w/]){re.escape(number)}(?![\w/]|-\d)", text or "", re.IGNORECASE)
    ]
