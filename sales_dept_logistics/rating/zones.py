"""Which of a carrier's zones an address is in."""

import unicodedata

# Written or not, as people like: 上海市 is 上海, 浙江省 is 浙江.
ENDINGS = ("特别行政区", "自治区", "自治州", "地区", "省", "市")


def place(name):
    """The form in which names of cities are compared.

    >>> place(" 上海市 "), place("ＮINGBO"), place("市")
    ('上海', 'ningbo', '市')
    """
    name = "".join(unicodedata.normalize("NFKC", name or "").split()).lower()
    for ending in ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


def postcode(text):
    """The form in which postcodes are compared.

    >>> postcode("sw1a-2aa "), postcode("２００００１")
    ('SW1A2AA', '200001')
    """
    text = unicodedata.normalize("NFKC", text or "").upper()
    return "".join(letter for letter in text if letter.isalnum())


def specific_zone(areas, country=None, state=None, city="", zip_code=""):
    """The zone of that of `areas` which fits most specifically, or None.

    The longest prefix of a postcode goes before a city, a city before a province, that before a country.

    >>> from .card import Area
    >>> near, far = Area("near", "CN", "ZJ"), Area("far", "CN", "ZJ", zip_prefix="3160")
    >>> specific_zone([near, far], "CN", "ZJ", "舟山市", "316000")
    'far'
    """
    city, zip_code = place(city), postcode(zip_code)
    fitting = [
        area
        for area in areas
        if (area.country is None or area.country == country)
        and (area.state is None or area.state == state)
        and (not area.city or area.city == city)
        and zip_code.startswith(area.zip_prefix)
    ]
    return max(fitting, key=_specificity).zone if fitting else None


def _specificity(area):
    return len(area.zip_prefix), bool(area.city), area.state is not None, area.country is not None
