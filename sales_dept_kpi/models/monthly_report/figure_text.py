"""Results and thresholds of KPIs as people write them."""

from odoo.tools import formatLang

from ..kpi.measure import shown


def figure_text(env, measure, unit, number, verdict="none"):
    """Return `number` for the reader of `env`: a share with its sign, money with two decimals, a number with none.

    A share or a mean is never rounded up to a threshold that it misses (`verdict`).
    """
    if measure == "total":
        return formatLang(env, number, digits=2 if unit == "money" else 0)
    text = shown(number, {"met": True, "missed": False}.get(verdict))
    return f"{text} %" if measure == "share" else text
