"""Names of columns."""


def letters(position):
    """The letters of a column, as spreadsheets name it; nothing for none.

    >>> letters(0), letters(25), letters(26), letters(16383), letters(None)
    ('A', 'Z', 'AA', 'XFD', '')
    """
    found, position = "", 0 if position is None else position + 1
    while position:
        position, rest = divmod(position - 1, 26)
        found = chr(65 + rest) + found
    return found
