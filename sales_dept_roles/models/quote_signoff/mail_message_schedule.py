from odoo import api, fields, models


class MailMessageSchedule(models.Model):
    """A message that is in the chatter already and is mailed later."""

    _inherit = "mail.message.schedule"

    quote_digest = fields.Char(
        readonly=True, help="The quotation's terms when the message was written: its attachments show these."
    )

    @api.model_create_multi
    def create(self, vals_list):
        schedules = super().create(vals_list)
        for schedule in schedules.filtered(lambda schedule: schedule.mail_message_id.model == "sale.order"):
            message = schedule.mail_message_id
            order = self.env["sale.order"].sudo().browse(message.res_id)
            if order._quote_signoff_unreleased() and any(
                recipient["share"] for recipient in order._notify_get_recipients(message)
            ):
                order._check_quote_signoff()
            schedule.quote_digest = order._approval_digest()
        return schedules

    def _send_notifications(self, default_notify_kwargs=None):
        """One that shows terms of yesterday goes to nobody; the others go on."""
        stale = self.browse()
        for schedule in self.filtered("quote_digest"):
            order = self.env["sale.order"].sudo().browse(schedule.mail_message_id.res_id).exists()
            if order._quote_changed_message(schedule.quote_digest):
                order._ask_responsible(
                    "sales_dept_roles.mail_activity_message_held",
                    lambda order, digest=schedule.quote_digest: order._quote_changed_message(digest),
                )
                stale |= schedule
        result = super(MailMessageSchedule, self - stale)._send_notifications(default_notify_kwargs)
        stale.unlink()
        return result
