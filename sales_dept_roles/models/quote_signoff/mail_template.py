from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _generate_template_attachments(self, res_ids, render_fields, render_results=None):
        """A PDF made before the signature could be sent after it: so none is made."""
        if self.model == "sale.order" and self.report_template_ids:
            self.env["sale.order"].browse(res_ids).sudo()._check_quote_signoff()
        return super()._generate_template_attachments(res_ids, render_fields, render_results=render_results)

    def send_mail_batch(
        self, res_ids, force_send=False, raise_exception=False, email_values=None, email_layout_xmlid=False
    ):
        """What a mail about a quotation is about is not the caller's to say: its gate asks for it."""
        if self.model == "sale.order" and email_values:
            email_values = {name: value for name, value in email_values.items() if name not in ("model", "res_id")}
        return super().send_mail_batch(
            res_ids,
            force_send=force_send,
            raise_exception=raise_exception,
            email_values=email_values,
            email_layout_xmlid=email_layout_xmlid,
        )
