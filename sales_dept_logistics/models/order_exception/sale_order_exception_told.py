from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from .advance import is_in_advance
from .sale_order_exception import OPEN


class SaleOrderException(models.Model):
    """When the customer was told, taken from the message, mail or call with which it was done."""

    _inherit = "sale.order.exception"

    # === TELLING HER === #

    def action_tell_customer(self):
        """Write to the customer about `self`, of one order, with the template in her language."""
        self.check_access("write")
        self._check_sells()
        self._check_open()
        order = self.order_id
        if len(order) > 1:
            raise UserError(self.env._("A message is about one order: choose exceptions of the same order."))
        template = self.env.ref("sales_dept_logistics.mail_template_order_exception", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tell the Customer"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": "sale.order",
                "default_res_ids": order.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id if template else False,
                "default_email_layout_xmlid": "mail.mail_notification_layout_with_responsible_signature",
                "force_email": True,
                # Only which ones the text is about: what counts in the end is which ones it names.
                "order_exception_ids": self.ids,
            },
        }

    def action_log_call(self):
        """Plan a call to the customer about `self`; done with a feedback, it counts as telling her."""
        self.ensure_one()
        self.check_access("write")
        self._check_sells()
        self._check_open()
        call = self.env.ref("mail.mail_activity_data_call")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Call the Customer"),
            "res_model": "mail.activity",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_res_model_id": self.env["ir.model"]._get_id("sale.order"),
                "default_res_model": "sale.order",
                "default_res_id": self.order_id.id,
                "default_activity_type_id": call.id,
                "default_summary": self.env._("Tell the customer: %(exception)s", exception=self.name),
                "default_user_id": (self.teller_id or self.env.user).id,
            },
        }

    def action_told_by_last(self):
        """Take the last message or call to the customer on the order, since it was opened, for what told her."""
        self.check_access("write")
        self._check_sells()
        self._check_open()
        for exception in self:
            if exception.date_told:
                raise UserError(self.env._("%(exception)s was told already.", exception=exception.display_name))
            message = exception.order_id._last_message_to_customer(exception.date_opened)
            if not message:
                raise UserError(
                    self.env._(
                        "%(exception)s: nothing was written to the customer on %(order)s, and no call noted, since it "
                        "was opened. Notes are internal, and what was said before does not count.",
                        exception=exception.display_name,
                        order=exception.order_id.name,
                    )
                )
            exception._note_told(message, message.create_date, html2plaintext(message.body or ""))
        return True

    def action_not_told(self):
        """The message that was taken for it did not tell the customer; decided by the account manager or above."""
        self.check_access("write")
        self._check_open()
        self._check_leads()
        for exception in self.filtered("date_told"):
            exception._message_log(
                body=self.env._("The customer was not told with this: %(text)s", text=exception.told_text)
            )
            exception._write_protected(
                {
                    "date_told": False,
                    "told_text": False,
                    "told_message_id": False,
                    "told_by_id": False,
                    "is_in_advance": False,
                    "state": exception._open_state(exception.state != "open", False),
                }
            )
        self._refresh_todos()
        return True

    # === TAKING IT DOWN === #

    @api.model
    def _to_tell_domain(self):
        """Exceptions of which the customer does not know yet."""
        return Domain("state", "in", OPEN) & Domain("date_told", "=", False)

    def _note_told(self, message, moment, text):
        """Note that the customer was told of `self` with `message`.

        :param message: on the order
        :param moment: naive UTC datetime at which it went to her
        :param str text: the words, kept as they were
        """
        author = message.sudo().author_id.user_ids.filtered(lambda user: not user.share)[:1]
        for exception in self:
            told = moment.replace(microsecond=0)
            exception._write_protected(
                {
                    "date_told": told,
                    "told_text": (text or "").strip() or "–",
                    "told_message_id": message.id,
                    "told_by_id": author.id,
                    "is_in_advance": is_in_advance(told, exception.date_in_advance_until),
                    "state": exception._open_state(exception.state != "open", True),
                }
            )
        self._refresh_todos()
