from odoo import models


class SalesAppraisal(models.Model):
    """What those who lead write to each other about a person stays with them, also when the result is released."""

    _inherit = "sales.appraisal"

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """The person reads the appraisal, not what was said about it: that asks for a right they never have."""
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        own = self.sudo().filtered(lambda appraisal: appraisal.user_id == self.env.user)
        return {**operations, **dict.fromkeys(own.with_env(self.env), "unlink")}

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Mail goes to those only who may read the appraisal, whoever follows it or is named in the message."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        users = self.env["res.users"].sudo().browse(recipient["uid"] for recipient in recipients if recipient["uid"])
        readers = set(users.filtered(lambda user: self.with_user(user).sudo(False).has_access("read"))._ids)
        return [recipient for recipient in recipients if recipient["uid"] in readers]
