"""Numbers of tax-office invoices, as people type them and as they are kept."""

import re
import unicodedata

DIGITAL_DIGITS = 20
PAPER_DIGITS = 8
CODE_DIGITS = (10, 12)
_GAPS = re.compile(r"[\s\u200b\ufeff]+")


def normalised(text):
    """`text` without blanks and with half-width digits; None where nothing is left.

    :param text: as typed, imported (a number where a sheet held one) or scanned
    """
    if isinstance(text, float) and text.is_integer():
        text = int(text)
    return _GAPS.sub("", unicodedata.normalize("NFKC", str(text or ""))) or None


def is_digits(text, lengths):
    """Whether `text` is made of digits alone, as many as one of `lengths` says."""
    return bool(text) and text.isascii() and text.isdecimal() and len(text) in lengths
