"""What stands in a cell, read as a number, a day or a reference.

Each reader takes a cell that is not empty and returns ``(value, code, params)``: the value as text (exact decimals,
days as ISO, or None), the code of what is wrong with it or has to be said, and what is named then. Nothing is guessed.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from .cells import BOOLEAN, DATE, EPOCH_1900, EPOCH_1904, FAULT, NO_RESULT, NUMBER, SERIAL_DAYS, STRING
from .profile import CURRENCIES

# From here on a spreadsheet rounds whole numbers.
LOSSLESS_DIGITS = 15
LOSSLESS = 10**LOSSLESS_DIGITS
# Longer numbers that end in nothing but zeros after the fifteenth digit were most likely rounded.
SUSPICIOUS_DIGITS = 17
MOST_DIGITS = 20
LAST_YEAR, FIRST_YEAR = 2100, 2000

PLAIN_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?")
SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+\d+|\d[.,]\d+E\d+", re.IGNORECASE)
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
DECIMAL_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+")
NOTHING = {"-", "--", "—", "–", "/", "\\", "无", "none", "null", "n/a", "na", "nil"}
MINUS = str.maketrans({"−": "-", "－": "-", "–": "-", "—": "-", "﹣": "-"})
CURRENCY_SIGNS = re.compile("|".join(re.escape(sign) for sign in sorted(CURRENCIES, key=len, reverse=True)))

ISO = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[\sTt].*)?", re.DOTALL)
COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})(?:\d{4}|\d{6})?(?:\s.*)?")
SHORT = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})(?:[\sTt].*)?", re.DOTALL)
NO_YEAR = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+\d{1,2}:.*)?")
NAMED_MONTH = re.compile(r"(\d{1,2})[\s-]*([a-z]{3,9})\.?[\s,-]*(\d{4}|\d{2})(?:\s.*)?")
MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:\s.*)?")
SERIAL = re.compile(r"\d{5}(\.\d+)?")
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
ORDERS = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}

MARKS = "'`‘’\"“”\t\r\n\ufeff\u200b "


def is_error_text(text):
    """Whether a text is what spreadsheets write in place of a result, such as ``#N/A`` or ``#DIV/0!``."""
    return text[:1] == "#" and text[1:2].isalpha() and text.rstrip("!?") == text.rstrip("!?").upper()


def broken(cell):
    """What a cell without a value is told as, whatever is looked for; None for one that has one."""
    if cell[0] == FAULT:
        return (None, "error_cell", {})
    if cell[0] == NO_RESULT:
        return (None, "no_result", {})
    return None


# === NUMBERS === #


def decimal_text(number):
    """A binary number as the decimal one that was typed: fifteen digits, as spreadsheets show it.

    >>> decimal_text(12.300000000000001), decimal_text(1e-7), decimal_text(-0.0)
    ('12.3', '0.0000001', '0')
    """
    text = f"{number:.15g}"
    if "e" in text:
        text = f"{Decimal(text):f}"
    return "0" if text == "-0" else text


def number_reader(units=(), decimal=".", currency=None):
    """Return the reader of numbers.

    :param units: that change nothing, behind a number
    :param str decimal: what stands before the decimals in texts, ``"."`` or ``","``
    :param currency: that amounts are expected in, empty for any; None where the number is no money
    """
    behind = {unit.lower() for unit in units}

    def read(cell):
        kind, text = cell
        if kind == NUMBER:
            if len(text) < 15 and PLAIN_NUMBER.fullmatch(text):
                return (text, None, None)
            return _binary(text)
        if kind == STRING:
            if PLAIN_NUMBER.fullmatch(text):
                return (text, None, None)
            return _written_number(text, behind, decimal, currency)
        return broken(cell) or (None, "not_a_number", {})

    return read


def _binary(text):
    try:
        number = float(text)
    except ValueError:
        return (None, "not_a_number", {})
    if number != number or abs(number) >= 10**MOST_DIGITS:
        return (None, "not_a_number", {})
    return (decimal_text(number), None, None)


