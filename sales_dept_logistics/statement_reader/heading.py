"""Where the headings stand, and which column is which field."""

import hashlib
from typing import NamedTuple

from .cells import DATE, NUMBER, STRING, is_empty
from .problems import NOTE, ask
from .profile import AMOUNT, CHARGE, LABEL, MONEY, PERCENT, REFERENCE, currency_named, plain
from .profile import DATE as DATE_FIELD
from .profile import NUMBER as NUMBER_FIELD
from .values import date_reader, number_reader, read_percent, reference_reader

HEADING_ROWS = 30
SAMPLE_CELLS = 50
LEAST_COLUMNS = 2
# A column whose cells do not look like its heading counts for so much.
UNLIKELY, DOUBTFUL = 0.3, 0.6
LIKELY = 0.5
REQUIRED_BONUS = 1.0
LEAST_SCORE = 0.45
SHORTEST_REFERENCE = 5
# A cell may be wrong, and still be what the heading says.
READABLE = {None, "ambiguous_date", "no_year", "error_cell", "no_result"}


class Heading(NamedTuple):
    """Headings in the rows from `at` on, as positions in the list of rows; `texts` and `groups` by column."""

    at: int
    lines: int
    texts: tuple
    groups: tuple

    @property
    def names(self):
        """The headings as they are shown."""
        pairs = zip(self.texts, self.groups, strict=True)
        return [f"{group} {text}".strip() if group != text else text for text, group in pairs]

    @property
    def signature(self):
        """The same for the same headings, wherever they stand."""
        text = "\n".join(plain(name) for name in self.names).rstrip("\n")
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def candidates(rows):
    """Yield the :class:`Heading` of one line and of two lines that may begin in each of the first rows."""
    for at, row in enumerate(rows[:HEADING_ROWS]):
        texts = _heading_texts(row.cells)
        if sum(bool(text) for text in texts) < LEAST_COLUMNS:
            continue
        yield Heading(at, 1, texts, ("",) * len(texts))
        if at + 1 < len(rows) and rows[at + 1].number == row.number + 1:
            if (two := _two_lines(at, texts, rows[at + 1].cells)) is not None:
                yield two


def heading_at(rows, at, lines):
    """The :class:`Heading` of `lines` lines that begins in row `at`, as somebody chose it."""
    texts = _heading_texts(rows[at].cells)
    if lines == 2 and at + 1 < len(rows):
        return _joined(at, texts, _heading_texts(rows[at + 1].cells))
    return Heading(at, 1, texts, ("",) * len(texts))


def _heading_texts(cells):
    return tuple("" if is_empty(cell) else " ".join(cell[1].split()) for cell in cells)


def _two_lines(at, above, cells):
    """Two lines of headings; None where the second one is no such line."""
    below = _heading_texts(cells)
    if not any(below) or any(cell is not None and cell[0] in (NUMBER, DATE) for cell in cells):
        return None
    return _joined(at, above, below)


def _joined(at, above, below):
    width = max(len(above), len(below))
    above += ("",) * (width - len(above))
    below += ("",) * (width - len(below))
    texts, groups, group = [], [], ""
    for upper, lower in zip(above, below, strict=True):
        # A heading over several columns stands in the first of them.
        group = upper or (group if lower else "")
        texts.append(lower or upper)
        groups.append(group if lower else "")
    return Heading(at, 2, tuple(texts), tuple(groups))


def find_heading(rows, profile, vocabulary, known=()):
    """Return the best :class:`Heading` and its columns; ``(None, [])`` where no row looks like one.

    :param rows: the first :class:`SheetRow` of a sheet
    :param known: signatures of headings that are remembered: these are taken before any other
    """
    best, best_columns, most, fewest = None, [], 0, 0
    for heading in candidates(rows):
        if heading.signature in known:
            return heading, columns_of(heading, rows, profile, vocabulary)
        if not _may_be_heading(heading, vocabulary):
            continue
        columns = columns_of(heading, rows, profile, vocabulary)
        used = [column for column in columns if column["field"]]
        score = _score(used, profile, rows[heading.at])
        # Two lines only where they say more than the better of them says alone.
        enough = len(used) > fewest if heading.lines == 2 else len(used) >= LEAST_COLUMNS
        if enough and score > most:
            best, best_columns, most, fewest = heading, columns, score, len(used)
    return best, best_columns


def _may_be_heading(heading, vocabulary):
    found = sum(bool(vocabulary.meanings(*pair)) for pair in zip(heading.texts, heading.groups, strict=True) if pair[0])
    return found >= LEAST_COLUMNS


def _score(columns, profile, row):
    required = {field.name for field in profile.fields if field.required}
    score = sum(column["score"] for column in columns)
    score += REQUIRED_BONUS * sum(column["field"] in required for column in columns)
    # Headings are words.
    return score - sum(cell is not None and cell[0] in (NUMBER, DATE) for cell in row.cells)


