"""What a delivery puts under the numbers of its carrier."""

from typing import NamedTuple


class Metric(NamedTuple):
    """How many kg, m³ and m the database's own units are."""

    kilogram: float
    cubic_meter: float
    meter: float


class Load(NamedTuple):
    """What travels under one number.

    :param str name: the number as written
    :param int pieces: parcels, or 1 for goods that are in none
    :param float weight: kg
    :param float volume: m³
    :param bool is_known: False where several numbers share goods of which nobody said what is under which
    """

    name: str
    pieces: int = 0
    weight: float = 0.0
    volume: float = 0.0
    is_known: bool = False


class Parcel(NamedTuple):
    """A package of a delivery with what is in it, or (without a number) its loose goods.

    :param str number: the package's own number as written, or empty
    """

    number: str
    weight: float
    volume: float

    def on(self, name):
        return Load(name, 1, self.weight, self.volume, True)


def loads_by_number(numbers, parcels, loose, key_of):
    """Return ``{key: Load}`` of one delivery, in the order of its numbers.

    A package with a number of its own travels under it. As many numbers as packages are those of the packages in
    their order, as the carriers' connectors give them. What is left travels under the number that is left; where
    several are left nobody knows what is under which, and it is better to say so than to weigh it twice.

    :param numbers: the delivery's own, as written
    :param parcels: its packages as :class:`Parcel`, in the order in which they were packed
    :param Parcel loose: what is in no package, or None
    :param key_of: function of a number as written that returns its key, empty for what is no number
    """
    names = {}
    for number in numbers:
        if key := key_of(number):
            names.setdefault(key, number)
    if len(names) == len(parcels) > 1 and not loose and not any(parcel.number for parcel in parcels):
        return {key: parcel.on(name) for (key, name), parcel in zip(names.items(), parcels, strict=True)}
    numbered, rest = {}, []
    for parcel in parcels:
        if key := key_of(parcel.number):
            own = parcel.on(names.get(key, parcel.number))
            numbered[key] = add(numbered[key], own) if key in numbered else own
        else:
            rest.append(parcel)
    rest += [loose] if loose else []
    left = [key for key in names if key not in numbered]
    result = {}
    for key, name in names.items():
        if key in numbered:
            result[key] = numbered[key]
        elif len(left) == 1 and rest:
            result[key] = Load(name, len(rest), sum(p.weight for p in rest), sum(p.volume for p in rest), True)
        else:
            result[key] = Load(name)
    return {**result, **{key: load for key, load in numbered.items() if key not in result}}


def add(one, other):
    return Load(one.name, one.pieces + other.pieces, one.weight + other.weight, one.volume + other.volume, True)
