"""Quantities as people write them."""

import re
import unicodedata


def entered_quantity(text, decimal_point=".", thousands_sep=","):
    """Return the float that `text` says in the notation of the reader's language, or None where it says none.

    Nothing is guessed: a comma that parts no thousands in a language of decimal points makes it none.

    >>> entered_quantity(" 1,234.5 "), entered_quantity("１２"), entered_quantity(""), entered_quantity("2,5", ",", ".")
    (1234.5, 12.0, 0.0, 2.5)
    >>> [entered_quantity(text) for text in ("2,5", "-1", "1e9", "nan", "two", "1 2")]
    [None, None, None, None, None, None]
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return 0.0
    point, separator = re.escape(decimal_point), re.escape(thousands_sep or "")
    grouped = rf"[0-9]{{1,3}}(?:{separator}[0-9]{{3}})+" if separator else "[0-9]+"
    if not re.fullmatch(rf"(?:[0-9]+|{grouped})?(?:{point}[0-9]*)?", text) or not re.search("[0-9]", text):
        return None
    if thousands_sep:
        text = text.replace(thousands_sep, "")
    return float(text.replace(decimal_point, "."))
