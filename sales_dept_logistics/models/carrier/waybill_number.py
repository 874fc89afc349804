"""Numbers of waybills, as people, papers and spreadsheets write them, and the one form in which they are compared."""

import re
import unicodedata
from typing import NamedTuple

# Several numbers in one text: with a comma as Odoo's connectors write them, or as people type them in China.
BETWEEN_NUMBERS = re.compile(r"[,，;；、|\r\n\t]+")
# The hyphens, dashes and minus signs that keyboards and word processors put in place of each other.
DASHES = re.compile("[-‐‑‒–—―−_]")
# A quotation mark tells a spreadsheet that digits are text; it is no part of the number, as little as a No. before it.
ORNAMENT = re.compile(r"[\s'\"`‘’“”#:]|[\u200b-\u200f\u2060\ufeff\u00ad]")


class NumberRules(NamedTuple):
    """How a carrier writes its numbers.

    :param str prefix: with which each number begins, though lists of digits leave it out
    :param bool keeps_case: small and capital letters are different ones
    :param bool keeps_dashes: "1-23" and "123" are different numbers
    :param int digits: how many digits follow the prefix; 0: any number of them
    """

    prefix: str = ""
    keeps_case: bool = False
    keeps_dashes: bool = False
    digits: int = 0

    def key(self, number):
        """The form in which the text `number` is compared; empty where there is no letter or digit in it.

        >>> NumberRules(prefix="SF").key("１３４ 5678－9012")
        'SF13456789012'
        >>> NumberRules(prefix="SF").key("sf1345678")
        'SF1345678'
        >>> NumberRules(keeps_case=True, keeps_dashes=True).key("ab – 12")
        'ab-12'
        """
        key = self._plain(number)
        prefix = self._plain(self.prefix)
        if not any(letter.isalnum() for letter in key):
            return ""
        return prefix + key if prefix and key.isdigit() and not key.startswith(prefix) else key

    def fits(self, key):
        """Whether `key` looks as the carrier's numbers do."""
        prefix = self._plain(self.prefix)
        rest = key.removeprefix(prefix)
        return key.startswith(prefix) and (not self.digits or (rest.isdigit() and len(rest) == self.digits))

    def padded(self, digits):
        """The number `digits` with the zeros at its beginning that a spreadsheet took for nothing."""
        return digits.zfill(self.digits) if digits.isdigit() else digits

    def _plain(self, text):
        text = ORNAMENT.sub("", unicodedata.normalize("NFKC", text or ""))
        text = DASHES.sub("-" if self.keeps_dashes else "", text)
        return text if self.keeps_case else text.upper()


def split_numbers(text):
    """The numbers in `text`, as written and in their order.

    >>> split_numbers("SF1, SF2；SF3,, ")
    ['SF1', 'SF2', 'SF3']
    """
    return [number.strip() for number in BETWEEN_NUMBERS.split(text or "") if number.strip()]
