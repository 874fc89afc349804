KEPT = ("lang", "tz", "uid", "allowed_company_ids")


def without_client_context(records):
    """Return `records` with nothing in their context but language, time zone and companies.

    A client may send any context: defaults for the records that the system makes, archived records
    that count again, a picture's size in place of the picture. None of it may reach an approval.
    """
    context = {key: records.env.context[key] for key in KEPT if key in records.env.context}
    return records.with_context(context)  # pylint: disable=context-overridden


def without_defaults(records, names):
    """Return `records` without the client's `default_…` for fields `names`, which would set them as a value would."""
    defaults = {f"default_{name}" for name in names} & records.env.context.keys()
    if not defaults:
        return records
    context = {key: value for key, value in records.env.context.items() if key not in defaults}
    return records.with_context(context)  # pylint: disable=context-overridden
