"""Amounts in capitals (大写金额), as Chinese papers write them. Exact decimals: a float is refused."""

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
# Of four digits each; larger amounts repeat 亿.
GROUP = 10_000
HUNDRED_MILLION = GROUP * GROUP


def amount_in_capitals(amount):
    """Return `amount` (Decimal, int or text of a number) in capitals, rounded half up to 分.

    整 stands after 元 alone. A 零 stands where digits between others are none; where it is optional (the yuan is 0 and
    the jiao is not) there is none.

    :raises TypeError: for a float, which holds no exact amount
    """
    if isinstance(amount, float):
        raise TypeError("An amount in capitals is exact: give a Decimal")
    fen = int(Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP) * 100)
    yuan, rest = divmod(abs(fen), 100)
    jiao, fen_digit = divmod(rest, 10)
    text = f"{_integer(yuan)}元" if yuan else ""
    if not rest:
        text = f"{text or '零元'}整"
    if jiao:
        text += f"{DIGITS[jiao]}角"
    if fen_digit:
        # Between yuan and fen one digit is skipped.
        skipped = "零" if yuan and not jiao else ""
        text += f"{skipped}{DIGITS[fen_digit]}分"
    return f"负{text}" if fen < 0 else text


def _integer(number):
    """The words of the whole `number` > 0."""
    if number >= HUNDRED_MILLION:
        return _joined(number, HUNDRED_MILLION, "亿")
    if number >= GROUP:
        return _joined(number, GROUP, "万")
    return _group(number)


def _joined(number, unit, name):
    upper, lower = divmod(number, unit)
    text = f"{_integer(upper)}{name}"
    if not lower:
        return text
    # What follows begins with a digit that is none.
    skipped = "零" if lower < unit // 10 else ""
    return f"{text}{skipped}{_integer(lower)}"


def _group(number):
    """The words of `number`, of at most four digits and > 0."""
    text, skipped = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if not digit:
            skipped = bool(text)
            continue
        text += f"{'零' if skipped else ''}{DIGITS[digit]}{PLACES[place]}"
        skipped = False
    return text
