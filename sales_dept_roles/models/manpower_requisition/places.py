"""Whose place a new colleague takes, and when two names are one position."""

import unicodedata


def allot(hires, requisitions):
    """Return ``{key of a requisition: [moments of the hires that fill it]}``, first come, first served.

    A hire fills a requisition that was open at that moment. In the very second in which one was opened, those hired
    before it are told from those hired after it by how many there were.

    :param hires: sorted moments of the hires of one position
    :param requisitions: ``[(key, places, opened, hires there were, closed or None)]`` in the order of opening

    >>> allot([1, 5, 6, 7], [("a", 2, 4, 1, None), ("b", 5, 4, 1, None)])
    {'a': [5, 6], 'b': [7]}
    >>> allot([4, 4, 9], [("a", 3, 4, 1, 8)])
    {'a': [4]}
    """
    allotted = {requisition[0]: [] for requisition in requisitions}
    for rank, moment in enumerate(hires):
        for key, places, opened, before, closed in requisitions:
            is_later = moment > opened or (moment == opened and rank >= before)
            if is_later and (closed is None or moment <= closed) and len(allotted[key]) < places:
                allotted[key].append(moment)
                break
    return allotted


def position_key(name):
    """Return what two names of one position have in common: not case, width of letters or spaces.

    >>> position_key("  Export  MANAGER ") == position_key("Export Manager")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", name or "").casefold().split())
