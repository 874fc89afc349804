from odoo import models
from odoo.exceptions import UserError

# What a customer sees.
SHOWN = ("sent", "corrected", "confirmed", "waiting", "validated")


class CustomerStatement(models.Model):
    """The customer's page."""

    _inherit = "customer.statement"

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for statement in self:
            statement.access_url = f"/my/statements/{statement.id}"
        return result

    def _get_report_base_filename(self):
        self.ensure_one()
        return self._file_name()

    def _link_days(self):
        self.ensure_one()
        return self.company_id.sudo().sales_dept_statement_link_days

    def _link_recipient(self):
        recipient = self._recipient()
        return recipient, recipient.email

    def _is_link_renewable(self):
        return self.state in SHOWN

    def _is_answerable(self):
        self.ensure_one()
        return self.state in ("sent", "corrected") and not self.confirmed_date

    def _check_version(self, version):
        """:raises UserError: where the page showed another version than there is now"""
        self.ensure_one()
        if str(version) != str(self.version):
            raise UserError(
                self.env._(
                    "The statement was sent anew while you looked at it: below is version %(version)s. Look at it, and "
                    "answer that one.",
                    version=self.version,
                )
            )

    def _post_confirmed(self, author):
        """Tell the followers, in the customer's name."""
        self.message_post(
            body=self.env._("Version %(version)s confirmed by %(name)s.", version=self.version, name=self.confirmed_by),
            author_id=author.id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
