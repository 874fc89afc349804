from itertools import count
from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL

from .terms import ORDER, encode, json_text, six_decimals, united, value_or_none

# The table whose rows are read.
ALIAS = "term"
# As a rule of :class:`Wanted`: which records a many2many points to, and nothing of them.
LINKED = "linked"


class Wanted:
    """Records of one model of which content is read: those with the `ids`, and those that many2many fields point to.

    `spec` is a specification of ``terms.py``, where a rule may also be `LINKED`, or a :class:`Lines`. `linking` is
    ``{field: ids of records of its model}``.
    """

    def __init__(self, model):
        self.model = model
        self.spec = {}
        self.ids = set()
        self.linking = {}

    def add(self, spec, ids=(), linking=None):
        # Most often the same is wanted of all of them.
        if self.spec != spec:
            self.spec = united(self.spec, spec)
        self.ids.update(ids)
        for field, linking_ids in (linking or {}).items():
            self.linking.setdefault(field, set()).update(linking_ids)

    def __bool__(self):
        return bool(self.ids or self.linking)


class Lines(NamedTuple):
    """The rule for a one2many of which those lines count that are in a domain."""

    spec: dict
    domain: Domain


class TermContents:
    """What the fields of documents point to: one query for all that is asked about, of several models and languages.

    Give documents a reader each with :meth:`reader`; once all of them are asked, :meth:`complete` completes their rows.
    Nothing may be written in between.
    """

    def __init__(self, env):
        self.env = env
        self._readers = []
        self._columns = {}

    def reader(self, lang, with_texts=True):
        """Return a new :class:`TermsReader`.

        :param str lang: the language of texts
        :param bool with_texts: also the names by which people know the records that fields point to
        """
        reader = TermsReader(self, self.env(su=True, context={"lang": lang}), with_texts)
        self._readers.append(reader)
        return reader

    def columns(self, records, names):
        """Return ``{name: values of `records`}``, read once for all the documents that show them."""
        columns = self._columns.setdefault((records.env, records._name, records._ids), {})
        # Not by `read`, which would query for these records alone where others are prefetched with them.
        for name in names:
            if name in columns:
                continue
            field = records._fields[name]
            if field.type == "many2one":
                columns[name] = [record[name].id for record in records]
            elif field.relational:
                columns[name] = [record[name].ids for record in records]
            else:
                columns[name] = list(map(_canonical(field), records.mapped(name)))
        return columns

    def complete(self):
        """Put the records that fields point to in the place of their ids."""
        wanted = {}
        for reader in self._readers:
            reader.want(wanted)
        found = {key: {} for key in wanted}
        asked = [(found[key], kind) for key, kind in wanted.items() if kind]
        if asked:
            query = SQL(" UNION ALL ").join(_rows_sql(number, kind) for number, (_found, kind) in enumerate(asked))
            for number, record_id, values in self.env.execute_query(query):
                contents, kind = asked[number]
                contents[record_id] = _canonical_content(kind.model, kind.spec, values)
        for reader in self._readers:
            reader.resolve({kind: rows for (lang, kind), rows in found.items() if lang == reader.env.lang})


