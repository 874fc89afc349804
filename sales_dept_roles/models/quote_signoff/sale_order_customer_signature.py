from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from ..approval.terms import SOURCE_LANG
from ..protected_results.key import Key

SIGNATURE = {"signature", "signed_by", "signed_on"}

# Notes of this transaction, by the order: ``{id: (message, who had signed, when, terms that were signed)}``.
DROPPED = "sales_dept_dropped_signatures"


class SaleOrder(models.Model):
    """The customer's signature stands for the terms that she signed.

    Change them before the order is confirmed, and it is dropped and asked for again. On a confirmed order it stays
    where it is, as the proof of what was agreed: there nothing can be signed any more, and the paper says that the
    terms were changed since.
    """

    _inherit = "sale.order"

    sales_dept_holds_orders = fields.Boolean(related="company_id.sales_dept_holds_orders")
    customer_signed_digest = Key(
        "Digest Signed by the Customer", readonly=True, copy=False, help="SHA-256 of the terms that she signed."
    )
    customer_signed_terms = fields.Json(readonly=True, copy=False, prefetch=False, help="The terms that she signed.")

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"customer_signed_digest", "customer_signed_terms"}

    @api.model
    def _door_refused_defaults(self):
        return super()._door_refused_defaults() | SIGNATURE

    def _door_values(self, vals):
        self._check_signs_for_customer(vals)
        return super()._door_values(vals)

    def _door_created(self, vals_list):
        result = super()._door_created(vals_list)
        for order, vals in zip(self, vals_list, strict=True):
            order._check_signs_for_customer(vals)
        return result

    def _door_after(self, vals, before):
        result = super()._door_after(vals, before)
        if "signature" in vals:
            self.sudo()._note_customer_signature()
        return result

    def _check_signs_for_customer(self, vals):
        """:raises AccessError: when a client signs in the name of the customer; to remove a signature is no such thing

        The portal writes what the customer signs as superuser.
        """
        is_signing = any(vals.get(name) for name in SIGNATURE)
        if is_signing and not self.env.su and any(self.sudo().mapped("sales_dept_holds_orders")):
            self._refuse_protected(SIGNATURE & vals.keys())

    def _note_customer_signature(self):
        """Keep what the customer signed with the signatures of `self`, or forget it with those that were removed."""
        dropped = self.env.cr.precommit.data.get(DROPPED, {})
        for order in self:
            is_signed = order.signature and order.sales_dept_holds_orders
            if is_signed:
                dropped.pop(order.id, None)
            if is_signed or order.customer_signed_digest:
                order._write_protected(
                    {
                        "customer_signed_digest": order._approval_digest() if is_signed else False,
                        "customer_signed_terms": order._prepare_customer_signed_terms() if is_signed else False,
                    }
                )

    def _prepare_customer_signed_terms(self):
        """The terms as they are now, with what they have to be read with to be compared."""
        lang = self._approval_terms_lang() or SOURCE_LANG
        spec = self._approval_spec()
        return {"spec": spec, "lang": lang, "terms": self._approval_terms(spec, lang)}

    def _note_staff_edit(self):
        """Whoever it was that changed the terms, the customer herself too."""
        result = super()._note_staff_edit()
        self.sudo()._drop_outdated_signatures()
        return result

    def _drop_outdated_signatures(self):
        """Drop the customer's signatures under quotations of `self` that are not what she signed any more."""
        dropped = self.env.cr.precommit.data.setdefault(DROPPED, {})
        for order in self.filtered(lambda order: order.state in ("draft", "sent")):
            if order._is_changed_since_signature():
                signed = (order.signed_by, order.signed_on, order.customer_signed_terms)
                order.write(dict.fromkeys(SIGNATURE, False))
                dropped[order.id] = (order._note_dropped_signature(*signed), *signed)
            elif order.id in dropped:
                # One note for all that this request changes.
                message, *signed = dropped[order.id]
                message.body = order._dropped_signature_text(*signed)

    def _is_changed_since_signature(self):
        """Whether the customer's signature stands for other terms than the order has now."""
        self.ensure_one()
        return bool(self.customer_signed_digest and self._customer_signed_diff(self.customer_signed_terms))

    def _customer_signed_diff(self, signed):
        """What was changed since the customer signed the terms `signed`: ``[(label, old text, new text)]``."""
        if not signed:
            return []
        now = self._approval_terms(signed["spec"], signed["lang"])
        return self._approval_terms_diff(signed["terms"], now, signed["spec"])

    def _note_dropped_signature(self, signer, day, terms):
        """Tell in the chatter that the customer's signature was dropped, and why."""
        return self.with_context(mark_so_as_sent=False).message_post(
            body=self._dropped_signature_text(signer, day, terms),
            author_id=self._changed_by().id,
            subtype_xmlid="mail.mt_note",
        )

    def _changed_by(self):
        """Who is at work, as the contact whose name people know: on the portal without a login, the customer."""
        return self.partner_id if self.env.user._is_public() else self.env.user.partner_id

    def _dropped_signature_text(self, signer, day, terms):
        return Markup("<p>%s</p><ul>%s</ul>") % (
            self.env._(
                "%(user)s changed the terms after %(signer)s had signed them on %(day)s. The signature was removed, "
                "and the customer is asked to sign again.",
                user=self._changed_by().name,
                signer=signer or self.partner_id.name,
                day=format_date(self.env, day),
            ),
            Markup("").join(Markup("<li>%s: %s → %s</li>") % change for change in self._customer_signed_diff(terms)),
        )
