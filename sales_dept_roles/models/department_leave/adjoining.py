"""When several leaves of one person are one absence."""

from bisect import bisect_left, bisect_right


def runs(spans, working):
    """Return the keys of `spans` in runs: in each, nobody was at work from the first to the last.

    :param spans: ``[(key, first day, last day, from its beginning, to its end)]``: whether the leave takes the working
        time of its first day from the beginning, and that of its last day to the end
    :param working: sorted working days
    :return: lists of keys

    Friday and Monday are one absence, Friday morning and Monday are two, and so are two days with one worked between:

    >>> friday, monday, tuesday, thursday = 6, 9, 10, 12
    >>> working = [5, 6, 9, 10, 11, 12]
    >>> runs([("a", friday, friday, True, True), ("b", monday, tuesday, True, True)], working)
    [['a', 'b']]
    >>> runs([("a", friday, friday, True, False), ("b", monday, monday, True, True)], working)
    [['a'], ['b']]
    >>> runs([("a", tuesday, tuesday, True, True), ("b", thursday, thursday, True, True)], working)
    [['a'], ['b']]
    """
    found, last, to_end = [], None, False
    for key, first_day, last_day, from_beginning, ends in sorted(spans, key=lambda span: (span[1], span[2])):
        between = bisect_left(working, first_day) - bisect_right(working, last) if found else 0
        if found and (first_day <= last or (to_end and from_beginning and between <= 0)):
            found[-1].append(key)
        else:
            found.append([key])
            last = None
        if last is None or last_day > last:
            last, to_end = last_day, ends
        elif last_day == last:
            to_end = to_end or ends
    return found