class TermsReader:
    """Reads terms (see :mod:`.terms`) from records, in one language.

    Fields of documents and of their lines are taken as the ORM has them, since an order of 200 lines is read with each
    confirmation and most of it is cached by then. What their fields point to (taxes, units, payment terms, addresses),
    and lines that a domain chooses, is read by :class:`TermContents`.
    """

    def __init__(self, contents, env, with_texts):
        """
        :param env: in the language of the terms, as superuser, with nothing else in its context
        """
        self.contents = contents
        self.env = env
        self.with_texts = with_texts
        self._links = []
        self._tables = []

    def rows_of(self, records, spec):
        """Return the rows of `records`: ``[{"id": id, field: value}]``."""
        names = [name for name, rule in spec.items() if rule != ORDER and name != "id"]
        fields = {name: records._fields[name] for name in names}
        links = {name: field for name, field in fields.items() if field.relational}
        translated = [name for name in names if fields[name].translate]
        read_here = [name for name in names if name not in translated and not _is_linked_by_query(fields[name])]
        columns = dict(self.contents.columns(records, read_here))
        if translated:
            columns.update(self.contents.columns(records.with_env(self.env), translated))
        rows = [{"id": record_id} for record_id in records._ids]
        for name in names:
            if name in columns:
                for row, value in zip(rows, columns[name], strict=True):
                    row[name] = value
        self._links += [(rows, field, spec[name]) for name, field in links.items()]
        return rows

    def lines_of(self, records, name, spec, domain):
        """Return ``{id: lines}`` of the one2many `name` of `records`, as far as they are in `domain`.

        The lists are filled by :meth:`resolve`.
        """
        lines = {record_id: [] for record_id in records._ids}
        self._tables.append((lines, records._fields[name], spec, domain))
        return lines

    def want(self, wanted):
        """Add to `wanted`, ``{(language, kind): Wanted}``, all that is linked, as far as it is not known by now."""

        def want(kind, model, *what):
            wanted.setdefault((self.env.lang, kind), Wanted(self.env[model])).add(*what)

        for lines, field, spec, domain in self._tables:
            want(_table_kind(field, spec, domain), field.model_name, {field.name: Lines(spec, domain)}, lines)
        for rows, field, rule in self._links:
            if _is_linked_by_query(field):
                ids = {row["id"] for row in rows}
                want(_link_kind(field), field.model_name, {field.name: LINKED}, ids)
                if rule:
                    want(field.comodel_name, field.comodel_name, rule, (), {field: ids} if ids else None)
            elif rule:
                ids = {record_id for row in rows for record_id in _ids(row[field.name])}
                want(field.comodel_name, field.comodel_name, rule, ids)

    def resolve(self, contents):
        """Complete the rows with `contents`: ``{kind: {id: content}}`` of what was wanted."""
        for lines, field, spec, domain in self._tables:
            of_record = contents[_table_kind(field, spec, domain)]
            for record_id, rows in lines.items():
                for row in of_record.get(record_id, {}).get(field.name) or []:
                    # Lines are known by their ids, not by a text.
                    rows.append({name: value for name, value in row.items() if name != "text"})
        for rows, field, rule in self._links:
            # Rows that point to the same record share its content, so that this is looked at once.
            content = contents[field.comodel_name] if rule else {}
            links = contents[_link_kind(field)] if _is_linked_by_query(field) else None
            for row in rows:
                ids = _ids(row[field.name]) if links is None else links.get(row["id"], {}).get(field.name) or []
                records = [
                    content.get(record_id) or content.setdefault(record_id, {"text": None, "id": record_id})
                    for record_id in ids
                ]
                if self.with_texts:
                    # Kept, and so without what other documents look at.
                    records = [_content_of(record, rule) for record in records]
                row[field.name] = records if field.type != "many2one" else next(iter(records), None)
        if self.with_texts:
            self._put_texts()

    def _put_texts(self):
        """Give the linked records the names that people know them by."""
        linked = {}
        in_tables = [
            ([row for rows in lines.values() for row in rows], self.env[field.comodel_name]._fields[name])
            for lines, field, spec, _domain in self._tables
            for name in spec
            if self.env[field.comodel_name]._fields[name].relational
        ]
        for rows, field in [(rows, field) for rows, field, _rule in self._links] + in_tables:
            for row in rows:
                value = row[field.name]
                linked.setdefault(field.comodel_name, []).extend(value if isinstance(value, list) else [value])
        for model, records in linked.items():
            records = [record for record in records if record]
            names = {
                record.id: record.display_name or None
                for record in self.env[model].browse({record["id"] for record in records})
            }
            for record in records:
                record["text"] = names[record["id"]]


def _is_linked_by_query(field):
    """Whether the query for contents finds by itself which records `field` points to."""
    return field.type == "many2many" and field.store


def _content_of(record, rule):
    """The content of `record` that counts by `rule`."""
    if record is None:
        return None
    content = {"id": record["id"], "text": record["text"]}
    for name, inner in (rule or {}).items():
        value = record.get(name)
        if isinstance(value, list):
            value = [_content_of(item, inner) for item in value]
        elif isinstance(value, dict):
            value = _content_of(value, inner)
        content[name] = value
    return content


# What is read together: content of one model, by its name; which records one field points to; or the same lines.


def _link_kind(field):
    return str(field), LINKED


def _table_kind(field, spec, domain):
    return str(field), encode(spec), str(domain)


def _ids(value):
    """The ids in a raw value of a relational field."""
    if isinstance(value, (list, tuple)):
        return value
    return [value] if value else []


# === SQL === #


def _rows_sql(number, kind):
    """The rows ``(number, id, content)`` of the records that `kind`, a :class:`Wanted`, is about."""
    approvals = kind.model.env["sales.approval"]
    record_id, content, rows, group = approvals._term_contents_sql(kind.model._name, str(kind.spec), kind.spec)
    conditions = [SQL("%s = ANY(%s)", record_id, sorted(kind.ids))] if kind.ids else []
    conditions += [SQL("%s IN (%s)", record_id, _linked_sql(field, ids)) for field, ids in kind.linking.items()]
    return SQL(
        "SELECT %s, %s, %s %s AND (%s) %s", number, record_id, content, rows, SQL(" OR ").join(conditions), group
    )


def _linked_sql(field, ids):
    """The ids of the records to which the many2many `field` of the records `ids` points."""
    return SQL(
        "SELECT %s FROM %s WHERE %s = ANY(%s)",
        SQL.identifier(field.column2),
        SQL.identifier(field.relation, to_flush=field),
        SQL.identifier(field.column1),
        sorted(ids),
    )


def contents_sql(model, spec):
    """The parts of a query for contents: a row's id, its content as a JSON object, FROM and WHERE, and GROUP BY."""
    aliases = (f"{ALIAS}_{number}" for number in count())
    # Records that one field points to are read where they, or the pairs of ids, are: not by way of `model`.
    ((name, rule),) = spec.items() if len(spec) == 1 else [(None, None)]
    if rule == LINKED:
        return _linked_parts(model._fields[name])
    if isinstance(rule, Lines):
        return _lines_parts(model, model._fields[name], rule, aliases)
    table = SQL("FROM %s AS %s WHERE TRUE", SQL.identifier(model._table), SQL.identifier(ALIAS))
    return SQL.identifier(ALIAS, "id"), _content_sql(model, ALIAS, spec, aliases), table, SQL()


