from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    quote_digest = fields.Char(
        readonly=True, help="The quotation's terms when the message was scheduled: its attachments show these."
    )

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create([{**vals, "quote_digest": False} for vals in vals_list])
        for message in messages.filtered(lambda message: message.model == "sale.order"):
            order = self.env["sale.order"].sudo().browse(message.res_id)
            if message._is_for_outsiders():
                order._check_quote_signoff()
            message.sudo().quote_digest = order._approval_digest()
        return messages

    def write(self, vals):
        if "quote_digest" in vals and not self.env.su:
            raise UserError(self.env._("A scheduled message keeps the terms that it was written for."))
        return super().write(vals)

    def _post_message(self, raise_exception=True):
        held = {message: error for message in self if (error := message._quote_error_message())}
        for message, error in held.items():
            if raise_exception:
                raise UserError(error)
            # Odoo's cron drops what it cannot post and tells its author; so do we, with the reason.
            self.env["sales.dept.telling"]._notify(
                message.create_uid,
                lambda reader: reader.env._("A scheduled message was not sent"),
                lambda reader, message=message: (
                    Markup("<p>%s</p><blockquote>%s</blockquote>")
                    % (message.with_context(lang=reader.env.lang)._quote_error_message(), message.body or "")
                ),
            )
        held_messages = self.browse().concat(*held)
        held_messages.unlink()
        return super(MailScheduledMessage, self - held_messages)._post_message(raise_exception=raise_exception)

    def _is_for_outsiders(self):
        """Whether others than colleagues may get this message: it has their names, or all followers do."""
        return not self.is_note or any(self.sudo().partner_ids.mapped("partner_share"))

    def _quote_error_message(self):
        """Return why this message may not be sent to anybody outside, or False."""
        self.ensure_one()
        if self.model != "sale.order" or not self._is_for_outsiders():
            return False
        order = self.env["sale.order"].sudo().browse(self.res_id).exists()
        if order._quote_signoff_unreleased():
            return order._quote_signoff_message()
        return order._quote_changed_message(self.sudo().quote_digest)
