"""What two records of one customer have in common, however they were typed."""

import re
import unicodedata

from odoo.tools import SQL

LEGAL_WORDS = frozenset(
    "ab ag aps as bv bvba co coltd company corp corporation doo eood gmbh inc incorporated kft kg kk limited llc llp "
    "lp ltd ltda mbh nv ohg ood oy oyj plc pte pty pvt sa sarl sas sasu se sl snc spa sprl spzoo srl sro ug zrt".split()
)
# Countries whose tax numbers begin with other letters than their code.
VAT_COUNTRIES = {"EL": "GR", "XI": "GB"}
CHINESE_LEGAL_FORM = re.compile(r"(?:(?:股份|有限责任|股份有限|有限)公司|公司|株式会社)$")


def name_key(name):
    """Return `name` without what does not tell customers apart, or None where nothing is left.

    Left out are case, full and half width, spaces, punctuation, brackets and legal forms:

    >>> name_key("ＡＣＭＥ  Tools Co., Ltd.") == name_key("acme-tools")
    True
    >>> name_key("苏州恒泰（自动化）有限公司")
    '苏州恒泰自动化'
    """
    text = unicodedata.normalize("NFKC", name or "").casefold()
    # Dots and apostrophes stand within a word: G.m.b.H., Co.Ltd
    words = re.sub(r"[\W_]+", " ", re.sub(r"[.'’·]", "", text)).split()
    # The first word is the name, even where it looks like a legal form (SE Electronics).
    first = [CHINESE_LEGAL_FORM.sub("", word) or word for word in words[:1]]
    others = [CHINESE_LEGAL_FORM.sub("", word) for word in words[1:] if word not in LEGAL_WORDS]
    return "".join(first + others) or None


def vat_key(vat):
    """Return the tax number `vat` without what is written around it and without its country, or None.

    Whether two numbers are of the same country is asked beside, with :func:`vat_country`. What stands in the field
    because it wants something is no number: a word, or one character again and again.

    >>> vat_key("CN 9132-0500-ma1x") == vat_key("91320500MA1X")
    True
    >>> [vat_key(text) for text in ("N/A", "-", "0000", "none", "无", "CN 0000 0000", "/", "")]
    [None, None, None, None, None, None, None, None]
    """
    text = _vat_text(vat)
    key = text[2:] if _has_country(text) else text
    return key if len(key) > 1 and len(set(key)) > 1 and re.search(r"[0-9]", key) else None


def vat_country(vat):
    """Return the country with which the tax number `vat` begins, as code in capitals, or None.

    >>> [vat_country(vat) for vat in ("de 123 456 789", "123456789", "ATU12345678", "EL123456789")]
    ['DE', None, 'AT', 'GR']
    """
    text = _vat_text(vat)
    return VAT_COUNTRIES.get(text[:2], text[:2]) if _has_country(text) else None


def _vat_text(vat):
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", vat or "")).upper()


def _has_country(text):
    # The number behind it begins with a digit, at most after one letter.
    return bool(re.match(r"[A-Z]{2}(?=[A-Z]?[0-9])(?=.{4})", text))


def fill_keys(cr, chunk=20000):
    """Write the keys of all customers with one statement per `chunk`."""
    last = 0
    while True:
        cr.execute(
            SQL(
                """
                SELECT id, name, vat FROM res_partner WHERE id > %s AND (parent_id IS NULL OR is_company)
                ORDER BY id LIMIT %s
                """,
                last,
                chunk,
            )
        )
        rows = [(row_id, name_key(name), vat_key(vat)) for row_id, name, vat in cr.fetchall()]
        if not rows:
            return
        last = rows[-1][0]
        ids, names, vats = zip(*rows, strict=True)
        cr.execute(
            SQL(
                """
                UPDATE res_partner SET customer_file_name_key = filled.name, customer_file_vat_key = filled.vat
                FROM unnest(%s::int[], %s::varchar[], %s::varchar[]) AS filled(id, name, vat)
                WHERE res_partner.id = filled.id
                AND (customer_file_name_key, customer_file_vat_key) IS DISTINCT FROM (filled.name, filled.vat)
                """,
                list(ids),
                list(names),
                list(vats),
            )
        )
