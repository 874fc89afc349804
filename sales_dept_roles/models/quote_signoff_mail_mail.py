from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize_all


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        # Every way of mailing a document ends here, so this is the one place to ask.
        mails._hold_unsigned_quotations()
        return mails

    def _hold_unsigned_quotations(self):
        """Refuse mail that would take an unsigned quotation to somebody outside the company.

        :raises UserError: except for what came in through the mail gateway: that is kept and shown
            to colleagues, only nobody outside is told
        """
        # Superuser: whoever sends it may have no right to read the policy, the approvals or the recipients.
        about = {mail: mail.sudo()._quotations() for mail in self}
        orders = self.env["sale.order"].sudo().union(*about.values()) if about else self.env["sale.order"]
        unreleased = orders and orders._quote_signoff_unreleased()
        if not unreleased:
            return
        held = self.sudo().filtered(lambda mail: about[mail] & unreleased)
        inside = held._internal_recipients()
        for mail in held:
            partners = mail.recipient_ids.filtered(lambda partner: partner not in inside["partners"])
            emails = mail._written_emails() - inside["emails"]
            if not partners and not emails:
                continue
            if mail.message_type == "email":
                mail._drop_recipients(partners, emails)
                continue
            order = (about[mail] & unreleased)[:1]
            raise UserError(
                self.env._(
                    "%(reason)s Until then no message about it can go to %(recipients)s.",
                    reason=order._quote_signoff_message(),
                    recipients=", ".join([*partners.mapped("display_name"), *sorted(emails)]),
                )
            )

    def _quotations(self):
        """The orders that this mail is about, or whose files it carries."""
        self.ensure_one()
        ids = {attachment.res_id for attachment in self.attachment_ids if attachment.res_model == "sale.order"}
        if self.model == "sale.order":
            ids.add(self.res_id)
        return self.env["sale.order"].browse(ids - {0, False}).exists()

    def _written_emails(self):
        """Addresses that are given as text, normalized."""
        return {email for text in (self.email_to, self.email_cc) for email in email_normalize_all(text or "")}

    def _internal_recipients(self):
        """Of all recipients of `self`, those inside: ``{"partners": recordset, "emails": set}``."""
        partners = self.recipient_ids
        emails = {email for mail in self for email in mail._written_emails()}
        users = self.env["res.users"].search(
            ["&", ("share", "=", False), "|", ("partner_id", "in", partners.ids), ("email_normalized", "in", list(emails))]
        )
        return {"partners": users.partner_id, "emails": set(users.mapped("email_normalized"))}

    def _drop_recipients(self, partners, emails):
        kept = ", ".join(sorted(self._written_emails() - emails))
        self.write({"recipient_ids": [(3, partner.id) for partner in partners], "email_to": kept, "email_cc": False})
        if not self.recipient_ids and not kept:
            self.state = "cancel"
