import base64

from odoo import models
from odoo.exceptions import UserError


class FreightStatementDispute(models.Model):
    """The list of what is disputed, by mail to the carrier, in its language and with the file that it fills in."""

    _inherit = "freight.statement.dispute"

    def action_send(self):
        """Open the mail to the carrier."""
        self.ensure_one()
        self.check_access("write")
        partner = self.carrier_id.sudo().partner_id
        if not partner.email:
            raise UserError(
                self.env._(
                    "%(carrier)s has no e-mail address: name its company on the carrier, and its address there.",
                    carrier=self.carrier_id.name,
                )
            )
        template = self.env.ref("sales_dept_logistics.mail_template_freight_dispute", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send to the Carrier"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id if template else False,
                "default_partner_ids": partner.ids,
                "default_email_layout_xmlid": "mail.mail_notification_layout_with_responsible_signature",
                "force_email": True,
            },
        }

    def _process_attachments_for_template_post(self, mail_template):
        """Odoo's hook for files that no report makes: the spreadsheet of each round."""
        result = super()._process_attachments_for_template_post(mail_template)
        if mail_template == self.env.ref("sales_dept_logistics.mail_template_freight_dispute", False):
            for dispute in self:
                files = result.setdefault(dispute.id, {}).setdefault("attachments", [])
                files.append((dispute._file_name(), dispute._file_content()))
        return result

    def _file_name(self):
        return f"{self.display_name.replace('/', '-')}.xlsx"

    def _file_content(self):
        # The register forgets what it has read, also what is not written yet.
        self.env.flush_all()
        with self.line_ids._register_file() as file:
            return base64.b64encode(file.read())
