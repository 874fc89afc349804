"""What to look for in a partner's list: fields and the words for them, as data, whatever the list is about."""

import re
import unicodedata
from typing import NamedTuple

REFERENCE, DATE, AMOUNT, TAX, TOTAL, NUMBER, PERCENT, TEXT, LABEL, CURRENCY = (
    "reference",
    "date",
    "amount",
    "tax",
    "total",
    "number",
    "percent",
    "text",
    "label",
    "currency",
)
MONEY = {AMOUNT, TAX, TOTAL}
# A column of amounts of one kind; there may be many.
CHARGE = "charge"

SPACES = re.compile(r"\s+")
BRACKETS = re.compile(r"[(\[【<].*?[)\]】>]")
MARKS = "*:;,.#·、。\"'"
# Signs and words for money, whatever the list is about.
CURRENCIES = {
    "cny": "CNY",
    "rmb": "CNY",
    "¥": "CNY",
    "元": "CNY",
    "圆": "CNY",
    "人民币": "CNY",
    "us$": "USD",
    "usd": "USD",
    "$": "USD",
    "美元": "USD",
    "美金": "USD",
    "eur": "EUR",
    "€": "EUR",
    "欧元": "EUR",
    "hkd": "HKD",
    "hk$": "HKD",
    "港币": "HKD",
    "港元": "HKD",
    "gbp": "GBP",
    "£": "GBP",
    "英镑": "GBP",
    "jpy": "JPY",
    "円": "JPY",
    "日元": "JPY",
    "日圆": "JPY",
    "twd": "TWD",
    "nt$": "TWD",
    "新台币": "TWD",
    "krw": "KRW",
    "₩": "KRW",
    "韩元": "KRW",
    "sgd": "SGD",
    "新币": "SGD",
    "aud": "AUD",
    "cad": "CAD",
    "chf": "CHF",
    "thb": "THB",
    "vnd": "VND",
}
# A row of sums says so in one of its cells, in these words.
TOTAL_WORDS = frozenset(
    "合计 小计 总计 共计 累计 总合计 本页小计 本页合计 本月合计 金额合计 费用合计 合计金额 总金额"
    " 总额 汇总 应付合计 合计应付 应付总额"
    " total totals subtotal sub-total grandtotal sum totalamount totaldue amountdue".split()
)


class Field(NamedTuple):
    """A column to be found.

    :param str name: by which the caller knows it
    :param str kind: how its cells are read, one of this module's constants
    :param words: headings that mean it
    :param weak: headings that mean it where nothing better does
    :param never: words in a heading that make it something else
    :param bool required: without it a row says nothing
    :param units: written behind its numbers, which change nothing
    """

    name: str
    kind: str
    words: tuple = ()
    weak: tuple = ()
    never: tuple = ()
    required: bool = False
    units: tuple = ()


class Profile(NamedTuple):
    """A kind of list.

    :param fields: the :class:`Field` of each column
    :param kinds: ``{code: words}``: amounts may come in one column for each kind, or a column may name the kind
    :param kind_endings: headings that end in this are amounts of a kind that is not known
    :param kind_never: words in a heading that make it no amount
    :param total_words: that a row of sums says
    """

    fields: tuple
    kinds: dict = {}
    kind_endings: tuple = ()
    kind_never: tuple = ()
    total_words: frozenset = TOTAL_WORDS

    def field(self, name):
        return next((field for field in self.fields if field.name == name), None)

    def with_words(self, words):
        """The profile with `words` more, ``{field: headings}``, for example in the reader's own language."""
        fields = tuple(field._replace(words=(*field.words, *words.get(field.name, ()))) for field in self.fields)
        return self._replace(fields=fields)

    def as_data(self):
        """The profile as plain lists and texts, for another process."""
        return {
            "fields": [list(field) for field in self.fields],
            "kinds": {code: list(words) for code, words in self.kinds.items()},
            "kind_endings": list(self.kind_endings),
            "kind_never": list(self.kind_never),
            "total_words": sorted(self.total_words),
        }

    @classmethod
    def from_data(cls, data):
        return cls(
            tuple(
                Field(*(tuple(value) if isinstance(value, list) else value for value in values))
                for values in data["fields"]
            ),
            data["kinds"],
            tuple(data["kind_endings"]),
            tuple(data["kind_never"]),
            frozenset(data["total_words"]),
        )


def plain(text):
    """Text without what is written in several ways: width, spaces, capitals, marks at its end.

    >>> plain(" Ｔｒａｃｋｉｎｇ  No.： "), plain("运 单 号 *")
    ('trackingno', '运单号')
    """
    text = unicodedata.normalize("NFKC", text).lower()
    return SPACES.sub("", text).strip(MARKS)


def without_brackets(text):
    """A plain heading without its unit.

    >>> without_brackets(plain("重量（KG）"))
    '重量'
    """
    return BRACKETS.sub("", text).strip(MARKS)


def currency_named(text):
    """The currency that a heading names, or None.

    >>> currency_named("运费（美元）"), currency_named("Amount USD"), currency_named("费用(元)"), currency_named("单元")
    ('USD', 'USD', 'CNY', None)
    """
    text = unicodedata.normalize("NFKC", text).lower()
    for part in [*re.findall(r"[(\[【/](.*?)(?:[)\]】]|$)", text), *text.split()[-1:]]:
        if code := CURRENCIES.get(part.strip(" .:")):
            return code
    return None
