from odoo import api, fields, models
from odoo.tools import html2plaintext, ormcache

from .term_contents import TECHNICAL
from .terms import ORDER, SHOWN, SOURCE_LANG, changed_names, difference, digest, encode, in_order_of, record_text
from .terms_reader import TermContents


class SalesApprovalMixin(models.AbstractModel):
    """What is signed: the terms of a document, their digest, and what changed between two sets of them.

    Terms are values. What fields point to is kept as text and content, in one language, so that neither a change of
    master data nor another reader rewrites what was signed.
    """

    _inherit = "sales.approval.mixin"

    # === WHAT IS SIGNED === #

    def _approval_subject(self):
        """Return the records whose fields are signed, and on which conditions of flows are asked.

        By default the documents themselves; a form about another document returns that one. Asked of
        no record, it returns none of the same model.
        """
        return self

    @api.model
    def _approval_subject_path(self):
        """The path, with its dot, from a document to its subject in a domain; empty where it is its own."""
        return ""

    @api.model
    def _approval_terms_spec(self):
        """Return what is signed, as a specification of ``terms.py``.

        Of a one2many, ``{one2many: {field: …}}`` are the document's lines. Of any other field that points to records,
        ``{field: {…}}`` says what of their content counts; such content is stored fields only.
        """
        return {}

    def _approval_term_lines(self, name):
        """Lines of the subject's one2many `name` that count as terms."""
        return self._approval_subject()[name]

    @api.model
    def _approval_term_domain(self, name):
        """Which lines of the one2many `name` count, as a domain, or None where :meth:`_approval_term_lines` says so.

        With a domain the lines are read together with all that documents point to, of however many models: for lines
        that nothing else has read by the time they are compared. Their terms are stored fields only.
        """
        return None

    def _approval_terms_lang(self):
        """The language in which texts of master data are kept when this document is signed: that of its reader.

        By default the company's. It is noted with the approval, and the terms are compared in it ever after: what
        counts is a text, not who looks at it.
        """
        self.ensure_one()
        return (self.company_id or self.env.company).sudo().partner_id.lang

    @api.model
    def _approval_terms_depends(self):
        """Paths of the subject's fields whose change may change the terms.

        The content of master data is not followed by them, since then a new name of a payment term would compute
        all orders anew that ever had it; see ``sales.approval.content``.
        """
        paths = []
        for name, rule in self._approval_terms_spec().items():
            if self._approval_has_lines(name, rule):
                paths += [f"{name}.{line_name}" for line_name, inner in rule.items() if inner != SHOWN]
            elif rule != SHOWN:
                paths.append(name)
        return paths

    @api.model
    def _approval_has_lines(self, name, rule):
        return isinstance(rule, dict) and self._approval_is_table([name])

    @api.model
    def _approval_is_table(self, path):
        """Whether `path` leads to the document's own lines."""
        return len(path) == 1 and self._approval_subject()._fields[path[0]].type == "one2many"

    @api.model
    @ormcache()
    def _approval_spec(self):
        """What is signed, as far as it is there; to be read only."""
        return self._approval_known_spec(self._approval_terms_spec())

    @api.model
    def _approval_known_spec(self, spec):
        """Return `spec` without fields that are gone with their module."""
        return _known_spec(self._approval_subject(), spec)

    @api.model
    @ormcache("key")
    def _approval_kept_spec(self, key, spec):
        """As :meth:`_approval_known_spec`, of a `spec` as kept with approvals, with `key` as its text; not in order."""
        return self._approval_known_spec(spec)

    @api.model
    def _approval_readable_spec(self, spec):
        """Return `spec`, as kept with an approval, in the order in which people read the terms."""
        return in_order_of(self._approval_known_spec(spec), self._approval_spec())

    # === READING === #

    def _approval_terms(self, spec=None, lang=None):
        """Return what is signed, as JSON-able values; see :meth:`_approval_terms_of`."""
        self.ensure_one()
        return self._approval_terms_of(spec, lang)[self.id]

    def _approval_terms_of(self, spec=None, lang=None, with_texts=True):
        """Return ``{document id: its terms}`` in the form of ``terms.py`` (set-based).

        :param dict spec: which terms; by default all
        :param str lang: the language of texts; by default each document's own
        :param bool with_texts: also the names of records that are pointed to, which do not count
        """
        contents = TermContents(self.env)
        terms = self._approval_begin_terms(contents, spec, lang, with_texts)
        contents.complete()
        return terms()

    def _approval_begin_terms(self, contents, spec=None, lang=None, with_texts=True):
        """As :meth:`_approval_terms_of`, in two steps, so that documents of several models are read together.

        :param contents: a :class:`.TermContents`
        :return: a function that returns the terms once `contents` are complete
        """
        if lang is None:
            of_langs = [
                documents._approval_begin_terms(contents, spec, of_lang or SOURCE_LANG, with_texts)
                for of_lang, documents in self.sudo().grouped(lambda document: document._approval_terms_lang()).items()
            ]
            return lambda: {document_id: terms for of_lang in of_langs for document_id, terms in of_lang().items()}
        spec = self._approval_spec() if spec is None else self._approval_kept_spec(encode(spec), spec)
        if not self.env["res.lang"]._get_code(lang):
            lang = SOURCE_LANG
        reader = contents.reader(lang, with_texts)
        # The context stays: values that wait to be computed are computed by this reading. But none of it brings
        # archived records back.
        documents = self.sudo()
        if "active_test" in self.env.context:
            documents = documents.with_context(active_test=True)
        return documents._approval_read_terms(spec, reader)

    def _approval_read_terms(self, spec, reader):
        """Read the terms `spec` of the documents of `self` with a :class:`.TermsReader`.

        :return: a function that returns them once the reader's rows are complete
        """
        subject = self._approval_subject()
        lines = {name: rule for name, rule in spec.items() if self._approval_has_lines(name, rule)}
        head = {name: rule for name, rule in spec.items() if name not in lines}
        subjects = {document.id: document._approval_subject().id for document in self}
        read = {row["id"]: row for row in reader.rows_of(subject, head)}
        tables = {name: self._approval_read_lines(name, rule, subjects, reader) for name, rule in lines.items()}
        return lambda: {
            document_id: {
                name: tables[name][document_id] if name in lines else read[subject_id].get(name)
                for name, rule in spec.items()
                if rule != ORDER
            }
            for document_id, subject_id in subjects.items()
        }

    def _approval_read_lines(self, name, rule, subjects, reader):
        """Return ``{document id: rows}`` of the lines `name` of the documents of `self`.

        :param dict subjects: ``{document id: id of its subject}``
        """
        domain = self._approval_term_domain(name)
        if domain is not None:
            of_subject = reader.lines_of(self._approval_subject(), name, rule, domain)
            return {document_id: of_subject[subject_id] for document_id, subject_id in subjects.items()}
        of_document = {document.id: document._approval_term_lines(name) for document in self}
        together = self._approval_subject()[name]
        every = together.browse(line_id for found in of_document.values() for line_id in found._ids)
        rows = {row["id"]: row for row in reader.rows_of(every.with_prefetch(together._prefetch_ids), rule)}
        if order := next((field for field, inner in rule.items() if inner == ORDER), None):
            of_document = {
                document_id: found.sorted(lambda line: (line[order], line.id))
                for document_id, found in of_document.items()
            }
        return {document_id: [rows[line_id] for line_id in found._ids] for document_id, found in of_document.items()}

    # === COMPARING === #

    def _approval_digest(self):
        """SHA-256 of the terms as they are now."""
        self.ensure_one()
        return digest(self._approval_terms_of(with_texts=False)[self.id], self._approval_spec())

    def _approval_matches(self, approval):
        """Whether the document has the terms that `approval` stands for."""
        self.ensure_one()
        return self.id in self._approval_matching({self.id: approval})

    def _approval_matching(self, approvals):
        """Return the ids of those of `self` that have the terms that their approvals stand for (set-based).

        A term that came since with another module, or with a new version, was not signed and is not
        asked for: else installing a module would undo every signature.

        :param dict approvals: ``{document id: approval}``; documents without one do not match
        """
        contents = TermContents(self.env)
        matching = self._approval_begin_matching(contents, approvals)
        contents.complete()
        return matching()

    def _approval_begin_matching(self, contents, approvals):
        """As :meth:`_approval_matching`, in two steps; see :meth:`_approval_begin_terms`."""
        asked = self.filtered(lambda document: approvals.get(document.id))
        begun = []
        for (_spec, lang, form), documents in asked.grouped(
            lambda document: approvals[document.id]._terms_kept_as()
        ).items():
            # Not read from the terms themselves: they are as long as the document, and this is asked often.
            spec = approvals[documents[0].id].terms_spec or {}
            terms = documents._approval_begin_terms(contents, spec, lang or SOURCE_LANG, with_texts=False)
            begun.append((terms, spec, form))
        return lambda: {
            document_id
            for terms, spec, form in begun
            for document_id, now in terms().items()
            if approvals[document_id].digest == digest(now, spec, form)
        }

    def _approval_recheck_state(self):
        """Have the stored states of `self` computed anew: something changed that they do not follow by themselves."""
        self.env.add_to_compute(self._fields["approval_state"], self)
        self.modified(["approval_state"])

    def _approval_standing(self):
        """Return the approvals, given or waiting, that stand for the documents of `self` as they are now."""
        in_force = self._approvals_in_force()
        matching = self._approval_matching(in_force)
        return self.env["sales.approval"].sudo().union(*(in_force[document_id] for document_id in matching))

    def _approval_terms_as_signed(self, approval):
        """Return the terms as they are now, read as those of `approval` were."""
        self.ensure_one()
        return self._approval_terms(approval.terms_spec or {}, approval.terms_lang or SOURCE_LANG)

    @api.model
    def _approval_terms_changed(self, old, new, spec):
        """Return the names of the fields, of the subject and of its lines, that differ between two sets of terms."""
        return changed_names(old, new, spec)

    # === FOR PEOPLE === #

    @api.model
    def _approval_terms_diff(self, old, new, spec):
        """Compare two sets of terms.

        :return: ``[(label, old text, new text)]``, field by field, in the reader's language
        """
        spec = self._approval_readable_spec(spec)
        return [self._approval_change_texts(change, spec) for change in difference(old, new, spec)]

    @api.model
    def _approval_change_texts(self, change, spec):
        subject = self._approval_subject()
        name = change.names[0]
        lines = self.env[subject._fields[name].comodel_name] if change.line or change.kind == "moved" else None
        if change.kind == "moved":
            orders = (
                " · ".join(self._approval_line_label(lines, line) for line in table)
                for table in (change.before, change.after)
            )
            return (_label(subject, name), *orders)
        line_label = self._approval_line_label(lines, change.line) if change.line else ""
        if change.kind != "changed":
            text = self._approval_line_text(lines, change.line, spec[name])
            if change.kind == "added":
                return line_label, "", self.env._("added: %(line)s", line=text)
            return line_label, text, self.env._("removed")
        labels = []
        last = model = subject
        for step in change.names:
            last = model
            labels.append(_label(last, step))
            model = self.env[last._fields[step].comodel_name] if last._fields[step].relational else last
        label = f"{line_label}: {' › '.join(labels[1:])}" if change.line else " › ".join(labels)
        before, after = (_term_text(last, change.names[-1], value) for value in (change.before, change.after))
        return label, before, after

    @api.model
    def _approval_terms_sections(self, terms, spec):
        """Return terms for a person to read.

        :return: ``[(label or False, [column label], [[text]])]``: first the document's own terms as
            rows of label and text, then a table for each one2many; columns without any text are left out
        """
        head, tables = [], []
        subject = self._approval_subject()
        for name, rule in self._approval_readable_spec(spec).items():
            if not self._approval_has_lines(name, rule):
                text = _term_text(subject, name, terms.get(name), rule)
                head += [[_label(subject, name), text]] if text else []
                continue
            lines = self.env[subject._fields[name].comodel_name]
            shown = [key for key, inner in rule.items() if inner != ORDER]
            texts = {key: [_term_text(lines, key, line.get(key)) for line in terms.get(name) or []] for key in shown}
            used = [key for key in shown if any(texts[key])]
            rows = [list(row) for row in zip(*(texts[key] for key in used), strict=True)]
            tables.append((_label(subject, name), [_label(lines, key) for key in used], rows))
        return [(False, [], head), *tables]

    @api.model
    def _approval_line_label(self, lines, values):
        return (values.get("name") or "").split("\n")[0] or self.env._("Line")

    @api.model
    def _approval_line_text(self, lines, values, rule):
        """One line of the document as a sentence, for lines that were added or removed."""
        texts = (_term_text(lines, name, values.get(name)) for name in rule if name not in ("id", "name"))
        return " · ".join(text for text in texts if text)


