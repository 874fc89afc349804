"""The rows of a file as charges: each row with something in it comes out once, taken, left out, or flagged."""

from decimal import Decimal

from .cells import NUMBER, STRING, is_empty, texts
from .problems import ERROR, NOTE, Flag
from .profile import AMOUNT, CHARGE, CURRENCY, DATE, LABEL, PERCENT, REFERENCE, TAX, TEXT, TOTAL, plain
from .profile import NUMBER as NUMBER_FIELD
from .reading import heading_words, open_book, total_tolerance
from .values import currency_reader, date_reader, number_reader, read_percent, read_text, reference_reader
from .vocabulary import Vocabulary

CENT = Decimal("0.011")
# Said only; with all others somebody has to look at the row.
NOTES = {"zeros_added", "perhaps_lost", "hidden_row", "unknown_label"}
BROKEN = {"digits_lost", "error_cell", "no_result"}
LONGEST_WORD = 16
TITLE, HEADING, SUM, REMARK = "title", "heading", "total", "remark"


def rows(content, profile, readings, currency=None, digits=0, limits=None):
    """Yield the rows of the sheets that `readings` names, in their order, and a summary in the end.

    :param readings: ``{sheet: reading}`` as :func:`reading.look` gives it, or as it was changed by somebody
    :param currency: code of the currency that amounts are expected in
    :param int digits: how many a reference of this partner has, so that lost zeros come back; 0: any
    :return: rows ``(sheet, number, raw, values, amounts, flags, exclusion)``: `raw` the cells as they came, `values`
        ``{field: text}``, `amounts` ``[(kind, label, amount, position, currency)]``, `flags` tuples of :class:`Flag`,
        `exclusion` None, "title", "heading", "total" or "remark"
    :raises FileError: where the file turns out to be damaged or too large
    """
    _kind, book = open_book(content, limits)
    vocabulary = Vocabulary(profile)
    for index, (name, _visible) in enumerate(book.sheets()):
        if reading := readings.get(name):
            taker = Taker(name, reading, profile, vocabulary, currency, digits, book.date1904)
            for row in book.rows(index):
                yield taker.take(row)


