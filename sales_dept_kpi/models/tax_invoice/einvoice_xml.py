"""What an XML file of a digital invoice says of itself.

No schema of it is published that one could hold it to, so it is read by the names of its elements, wherever they stand
and in whatever namespace. What is not understood is left out, and nothing is believed: it fills in a form that a person
looks at.
"""

from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from .numbers import DIGITAL_DIGITS, is_digits, normalised

MOST_BYTES = 5_000_000
# Where a value stands, by the names that are in use, in lower case.
NAMES = {
    "number": ("invoicenumber", "eiid", "fphm"),
    "date": ("issuetime", "requesttime", "kprq"),
    "amount_untaxed": ("totalamwithouttax", "hjje"),
    "amount_tax": ("totaltaxam", "hjse"),
    "amount_total": ("totaltax-includedamount", "jshj"),
    "buyer_vat": ("buyeridnum", "gmfnsrsbh"),
    "seller_vat": ("selleridnum", "xsfnsrsbh"),
}


def read(raw):
    """Return what the bytes `raw` say: ``{"number", "date", "amount_untaxed", …}``, as far as it can be read.

    :raises ValueError: where they are no XML
    """
    texts = _texts(raw)
    found = {name: next(filter(None, map(texts.get, names)), None) for name, names in NAMES.items()}
    read_as = {"number": _number, "date": _day, "buyer_vat": normalised, "seller_vat": normalised}
    values = {name: read_as.get(name, _amount)(text) for name, text in found.items() if text}
    return {name: value for name, value in values.items() if value is not None}


def _texts(raw):
    """The first text of each element, by its name in lower case."""
    if len(raw) > MOST_BYTES:
        raise ValueError("too large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error
    texts = {}
    for element in root.iter(etree.Element):
        if text := (element.text or "").strip():
            texts.setdefault(etree.QName(element).localname.lower(), text)
    return texts


def _number(text):
    number = normalised(text)
    return number if is_digits(number, (DIGITAL_DIGITS,)) else None


def _day(text):
    """The day of ``2026-11-28 …``, ``2026年11月28日`` or ``20261128…``."""
    digits = "".join(character for character in text[:11] if character.isdecimal())[:8]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _amount(text):
    try:
        amount = Decimal(normalised(text).replace(",", "").lstrip("¥"))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
