from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from odoo.addons.sales_dept_roles.models.telling.quantity_text import quantity_text

from .sale_delivery_notice import ACCEPTED, EDITABLE, OPEN


class SaleDeliveryNotice(models.Model):
    """The notice's way: issued, accepted or sent back, loaded, shipped, signed for."""

    _inherit = "sale.delivery.notice"

    # === ISSUING === #

    def action_issue(self):
        """Hand the notices `self` to the warehouse.

        :raises UserError: when something is missing, or more is noticed than may still leave
        """
        self.check_access("write")
        self._check_may_issue()
        self._check_state(EDITABLE)
        for notice in self:
            if message := notice._issue_error_message():
                raise UserError(message)
        self._write_protected(
            {
                "state": "issued",
                "issue_date": fields.Datetime.now(),
                "issue_user_id": self.env.uid,
                "send_back_reason": False,
            }
        )
        self._check_not_too_much()
        return True

    @api.model
    def _check_may_issue(self):
        """:raises AccessError: when the user is not of the sales department, whose the notices are"""
        if not (self.env.su or self.env.user.has_group("sales_team.group_sale_salesman")):
            raise AccessError(self.env._("Delivery notices are issued and changed by the sales department."))

    def _issue_error_message(self):
        """Return why the notice is not ready to be issued, or False."""
        self.ensure_one()
        if not self.line_ids:
            return self.env._("%(notice)s has no goods yet: add what is to be shipped.", notice=self.name)
        if not self.wanted_date:
            return self.env._("%(notice)s does not say when the goods should leave.", notice=self.name)
        unconfirmed = self.line_ids.order_id.filtered(lambda order: order.state != "sale")
        if unconfirmed:
            return self.env._(
                "%(notice)s: %(orders)s is not confirmed.",
                notice=self.name,
                orders=", ".join(unconfirmed.mapped("name")),
            )
        return "\n".join(self.line_ids.order_id._notice_hold_messages().values())

    def _check_not_too_much(self):
        """:raises UserError: when more of an order line is noticed than may still leave

        Asked after the state is written: the noticed quantity is stored on the order line, so of two people who issue
        the same rest at the same moment the second is run again, and then reads what the first one left.
        """
        sale_lines = self.line_ids.sale_line_id.sudo()
        sale_lines.flush_recordset(["qty_noticed"])
        own_lines = self.line_ids.grouped("sale_line_id")
        for sale_line in sale_lines:
            left = sale_line._qty_to_ship() - sale_line.qty_noticed
            if sale_line.product_uom_id.compare(left, 0) < 0:
                own = sum(own_lines[sale_line].mapped("quantity"))
                raise UserError(
                    self.env._(
                        "%(order)s, %(product)s: only %(left)s %(unit)s left that are neither shipped nor on another "
                        "delivery notice. This one has %(quantity)s.",
                        order=sale_line.order_id.name,
                        product=sale_line.product_id.display_name,
                        left=quantity_text(self.env, max(own + left, 0)),
                        unit=sale_line.product_uom_id.name,
                        quantity=quantity_text(self.env, own),
                    )
                )

    # === THE WAREHOUSE === #

    def action_accept(self):
        """The warehouse takes the notices `self` on."""
        self._check_warehouse()
        self._check_state(("issued",))
        for messages in [notice.line_ids.order_id._notice_hold_messages() for notice in self]:
            if messages:
                raise UserError("\n".join(messages.values()))
        self._write_protected(
            {"state": "accepted", "accept_date": fields.Datetime.now(), "accept_user_id": self.env.uid}
        )
        return True

    def action_send_back(self, reason=False):
        """The warehouse cannot do it as it is; asks for the reason where none is given."""
        self._check_warehouse()
        self._check_state(("issued", "accepted"))
        if any(self.line_ids.mapped("qty_shipped")):
            raise UserError(self.env._("Goods of this notice left already: close it instead, with the reason."))
        if not reason:
            return self._open_wizard("send_back", self.env._("Send Back"))
        self._write_protected({"state": "sent_back", "send_back_reason": reason})
        for notice in self:
            notice._tell_manager(
                lambda reader, notice=notice: reader.env._(
                    "The warehouse sent %(notice)s back: %(reason)s", notice=notice.name, reason=reason
                )
            )
        return True

    def action_load(self):
        """Loading begins: what is loaded is noted on the lines."""
        self._check_warehouse()
        self._check_state(("accepted",))
        self._write_protected({"state": "loading"})
        return True

    def action_close(self, reason=False):
        """What did not leave stays behind; asks for the reason where none is given."""
        self._check_warehouse()
        self._check_state(ACCEPTED)
        if not reason:
            return self._open_wizard("close", self.env._("Close the Rest"))
        for notice in self:
            if not any(notice.line_ids.mapped("qty_shipped")):
                raise UserError(
                    self.env._("%(notice)s: nothing left yet. Send it back, or cancel it.", notice=notice.name)
                )
            notice._write_protected({"left_behind_reason": reason})
            notice._note_shipped()
            notice._tell_manager(
                lambda reader, notice=notice: reader.env._(
                    "Of %(notice)s something was left behind: %(reason)s", notice=notice.name, reason=reason
                )
            )
        return True

    def action_cancel(self):
        """The department takes the notices `self` back."""
        self.check_access("write")
        self._check_may_issue()
        self._check_state((*EDITABLE, *OPEN))
        if any(self.line_ids.mapped("qty_shipped")):
            raise UserError(self.env._("Goods of this notice left already: the warehouse closes it, with the reason."))
        self._write_protected({"state": "cancelled"})
        return True

    def _check_warehouse(self):
        """:raises AccessError: when the user does not work in a warehouse"""
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("stock.group_stock_user")):
            raise AccessError(self.env._("This is done by the warehouse."))

    def _check_state(self, states):
        """:raises UserError: when one of `self` is in none of `states`"""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for notice in self:
            if notice.state not in states:
                raise UserError(
                    self.env._(
                        "%(notice)s is in state “%(state)s”; this is done in: %(states)s.",
                        notice=notice.name,
                        state=labels[notice.state],
                        states=", ".join(labels[state] for state in states),
                    )
                )

    def _open_wizard(self, purpose, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "sale.delivery.notice.reason",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_notice_ids": self.ids, "default_purpose": purpose},
        }

    def _tell_manager(self, note, summary=False):
        """Give the account manager something to do about the notice.

        :param note: text, or function of the notice in the reader's language, as `summary`
        :param summary: by default that the warehouse has a question
        """
        self.env["sales.dept.telling"]._ask(
            "sales_dept_logistics.mail_activity_delivery_notice",
            [(notice, notice.user_id or notice.issue_user_id, {"note": note, "summary": summary}) for notice in self],
        )

    # === SHIPPING === #

    def _note_shipped_by(self, lines):
        """Bring those of `self` further whose `lines` left just now."""
        for notice in self:
            if notice.state in ACCEPTED and not any(line._is_open() for line in notice.line_ids):
                notice._note_shipped()
            elif notice.state == "accepted" and notice.line_ids & lines:
                notice._write_protected({"state": "loading"})

    def _note_shipped(self):
        self._write_protected({"state": "shipped", "ship_date": fields.Datetime.now()})

    # === SIGNED FOR === #

    def action_sign_for(
        self,
        signed_by=False,
        sign_date=False,
        source="us",
        signature=False,
        proof=False,
        proof_name=False,
        received=None,
    ):
        """Note that the customer has the goods; asks who signed where nobody is named.

        :param str signed_by: who signed, as on the paper
        :param sign_date: naive UTC datetime; by default now
        :param str source: whose proof it is, see `sign_source`; "portal" is the customer's own, on her page
        :param received: ``{line id: {"qty_received", "qty_damaged", "qty_lost", "qty_refused", "sign_reason"}}``; by
            default all that was shipped was received, and what is not said to be amiss was
        :raises UserError: when it does not add up, is for no line of `self`, or was signed for before
        """
        self._check_may_sign(source)
        self._check_state(("shipped",))
        if not signed_by:
            self.ensure_one()
            return {
                **self._open_wizard("sign", self.env._("Note Who Signed")),
                "res_model": "sale.delivery.notice.sign",
            }
        received = self._received_of_lines(received or {})
        for notice in self:
            notice._sign_for(
                {
                    "signed_by": signed_by,
                    "sign_date": sign_date or fields.Datetime.now(),
                    "sign_source": source,
                    "signature": signature,
                    "proof": proof,
                    "proof_name": proof_name,
                },
                received,
            )
        return True

    def _received_of_lines(self, received):
        """Return `received` by the lines' ids, which come as texts over RPC.

        :raises UserError: when something is said of goods that are not on the notices `self`
        """
        by_text = {str(key): values for key, values in received.items()}
        own = {str(line_id): line_id for line_id in self.sudo().line_ids.ids}
        if by_text.keys() - own.keys() or not all(isinstance(values, dict) for values in by_text.values()):
            raise UserError(self.env._("This is said of goods that do not stand on this delivery notice."))
        return {own[key]: values for key, values in by_text.items()}

    def _check_may_sign(self, source):
        """:raises AccessError: for who neither ships nor sells, and for who signs in the customer's place"""
        self.check_access("read")
        if source == "portal" and not self.env.su:
            raise AccessError(
                self.env._(
                    "On the portal the customer signs herself: note her paper as our own record or the carrier's."
                )
            )
        user = self.env.user
        if not (
            self.env.su or user.has_group("stock.group_stock_user") or user.has_group("sales_team.group_sale_salesman")
        ):
            raise AccessError(self.env._("Who signed for goods is noted by the sales department or the warehouse."))

    def _sign_for(self, values, received):
        self.ensure_one()
        notice = self.sudo()
        moment = fields.Datetime.to_datetime(values["sign_date"])
        if moment > fields.Datetime.now():
            raise UserError(self.env._("Nobody signs for goods in the future: look at the date."))
        for line in notice.line_ids:
            line._note_received(received.get(line.id))
        notice._write_protected({**values, "state": "signed"})
        notice._check_signature()
        notice._check_proof()
        if notice.line_ids.filtered("is_short"):
            notice._tell_manager(
                lambda reader: reader.env._(
                    "Not all of %(notice)s was received as it left: %(lines)s",
                    notice=notice.name,
                    lines="; ".join(line._shortage_text() for line in reader.line_ids.filtered("is_short")),
                ),
                lambda reader: reader.env._("Not all was received"),
            )

    def _post_signed(self, author):
        """Note in the chatter who signed, in the language of those who read it: the account manager's."""
        self.ensure_one()
        reader = self.user_id or self.issue_user_id
        thread = self.with_context(lang=reader.lang or self.company_id.partner_id.lang)
        body = thread.env._("Signed for by %(name)s", name=self.signed_by)
        if short := thread.line_ids.filtered("is_short"):
            body += "\n" + "\n".join(line._shortage_text() for line in short)
        thread.message_post(body=plaintext2html(body), author_id=author.id)

    # === WHAT MAY LEAVE === #

    @api.model
    def _accepted_lines(self, sale_lines):
        """Return ``{order line: its notice lines against which goods may leave}``, those wanted first before others."""
        # Not searched for: asked before goods leave and again when they have left.
        lines = sale_lines.sudo().notice_line_ids.filtered(lambda line: line.notice_id.state in ACCEPTED)
        return lines.sorted(lambda line: (line.notice_id.wanted_date, line.id)).grouped("sale_line_id")
