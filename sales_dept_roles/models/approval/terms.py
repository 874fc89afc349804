"""Terms of a document as values: which of them count, their digest, and what differs between two sets of them.

Plain Python, without records. A *specification* is a dict of field names, in the order in which terms are shown:

``None``
    the value counts; of a record that the field points to, which one it is
``SHOWN``
    kept for those who read the terms, but it does not count
``ORDER``
    of lines: they stand in the order of this field, and where they stand counts
a specification
    of records that the field points to: their content counts, and not which ones they are (unless ``id`` is in it)

*Terms* are a dict of the same names with values of JSON: numbers as text in six decimals, dates as ISO text, whatever
is empty as None. A record is a dict: its ``id``, its ``text`` as people know it, and its content.
"""

import hashlib
import json
from typing import NamedTuple

SHOWN = "shown"
ORDER = "order"

# The form in which terms are kept since version 19.0.1.1.0. Before, in form 1, they held the ids of records.
FORM = 2

# Whose texts stand where no language is chosen.
SOURCE_LANG = "en_US"

encode = json.JSONEncoder(sort_keys=True).encode


class Change(NamedTuple):
    """One difference between two sets of terms.

    `names` lead to it from the document, `line` is the line it is in, or None. `kind` is ``changed``; of lines also
    ``added``, ``removed`` or ``moved``, where `before` and `after` are a line or all the lines.
    """

    kind: str
    names: tuple
    line: dict | None
    before: object
    after: object


# === VALUES === #


def value_or_none(value):
    return value or None


def six_decimals(value):
    # Of -0.0000001 no sign is left either.
    return f"{round(value or 0.0, 6) or 0.0:.6f}"


def json_text(value):
    """A JSON value as one text, so that every dict in the terms is a record."""
    return encode(value) if value else None


# === DIGEST === #


def is_ordered(spec):
    return isinstance(spec, dict) and ORDER in spec.values()


def counted(terms, spec):
    """Return what counts of `terms`: equal results stand for equal terms."""
    return _counted_record(terms, spec, {})


def _counted_record(record, spec, seen):
    """:param dict seen: what was found of records that other ones point to as well, and under the same rule"""
    key = id(record), id(spec)
    if key not in seen:
        seen[key] = {
            # Most are plain values, which count as they are.
            name: _counted(value, rule, seen) if isinstance(value := record.get(name), (dict, list)) else value
            for name, rule in spec.items()
            if rule not in (SHOWN, ORDER)
        }
    return seen[key]


def _counted(value, rule, seen):
    if isinstance(value, list):
        values = [_counted(item, rule, seen) for item in value]
        return values if len(values) < 2 or is_ordered(rule) else sorted(values, key=encode)
    if isinstance(value, dict):
        return _counted_record(value, rule, seen) if rule else value["id"]
    return value


def in_order_of(spec, other):
    """Return `spec` in the order of `other`: a database that keeps it does not keep its order."""
    names = [*(name for name in other if name in spec), *(name for name in spec if name not in other)]
    return {
        name: in_order_of(spec[name], other.get(name) or {}) if isinstance(spec[name], dict) else spec[name]
        for name in names
    }


def united(spec, other):
    """Return the specification of all that counts by one of two specifications, or rules."""
    if isinstance(spec, dict) and isinstance(other, dict):
        names = [*spec, *(name for name in other if name not in spec)]
        return {
            name: united(spec[name], other[name]) if name in spec and name in other else spec.get(name, other.get(name))
            for name in names
        }
    # Content says more than which record it is, and this more than what is only shown.
    return next((rule for rule in (spec, other) if isinstance(rule, dict)), None if None in (spec, other) else spec)


def paths(spec):
    """Return the paths of all that counts by `spec`."""
    found = set()
    for name, rule in spec.items():
        if isinstance(rule, dict):
            found.update((name, *path) for path in paths(rule))
        elif rule != SHOWN:
            found.add((name,))
    return found


def content_paths(spec):
    """Return ``[(path, names)]``: where records are whose content counts, and which of their fields do.

    A field of such a record that itself leads to content counts there too: lines may come and go.
    """
    found = []
    for name, rule in spec.items():
        if isinstance(rule, dict):
            found.append(((name,), {inner for inner, inner_rule in rule.items() if inner_rule != SHOWN}))
            found += [((name, *path), names) for path, names in content_paths(rule)]
    return found


def digest(terms, spec, form=FORM):
    """SHA-256 of what counts of `terms`. The ids of lines do not count.

    :param int form: the form in which the terms were signed
    """
    canonical = counted(terms, spec) if form >= FORM else _counted_in_form_1(terms, spec)
    return hashlib.sha256(encode(canonical).encode()).hexdigest()