def _written_number(written, units, decimal, currency):
    text = unicodedata.normalize("NFKC", written).translate(MINUS).strip().lower().strip(MARKS)
    if not text or text in NOTHING:
        return (None, None, None)
    text, named = _without_currency(text) if currency is not None else (text, None)
    negative = text.startswith("(") and text.endswith(")")
    text = text.strip("()") if negative else text
    for unit in units:
        if text.endswith(unit):
            text = text.removesuffix(unit)
            break
    text = text.replace(" ", "").replace("'", "")
    if text.endswith("-"):
        text, negative = text[:-1], not negative
    number = _decimal(text, decimal)
    if number is None:
        return (None, "error_cell" if is_error_text(written.strip()) else "not_a_number", {})
    value = f"{-number if negative else number:f}"
    if named and currency and named != currency:
        return (value, "other_currency", {"currency": named, "expected": currency})
    return (value, None, None)


def _without_currency(text):
    """``(the text without the sign of a currency, the currency or None)``."""
    named = {CURRENCIES[sign] for sign in CURRENCY_SIGNS.findall(text)}
    if not named:
        return text, None
    # "HK$5元" names one currency, and "整" is how an amount ends in China.
    other = sorted(named - {"CNY"})
    return CURRENCY_SIGNS.sub("", text).strip().removesuffix("整").strip(), other[0] if other else "CNY"


def _decimal(text, point):
    if THOUSANDS.fullmatch(text) and not (point == "," and text.count(",") == 1 and "." not in text):
        text = text.replace(",", "")
    elif DECIMAL_COMMA.fullmatch(text) and (point == "," or "." in text):
        text = text.replace(".", "").replace(",", ".")
    elif "," in text or "_" in text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**MOST_DIGITS and number.as_tuple().exponent > -12 else None


def read_percent(cell):
    """A rate in per cent: 6 %, 6 and 0.06 are the same."""
    if cell[0] == STRING and (text := unicodedata.normalize("NFKC", cell[1]).strip()).endswith("%"):
        return number_reader()((STRING, text[:-1].strip()))
    value, code, params = number_reader()(cell)
    if value is not None and abs(Decimal(value)) < 1:
        value = f"{(Decimal(value) * 100).normalize():f}"
    return (value, code, params)


# === DAYS === #


def date_reader(order=None, date1904=False):
    """Return the reader of days.

    :param order: of day, month and year in texts that may be read in several ways: ``"dmy"``, ``"mdy"``, ``"ymd"``,
        or None where nobody knows
    :param bool date1904: days without a format are counted as on old Macintoshes
    """
    epoch = EPOCH_1904 if date1904 else EPOCH_1900
    seen = {}

    def read(cell):
        if (found := seen.get(cell)) is None:
            if len(seen) > 10_000:
                seen.clear()
            found = seen[cell] = _day(cell, order, epoch)
        return found

    return read


def _day(cell, order, epoch):
    kind, text = cell
    if kind == DATE:
        day = _iso_day(text)
        return _plausible(day) if day else (None, "not_a_date", {})
    if kind == NUMBER:
        return _serial_day(text, epoch)
    if kind != STRING:
        return broken(cell) or (None, "not_a_date", {})
    text = unicodedata.normalize("NFKC", text).strip(MARKS).lower()
    if text in NOTHING or not text:
        return (None, None, None)
    if day := _iso_day(text) or _named_day(text):
        return _plausible(day)
    if match := COMPACT.fullmatch(text):
        day = _date(*map(int, match.groups()))
        return _plausible(day) if day else (None, "not_a_date", {})
    if match := SHORT.fullmatch(text):
        return _short_day([int(part) for part in match.groups()], len(match[3]) == 4, order)
    if SERIAL.fullmatch(text):
        return _serial_day(text, epoch)
    if is_error_text(text.upper()):
        return (None, "error_cell", {})
    return (None, "no_year" if NO_YEAR.fullmatch(text) else "not_a_date", {})


def _serial_day(text, epoch):
    try:
        number = float(text)
    except ValueError:
        return (None, "not_a_date", {})
    if number in SERIAL_DAYS or (number > 0 and int(min(number, LOSSLESS)) in SERIAL_DAYS):
        return _plausible((epoch + timedelta(days=int(number))).date())
    if match := COMPACT.fullmatch(decimal_text(number)):
        day = _date(*map(int, match.groups()))
        return _plausible(day) if day else (None, "not_a_date", {})
    return (None, "not_a_date", {})


