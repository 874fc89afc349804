# Width in characters, by the type of the field.
WIDTHS = {"date": 12, "datetime": 17, "integer": 10, "float": 12, "monetary": 14, "many2one": 24, "text": 40}


class RegisterColumn:
    """A column of a register.

    Named by a field it has that field's label, type and width; one that is no field says them itself.

    :param str name: a field, or a name of its own
    :param label: text in the reader's language, in place of the field's label
    :param int width: in characters
    :param value: function of a record, in place of the field's value: text, number, date or naive UTC datetime
    """

    def __init__(self, name, label=None, width=None, value=None):
        self.name, self.label, self.width, self.value = name, label, width, value

    def bind(self, model):
        """Complete the column from the field of `model` that it is named by; return it, or None without access."""
        field = model._fields.get(self.name)
        if not field:
            return self
        if not model._has_field_access(field, "read"):
            return None
        description = field.get_description(model.env, ["string", "selection"])
        return RegisterColumn(
            self.name,
            self.label or description["string"],
            self.width or WIDTHS.get(field.type, 18),
            self.value or _reader(field, dict(description.get("selection") or ())),
        )


def _reader(field, labels):
    """The function that reads `field` of a record as it is shown."""
    if field.type == "selection":
        return lambda record: labels.get(record[field.name])
    if field.relational:
        # As in lists: whoever may read the document reads the names on it.
        return lambda record: ", ".join(record[field.name].sudo().mapped("display_name"))
    return lambda record: record[field.name]
