from odoo import api, models

ENDING_TODOS = [
    f"sales_dept_roles.mail_activity_{what}" for what in ("message_held", "order_held", "beyond_offer", "order_changed")
]


class SaleOrder(models.Model):
    """What the customer can do with a quotation, until it is released: nothing."""

    _inherit = "sale.order"

    def _has_to_be_signed(self):
        return super()._has_to_be_signed() and not self.sudo()._quote_signoff_unreleased()

    def _has_to_be_paid(self):
        return super()._has_to_be_paid() and not self.sudo()._quote_signoff_unreleased()

    @api.model
    def _get_thread_with_access(self, thread_id, **kwargs):
        """The portal's chatter, which a token or a signed partner id opens."""
        thread = super()._get_thread_with_access(thread_id, **kwargs)
        if thread and not self.env.user._is_internal() and thread.sudo()._quote_signoff_unreleased():
            return self.browse()
        return thread

    def message_post(self, **kwargs):
        """Text messages and letters, which optional modules send, are posted like mail but make none."""
        if kwargs.get("message_type") in ("sms", "snailmail"):
            self._check_quote_signoff()
        return super().message_post(**kwargs)

    def _sms_get_recipients_info(self, force_field=False, partner_fallback=True):
        """Text messages to many at once are not posted; but each way of writing one asks for the numbers here."""
        self._check_quote_signoff()
        return super()._sms_get_recipients_info(force_field=force_field, partner_fallback=partner_fallback)

    def load_sale_order_from_pos(self, config_id):
        """At the till of `pos_sale` too it is refused when it is called up, not when the customer has paid."""
        self._check_quote_signoff()
        return super().load_sale_order_from_pos(config_id)

    def _send_order_notification_mail(self, mail_template, *args, **kwargs):
        """Status mails are sent by payments and a cron, which one unsigned order must not stop."""
        if self.sudo()._quote_signoff_unreleased():
            self.sudo()._ask_responsible(
                "sales_dept_roles.mail_activity_message_held",
                lambda order: order._not_sent_message(
                    mail_template.with_env(order.env).name, order._quote_signoff_message()
                ),
            )
            return
        super()._send_order_notification_mail(mail_template, *args, **kwargs)

    def _not_sent_message(self, subject, reason):
        return self.env._("“%(subject)s” was not sent. %(reason)s", subject=subject or "", reason=reason)

    def _quote_changed_message(self, digest):
        """Return why something written when the terms had `digest` may not go out now, or False."""
        if digest and self._quote_signoff_filter_required() and self._approval_digest() != digest:
            return self.env._(
                "Quotation %(order)s was changed after this message was scheduled. Write it again with the new terms.",
                order=self.name,
            )
        return False

    def _ask_responsible(self, activity_type, note):
        """Give the account managers of `self` something to do about what could not happen.

        :param str activity_type: xml id of the type; of each there is one open activity on an order
        :param note: text, or function of the order in the reader's language
        """
        directors = self.env.ref("sales_dept_roles.group_director").all_user_ids
        wanted = []
        for order in self:
            people = order.user_id | order.team_id.user_id | order.create_uid | directors
            user = people.filtered(lambda user: user.active and user._is_internal())[:1]
            wanted.append((order, user, {"note": note}))
        self.env["sales.dept.telling"]._ask(activity_type, wanted)

    def _on_approval_ended(self):
        """Nobody has to see to what was kept from a cancelled order; a payment for it is still there."""
        types = [self.env.ref(xmlid).id for xmlid in ENDING_TODOS]
        self.activity_ids.filtered(lambda activity: activity.activity_type_id.id in types).unlink()
        return super()._on_approval_ended()
