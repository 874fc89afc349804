from odoo import models
from odoo.tools import html2plaintext


class MailActivity(models.Model):
    """A call to the customer that is done, with what was said, tells her of an order's exceptions."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        said = html2plaintext(feedback or "").strip()
        calls = self.filtered(
            lambda activity: activity.res_model == "sale.order" and activity.activity_type_id.category == "phonecall"
        )
        # They are looked at before, since they are gone afterwards where their type does not keep them.
        orders = [
            (
                self.env["sale.order"].sudo().browse(call.res_id),
                call.activity_type_id,
                "\n".join(filter(None, [call.summary, html2plaintext(call.note or ""), said])),
            )
            for call in (calls if said else self.browse())
        ]
        messages, next_activities = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for order, kind, names in orders:
            message = messages.sudo().filtered(
                lambda message, order=order, kind=kind: (
                    message.res_id == order.id and message.mail_activity_type_id == kind
                )
            )[:1]
            if message and order.state == "sale":
                order._note_exceptions_told(message, names, said)
        return messages, next_activities
