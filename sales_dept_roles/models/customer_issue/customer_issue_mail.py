from markupsafe import Markup

from odoo import api, models
from odoo.tools import email_normalize, html2plaintext, html_sanitize

from .customer_issue import OPEN

# Written by a person, not by one of Odoo's own processes, nor by an answering machine.
WRITTEN = ("comment", "email", "email_outgoing")


class CustomerIssue(models.Model):
    """Mail about issues: a new one from the company's address, an answer that leaves, a word of the customer."""

    _inherit = "customer.issue"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail to the company's address for issues is one, also from whoever is not known.

        A colleague who forwards what a customer wrote is not the customer: who that is is chosen afterwards.
        """
        author = self.env["res.partner"].browse(msg_dict.get("author_id") or ())
        values = {
            "channel": "mail",
            "description": html_sanitize(msg_dict.get("body") or ""),
            "partner_id": author.id if author and author.partner_share else False,
            "title": (msg_dict.get("subject") or "").strip() or self.env._("Mail without subject"),
            **(custom_values or {}),
        }
        return super().message_new(msg_dict, values)

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        word = message.sudo()
        if len(self) == 1 and self._is_word_of_customer(word):
            self.sudo()._customer_wrote(word)
        return result

    def _notify_thread_by_email(self, message, recipients_data, **kwargs):
        """Called when a message goes out: ours to the customer is an answer."""
        result = super()._notify_thread_by_email(message, recipients_data, **kwargs)
        word = message.sudo()
        if len(self) == 1 and self._is_word_to_customer(word, recipients_data):
            self.sudo()._note_answered(word)
        return result

    # === WHOSE WORD IT IS === #

    def _is_word_of_customer(self, message):
        """Whether `message`, read as superuser, is the customer's own."""
        self.ensure_one()
        if message.message_type not in WRITTEN or message.is_internal or message.subtype_id.internal:
            return False
        author, issue = message.author_id, self.sudo()
        if author:
            customer = issue.partner_id.commercial_partner_id
            if author.partner_share and customer and author.commercial_partner_id == customer:
                return True
            if not author.partner_share:
                return False
        return bool(email := email_normalize(message.email_from or "")) and email == email_normalize(
            issue.email_from or ""
        )

    def _is_word_to_customer(self, message, recipients_data):
        """Whether `message`, read as superuser, is ours to the customer, who is among `recipients_data`."""
        self.ensure_one()
        if (
            message.message_type not in ("comment", "email_outgoing")
            or message.subtype_id.internal
            or message.is_internal
            or not message.author_id
            or message.author_id.partner_share
        ):
            return False
        issue = self.sudo()
        partners = self.env["res.partner"].sudo().browse(data["id"] for data in recipients_data if data.get("id"))
        customer = issue.partner_id.commercial_partner_id
        if customer & partners.commercial_partner_id:
            return True
        address = email_normalize(issue.email_from or "")
        return bool(address) and (
            address in [email_normalize(partner.email or "") for partner in partners]
            or address == email_normalize(message.outgoing_email_to or "")
        )

    # === WHAT FOLLOWS === #

    def _note_answered(self, message):
        """Our `message` has left for the customer; a letter of the issue's own buttons is on record already."""
        self.ensure_one()
        if self.state not in OPEN or self.entry_ids.filtered(lambda entry: not entry.message_id and entry.by == "mail"):
            return
        entry = self._note("answer", "mail", message.author_id, message.body)
        entry.message_id = message
        self._follow_words(entry)

    def _customer_wrote(self, message):
        """The customer wrote `message`: what waits for her goes on, what is not solved for her is open again."""
        self.ensure_one()
        if self.state == "waiting":
            self._start_clock()
        elif self.state == "solved":
            self._reopen(self._way_of(message), message.author_id, message.body)
        if self.state in OPEN:
            self._tell_of_word(message)
        elif self.state == "closed":
            self._ask_to_look(message)

    @api.model
    def _way_of(self, message):
        return "mail" if message.message_type == "email" else "portal"

    def _tell_of_word(self, message):
        """Tell who is responsible, where they do not follow the issue."""
        reader = self._responsible()
        if reader and reader.partner_id not in self.message_partner_ids:
            self.env["sales.dept.telling"]._notify(
                reader,
                lambda issue: issue.env._("%(issue)s: the customer wrote", issue=issue.display_name),
                lambda issue: Markup("<p>%s</p>") % html2plaintext(message.body or ""),
                about=self,
            )