def possible_days(parts, four):
    """``{order: day}`` of three numbers that may be read in several ways; `four`: the last one is a year of 4 digits.

    >>> possible_days([25, 3, 2026], True), sorted(possible_days([3, 4, 2026], True))
    ({'dmy': datetime.date(2026, 3, 25)}, ['dmy', 'mdy'])
    """
    found = {}
    for order, (year, month, day) in ORDERS.items():
        if four and order == "ymd":
            continue
        years = parts[year] if four else 2000 + parts[year]
        if value := _date(years, parts[month], parts[day]):
            found[order] = value
    return found


def _short_day(parts, four, order):
    found = possible_days(parts, four)
    if not found:
        return (None, "not_a_date", {})
    if order:
        return _plausible(found[order]) if order in found else (None, "date_order", {"order": order})
    if len(set(found.values())) == 1:
        return _plausible(next(iter(found.values())))
    return (None, "ambiguous_date", {})


def short_parts(text):
    """The three numbers of a day that may be read in several ways and whether its year has four digits, or None."""
    match = SHORT.fullmatch(unicodedata.normalize("NFKC", text).strip(MARKS))
    return ([int(part) for part in match.groups()], len(match[3]) == 4) if match else None


def _iso_day(text):
    match = ISO.fullmatch(text)
    return _date(*map(int, match.groups())) if match else None


def _named_day(text):
    if match := NAMED_MONTH.fullmatch(text):
        day, month, year = match.groups()
    elif match := MONTH_FIRST.fullmatch(text):
        month, day, year = match.groups()
    else:
        return None
    if month[:3] not in MONTHS:
        return None
    return _date(int(year) if len(year) == 4 else 2000 + int(year), MONTHS.index(month[:3]) + 1, int(day))


def _date(year, month, day):
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _plausible(day):
    if isinstance(day, datetime):
        day = day.date()
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return (None, "date_far", {})
    return (day.isoformat(), None, None)


# === REFERENCES AND TEXTS === #


def reference_reader(digits=0):
    """Return the reader of numbers that name something.

    :param int digits: how many a number of this partner has, so that zeros which a spreadsheet lost come back; 0: any
    """

    def read(cell):
        kind, text = cell
        if kind == STRING:
            return _written_reference(text)
        if kind == NUMBER:
            return _numeric_reference(text, digits)
        return broken(cell) or (None, "no_reference", {})

    return read


def _written_reference(written):
    # As the partner wrote it; only what it is judged by is plain.
    kept = text = written.strip(MARKS)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).strip(MARKS)
    if not any(letter.isalnum() for letter in text):
        return (None, "no_reference" if text and text not in NOTHING else None, {})
    if SCIENTIFIC.fullmatch(text):
        return (None, "digits_lost", {"prefix": "", "digits": 0})
    if is_error_text(text):
        return (None, "error_cell", {})
    if len(text) >= SUSPICIOUS_DIGITS and text.isdigit() and not text[LOSSLESS_DIGITS:].strip("0"):
        return (kept, "perhaps_lost", {})
    return (kept, None, None)


def _numeric_reference(text, digits):
    try:
        number = Decimal(text)
    except InvalidOperation:
        return (None, "no_reference", {})
    if not number.is_finite():
        return (None, "no_reference", {})
    if abs(number) >= LOSSLESS:
        whole = f"{number:f}" if abs(number) < 10**40 else ""
        return (None, "digits_lost", {"prefix": whole[:LOSSLESS_DIGITS], "digits": len(whole.partition(".")[0])})
    if number != number.to_integral_value() or number < 0:
        return (None, "no_reference", {})
    whole = str(int(number))
    if len(whole) < digits:
        return (whole.zfill(digits), "zeros_added", {})
    return (whole, None, None)


def read_text(cell):
    kind, text = cell
    if kind == NUMBER:
        value, code, _params = _binary(text)
        return (value, None, None) if code is None else (text, None, None)
    if kind == STRING:
        return (text.strip() or None, None, None)
    if kind in (DATE, BOOLEAN):
        return (text, None, None)
    return broken(cell)


def currency_reader(expected):
    """Return the reader of a column that names the currency."""

    def read(cell):
        text = unicodedata.normalize("NFKC", cell[1]).strip().lower()
        if cell[0] != STRING or not text:
            return broken(cell) or (None, "other_currency", {"currency": cell[1], "expected": expected})
        code = CURRENCIES.get(text, text.upper())
        if expected and code != expected:
            return (code, "other_currency", {"currency": code, "expected": expected})
        return (code, None, None)

    return read
