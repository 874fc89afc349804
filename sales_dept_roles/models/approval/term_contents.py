"""Specifications (see :mod:`.terms`) of what master data says on papers, or what of it decides what is paid.

Stored fields only: the content of all that a document points to is read in one query.
"""

# How other things are printed or counted: it is signed with them, and nobody reads it.
TECHNICAL = {"address_format", "name_position", "position", "rounding", "decimal_places", "checksum", "mimetype"}

UNIT = dict.fromkeys(["name", "factor"])
CURRENCY = dict.fromkeys(["name", "symbol", "position", "rounding", "decimal_places"])
FILE = dict.fromkeys(["name", "checksum", "url", "type", "mimetype"])
STATE = dict.fromkeys(["name", "code"])
COUNTRY = dict.fromkeys(["name", "code", "address_format", "name_position"])
BANK = dict.fromkeys(["name", "bic"])
PAYMENT_TERM = dict.fromkeys(
    ["name", "note", "early_discount", "discount_percentage", "discount_days", "early_pay_discount_computation"]
) | {
    "line_ids": dict.fromkeys(
        [
            "value",
            "value_amount",
            "delay_type",
            "nb_days",
            "days_next_month",
            "sales_dept_cut_off_day",
            "sales_dept_grace_days",
        ]
    )
}
TAX = dict.fromkeys(
    [
        "name",
        "invoice_label",
        "amount_type",
        "amount",
        "formula",
        "price_include_override",
        "include_base_amount",
        "is_base_affected",
        "sequence",
    ]
) | {
    "company_id": dict.fromkeys(["account_price_include", "tax_calculation_rounding_method"]),
    "tax_group_id": dict.fromkeys(["name", "sequence", "preceding_subtotal"]),
    "repartition_line_ids": dict.fromkeys(["document_type", "repartition_type", "factor_percent"]),
}


def contact(env, *names):
    """A contact that is printed as name and address, and with the fields `names` besides."""
    address = dict.fromkeys(["name", "complete_name", "commercial_company_name"])
    address.update(dict.fromkeys(env["res.partner"]._formatting_address_fields()))
    return {**address, "state_id": STATE, "country_id": COUNTRY, **dict.fromkeys(names)}