def _counted_in_form_1(terms, spec):
    """As terms were written before version 19.0.1.1.0: records by their ids, the order of lines did not count."""

    def plain(value):
        if isinstance(value, list):
            return sorted(record["id"] for record in value)
        return value["id"] if isinstance(value, dict) else value

    def of_line(line, names):
        return encode({"id": None, **{name: plain(line.get(name)) for name in names}})

    return {
        name: sorted(of_line(line, rule) for line in terms.get(name) or []) if rule else plain(terms.get(name))
        for name, rule in spec.items()
    }


# === DIFFERENCE === #


def difference(old, new, spec):
    """Return the :class:`Change` objects between two sets of terms, in the order of `spec`."""
    changes = []
    for name, rule in spec.items():
        if rule in (SHOWN, ORDER):
            continue
        before, after = old.get(name), new.get(name)
        if isinstance(rule, dict) and _are_lines(before, after):
            changes += _difference_of_lines(name, before or [], after or [], rule)
        else:
            changes += _difference_of_values((name,), None, before, after, rule)
    return changes


def _are_lines(*values):
    """Lines are known by their own ids; other records only by what they say."""
    return any(isinstance(item, dict) and "text" not in item for value in values for item in value or [])


def _difference_of_values(names, line, before, after, rule):
    if _counted(before, rule, {}) == _counted(after, rule, {}):
        return []
    if isinstance(rule, dict) and (pairs := _same_records(before, after)):
        # The same records, which say something else now.
        return [
            change
            for was, now in pairs
            for name, inner in rule.items()
            if inner not in (SHOWN, ORDER)
            for change in _difference_of_values((*names, name), line, was.get(name), now.get(name), inner)
        ]
    return [Change("changed", names, line, before, after)]


def _same_records(before, after):
    """Pairs of what is the same record, or is called the same, before and after; none where it is another one."""
    if isinstance(before, dict) and isinstance(after, dict):
        is_same = before["id"] == after["id"] or record_text(before) == record_text(after)
        return [(before, after)] if is_same else []
    if isinstance(before, list) and isinstance(after, list):
        now = {record["id"]: record for record in after}
        if {record["id"] for record in before} == now.keys():
            return [(record, now[record["id"]]) for record in before]
    return []


def _difference_of_lines(name, before, after, rule):
    was = {line["id"]: line for line in before}
    now = {line["id"]: line for line in after}
    # Lines are known by id first; a line that was replaced by its equal is no change.
    twins = {}
    for line_id in [line_id for line_id in was if line_id not in now]:
        twin = next((key for key, line in now.items() if key not in was and _equal(line, was[line_id], rule)), None)
        if twin is not None:
            twins[twin] = line_id
            now = {twins.get(key, key): line for key, line in now.items()}
    changes = []
    for line_id in dict.fromkeys([*was, *now]):
        old, new = was.get(line_id), now.get(line_id)
        if not old:
            changes.append(Change("added", (name,), new, None, new))
        elif not new:
            changes.append(Change("removed", (name,), old, old, None))
        else:
            for line_name, inner in rule.items():
                if inner not in (SHOWN, ORDER):
                    changes += _difference_of_values(
                        (name, line_name), new, old.get(line_name), new.get(line_name), inner
                    )
    if is_ordered(rule) and [key for key in was if key in now] != [key for key in now if key in was]:
        changes.append(Change("moved", (name,), None, before, after))
    return changes


def _equal(line, other, rule):
    return counted(line, rule) == counted(other, rule)


def changed_names(old, new, spec):
    """Return the names of the fields, of the document and of its lines, that differ between two sets of terms.

    A line that was added or removed counts as a change of all its fields, one that moved as one of the field by
    which the lines are ordered.
    """
    names = set()
    for change in difference(old, new, spec):
        rule = spec[change.names[0]]
        if change.kind in ("added", "removed"):
            names.update([change.names[0], *rule])
        elif change.kind == "moved":
            names.update([change.names[0], *(name for name, inner in rule.items() if inner == ORDER)])
        else:
            names.add(change.names[0] if change.line is None else change.names[1])
    return names


# === FOR PEOPLE === #


def record_text(record):
    """A record of the terms as people know it."""
    if record.get("text"):
        return record["text"]
    if record.get("name"):
        return record["name"]
    texts = [value for name, value in record.items() if name not in ("id", "text") and isinstance(value, str)]
    return " ".join(texts) or str(record["id"])
