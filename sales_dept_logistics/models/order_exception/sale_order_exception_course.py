from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context

from .sale_order_exception import OPEN


class SaleOrderException(models.Model):
    """The way of an exception: handled, its new date accepted, told, closed; or none after all."""

    _inherit = "sale.order.exception"

    def _check_open(self):
        """:raises UserError: when one of `self` has ended"""
        if ended := self.filtered(lambda exception: exception.state not in OPEN):
            raise UserError(self.env._("%(exception)s has ended already.", exception=ended[0].display_name))

    def action_view_order(self):
        self.ensure_one()
        return self.order_id._get_records_action()

    # === HANDLED === #

    def _follow_measure(self):
        """Bring the state of `self` to what is said about them: with cause and measure they are handled."""
        now = fields.Datetime.now()
        for exception in self.filtered(lambda exception: exception.state in OPEN):
            is_handled = bool(exception.cause and (exception.measure or "").strip())
            values = {"state": exception._open_state(is_handled, exception.date_told)}
            if is_handled and not exception.date_handled:
                values |= {"date_handled": now, "handled_by_id": self.env.uid}
            elif not is_handled and exception.date_handled:
                values |= {"date_handled": False, "handled_by_id": False}
            if values["state"] != exception.state or len(values) > 1:
                exception._write_protected(values)

    @api.model
    def _open_state(self, is_handled, is_told):
        """The state of an exception that has not ended. Being told does not stand for a measure."""
        if not is_handled:
            return "open"
        return "told" if is_told else "handled"

    # === THE NEW DATE === #

    def action_accept_date(self):
        """The account manager, or somebody above, makes the new dates of `self` the promise of their orders."""
        self.check_access("write")
        self._check_open()
        self._check_leads()
        for exception in self:
            if message := exception._accept_error_message():
                raise UserError(message)
        for exception in self:
            exception._accept_date()
        return True

    def _accept_error_message(self):
        """Return why the new date cannot be accepted, or False."""
        self.ensure_one()
        if not self.date_new:
            return self.env._("%(exception)s has no new date yet.", exception=self.display_name)
        if self.date_new < self.company_id._local_today():
            return self.env._(
                "%(exception)s: the new date lies in the past, and cannot be promised.", exception=self.display_name
            )
        if not self._lines_to_promise():
            return self.env._(
                "%(exception)s: there is nothing left to deliver that could be promised.", exception=self.display_name
            )
        return False

    def _lines_to_promise(self):
        """The lines, as superuser, that get the new date: what is still to be delivered of what it is about."""
        self.ensure_one()
        lines = (self.sale_line_id or self.order_id.order_line).sudo()
        return lines.filtered(lambda line: line._is_undelivered())

    def _accept_date(self):
        """Put the new date in the place of the promise: of the lines, of the order, of the goods' deadlines."""
        self.ensure_one()
        exception = without_client_context(self).sudo().with_company(self.company_id)
        order, lines = exception.order_id, exception._lines_to_promise()
        # The order's date is one for all: what the others were promised with it stays theirs.
        if order.commitment_date:
            for line in (order.order_line - lines).filtered(lambda line: line._is_undelivered()):
                if not line.promised_date:
                    line._write_protected({"promised_date": line._planned_date()})
        before = exception._promise()
        lines._write_protected({"promised_date": exception.date_new})
        order._apply_promised_dates()
        exception._write_protected({"date_accepted": fields.Datetime.now(), "accepted_by_id": self.env.uid})
        order._message_log(
            body=self.env._(
                "%(exception)s: %(what)s is promised for %(after)s instead of %(before)s.",
                exception=exception.name,
                what=exception.sale_line_id.display_name or order.name,
                after=format_date(self.env, exception.date_new),
                before=format_date(self.env, before) or "–",
            ),
            author_id=self.env.user.partner_id.id,
        )

    # === THE END === #

    def action_close(self):
        """Nothing is left to be done about `self`: handled, and the customer was told."""
        self.check_access("write")
        self._check_sells()
        self._check_open()
        for exception in self:
            if exception.state != "told":
                raise UserError(exception._close_error_message())
        self._end("closed")
        return True

    def _close_error_message(self):
        if self.state == "open":
            return self.env._(
                "%(exception)s is not handled yet: say what is done about it.", exception=self.display_name
            )
        return self.env._(
            "%(exception)s: the customer was not told yet. Tell her, or cancel it with the reason if it is none.",
            exception=self.display_name,
        )

    def action_cancel(self):
        """It is no exception after all; the reason stands on it."""
        self.check_access("write")
        self._check_sells()
        self._check_open()
        for exception in self:
            if not (exception.cancel_reason or "").strip():
                raise UserError(
                    self.env._(
                        "%(exception)s: say first why it is none, on the page “Why It Is None”.",
                        exception=exception.display_name,
                    )
                )
        self._end("cancelled")
        return True

    def _cancel_for(self, reason):
        """The system takes `self` back.

        :param str reason: a sentence
        """
        for exception in self:
            exception.cancel_reason = exception.cancel_reason or reason
        self._end("cancelled")

    def _end(self, state):
        self._write_protected({"state": state})
        # The database then allows another one of the same line and cause.
        self.flush_recordset(["state"])
        self._refresh_todos()
