import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..approval.terms import FORM, SOURCE_LANG, digest, encode
from ..order_gate.gate import Gate

# Ids of quotations that a message takes to the customer within this transaction.
BEING_SENT = "sales_dept_quotations_being_sent"
# What the terms are compared with: an approval that stands for them as they are.
STANDING = ("approved", "pending")


class SaleOrder(models.Model):
    """What the customer has of a quotation. One who was sent other terms was not sent this quotation."""

    _inherit = "sale.order"

    sending_ids = fields.One2many(
        "sale.order.sending", "order_id", "Given to the Customer", readonly=True, copy=False, groups="base.group_user"
    )

    _quote_sent_gate = Gate(
        name="quote_sent",
        policy="sales_dept_quote_signoff",
        states=("sent",),
        required="_quote_sent_filter_required",
        missing="_quote_sent_outdated",
        messages="_quote_sent_messages",
        parties="_quote_signoff_parties",
    )

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"sending_ids"}

    def _door_before(self, vals):
        before = super()._door_before(vals)
        if vals.get("state") == "sent":
            before["not_sent"] = self.filtered(lambda order: order.state == "draft")
        return before

    def _door_passed(self, crossing, needing):
        result = super()._door_passed(crossing, needing)
        for gate, (orders, _required) in crossing.items():
            if gate.name == "quote_sent":
                way = "hand" if self.env.user._is_internal() else "portal"
                (orders - orders._being_sent())._note_given(way)
        return result

    def message_post(self, **kwargs):
        """Odoo's own word for sending a quotation is the context; whether it went to the customer, the message says."""
        if not self.env.context.get("mark_so_as_sent"):
            return super().message_post(**kwargs)
        being_sent = self.env.cr.precommit.data.setdefault(BEING_SENT, set())
        begun = set(self.ids) - being_sent
        being_sent |= begun
        try:
            message = super().message_post(**kwargs)
        finally:
            being_sent -= begun
        partners = message.sudo().partner_ids | message.sudo().notified_partner_ids
        if any(partners.mapped("partner_share")) or message.sudo().outgoing_email_to:
            self._note_given("mail")
        elif outdated := self.filtered(lambda order: order.state == "sent")._quote_sent_outdated():
            raise UserError("\n".join(outdated._quote_sent_messages().values()))
        return message

    def _send_order_notification_mail(self, mail_template, allow_deferred_sending=True):
        result = super()._send_order_notification_mail(mail_template, allow_deferred_sending=allow_deferred_sending)
        waits = allow_deferred_sending and self.pending_email_template_id
        if mail_template and not waits and not self.sudo()._quote_signoff_unreleased():
            self._note_given("mail")
        return result

    # === THE GATE === #

    def _being_sent(self):
        """Those of `self` that are marked as sent because a message takes them to the customer."""
        being_sent = self.env.cr.precommit.data.get(BEING_SENT, ())
        return self.filtered(lambda order: order.id in being_sent)

    def _quote_sent_filter_required(self):
        """Return the orders of `self` that a colleague calls sent, which are not being sent."""
        # What a customer's payment does is nobody's word, and money on its way is not held up by it.
        if self.env.su or not self.env.user._is_internal():
            return self.browse()
        return self._order_gate_subjects().with_env(self.env) - self._being_sent()

    def _quote_sent_outdated(self, required=None, _lacking=None):
        """Return those of `self` of which the customer has other terms, and nothing was printed since to hand over."""
        orders = self if required is None else required
        outdated = orders._outdated_sendings()
        last = {order: order.sudo().sending_ids._last() for order in outdated}
        printed = [order for order, sending in last.items() if sending.way == "print"]
        terms = self.browse().union(*printed)._terms_to_send() if printed else {}
        still_printed = {order for order in printed if not last[order]._is_of_other_terms(terms[order])}
        return self.browse().union(*(order for order in outdated if order not in still_printed))

    def _quote_sent_messages(self):
        """Return ``{order id: what the customer has}``."""
        outdated = self._outdated_sendings()
        return {order.id: f"{order.name}: {outdated[order]._outdated_message()}" for order in self}

    # === WHAT THE CUSTOMER HAS === #

    def _note_given(self, way):
        """Keep what the customer is given of `self` now; the same thing given once more by the same way is not news."""
        orders = self.sudo().filtered(lambda order: order.company_id._holds_orders() and not order.is_web_shop_order)
        if not orders:
            return
        terms = orders._terms_to_send()
        values = []
        for order in orders:
            last = order.sending_ids._last()
            if last.way != way or last._is_of_other_terms(terms[order]):
                values.append(order._prepare_sending_values(way, terms[order]))
        self.env["sale.order.sending"].sudo().create(values)

    def _note_printed(self):
        """Copies that are marked as not signed off are nobody's to hand over."""
        (self - self._quote_signoff_unreleased())._note_given("print")

    def _prepare_sending_values(self, way, terms):
        approval, terms_digest, key = terms
        return {
            "order_id": self.id,
            "way": way,
            "user_id": self.env.uid,
            "amount_total": self.quote_amount_total,
            "currency_id": self.currency_id.id,
            "approval_id": approval.id,
            "digest": terms_digest,
            "terms_key": key,
        }

    def _outdated_sendings(self):
        """Return ``{order: what its customer received last}`` of those of `self` whose terms are other ones now."""
        ways = self.env["sale.order.sending"]._received_ways()
        last = {}
        for order in self._origin.sudo():
            if received := order.sending_ids.filtered(lambda sending: sending.way in ways)._last():
                last[order] = received
        terms = self.browse().sudo().union(*last)._terms_to_send() if last else {}
        return {
            order.with_env(self.env): sending.with_env(self.env).sudo()
            for order, sending in last.items()
            if sending._is_of_other_terms(terms[order])
        }

    def _terms_to_send(self):
        """Return ``{order: (approval that stands for the terms as they are, or none; digest; form)}`` (set-based)."""
        orders = self.sudo()
        terms = {}
        for order in orders:
            approval = order._approval_in_force()
            if order.approval_state in STANDING and approval.state == order.approval_state:
                terms[order] = (approval, approval.digest, _key(*approval._terms_kept_as()))
        unsigned = orders.filtered(lambda order: order not in terms)
        spec = self._approval_spec()
        none = self.env["sales.approval"].sudo()
        for lang, of_lang in unsigned.grouped(lambda order: order._approval_terms_lang() or SOURCE_LANG).items():
            for order_id, read in of_lang._approval_terms_of(spec, lang, with_texts=False).items():
                order = orders.browse(order_id)
                terms[order] = (none, digest(read, spec), _key(encode(spec), lang, FORM))
        return terms

    # === LISTS === #

    @api.model
    def _outdated_sendings_sql(self, alias):
        """The condition that the customer of an order has other terms, as far as the database can tell.

        By the signatures that stand; of what has none, by the amount.
        """
        sendings = self.env["sale.order.sending"]
        sendings.flush_model()
        self.env["sales.approval"].flush_model(["res_model", "res_id", "state", "digest"])
        return SQL(
            """
            EXISTS (
                SELECT FROM (
                    SELECT sending.digest, sending.amount_total, sending.currency_id
                      FROM sale_order_sending sending
                     WHERE sending.order_id = %(id)s AND sending.way IN %(received)s
                  ORDER BY sending.date DESC, sending.id DESC
                     LIMIT 1
                ) last
                LEFT JOIN sales_approval approval
                       ON %(approval_state)s IN %(standing)s
                      AND approval.res_model = %(model)s AND approval.res_id = %(id)s
                      AND approval.state IN %(standing)s
                WHERE CASE
                    WHEN approval.id IS NOT NULL THEN approval.digest <> last.digest
                    ELSE %(state)s IN ('draft', 'sent')
                     AND (last.amount_total <> %(amount)s OR last.currency_id <> %(currency)s)
                END
            )
            """,
            id=self._field_to_sql(alias, "id"),
            state=self._field_to_sql(alias, "state"),
            model=self._name,
            received=tuple(sendings._received_ways()),
            approval_state=self._field_to_sql(alias, "approval_state"),
            standing=STANDING,
            amount=self._field_to_sql(alias, "amount_total"),
            currency=self._field_to_sql(alias, "currency_id"),
        )


def _key(spec_text, lang, form):
    """In what form terms were read, as a short text."""
    return hashlib.sha256(encode([spec_text, lang, form]).encode()).hexdigest()