def _linked_parts(field):
    """As :func:`contents_sql`: which records the many2many `field` points to."""
    record_id, linked_id = SQL.identifier(field.column1), SQL.identifier(field.column2)
    linked = SQL("jsonb_agg(%s ORDER BY %s)", linked_id, linked_id)
    table = SQL("FROM %s WHERE TRUE", SQL.identifier(field.relation, to_flush=field))
    return record_id, _object_sql(record_id, field, linked), table, SQL("GROUP BY %s", record_id)


def _lines_parts(model, field, rule, aliases):
    """As :func:`contents_sql`: those lines of the one2many `field` that `rule`, :class:`Lines`, chooses."""
    query, inverse, lines = _one2many_parts(model, field, rule.spec, rule.domain, aliases)
    table = SQL("FROM %s WHERE %s", query.from_clause, query.where_clause or SQL("TRUE"))
    return inverse, _object_sql(inverse, field, lines), table, SQL("GROUP BY %s", inverse)


def _object_sql(record_id, field, value):
    return SQL("jsonb_build_object('id', %s, %s, %s)", record_id, field.name, value)


def _content_sql(model, alias, spec, aliases):
    """The content of the row `alias` of `model` as a JSON object."""
    pairs = [SQL("'id', %s", SQL.identifier(alias, "id"))]
    for name, rule in spec.items():
        if name != "id":
            pairs.append(SQL("%s, %s", name, _value_sql(model, alias, name, rule, aliases)))
    return SQL("jsonb_build_object(%s)", SQL(", ").join(pairs))


def _value_sql(model, alias, name, rule, aliases):
    field = model._fields[name]
    if not field.relational:
        return model._field_to_sql(alias, name)
    if field.type == "one2many":
        return _one2many_sql(model, alias, field, rule, aliases)
    comodel = model.env[field.comodel_name]
    inner = next(aliases)
    content = _content_sql(comodel, inner, rule or {}, aliases)
    rows = SQL("FROM %s AS %s", SQL.identifier(comodel._table), SQL.identifier(inner))
    inner_id = SQL.identifier(inner, "id")
    if field.type == "many2one":
        return SQL("(SELECT %s %s WHERE %s = %s)", content, rows, inner_id, model._field_to_sql(alias, name))
    condition = SQL(
        "%s IN (SELECT %s FROM %s WHERE %s = %s)",
        inner_id,
        SQL.identifier(field.column2),
        SQL.identifier(field.relation, to_flush=field),
        SQL.identifier(field.column1),
        SQL.identifier(alias, "id"),
    )
    return SQL("(SELECT jsonb_agg(%s ORDER BY %s) %s WHERE %s)", content, inner_id, rows, condition)


def _one2many_sql(model, alias, field, rule, aliases):
    """The records of a one2many of the row `alias`."""
    query, inverse, lines = _one2many_parts(model, field, rule, Domain.TRUE, aliases)
    query.add_where(SQL("%s = %s", inverse, SQL.identifier(alias, "id")))
    return SQL("(SELECT %s FROM %s WHERE %s)", lines, query.from_clause, query.where_clause)


def _one2many_parts(model, field, spec, domain, aliases):
    """The query for records of a one2many: some have a domain, or point back by model and id.

    :return: the query, the column that points back, and the content `spec` of all that are found as a JSON array
    """
    comodel = model.env[field.comodel_name]
    query = comodel._search(Domain(field.get_comodel_domain(model)) & domain, active_test=False, bypass_access=True)
    inner = query.table
    content = _content_sql(comodel, inner, spec, aliases)
    lines = SQL("jsonb_agg(%s ORDER BY %s)", content, SQL.identifier(inner, "id"))
    return query, comodel._field_to_sql(inner, field.inverse_name, query), lines


# === VALUES === #


def _canonical(field):
    """Return the function that makes values of `field` the same for equal contents, whatever is cached."""
    if field.type in ("float", "monetary"):
        return six_decimals
    if field.type in ("date", "datetime"):
        return lambda value: field.to_string(value) or None
    if field.type == "json":
        return json_text
    return value_or_none


def _canonical_content(model, spec, values):
    """Values of one record as the database gives them, in the form of :mod:`.terms`."""
    content = {"id": values["id"], "text": None}
    for name, rule in spec.items():
        if name == "id":
            continue
        field = model._fields[name]
        value = values[name]
        if rule == LINKED:
            content[name] = value
            continue
        if isinstance(rule, Lines):
            rule = rule.spec
        if not field.relational:
            content[name] = value_or_none(value) if field.type in ("date", "datetime") else _canonical(field)(value)
            continue
        comodel = model.env[field.comodel_name]
        if field.type == "many2one":
            content[name] = value and _canonical_content(comodel, rule or {}, value)
        else:
            content[name] = [_canonical_content(comodel, rule or {}, item) for item in value or []]
    return content
