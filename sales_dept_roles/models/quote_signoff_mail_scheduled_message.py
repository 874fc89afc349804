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
        for message in messages.filtered(lambda message: message.model == "sale.order" and not message.is_note):
            order = self.env["sale.order"].browse(message.res_id).sudo()
            order._check_quote_signoff()
            message.sudo().quote_digest = order._approval_digest()
        return messages

    def write(self, vals):
        if "quote_digest" in vals and not self.env.su:
            raise UserError(self.env._("A scheduled message keeps the terms that it was written for."))
        return super().write(vals)

    def _post_message(self, raise_exception=True):
        stale = self.filtered(lambda message: message._quote_terms_error())
        for message in stale:
            if raise_exception:
                raise UserError(message._quote_terms_error())
            message.env["mail.thread"].message_notify(
                partner_ids=message.create_uid.partner_id.ids,
                subject=self.env._("A scheduled message was not sent"),
                body=Markup("<p>%s</p><blockquote>%s</blockquote>") % (message._quote_terms_error(), message.body or ""),
            )
        stale.unlink()
        return super(MailScheduledMessage, self - stale)._post_message(raise_exception=raise_exception)

    def _quote_terms_error(self):
        """Return why this message shows terms that its quotation no longer has, or False."""
        self.ensure_one()
        order = self.env["sale.order"].sudo().browse(self.sudo().quote_digest and self.res_id).exists()
        if order._quote_signoff_filter_required() and order._approval_digest() != self.sudo().quote_digest:
            return self.env._(
                "Quotation %(order)s was changed after this message was scheduled. Write it again with the new terms.",
                order=order.name,
            )
        return False
