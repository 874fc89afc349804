from odoo import api, fields, models

from ..approval.term_contents import CURRENCY, FILE, PAYMENT_TERM, TAX, UNIT, contact
from ..approval.terms import ORDER

PRODUCT_DOCUMENT = {"attached_on_sale": None, "sequence": None, "active": None, "ir_attachment_id": FILE}


class SaleOrder(models.Model):
    """What is signed of a quotation: all that the customer's paper shows or that decides what is paid.

    Not who sells, when it was written, its numbers and references, and the language. A field of another module
    counts where that module is installed.
    """

    _inherit = "sale.order"

    asked_commitment_date = fields.Datetime(
        "Delivery Date before the Promise",
        readonly=True,
        copy=False,
        help="The delivery date that the order had until the departments promised theirs.",
    )
    promised_commitment_date = fields.Datetime(
        "Delivery Date of the Promise",
        readonly=True,
        copy=False,
        help="The delivery date that follows from what the departments promised.",
    )
    quote_delivery_date = fields.Datetime(
        "Delivery Date (Quoted)",
        compute="_compute_quote_delivery_date",
        groups="base.group_user",
        help="The delivery date that the sales department offers. What the departments promised in the review takes "
        "its place on the order, and is no change of the offer.",
    )

    # As the order's own, without what the system put on it since and what was agreed on elsewhere.
    quote_amount_untaxed = fields.Monetary(
        "Untaxed Amount (Quoted)", compute="_compute_quote_amounts", groups="base.group_user"
    )
    quote_amount_tax = fields.Monetary("Taxes (Quoted)", compute="_compute_quote_amounts", groups="base.group_user")
    quote_amount_total = fields.Monetary("Total (Quoted)", compute="_compute_quote_amounts", groups="base.group_user")

    @api.depends("amount_untaxed", "amount_tax", "amount_total", "order_line.system_origin")
    def _compute_quote_amounts(self):
        for order in self:
            others = order.order_line._filter_no_terms()
            order.quote_amount_untaxed = order.amount_untaxed - sum(others.mapped("price_subtotal"))
            order.quote_amount_tax = order.amount_tax - sum(others.mapped("price_tax"))
            order.quote_amount_total = order.amount_total - sum(others.mapped("price_total"))

    @api.depends("commitment_date", "promised_commitment_date", "asked_commitment_date")
    def _compute_quote_delivery_date(self):
        for order in self:
            is_promise = order.promised_commitment_date and order.commitment_date == order.promised_commitment_date
            order.quote_delivery_date = order.asked_commitment_date if is_promise else order.commitment_date

    def _promise_commitment_date(self, moment):
        """Put the departments' promise in the place of the date that was offered, which stays what is signed."""
        self.ensure_one()
        if self.commitment_date != self.promised_commitment_date:
            self._write_protected({"asked_commitment_date": self.commitment_date})
        self.commitment_date = moment
        self._write_protected({"promised_commitment_date": moment})

    # === APPROVAL === #

    @api.model
    def _approval_terms_spec(self):
        # In the order in which people read them.
        head = {
            "company_id": None,
            "partner_id": contact(self.env, "vat"),
            "partner_invoice_id": contact(self.env, "vat", "phone", "email"),
            "partner_shipping_id": contact(self.env, "phone"),
            "currency_id": CURRENCY,
            "payment_term_id": PAYMENT_TERM,
            "fiscal_position_id": dict.fromkeys(["note", "foreign_vat"]),
            "incoterm": dict.fromkeys(["code", "name"]),
            "incoterm_location": None,
            "carrier_id": {"carrier_description": None},
            "quote_delivery_date": None,
            "validity_date": None,
            "require_signature": None,
            "require_payment": None,
            "prepayment_percent": None,
            "note": None,
        }
        result = {
            "quote_amount_untaxed": None,
            "quote_amount_tax": None,
            "quote_amount_total": None,
            "quote_document_ids": {
                "attached_on_sale": None,
                "sequence": None,
                "active": None,
                "ir_attachment_id": FILE,
            },
            "quotation_document_ids": {
                "document_type": None,
                "sequence": None,
                "active": None,
                "ir_attachment_id": FILE,
                "form_field_ids": dict.fromkeys(["name", "path"]),
            },
            "customizable_pdf_form_fields": None,
        }
        return self._approval_known_spec({**head, "order_line": self._quote_terms_line_spec(), **result})

    @api.model
    def _quote_terms_line_spec(self):
        return {
            "sequence": ORDER,
            "display_type": None,
            "product_id": {
                "id": None,
                "quote_document_ids": PRODUCT_DOCUMENT,
                "product_tmpl_id": {"type": None, "uom_id": UNIT, "quote_document_ids": PRODUCT_DOCUMENT},
            },
            "name": None,
            "product_uom_qty": None,
            "product_uom_id": UNIT,
            "price_unit": None,
            "discount": None,
            "tax_ids": {**TAX, "children_tax_ids": TAX},
            "price_subtotal": None,
            "price_tax": None,
            "price_total": None,
            "extra_tax_data": None,
            "is_downpayment": None,
            "is_optional": None,
            "collapse_prices": None,
            "collapse_composition": None,
            "combo_item_id": None,
            "linked_line_id": {"name": None},
            "product_document_ids": {"sequence": None, "active": None, "ir_attachment_id": FILE},
        }

    @api.model
    def _approval_terms_sections(self, terms, spec):
        if not terms.get("require_payment"):
            # Odoo fills in the share for every quotation; without the payment it says nothing.
            spec = {name: rule for name, rule in spec.items() if name != "prepayment_percent"}
        return super()._approval_terms_sections(terms, spec)

    @api.model
    def _approval_line_text(self, lines, values, rule):
        if values.get("display_type"):
            # Headings and notes have no quantity and no price: Odoo keeps zeros there.
            figures = ("integer", "float", "monetary")
            rule = {name: inner for name, inner in rule.items() if lines._fields[name].type not in figures}
        return super()._approval_line_text(lines, values, rule)

    @api.model
    def _approval_terms_depends(self):
        return super()._approval_terms_depends() + ["order_line.system_origin"]

    def _approval_terms_lang(self):
        """Quotations are printed in the customer's language."""
        return self.partner_id.lang

    def _approval_term_lines(self, name):
        """Down payments, and expenses re-invoiced after confirmation, are no new terms."""
        lines = super()._approval_term_lines(name)
        return lines - lines._filter_no_terms()
