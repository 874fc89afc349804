from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context

TEMPLATE = "sales_dept_kpi.mail_template_customer_statement"


class CustomerStatement(models.Model):
    """One mail in the customer's language, with the paper and the spreadsheet; kept as it went out."""

    _inherit = "customer.statement"

    def action_send(self):
        """Send the drafts of `self` to their customers."""
        self._check_may_answer()
        self._check_draft()
        self._check_sendable()
        for statement in without_client_context(self):
            statement._lock()
            statement._check_draft()
            statement._issue()
        return True

    def action_reissue(self):
        """Send `self` once more, with what was agreed since, as its next version."""
        self._check_may_answer()
        self._check_sendable()
        for statement in without_client_context(self):
            statement._lock()
            if statement.state != "sent":
                raise UserError(statement._not_reissued_message())
            statement._write_protected({"version": statement.version + 1})
            statement._issue()
        return True

    def _not_reissued_message(self):
        self.ensure_one()
        if self.state == "corrected":
            return self.env._(
                "%(statement)s: answer the customer's corrections first, each of them.", statement=self.display_name
            )
        return self.env._(
            "%(statement)s is %(state)s, so it is not sent once more.",
            statement=self.display_name,
            state=self._state_text(),
        )

    def _check_sendable(self):
        for statement in self:
            if not statement._recipient().email:
                raise UserError(
                    self.env._(
                        "%(customer)s has no e-mail address: enter it on the customer, or on its invoice address.",
                        customer=statement.partner_id.name,
                    )
                )
            if not statement.previous_id and not statement.opening_note:
                raise UserError(
                    self.env._(
                        "%(statement)s is the first one of this customer: say what its opening balance is, or have it "
                        "proposed from the account.",
                        statement=statement.display_name,
                    )
                )

    def _recipient(self):
        self.ensure_one()
        partner = self.partner_id.sudo()
        billed = partner.browse(partner.address_get(["invoice"])["invoice"])
        return billed if billed.email else partner

    def _issue(self):
        """Freeze the statement, and send it."""
        self.ensure_one()
        company = self.company_id
        today = company._local_today()
        self._take_totals()
        self._write_protected(
            {
                "sent_date": fields.Datetime.now(),
                "answer_by": today + timedelta(days=company.sales_dept_statement_answer_days),
            }
        )
        # A link that was sent before, and still holds, opens the statement as it is now.
        self._renew_link()
        self._portal_ensure_token()
        self.flush_recordset()
        recipient = self._recipient()
        issue = self.env["customer.statement.issue"]._record(self, recipient.email)
        self._mail(recipient, issue)

    def _mail(self, recipient, issue):
        template = self.env.ref(TEMPLATE)
        files = self._copied_files(issue)
        template.sudo().send_mail(
            self.id,
            email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
            email_values={"recipient_ids": [fields.Command.link(recipient.id)], "attachment_ids": files.ids},
        )

    def _copied_files(self, issue):
        """The files of the mail; those of the issue stay as they are, whatever becomes of the mail."""
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {"name": name, "datas": content, "res_model": self._name, "res_id": self.id}
                    for name, content in ((issue.paper_name, issue.paper), (issue.sheet_name, issue.sheet))
                    if content
                ]
            )
        )
