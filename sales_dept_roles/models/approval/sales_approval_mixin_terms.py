import hashlib
import json

from odoo import api, fields, models
from odoo.tools import html2plaintext


class SalesApprovalMixin(models.AbstractModel):
    """What is signed: the terms of a document, their digest, and what changed between two sets of them."""

    _inherit = "sales.approval.mixin"

    # === TERMS === #

    def _approval_subject(self):
        """Return the records whose fields are signed, and on which conditions of flows are asked.

        By default the documents themselves; a form about another document returns that one. Asked of
        no record, it returns none of the same model.
        """
        return self

    @api.model
    def _approval_terms_spec(self):
        """Return what is signed: ``{field: None}``, or ``{one2many: {field: None}}`` for lines.

        The order of the fields is the order in which changes are shown.
        """
        return {}

    @api.model
    def _approval_terms_depends(self):
        """Paths of the subject's fields whose change may change the terms."""
        paths = []
        for name, line_spec in self._approval_terms_spec().items():
            paths += [f"{name}.{line_name}" for line_name in line_spec] if line_spec else [name]
        return paths

    def _approval_terms(self, spec=None):
        """Return what is signed, as JSON-able values.

        :param dict spec: which terms, in the shape of :meth:`_approval_terms_spec`; by default all
        :return: ``{field: value}``; many2one as id or None, numbers as text in six decimals, dates as
            ISO text, lines as a list of such dicts with the line's ``id`` besides
        """
        self.ensure_one()
        record = self._approval_subject().sudo()
        spec = spec or self._approval_terms_spec()
        (terms,) = _term_values(record, [name for name, line_spec in spec.items() if not line_spec])
        del terms["id"]
        for name, line_spec in spec.items():
            if line_spec:
                # Some may be left out; those that stay are still read together with those of the other documents.
                lines = self.sudo()._approval_term_lines(name).with_prefetch(record[name]._prefetch_ids)
                terms[name] = _term_values(lines, line_spec)
        return terms

    def _approval_term_lines(self, name):
        """Lines of the subject's one2many `name` that count as terms."""
        return self._approval_subject()[name]

    def _approval_digest(self, spec=None):
        """SHA-256 of the terms as they are now. The order and the ids of lines do not count.

        :param dict spec: which terms, as in :meth:`_approval_terms`
        """
        encode = json.JSONEncoder(sort_keys=True).encode
        spec = spec or self._approval_terms_spec()
        canonical = {
            name: sorted(encode({**line, "id": None}) for line in value) if spec[name] else value
            for name, value in self._approval_terms(spec).items()
        }
        return hashlib.sha256(encode(canonical).encode()).hexdigest()

    def _approval_matches(self, approval):
        """Whether the document has the terms that `approval` stands for.

        A term that came since with another module, or with a new version, was not signed and is not
        asked for: else installing a module would undo every signature.
        """
        # Not read from the terms themselves: they are as long as the document, and this is asked often.
        signed = approval.terms_spec or {}
        spec = {
            name: line_spec and {line_name: None for line_name in line_spec if line_name in signed[name]}
            for name, line_spec in self._approval_terms_spec().items()
            if name in signed
        }
        return approval.digest == self._approval_digest(spec)

    @api.model
    def _approval_terms_diff(self, old, new):
        """Compare two results of :meth:`_approval_terms`.

        :return: ``[(label, old text, new text)]``, field by field, in the reader's language
        """
        diff = []
        subject = self._approval_subject()
        for name, line_spec in self._approval_terms_spec().items():
            if name not in old:
                continue
            if not line_spec:
                diff += self._approval_value_diff("", subject, name, old.get(name), new.get(name))
                continue
            lines = self.env[subject._fields[name].comodel_name]
            old_lines = {line["id"]: line for line in old.get(name, [])}
            new_lines = {line["id"]: line for line in new.get(name, [])}
            # Lines are known by id first; a line that was replaced by its equal is no change.
            for line_id in list(old_lines):
                twin = next(
                    (
                        key
                        for key, line in new_lines.items()
                        if line_id not in new_lines
                        and key not in old_lines
                        and {**line, "id": None} == {**old_lines[line_id], "id": None}
                    ),
                    None,
                )
                if twin:
                    del old_lines[line_id], new_lines[twin]
            for line_id in dict.fromkeys([*old_lines, *new_lines]):
                before, after = old_lines.get(line_id), new_lines.get(line_id)
                label = self._approval_line_label(lines, after or before)
                if not before:
                    diff.append((label, "", self.env._("added: %(line)s", line=self._approval_line_text(lines, after))))
                elif not after:
                    diff.append((label, self._approval_line_text(lines, before), self.env._("removed")))
                else:
                    for line_name in filter(before.__contains__, line_spec):
                        diff += self._approval_value_diff(
                            f"{label}: ", lines, line_name, before.get(line_name), after.get(line_name)
                        )
        return diff

    def _approval_value_diff(self, prefix, model, name, old, new):
        if old == new:
            return []
        label = model._fields[name].get_description(self.env, ["string"])["string"]
        return [(prefix + label, _term_text(model, name, old), _term_text(model, name, new))]

    @api.model
    def _approval_terms_changed(self, old, new):
        """Return the names of the fields, of the subject and of its lines, that differ between two sets of terms.

        A line that was added or removed counts as a change of all its fields.
        """
        names = set()
        for name, line_spec in self._approval_terms_spec().items():
            if name not in old or old[name] == new[name]:
                continue
            if not line_spec:
                names.add(name)
                continue
            # Their ids do not count: a line replaced by its equal is no change.
            before = {line["id"]: {**line, "id": None} for line in old[name]}
            after = {line["id"]: {**line, "id": None} for line in new[name]}
            for line_id in before.keys() & after.keys():
                names.update(key for key in before[line_id] if before[line_id][key] != after[line_id].get(key))
            replaced = [line for line_id, line in before.items() if line_id not in after]
            added = [line for line_id, line in after.items() if line_id not in before]
            encode = json.JSONEncoder(sort_keys=True).encode
            if sorted(map(encode, replaced)) != sorted(map(encode, added)):
                names.update([name, *line_spec])
        return names

    @api.model
    def _approval_terms_sections(self, terms):
        """Return a result of :meth:`_approval_terms` for a person to read.

        :return: ``[(label or False, [column label], [[text]])]``: first the document's own terms as
            rows of label and text, then a table for each one2many; columns without any text are left out
        """
        head, tables = [], []
        subject = self._approval_subject()
        for name, line_spec in self._approval_terms_spec().items():
            label = subject._fields[name].get_description(self.env, ["string"])["string"]
            if not line_spec:
                text = _term_text(subject, name, terms.get(name))
                head += [[label, text]] if text else []
                continue
            lines = self.env[subject._fields[name].comodel_name]
            texts = {key: [_term_text(lines, key, line.get(key)) for line in terms.get(name, [])] for key in line_spec}
            used = [key for key in line_spec if any(texts[key])]
            titles = [lines._fields[key].get_description(self.env, ["string"])["string"] for key in used]
            tables.append((label, titles, [list(row) for row in zip(*(texts[key] for key in used), strict=True)]))
        return [(False, [], head), *tables]

    @api.model
    def _approval_line_label(self, lines, values):
        return (values.get("name") or "").split("\n")[0] or self.env._("Line")

    @api.model
    def _approval_line_text(self, lines, values):
        """One line of the document as a sentence, for lines that were added or removed."""
        texts = (_term_text(lines, name, value) for name, value in values.items() if name not in ("id", "name"))
        return " · ".join(text for text in texts if text)


