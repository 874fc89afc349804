from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize_all


class MailMail(models.Model):
    """Mail takes no unreleased quotation to anybody outside the company.

    Every way of mailing a document makes a mail, so whoever mails is told in :meth:`create`. Every
    mail leaves by :meth:`_send`: it stops what changed while it waited, and what a cron or the mail
    gateway made. These work as the system's own user, which nobody can log in as: nobody would read
    a sentence, other mail has to go on, and a customer's mail must not bounce.
    """

    _inherit = "mail.mail"

    quote_digest = fields.Char(
        readonly=True, help="The quotation's terms when the mail was made: its text and attachments show these."
    )

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        if self.env.uid != SUPERUSER_ID:
            mails._check_quotes_released()
        about_quotes = mails.filtered(lambda mail: mail.model == "sale.order")
        orders = self.env["sale.order"].sudo().browse(about_quotes.mapped("res_id")).exists()
        digests = {order.id: order._approval_digest() for order in orders._quote_signoff_filter_required()}
        for mail in about_quotes:
            mail.quote_digest = digests.get(mail.res_id)
        return mails

    def _send(
        self,
        auto_commit=False,
        raise_exception=False,
        smtp_session=None,
        alias_domain_id=False,
        mail_server=False,
        post_send_callback=None,
    ):
        self._stop_unreleased_quotes()
        return super()._send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            smtp_session=smtp_session,
            alias_domain_id=alias_domain_id,
            mail_server=mail_server,
            post_send_callback=post_send_callback,
        )

    def _check_quotes_released(self):
        """:raises UserError: when a mail of `self` would take an unreleased quotation outside"""
        for _mail, reason, partners, emails in self._quotes_kept_inside():
            raise UserError(
                self.env._(
                    "%(reason)s Until then no message about it can go to %(recipients)s.",
                    reason=reason,
                    recipients=", ".join([*partners.mapped("display_name"), *sorted(emails)]),
                )
            )

    def _stop_unreleased_quotes(self):
        """Take the outsiders off the mails of `self` that may not go out, and say so on the quotation."""
        waiting = self.filtered(lambda mail: mail.state == "outgoing")
        for mail, reason, partners, emails in waiting._quotes_kept_inside():
            kept = {name: ", ".join(_addresses(mail[name]) - emails) for name in ("email_to", "email_cc")}
            if mail.recipient_ids - partners or any(kept.values()):
                mail.notification_ids.filtered(
                    lambda notification, partners=partners: notification.res_partner_id in partners
                ).notification_status = "canceled"
                mail.write({"recipient_ids": [(3, partner.id) for partner in partners], **kept})
                continue
            mail.write({"state": "cancel", "failure_type": "unknown", "failure_reason": reason})
            mail._postprocess_sent_message(
                success_pids=[], success_emails=[], failure_reason=reason, failure_type="unknown"
            )
            # What the gateway relays or answers is no work of a colleague's that waits to be done again.
            if mail.message_type not in ("email", "auto_comment", "out_of_office"):
                order = self.env["sale.order"].sudo().browse(mail.model == "sale.order" and mail.res_id)
                order._ask_responsible(
                    "sales_dept_roles.mail_activity_message_held",
                    lambda order, mail=mail: order._not_sent_message(mail.subject, mail._quote_reason_message(order)),
                )

    def _quotes_kept_inside(self):
        """Find the mails of `self` that would take a quotation outside which may not go there.

        :return: ``[(mail, reason, partners outside, addresses outside)]``; the number of queries
            does not depend on the number of mails
        """
        # Superuser: whoever mails may have no right to read the policy, the approvals or the recipients.
        about = {mail: ids for mail in self.sudo() if (ids := mail._quote_ids())}
        if not about:
            return []
        orders = self.env["sale.order"].sudo().browse(set().union(*about.values())).exists()
        unreleased = orders._quote_signoff_unreleased()
        reasons = {}
        for mail, ids in about.items():
            order = unreleased.filtered(lambda order, ids=ids: order.id in ids)[:1]
            if not order and mail.quote_digest:
                order = orders.filtered(lambda order, mail=mail: order.id == mail.res_id)
            if order and (message := mail._quote_reason_message(order)):
                reasons[mail] = message
        inside_partners, inside_emails = self.browse().concat(*reasons)._recipients_inside()
        kept = []
        for mail, reason in reasons.items():
            partners = mail.recipient_ids - inside_partners
            emails = (_addresses(mail.email_to) | _addresses(mail.email_cc)) - inside_emails
            if partners or emails:
                kept.append((mail, reason, partners, emails))
        return kept

    def _quote_reason_message(self, order):
        """Return why this mail about `order` may not go outside, in the language of `order`, or False."""
        if order._quote_signoff_unreleased():
            return order._quote_signoff_message()
        return order._quote_changed_message(self.quote_digest)

    def _quote_ids(self):
        """Ids of the orders that this mail is about, or whose files it carries."""
        ids = {attachment.res_id for attachment in self.attachment_ids if attachment.res_model == "sale.order"}
        if self.model == "sale.order":
            ids.add(self.res_id)
        return ids - {0}

    def _recipients_inside(self):
        """Of all recipients of `self`, those of colleagues: ``(partners, set of addresses)``."""
        if not self:
            return self.recipient_ids, set()
        emails = {email for mail in self for text in (mail.email_to, mail.email_cc) for email in _addresses(text)}
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("share", "=", False),
                    "|",
                    ("partner_id", "in", self.sudo().recipient_ids.ids),
                    ("email_normalized", "in", list(emails)),
                ]
            )
        )
        return users.partner_id, set(users.mapped("email_normalized"))


def _addresses(text):
    """Addresses of a header's text, normalized; a text without one counts as an address nobody inside has."""
    return set(email_normalize_all(text or "")) or ({text} if text and text.strip() else set())
