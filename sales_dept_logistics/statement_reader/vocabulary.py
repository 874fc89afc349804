"""What a heading may mean, by the words of a profile."""

from typing import NamedTuple

from .profile import CHARGE, plain, without_brackets

EXACT, KNOWN_PART, WEAK, ENDING = 1.0, 0.5, 0.6, 0.5
# A word earlier in a list is the better one, by so much.
STEP = 0.0005
SHORTEST_PART = 2
SHORTEST_LATIN_PART = 4


class Meaning(NamedTuple):
    """That a heading means a field, or a kind of amount.

    :param str field: name of the field, or `CHARGE`
    :param kind: code of the kind of amount, where it is known
    :param float score: from 0 to 1
    :param str why: "word", "part", "weak" or "ending"
    """

    field: str
    kind: str | None
    score: float
    why: str


class Vocabulary:
    """The words of a profile, and what headings mean by them."""

    def __init__(self, profile):
        self.entries = [
            (
                field.name,
                None,
                [plain(word) for word in field.words],
                {plain(word) for word in field.weak},
                [plain(word) for word in field.never],
            )
            for field in profile.fields
        ]
        never = [plain(word) for word in profile.kind_never]
        self.entries += [
            (CHARGE, code, [plain(word) for word in words], set(), never) for code, words in profile.kinds.items()
        ]
        self.endings = tuple(plain(word) for word in profile.kind_endings)
        self.never = never
        self.seen = {}

    def meanings(self, heading, group=""):
        """Return the :class:`Meaning` of each field that `heading` may stand for, the best first.

        :param str group: a heading over several columns, above this one
        """
        key = (heading, group)
        if key not in self.seen:
            found = self._meanings(plain(group + heading))
            if group:
                # "Recipient" over "City"; or "Charges" over "Fuel", where the lower one says all.
                whole = plain(group + heading)
                found += [
                    meaning._replace(score=meaning.score * 0.95)
                    for meaning in self._meanings(plain(heading))
                    if not self._is_never(meaning, whole)
                ]
            self.seen[key] = sorted(found, key=lambda meaning: -meaning.score)
        return self.seen[key]

    def kind_of_label(self, text):
        """The code of the kind that a cell names, or None."""
        best = max((m for m in self.meanings(text) if m.field == CHARGE), key=lambda m: m.score, default=None)
        return best.kind if best else None

    def _is_never(self, meaning, heading):
        nevers = {(name, kind): never for name, kind, _words, _weak, never in self.entries}
        return any(word in heading for word in nevers.get((meaning.field, meaning.kind), ()))

    def _meanings(self, heading):
        if not heading:
            return []
        base = without_brackets(heading) or heading
        found = []
        for name, kind, words, weak, never in self.entries:
            score, why = self._score(heading, base, words, weak)
            # What makes it something else does not count where it is the very word.
            if score and (why == "word" or not any(word in heading for word in never)):
                found.append(Meaning(name, kind, score, why))
        has_kind = any(meaning.field == CHARGE for meaning in found)
        is_charge = base.endswith(self.endings) if self.endings else False
        if is_charge and not has_kind and not any(word in heading for word in self.never):
            found.append(Meaning(CHARGE, None, ENDING, "ending"))
        return found

    @staticmethod
    def _score(heading, base, words, weak):
        for text in (heading, base):
            if text in words:
                return EXACT - STEP * words.index(text), "word"
        parts = [word for word in words if _is_part(word, base)]
        if parts:
            return KNOWN_PART + 0.3 * max(map(len, parts)) / len(base), "part"
        return (WEAK, "weak") if heading in weak or base in weak else (0, "")


def _is_part(word, heading):
    shortest = SHORTEST_LATIN_PART if word.isascii() else SHORTEST_PART
    return len(word) >= shortest and word in heading