def _term_values(records, names):
    """Return the canonical JSON values of fields of `records`, the same for equal contents whatever is cached.

    :return: ``[{"id": id, name: value}]``
    """
    # At once, as an order of 200 lines is read with each confirmation. Not by `read`, which would
    # query for these records alone where others are prefetched with them.
    rows = records._read_format(list(names), load=None)
    for name in names:
        field = records._fields[name]
        if field.type == "many2one":
            canonical = _or_none
        elif field.relational:
            canonical = sorted
        elif field.type in ("float", "monetary"):
            canonical = _six_decimals
        elif field.type in ("date", "datetime"):
            canonical = _text_of(field)
        else:
            canonical = _or_none
        for row in rows:
            row[name] = canonical(row[name])
    return rows


def _or_none(value):
    return value or None


def _text_of(field):
    return lambda value: field.to_string(value) or None


def _six_decimals(value):
    # Of -0.0000001 no sign is left either.
    return f"{round(value, 6) or 0.0:.6f}"


def _term_text(model, name, value):
    """A value of :func:`_term_value` for a person to read."""
    field = model._fields[name]
    if value in (None, [], False):
        return ""
    if field.relational:
        records = model.env[field.comodel_name].sudo().browse(value).exists()
        return ", ".join(records.mapped("display_name")) or model.env._("(deleted)")
    if field.type in ("float", "monetary"):
        return f"{float(value):,.6f}".rstrip("0").rstrip(".")
    if field.type == "date":
        return model.env["ir.qweb.field.date"].value_to_html(fields.Date.to_date(value), {})
    if field.type == "html":
        return html2plaintext(value)
    if field.type == "boolean":
        return model.env._("Yes")
    if field.type == "selection":
        return dict(field._description_selection(model.env)).get(value, value)
    return str(value)
