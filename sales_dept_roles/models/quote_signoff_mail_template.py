from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _generate_template_attachments(self, res_ids, *args, **kwargs):
        """A PDF made before the signature could be sent after it: so none is made."""
        if self.model == "sale.order" and self.report_template_ids:
            self.env["sale.order"].browse(res_ids).sudo()._check_quote_signoff()
        return super()._generate_template_attachments(res_ids, *args, **kwargs)