# === COLUMNS === #


def columns_of(heading, rows, profile, vocabulary):
    """Return what each column is read as.

    A column is ``{"position", "heading", "field", "kind", "sign", "score", "why", "currency"}``: `field` is a name of
    the profile's, `CHARGE` for amounts of one kind, or None where the column is not read.
    """
    samples = Samples(_below(heading, rows))
    found = []
    for position, pair in enumerate(zip(heading.texts, heading.groups, strict=True)):
        for meaning in vocabulary.meanings(*pair) if pair[0] else ():
            score = meaning.score * samples.likelihood(position, meaning, profile)
            if score >= LEAST_SCORE:
                found.append((score, -position, meaning))
    found.sort(key=lambda item: (-item[0], -item[1]))
    taken, fields = {}, {}
    for score, place, meaning in found:
        if -place in taken or (meaning.field != CHARGE and meaning.field in fields):
            continue
        taken[-place] = (score, meaning)
        fields[meaning.field] = -place
    return [_column(position, heading, taken.get(position)) for position in range(len(heading.texts))]


def _below(heading, rows):
    """The rows below `heading`, without those that repeat it on each page: they say nothing of what is in a column."""
    begin = heading.at + heading.lines
    repeated = [row.cells for row in rows[heading.at : begin]]
    return [row for row in rows[begin:] if row.cells not in repeated]


def _column(position, heading, found):
    score, meaning = found or (0, None)
    name = heading.names[position]
    return {
        "position": position,
        "heading": name,
        "field": meaning.field if meaning else None,
        "kind": meaning.kind if meaning else None,
        "sign": 1,
        "score": round(score, 2),
        "why": meaning.why if meaning else "",
        "currency": currency_named(name),
    }


class Samples:
    """What stands below headings, to see whether a column is what its heading seems to say."""

    def __init__(self, rows):
        self.rows = rows
        self.readers = {
            DATE_FIELD: date_reader(),
            REFERENCE: reference_reader(),
            PERCENT: read_percent,
            NUMBER_FIELD: number_reader(),
        }
        self.cells, self.seen = {}, {}

    def column(self, position):
        """The first cells of a column that are not empty."""
        if position not in self.cells:
            there = (row.cells[position] for row in self.rows if position < len(row.cells))
            found = []
            for cell in there:
                if not is_empty(cell):
                    found.append(cell)
                    if len(found) == SAMPLE_CELLS:
                        break
            self.cells[position] = found
        return self.cells[position]

    def likelihood(self, position, meaning, profile):
        """1 where the cells may be what the heading says, less where they are something else."""
        kind = AMOUNT if meaning.field == CHARGE else profile.field(meaning.field).kind
        units = () if meaning.field == CHARGE else profile.field(meaning.field).units
        # The very word of a field stands, and its cells are told one by one; but there may be a better column.
        unlikely = DOUBTFUL if meaning.why == "word" and meaning.field != CHARGE else UNLIKELY
        key = (position, kind, units, meaning.why == "weak")
        if key not in self.seen:
            cells = self.column(position)
            fitting = sum(self._fits(cell, kind, units, meaning.why == "weak") for cell in cells)
            self.seen[key] = not cells or fitting / len(cells) >= LIKELY
        return 1 if self.seen[key] else unlikely

    def _fits(self, cell, kind, units, weak):
        if kind == REFERENCE:
            # A weak word such as "No." may be no more than the number of the row.
            return not weak or len(cell[1].strip()) >= SHORTEST_REFERENCE
        if kind == LABEL:
            return cell[0] == STRING
        if kind in MONEY or kind == NUMBER_FIELD:
            # Which sign stands before decimals is found out later.
            readers = [number_reader(units, sign, "" if kind in MONEY else None) for sign in ".,"]
            return cell[0] not in (STRING, NUMBER, DATE) or any(read(cell)[1] in READABLE for read in readers)
        if reader := self.readers.get(kind):
            return reader(cell)[1] in READABLE
        return True


def missing_fields(columns, profile, sheet):
    """Return what has to be chosen before a sheet can be read."""
    there = {column["field"] for column in columns}
    problems = [
        ask("missing_field", sheet, field=field.name)
        for field in profile.fields
        if field.required and field.name not in there
    ]
    if profile.kinds and not there & {CHARGE, AMOUNT, "total"}:
        problems.append(ask("missing_field", sheet, field="amount"))
    return problems


def doubled_headings(columns, sheet):
    """Return a remark for each column that is not read since another one has the same heading."""
    read = {plain(column["heading"]): column for column in columns if column["field"] not in (None, CHARGE)}
    return [
        ask("same_heading", sheet, column["position"], NOTE, heading=column["heading"])
        for column in columns
        if not column["field"] and column["heading"] and plain(column["heading"]) in read
    ]
