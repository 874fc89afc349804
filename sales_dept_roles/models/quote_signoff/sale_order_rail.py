from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.sale.models.sale_order import SALE_ORDER_STATE

from ..order_gate.gate_step import GateAction, GateStep


class SaleOrder(models.Model):
    """On the rail: the signatures under the quotation, and what the customer was sent of it."""

    _inherit = "sale.order"

    gate_stage = fields.Selection(selection_add=[("signoff", "Sign-off"), ("sent", "Sending"), ("confirm",)])
    quote_shown_state = fields.Selection(
        SALE_ORDER_STATE,
        string="Status Shown",
        compute="_compute_quote_shown_state",
        help="The status; of a quotation whose customer has other terms, that it is still to be sent.",
    )

    @api.model
    def _gate_rail_depends(self):
        return [
            *super()._gate_rail_depends(),
            "quote_signoff_required",
            "quote_signoff_missing",
            "approval_state",
            "sending_ids",
        ]

    @api.depends("state", "gate_rail")
    def _compute_quote_shown_state(self):
        for order in self:
            # The rail knows already whether the customer has other terms: nothing is compared once more.
            steps = order.sudo().gate_rail if order.state == "sent" else ()
            has_others = any(step["key"] == "sent" and step["state"] == "held" for step in steps or ())
            order.quote_shown_state = "draft" if has_others else order.state

    def _gate_steps(self, editable):
        steps = super()._gate_steps(editable)
        turns = self._approval_turns()
        received = self._outdated_sendings()
        for order in self:
            if order.company_id.sudo().sales_dept_quote_signoff not in (False, "off"):
                steps[order].append(order._gate_signoff_step(editable, turns.get(order._origin.id)))
            steps[order].append(order._gate_sent_step(editable, received.get(order._origin)))
        return steps

    # === SIGN-OFF === #

    def _gate_signoff_step(self, editable, turn):
        """The step of the signatures.

        :param turn: as of :meth:`_approval_turns`
        """
        if not self.quote_signoff_required or (self.quote_waived and not self.quote_signoff_missing):
            return GateStep("signoff", "not_needed")
        is_outdated = self.approval_state == "approved" and self.quote_signoff_missing
        state = "stale" if is_outdated else self.approval_state or "none"
        if state == "approved":
            return GateStep("signoff", "passed", holds=True, has_details=True)
        if state == "pending":
            return GateStep(
                "signoff",
                "waiting",
                holds=True,
                sentence=self.env._("It goes to the customer once it is signed off."),
                actions=self._gate_signoff_decisions(),
                has_details=True,
                **(turn or {}),
            )
        sentences = {
            "none": self.env._(
                "This quotation may go to the customer once it is signed off. Submit it when it is ready."
            ),
            "stale": self.env._("It was changed, so its signatures stand no more. Submit it again."),
            "rejected": self.env._("Refused: %(reason)s", reason=self._origin.sudo()._approval_in_force().reason or ""),
        }
        words = {"stale": self.env._("changed since"), "rejected": self.env._("refused")}
        submit = GateAction("action_approval_submit", self.env._("Submit for Sign-off"), is_in_header=True)
        return GateStep(
            "signoff",
            "open" if state == "none" else "held",
            holds=True,
            sentence=sentences[state],
            turn=self._gate_responsible(),
            actions=(submit,) if self in editable else (),
            word=words.get(state, ""),
            has_details=state != "none",
        )

    def _gate_signoff_decisions(self):
        actions = []
        if self.approval_can_decide:
            actions.append(GateAction("action_approval_sign", self.env._("Sign off"), is_in_header=True))
            actions.append(GateAction("action_approval_reject", self.env._("Refuse"), is_in_header=True))
        return tuple(actions)

    def _gate_details(self, key):
        if key == "signoff":
            return self.approval_summary or ""
        return super()._gate_details(key)

    # === SENDING === #

    def _gate_sent_step(self, editable, outdated):
        """The step of what the customer has.

        :param outdated: what she received last, where that were other terms than those of today
        """
        send = GateAction("action_quotation_send", self.env._("Send"), is_in_header=True)
        may_send = self in editable and not self.quote_signoff_missing
        if outdated:
            return GateStep(
                "sent",
                "held",
                word=self.env._("other terms"),
                sentence=outdated._outdated_message(),
                turn=self._gate_responsible(),
                actions=(send,) if may_send else (),
            )
        if self.state != "draft":
            ways = self.env["sale.order.sending"]._received_ways()
            last = self._origin.sudo().sending_ids.filtered(lambda sending: sending.way in ways)._last()
            return GateStep("sent", "passed", sentence=last._received_message() if last else "")
        if self.quote_signoff_missing:
            return GateStep("sent", "later")
        return GateStep(
            "sent",
            "open",
            sentence=self.env._("The customer has not received it yet."),
            turn=self._gate_responsible(),
            actions=(send,) if may_send else (),
        )

    # === LISTS === #

    @api.model
    def _gate_stages_sql(self, alias):
        stages = super()._gate_stages_sql(alias)
        stages["signoff"] = SQL("%s IS FALSE", self._field_to_sql(alias, "quote_released"))
        stages["sent"] = SQL(
            "(%s = 'draft' OR %s)", self._field_to_sql(alias, "state"), self._outdated_sendings_sql(alias)
        )
        return stages
