"""Which days a search of rows that are computed for it asks for."""


def span_of(domain, name="date"):
    """Return the first and the last day that rows of `domain` may have in the field `name`; None: without end.

    What is not understood sets no end: the span may be too long, and never too short.

    :param domain: an optimized :class:`odoo.fields.Domain`
    """
    joint = getattr(domain, "OPERATOR", None)
    if joint in ("&", "|"):
        firsts, lasts = zip(*(span_of(child, name) for child in domain.children), strict=True)
        if joint == "&":
            return max(filter(None, firsts), default=None), min(filter(None, lasts), default=None)
        return min(firsts) if all(firsts) else None, max(lasts) if all(lasts) else None
    if getattr(domain, "field_expr", None) == name:
        days = list(domain.value) if domain.operator == "in" else [domain.value]
        if domain.operator in ("in", "<", "<=", ">", ">=") and days and all(days):
            return (
                None if domain.operator in ("<", "<=") else min(days),
                None if domain.operator in (">", ">=") else max(days),
            )
    return None, None
