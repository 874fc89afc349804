"""Which columns of money are charges, which is their sum, and what a discount is taken from: by the figures in them."""

from decimal import Decimal

from .problems import NOTE, ask
from .profile import AMOUNT, CHARGE, LABEL, MONEY, TAX, TOTAL, plain
from .values import number_reader

CENT = Decimal("0.011")
MOST = 0.6
SAMPLE_ROWS = 200
DEDUCTIONS = ("折扣", "优惠", "减免", "discount", "rebate")


def settle_amounts(columns, rows, profile, sheet, decimal="."):
    """Say of `columns` what each of money is, and return what has to be asked or said.

    There are three forms: a column for each kind of amount (and perhaps their sum), one column of amounts, or one
    column of amounts beside one that names the kind.
    """
    parts = _Parts(columns, rows, profile, decimal)
    problems = []
    if parts.label and parts.charges:
        # Kinds stand in their own columns, the other one is a remark.
        _drop(parts.label)
        parts.label = None
    if parts.charges:
        problems += _wide(parts, sheet)
    elif parts.amount and parts.total:
        problems += _one_or_other(parts, sheet)
    elif parts.total:
        _become(parts.total, parts.amount_name, None)
    problems += [
        ask("unknown_kind", sheet, column["position"], NOTE, heading=column["heading"])
        for column in columns
        if column["field"] == CHARGE and not column["kind"]
    ]
    return problems


class _Parts:
    """The columns of money, and samples of their figures."""

    def __init__(self, columns, rows, profile, decimal):
        kinds = {field.name: field.kind for field in profile.fields}
        by_kind = {kinds.get(column["field"]): column for column in columns if column["field"] != CHARGE}
        self.charges = [column for column in columns if column["field"] == CHARGE]
        self.amount, self.total, self.tax = by_kind.get(AMOUNT), by_kind.get(TOTAL), by_kind.get(TAX)
        self.label = by_kind.get(LABEL)
        self.amount_name = next((field.name for field in profile.fields if field.kind == AMOUNT), None)
        self.total_name = next((field.name for field in profile.fields if field.kind == TOTAL), None)
        self.first_kind = next(iter(profile.kinds), None)
        read = number_reader(decimal=decimal, currency="")
        money = [column for column in columns if column["field"] == CHARGE or kinds.get(column["field"]) in MONEY]
        self.figures = [
            {column["position"]: _figure(row.cells, column["position"], read) for column in money}
            for row in rows[:SAMPLE_ROWS]
        ]

    def adds_up(self, plus, total, minus=()):
        """Whether in most rows `plus` less `minus` are `total`."""
        fitting = counted = 0
        for figures in self.figures:
            wanted = figures[total["position"]]
            if wanted is None:
                continue
            found = [figures[column["position"]] for column in plus]
            taken = [figures[column["position"]] for column in minus]
            if all(figure is None for figure in found):
                continue
            counted += 1
            have = sum(filter(None, found), Decimal()) - sum(filter(None, taken), Decimal())
            fitting += abs(have - wanted) <= CENT
        return counted > 0 and fitting / counted >= MOST

    def is_positive(self, column):
        figures = [row[column["position"]] for row in self.figures if row[column["position"]]]
        return bool(figures) and sum(figure > 0 for figure in figures) / len(figures) >= MOST


def _figure(cells, position, read):
    cell = cells[position] if position < len(cells) else None
    value = read(cell)[0] if cell is not None else None
    return Decimal(value) if value is not None else None


def _wide(parts, sheet):
    """One column for each kind of charge."""
    deductions = [
        column
        for column in parts.charges
        if any(word in plain(column["heading"]) for word in DEDUCTIONS) and parts.is_positive(column)
    ]
    plus = [column for column in parts.charges if column not in deductions]
    taxes = [parts.tax] if parts.tax else []
    if parts.amount:
        if parts.adds_up(plus, parts.amount) and not parts.total:
            _become(parts.amount, parts.total_name, None)
            parts.total = parts.amount
        elif parts.total and not deductions and parts.adds_up(plus, parts.total):
            _drop(parts.amount)
        else:
            _become(parts.amount, CHARGE, parts.first_kind)
            plus.append(parts.amount)
    problems = []
    if deductions:
        problems += _deduct(parts, plus, deductions, taxes, sheet)
    signed = [column for column in deductions if column["sign"] < 0]
    added = plus + [column for column in deductions if column["sign"] > 0]
    if parts.total:
        if taxes and parts.adds_up(added + taxes, parts.total, signed):
            parts.total["with_tax"] = True
        elif not parts.adds_up(added, parts.total, signed) and any(any(row.values()) for row in parts.figures):
            problems.append(
                ask("total_column_differs", sheet, parts.total["position"], NOTE, heading=parts.total["heading"])
            )
    return problems


def _deduct(parts, plus, deductions, taxes, sheet):
    """Take discounts that are written without a minus off, where the sum proves it."""
    if parts.total:
        for extra in ([], taxes):
            if parts.adds_up(plus + extra, parts.total, deductions):
                _negate(deductions)
                return []
            if parts.adds_up(plus + deductions + extra, parts.total):
                return []
    _negate(deductions)
    return [ask("discount_sign", sheet, column["position"], heading=column["heading"]) for column in deductions]


def _one_or_other(parts, sheet):
    """Two columns of money, of which one may be the sum of the other and its tax."""
    if parts.tax and parts.adds_up([parts.amount, parts.tax], parts.total):
        parts.total["with_tax"] = True
        return []
    if parts.adds_up([parts.amount], parts.total):
        return []
    amount, total = parts.amount, parts.total
    _drop(amount)
    _become(total, parts.amount_name, None)
    return [
        ask("two_amounts", sheet, total["position"], heading=total["heading"], other=amount["heading"]),
    ]


def _negate(columns):
    for column in columns:
        column["sign"] = -1


def _become(column, field, kind):
    column.update(field=field, kind=kind)


def _drop(column):
    column.update(field=None, kind=None)