def _known_spec(model, spec):
    known = {}
    for name, rule in spec.items():
        if field := model._fields.get(name):
            is_content = isinstance(rule, dict) and field.relational
            known[name] = _known_spec(model.env[field.comodel_name], rule) if is_content else rule
    return known


def _label(model, name):
    return model._fields[name].get_description(model.env, ["string"])["string"]


def _term_text(model, name, value, rule=None):
    """A value of the terms for a person to read.

    :param rule: what counts of the record it points to, where its content is to be read too
    """
    field = model._fields[name]
    if value in (None, [], False):
        return ""
    if field.relational:
        records = value if isinstance(value, list) else [value]
        comodel = model.env[field.comodel_name]
        return (
            "\n".join(_record_text(comodel, record, rule) for record in records)
            if isinstance(rule, dict)
            else (", ".join(record_text(record) for record in records))
        )
    if field.type in ("float", "monetary"):
        return f"{float(value):,.6f}".rstrip("0").rstrip(".")
    if field.type == "date":
        return model.env["ir.qweb.field.date"].value_to_html(fields.Date.to_date(value), {})
    if field.type == "datetime":
        return model.env["ir.qweb.field.datetime"].value_to_html(fields.Datetime.to_datetime(value), {})
    if field.type == "html":
        return html2plaintext(value)
    if field.type == "boolean":
        return model.env._("Yes")
    if field.type == "selection":
        return dict(field._description_selection(model.env)).get(value, value)
    return str(value)


def _record_text(model, record, rule):
    """A record with what counts of its content."""
    title = record_text(record)
    content = []
    for name, inner in rule.items():
        is_read = name != "id" and name not in TECHNICAL and inner != SHOWN
        text = _term_text(model, name, record.get(name), inner) if is_read else ""
        if text and text not in (title, "0"):
            content.append(f"{_label(model, name)}: {text}")
    return "\n".join(filter(None, [title, " · ".join(content)]))