class Taker:
    """Takes the rows of one sheet."""

    def __init__(self, sheet, reading, profile, vocabulary, currency=None, digits=0, date1904=False):
        self.currency = currency = currency or ""
        self.sheet, self.profile, self.vocabulary = sheet, profile, vocabulary
        self.first, self.lines = reading["heading_row"], reading["heading_lines"]
        self.headings = heading_words(reading)
        self.fields = {field.name: field for field in profile.fields}
        self.columns, self.charges, self.label = [], [], None
        self.kind_of = {field.kind: field.name for field in profile.fields}
        self.required = [field.name for field in profile.fields if field.required]
        self.has_amounts, self.with_tax = False, False
        self.labels, self.first_kind = {}, next(iter(profile.kinds), None)
        options = {"order": reading["date_order"], "decimal": reading["decimal"]}
        for column in reading["columns"]:
            if column["field"] == CHARGE or column["field"] in self.fields:
                self._add(column, options, currency, digits, date1904)
        # Since the last row of sums, and from the beginning: by column.
        money = [position for position, *_rest in self.charges] + [position for position, _n, _k, _r in self.columns]
        self.sums = {position: [Decimal(), Decimal(), 0] for position in money}

    def _add(self, column, options, currency, digits, date1904):
        position, name = column["position"], column["field"]
        kind = AMOUNT if name == CHARGE else self.fields[name].kind
        named = column.get("currency")
        if kind == AMOUNT:
            read = number_reader(decimal=options["decimal"], currency=currency)
            wrong = named if named and currency and named != currency else None
            label = column["heading"] if name == CHARGE else None
            self.charges.append((position, name, column["kind"], label, column["sign"], wrong, read))
            self.has_amounts = True
            return
        readers = {
            REFERENCE: lambda: reference_reader(digits),
            DATE: lambda: date_reader(options["order"], date1904),
            TAX: lambda: number_reader(decimal=options["decimal"], currency=currency),
            TOTAL: lambda: number_reader(decimal=options["decimal"], currency=currency),
            NUMBER_FIELD: lambda: number_reader(self.fields[name].units, options["decimal"]),
            PERCENT: lambda: read_percent,
            CURRENCY: lambda: currency_reader(currency),
            TEXT: lambda: read_text,
            LABEL: lambda: read_text,
        }
        self.with_tax = self.with_tax or bool(kind == TOTAL and column.get("with_tax"))
        self.columns.append((position, name, kind, readers[kind]()))

    # === A ROW === #

    def take(self, row):
        """Return the row as :func:`rows` does."""
        if row.number < self.first:
            return self._left_out(row, TITLE)
        if row.number < self.first + self.lines or self._is_heading(row):
            return self._left_out(row, HEADING)
        values, flags = self._values(row.cells)
        amounts, more = self._amounts(row.cells, values)
        if word := self._total_word(row.cells, values):
            return self._left_out(row, SUM, self._check_total(row.cells, word))
        if not amounts and self._is_remark(row.cells, values, flags + more):
            return self._left_out(row, REMARK)
        if amounts and values.get(self.kind_of.get(CURRENCY)):
            # Named for the whole row.
            amounts = [(*amount[:4], values[self.kind_of[CURRENCY]]) for amount in amounts]
        if amounts and self._is_bare_sum(row.cells, values, amounts):
            return self._left_out(row, SUM, ())
        flags += more
        flags += self._gaps(values, amounts, flags)
        if row.hidden:
            flags.append(Flag("hidden_row", NOTE))
        self._count(row.cells, amounts)
        return (self.sheet, row.number, texts(row.cells), values, amounts, flags, None)

    def _left_out(self, row, why, flags=()):
        return (self.sheet, row.number, texts(row.cells), {}, [], list(flags), why)

    def _values(self, cells):
        values, flags, width = {}, [], len(cells)
        for position, name, _kind, read in self.columns:
            cell = cells[position] if position < width else None
            if cell is None:
                continue
            value, code, params = read(cell)
            if value is not None:
                values[name] = value
            if code is not None:
                level = NOTE if code in NOTES else ERROR
                flags.append(Flag(code, level, position, name, cell[1], params))
        return values, flags

    def _amounts(self, cells, values):
        amounts, flags, width = [], [], len(cells)
        for position, name, kind, label, sign, wrong, read in self.charges:
            cell = cells[position] if position < width else None
            if cell is None:
                continue
            value, code, params = read(cell)
            if wrong and value is not None and code is None:
                code, params = "other_currency", {"currency": wrong, "expected": self.currency}
            if code is not None:
                flags.append(Flag(code, ERROR, position, name, cell[1], params))
            if value is None:
                continue
            if sign < 0:
                value = f"{-Decimal(value):f}"
            if name != CHARGE:
                label = values.get(self.kind_of.get(LABEL))
                kind = self._kind(label) if label else self.first_kind
            named = (params or {}).get("currency") or self.currency or None
            amounts.append((kind, label, value, position, named))
        return amounts, flags

    def _kind(self, label):
        if label not in self.labels:
            self.labels[label] = self.vocabulary.kind_of_label(label)
        return self.labels[label]

    def _gaps(self, values, amounts, flags):
        """What is missing in a row that says something, and a sum that is another than that of its amounts."""
        told = {flag.field for flag in flags}
        found = [Flag("missing", field=name) for name in self.required if name not in values and name not in told]
        if self.has_amounts and not amounts and not told & {CHARGE, self.kind_of.get(AMOUNT)}:
            found.append(Flag("missing", field=self.kind_of.get(AMOUNT)))
        total = values.get(self.kind_of.get(TOTAL))
        if total is not None and amounts:
            have = sum((Decimal(amount) for _kind, _label, amount, *_rest in amounts), Decimal())
            if self.with_tax:
                have += Decimal(values.get(self.kind_of.get(TAX)) or 0)
            if abs(have - Decimal(total)) > CENT:
                name = self.kind_of[TOTAL]
                position = next(position for position, field, _kind, _read in self.columns if field == name)
                found.append(Flag("total_differs", ERROR, position, name, total, {"sum": f"{have:f}"}))
        return found

    # === ROWS THAT ARE NO CHARGES === #

    def _is_heading(self, row):
        """Whether the headings come again, as on each printed page."""
        same = other = 0
        for position, cell in enumerate(row.cells):
            if cell is None or cell[0] != STRING:
                other += cell is not None
            elif self.headings.get(position) == plain(cell[1]):
                same += 1
            else:
                other += 1
            if other > same + 2:
                return False
        return same >= 2 and same > other

    def _total_word(self, cells, values):
        """The word by which a row says that it is one of sums; None for any other row.

        It stands first or in the column of references, or in any cell of a row that names nothing; and there is no
        day, unless the word stands in place of the reference.
        """
        for name in self.required:
            if name in values and plain(values[name]) in self.profile.total_words:
                return values[name]
        if self._has_day(values):
            return None
        first = True
        for cell in cells:
            if cell is None or cell[0] != STRING or not cell[1].strip():
                continue
            if (first or self._names_nothing(values)) and len(cell[1]) < LONGEST_WORD:
                if plain(cell[1]) in self.profile.total_words:
                    return cell[1].strip()
            first = False
        return None

    def _names_nothing(self, values):
        return not any(name in values for name in self.required)

    def _has_day(self, values):
        return values.get(self.kind_of.get(DATE)) is not None

    def _is_remark(self, cells, values, flags):
        """Whether a row is only words beside or below the list, such as who made it."""
        if self._has_day(values) or any(flag.code in BROKEN for flag in flags):
            return False
        there = [cell for cell in cells if not is_empty(cell)]
        if all(cell[0] == STRING and (":" in cell[1] or "：" in cell[1]) for cell in there):
            return True
        if len(there) == 1 and len(there[0][1]) >= LONGEST_WORD and not any(map(str.isdigit, there[0][1])):
            return True
        if not self._names_nothing(values) or self.kind_of.get(TOTAL) in values or self.kind_of.get(TAX) in values:
            return False
        return not flags

    def _is_bare_sum(self, cells, values, amounts):
        """Whether a row has nothing but figures, and these are the sums of all rows before it."""
        if any(cell is not None and cell[0] != NUMBER for cell in cells) or not self._names_nothing(values):
            return False
        checked = [self._sum_fits(position, Decimal(amount)) for _kind, _label, amount, position, _currency in amounts]
        return bool(checked) and all(checked) and self.sums[amounts[0][3]][2] > 1

    def _count(self, cells, amounts):
        for _kind, _label, amount, position, _currency in amounts:
            self._add_up(position, Decimal(amount))
        for position, _name, kind, read in self.columns:
            if kind in (TOTAL, TAX) and position < len(cells) and cells[position] is not None:
                value = read(cells[position])[0]
                if value is not None:
                    self._add_up(position, Decimal(value))

    def _add_up(self, position, amount):
        sums = self.sums[position]
        sums[0] += amount
        sums[1] += amount
        sums[2] += 1

    def _sum_fits(self, position, amount):
        since, whole, count = self.sums[position]
        off = total_tolerance(count) if count > 100 else CENT
        return min(abs(since - amount), abs(whole - amount)) <= off

    def _check_total(self, cells, word):
        """Compare a row of sums with what is above it; what is between two of them is added up anew."""
        flags = []
        money = [(position, sign, read) for position, _n, _k, _l, sign, _w, read in self.charges]
        money += [(position, 1, read) for position, _name, kind, read in self.columns if kind in (TOTAL, TAX)]
        for position, sign, read in money:
            cell = cells[position] if position < len(cells) else None
            value, _code, _params = read(cell) if cell is not None else (None, None, None)
            if value is None:
                continue
            amount = Decimal(value) * sign
            if not self._sum_fits(position, amount):
                since, whole, _count = self.sums[position]
                params = {"sum": f"{whole:f}", "since": f"{since:f}", "word": word}
                flags.append(Flag("sum_differs", ERROR, position, None, cell[1], params))
        for sums in self.sums.values():
            sums[0] = Decimal()
        return flags
