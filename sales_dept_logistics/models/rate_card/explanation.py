"""The steps of a price in the reader's words."""

from decimal import Decimal

from odoo.tools import format_amount
from odoo.tools.misc import formatLang


def sentences(env, steps, currency):
    """Return a sentence for each :class:`.rating.Step`, in the language of `env`; amounts in `currency`."""
    return [_SENTENCES[step.code](_Words(env, currency), step.values) for step in steps]


class _Words:
    """Numbers and units as the reader writes them."""

    def __init__(self, env, currency):
        self.env, self.currency = env, currency

    def number(self, number):
        digits = max(0, -Decimal(number).normalize().as_tuple().exponent)
        return formatLang(self.env, float(number), digits=digits)

    def money(self, amount):
        """An amount, also one that is not rounded yet."""
        if amount == amount.quantize(Decimal(1).scaleb(-self.currency.decimal_places)):
            return format_amount(self.env, float(amount), self.currency)
        return f"{self.number(amount)} {self.currency.name}"

    def quantity(self, quantity, basis):
        env = self.env
        if basis == "pieces":
            return env._("%(number)s pieces", number=self.number(quantity))
        if basis == "shipment":
            return env._("the shipment")
        return f"{self.number(quantity)} {'kg' if basis == 'weight' else 'm³'}"

    def unit(self, basis):
        env = self.env
        units = {"pieces": env._("piece"), "shipment": env._("shipment"), "weight": "kg", "volume": "m³"}
        return units[basis]

    def rule(self, rule):
        env = self.env
        return {"up": env._("up"), "nearest": env._("to the nearest"), "down": env._("down")}[rule]


def _quantity(words, values):
    env, charged = words.env, words.quantity(values["quantity"], values["basis"])
    if values["basis"] == "weight" and values["by_volume"] > values["weight"]:
        return env._(
            "Charged: %(charged)s, by volume: %(volume)s m³ at a divisor of %(divisor)s are %(by_volume)s kg, and it "
            "weighs %(weight)s kg.",
            charged=charged,
            volume=words.number(values["volume"]),
            divisor=words.number(values["divisor"]),
            by_volume=words.number(values["by_volume"]),
            weight=words.number(values["weight"]),
        )
    if values["basis"] == "weight" and values["quantity"] != values["weight"]:
        return env._(
            "Charged: %(charged)s, rounded from %(weight)s kg.", charged=charged, weight=words.number(values["weight"])
        )
    if values["basis"] == "volume" and values["quantity"] != values["volume"]:
        return env._(
            "Charged: %(charged)s, rounded from %(volume)s m³.", charged=charged, volume=words.number(values["volume"])
        )
    return env._("Charged: %(charged)s.", charged=charged)


def _formula(words, values):
    """What a tier multiplies and adds, as an equation without its result."""
    parts = [words.money(values["fixed"])] if values["fixed"] or values["basis"] == "shipment" else []
    if values["price"]:
        beyond = max(values["quantity"] - values["included"], Decimal(0))
        parts.append(f"{words.number(beyond)} {words.unit(values['basis'])} × {words.money(values['price'])}")
    return " + ".join(parts) or words.money(Decimal(0))


def _tier(words, values):
    env = words.env
    if values["basis"] == "shipment":
        return env._("Price of the shipment: %(amount)s.", amount=words.money(values["amount"]))
    if values["included"]:
        return env._(
            "Tier from %(start)s (%(included)s included): %(formula)s = %(amount)s.",
            start=words.quantity(values["start"], values["basis"]),
            included=words.quantity(values["included"], values["basis"]),
            formula=_formula(words, values),
            amount=words.money(values["amount"]),
        )
    return env._(
        "Tier from %(start)s: %(formula)s = %(amount)s.",
        start=words.quantity(values["start"], values["basis"]),
        formula=_formula(words, values),
        amount=words.money(values["amount"]),
    )


def _slice(words, values):
    parts = [words.money(values["fixed"])] if values["fixed"] else []
    inside = words.quantity(values["quantity"], values["basis"])
    parts.append(f"{inside} × {words.money(values['price'])}")
    return words.env._(
        "Slice from %(start)s: %(formula)s = %(amount)s.",
        start=words.quantity(values["start"], values["basis"]),
        formula=" + ".join(parts),
        amount=words.money(values["amount"]),
    )


def _break(words, values):
    return words.env._(
        "The least quantity of a higher tier, %(start)s, is cheaper than %(instead)s: it is charged.",
        start=words.number(values["start"]),
        instead=words.money(values["instead"]),
    )


def _discount(words, values):
    return words.env._(
        "Less %(percent)s %% for the volume of the month: %(amount)s.",
        percent=words.number(values["percent"]),
        amount=words.money(values["amount"]),
    )


def _fee(words, values):
    return words.env._(
        "Rounded %(rule)s to %(step)s: %(amount)s.",
        rule=words.rule(values["rule"]),
        step=words.number(values["step"]),
        amount=words.money(values["amount"]),
    )


def _minimum(words, values):
    return words.env._("At least the minimum: %(amount)s.", amount=words.money(values["amount"]))


def _fuel(words, values):
    return words.env._(
        "%(percent)s %% fuel on %(freight)s: %(amount)s.",
        percent=words.number(values["percent"]),
        freight=words.money(values["of"]),
        amount=words.money(values["amount"]),
    )


def _surcharge(words, values):
    env, rate = words.env, values["rate"]
    amount = words.money(values["amount"])
    if values["method"] == "fixed":
        return env._("Fixed: %(amount)s.", amount=amount)
    of = {
        "weight": f"{words.number(values['weight'])} kg",
        "piece": words.quantity(values["pieces"], "pieces"),
        "freight": env._("the freight of %(amount)s", amount=words.money(values["freight"])),
        "value": env._("the declared value of %(amount)s", amount=words.money(values["declared"])),
        "cash": env._("%(amount)s to collect", amount=words.money(values["cash"])),
    }[values["method"]]
    if values["method"] in ("weight", "piece"):
        return env._("%(quantity)s × %(price)s = %(amount)s.", quantity=of, price=words.money(rate), amount=amount)
    return env._("%(percent)s %% of %(base)s: %(amount)s.", percent=words.number(rate), base=of, amount=amount)


def _bound(words, values):
    return words.env._(
        "Kept between its least and its highest amount: %(amount)s.", amount=words.money(values["amount"])
    )


_SENTENCES = {
    "quantity": _quantity,
    "tier": _tier,
    "slice": _slice,
    "break": _break,
    "discount": _discount,
    "fee": _fee,
    "minimum": _minimum,
    "fuel": _fuel,
    "surcharge": _surcharge,
    "bound": _bound,
}
