from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from .advance import named_in
from .sale_order_exception import OPEN

# Written by a person, not by one of Odoo's own processes.
WRITTEN = ("comment", "email_outgoing")


class SaleOrder(models.Model):
    """Which messages and calls on an order tell the customer of its exceptions.

    One that reaches the customer, by a colleague, while the exception is open and she does not know of it. Those that
    it names by their numbers; where it names none, the one that she is to be told of, if there is only one.
    """

    _inherit = "sale.order"

    order_exception_ids = fields.One2many("sale.order.exception", "order_id", "Exceptions", copy=False)
    order_exception_count = fields.Integer("Number of Exceptions", compute="_compute_order_exception_count")
    open_exception_count = fields.Integer("Open Exceptions", compute="_compute_order_exception_count")

    @api.depends("order_exception_ids.state")
    def _compute_order_exception_count(self):
        if not self.env["sale.order.exception"].has_access("read"):
            self.order_exception_count = self.open_exception_count = 0
            return
        counts = {
            (order, state): count
            for order, state, count in self.env["sale.order.exception"]._read_group(
                [("order_id", "in", self.ids)], ["order_id", "state"], ["__count"]
            )
        }
        for order in self:
            of_order = {state: count for (some, state), count in counts.items() if some == order._origin}
            order.order_exception_count = sum(of_order.values())
            order.open_exception_count = sum(of_order.get(state, 0) for state in OPEN)

    def _door_after(self, vals, before):
        result = super()._door_after(vals, before)
        if vals.get("state") == "cancel":
            exceptions = self.sudo().order_exception_ids.filtered(lambda exception: exception.state in OPEN)
            exceptions._cancel_for(self.env._("The order was cancelled."))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_exceptions(self):
        if kept := self.sudo().filtered("order_exception_ids"):
            raise UserError(
                self.env._(
                    "%(orders)s has exceptions, which are kept as proof. It stays cancelled instead.",
                    orders=", ".join(kept.mapped("name")),
                )
            )

    # === ACTIONS === #

    def action_view_order_exceptions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_logistics.action_order_exceptions")
        return {
            **action,
            "domain": [("order_id", "=", self.id)],
            "context": {"default_order_id": self.id},
        }

    def action_enter_order_exception(self):
        """Open a new exception of the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Order Exception"),
            "res_model": "sale.order.exception",
            "views": [(False, "form")],
            "context": {"default_order_id": self.id},
        }

    # === TELLING === #

    def _exceptions_to_write_of(self):
        """The exceptions that the letter to the customer is about: those chosen, else all that she is to be told of."""
        self.ensure_one()
        exceptions = self.env["sale.order.exception"].search(
            self.env["sale.order.exception"]._to_tell_domain() & Domain("order_id", "=", self.id)
        )
        chosen = self.env.context.get("order_exception_ids")
        return exceptions.filtered(lambda exception: exception.id in chosen) if chosen else exceptions

    def _notify_thread_by_email(self, message, recipients_data, **kwargs):
        """Called when a message goes out, at once or at the time it was scheduled for."""
        result = super()._notify_thread_by_email(message, recipients_data, **kwargs)
        if len(self) == 1:
            partners = self.env["res.partner"].browse(data["id"] for data in recipients_data if data.get("id"))
            self._note_exceptions_written(message, partners)
        return result

    def _message_mail_after_hook(self, mails):
        """Letters written from the list, to one or many."""
        result = super()._message_mail_after_hook(mails)
        now = fields.Datetime.now()
        for mail in mails.sudo():
            waits = mail.scheduled_date and mail.scheduled_date > now
            if mail.model == "sale.order" and mail.state != "cancel" and not waits:
                order = self.browse(mail.res_id)
                order._note_exceptions_written(mail.mail_message_id, mail.recipient_ids)
        return result

    def _note_exceptions_written(self, message, partners):
        """Note of which exceptions the customer is told with `message`, which goes to `partners` now."""
        order, message = self.sudo(), message.sudo()
        if order.state == "sale" and order._is_word_to_customer(message, partners):
            text = "\n".join(filter(None, [message.subject, html2plaintext(message.body or "")]))
            order._note_exceptions_told(message, text, text)

    def _is_word_to_customer(self, message, partners):
        """Whether `message`, read as superuser, is ours to the customer."""
        self.ensure_one()
        return bool(
            message.message_type in WRITTEN
            and not message.subtype_id.internal
            and not message.is_internal
            and message.author_id
            and not message.author_id.partner_share
            and partners.sudo().commercial_partner_id & self._customers_to_tell()
        )

    def _customers_to_tell(self):
        """Who has to be told: whoever bought; a colleague of hers will do."""
        return self.partner_id.commercial_partner_id

    def _note_exceptions_told(self, message, names, text):
        """Note of which exceptions of the order `message` tells.

        :param str names: where their numbers are looked for
        :param str text: what was told
        """
        self.ensure_one()
        exceptions = self.sudo().order_exception_ids
        named = set(named_in(names, exceptions.mapped("name"))) if exceptions else set()
        waiting = exceptions.filtered_domain(exceptions._to_tell_domain())
        if named:
            waiting = waiting.filtered(lambda exception: exception.name in named)
        elif len(waiting) > 1:
            # Nobody can say which of them was meant.
            return
        waiting._note_told(message, fields.Datetime.now(), text)

    def _last_message_to_customer(self, since):
        """The last message or call to the customer from the moment `since` on, as superuser; none where there is none.

        When it was made, not the date that it bears: whoever writes a message may give it any.
        """
        self.ensure_one()
        order = self.sudo()
        messages = self.env["mail.message"].sudo()
        messages = messages.search(
            Domain("model", "=", "sale.order") & Domain("res_id", "=", self.id) & Domain("create_date", ">=", since),
            order="id desc",
        )
        return next(
            (
                message
                for message in messages
                if order._is_word_to_customer(message, message.notified_partner_ids) or order._is_noted_call(message)
            ),
            messages.browse(),
        )

    @api.model
    def _is_noted_call(self, message):
        """Whether `message` is the trace of a call that was done, with words to it."""
        if message.mail_activity_type_id.category != "phonecall":
            return False
        done = (
            self.env["mail.activity"]
            .sudo()
            .with_context(active_test=False)
            .search(
                Domain("res_model", "=", "sale.order")
                & Domain("res_id", "=", message.res_id)
                & Domain("active", "=", False)
                & Domain("activity_type_id", "=", message.mail_activity_type_id.id)
                & Domain("feedback", "!=", False)
            )
        )
        text = html2plaintext(message.body or "")
        return any((said := html2plaintext(call.feedback).strip()) and said in text for call in done)
