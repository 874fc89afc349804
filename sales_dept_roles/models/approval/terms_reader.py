from odoo.fields import Domain
from odoo.tools import SQL

from .terms import ORDER, encode, json_text, six_decimals, value_or_none


class TermsReader:
    """Reads terms (see :mod:`.terms`) from records.

    Fields of documents and of their lines are taken as the ORM has them, since an order of 200 lines is read with each
    confirmation and most of it is cached by then. What their fields point to is read in one query for all of them,
    however many models that is: taxes, units, payment terms, addresses.

    Call :meth:`read` for each kind of records, and :meth:`resolve` once: then the rows are complete.
    """

    def __init__(self, env, with_texts=True):
        """
        :param env: in the language of the terms, as superuser, with nothing else in its context
        :param bool with_texts: also the names by which people know the records that fields point to
        """
        self.env = env
        self.with_texts = with_texts
        self._links = []
        self._alias_count = 0

    def rows_of(self, records, spec):
        """Return the rows of `records`: ``[{"id": id, field: value}]``."""
        names = [name for name, rule in spec.items() if rule != ORDER and name != "id"]
        # Not by `read`, which would query for these records alone where others are prefetched with them.
        tables = [name for name in names if self._is_read_with_content(records._fields[name], spec[name])]
        translated = [name for name in names if records._fields[name].translate]
        plain = [name for name in names if name not in tables and name not in translated]
        rows = records._read_format(plain, load=None)
        if translated:
            for row, texts in zip(rows, records.with_env(self.env)._read_format(translated, load=None), strict=True):
                row.update(texts)
        for name in names:
            field = records._fields[name]
            if field.relational:
                self._links.append((rows, field, spec[name]))
                continue
            canonical = _canonical(field)
            for row in rows:
                row[name] = canonical(row[name])
        return rows

    @staticmethod
    def _is_read_with_content(field, rule):
        """Whether the query for contents finds by itself which records `field` points to."""
        return field.type == "many2many" and field.store and isinstance(rule, dict)

    def resolve(self):
        """Put the records that fields point to in the place of their ids."""
        contents = self._contents()
        for rows, field, rule in self._links:
            content = contents.get(_kind(field, rule), {})
            for row in rows:
                if self._is_read_with_content(field, rule):
                    row[field.name] = content.get(row["id"], {}).get(field.name) or []
                    continue
                records = [
                    {"text": None, **content.get(record_id, {}), "id": record_id} for record_id in _ids(row[field.name])
                ]
                row[field.name] = records if field.type != "many2one" else next(iter(records), None)
        if self.with_texts:
            self._put_texts()

    def _put_texts(self):
        """Give the linked records the names that people know them by."""
        linked = {}
        for rows, field, _rule in self._links:
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

    # === CONTENT === #

    def _contents(self):
        """Return ``{kind: {id: content}}`` of all that is linked and whose content counts, in one query."""
        wanted = {}
        for rows, field, rule in self._links:
            if self._is_read_with_content(field, rule):
                kind = (field.model_name, {field.name: rule}, {row["id"] for row in rows})
            elif isinstance(rule, dict):
                kind = (field.comodel_name, rule, {record_id for row in rows for record_id in _ids(row[field.name])})
            else:
                continue
            wanted.setdefault(_kind(field, rule), (*kind[:2], set()))[2].update(kind[2])
        kinds = [(*kind, {}) for kind in wanted.values()]
        asked = [(number, kind) for number, kind in enumerate(kinds) if kind[2]]
        if asked:
            query = SQL(" UNION ALL ").join(
                self._rows_sql(number, self.env[model], spec, ids) for number, (model, spec, ids, _found) in asked
            )
            for number, record_id, values in self.env.execute_query(query):
                model, spec, _ids_of_kind, found = kinds[number]
                found[record_id] = _canonical_content(self.env[model], spec, values)
        return dict(zip(wanted, (found for _model, _spec, _ids_of_kind, found in kinds), strict=True))

    def _rows_sql(self, number, model, spec, ids):
        alias = self._alias()
        return SQL(
            "SELECT %s, %s, %s FROM %s AS %s WHERE %s = ANY(%s)",
            number,
            SQL.identifier(alias, "id"),
            self._content_sql(model, alias, spec),
            SQL.identifier(model._table),
            SQL.identifier(alias),
            SQL.identifier(alias, "id"),
            sorted(ids),
        )

    def _alias(self):
        self._alias_count += 1
        return f"term_{self._alias_count}"

    def _content_sql(self, model, alias, spec):
        """The content of the row `alias` of `model` as a JSON object."""
        pairs = [SQL("'id', %s", SQL.identifier(alias, "id"))]
        for name, rule in spec.items():
            if name != "id":
                pairs.append(SQL("%s, %s", name, self._value_sql(model, alias, name, rule)))
        return SQL("jsonb_build_object(%s)", SQL(", ").join(pairs))

    def _value_sql(self, model, alias, name, rule):
        field = model._fields[name]
        if not field.relational:
            return model._field_to_sql(alias, name)
        comodel = self.env[field.comodel_name]
        inner = self._alias()
        content = self._content_sql(comodel, inner, rule or {})
        rows = SQL("FROM %s AS %s", SQL.identifier(comodel._table), SQL.identifier(inner))
        inner_id = SQL.identifier(inner, "id")
        if field.type == "many2one":
            return SQL("(SELECT %s %s WHERE %s = %s)", content, rows, inner_id, model._field_to_sql(alias, name))
        if field.type == "one2many":
            return self._one2many_sql(model, alias, field, rule)
        condition = SQL(
            "%s IN (SELECT %s FROM %s WHERE %s = %s)",
            inner_id,
            SQL.identifier(field.column2),
            SQL.identifier(field.relation, to_flush=field),
            SQL.identifier(field.column1),
            SQL.identifier(alias, "id"),
        )
        return SQL("(SELECT jsonb_agg(%s ORDER BY %s) %s WHERE %s)", content, inner_id, rows, condition)

    def _one2many_sql(self, model, alias, field, rule):
        """The records of a one2many, of which some have a domain, or point back by model and id."""
        comodel = self.env[field.comodel_name]
        query = comodel._search(Domain(field.get_comodel_domain(model)), active_test=False, bypass_access=True)
        inner = query.table
        inverse = comodel._field_to_sql(inner, field.inverse_name, query)
        query.add_where(SQL("%s = %s", inverse, SQL.identifier(alias, "id")))
        return SQL(
            "(SELECT jsonb_agg(%s ORDER BY %s) FROM %s WHERE %s)",
            self._content_sql(comodel, inner, rule),
            SQL.identifier(inner, "id"),
            query.from_clause,
            query.where_clause,
        )


def _kind(field, rule):
    """What is read together: contents of one model, or what the same field of one model points to."""
    if TermsReader._is_read_with_content(field, rule):
        return str(field), encode(rule)
    return field.comodel_name, encode(rule)


def _ids(value):
    """The ids in a raw value of a relational field; once it is resolved, none."""
    if isinstance(value, (list, tuple)):
        return value
    return [value] if value else []


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
        if not field.relational:
            content[name] = value_or_none(value) if field.type in ("date", "datetime") else _canonical(field)(value)
            continue
        comodel = model.env[field.comodel_name]
        if field.type == "many2one":
            content[name] = value and _canonical_content(comodel, rule or {}, value)
        else:
            content[name] = [_canonical_content(comodel, rule or {}, item) for item in value or []]
    return content
