from odoo import api, fields, models
from odoo.tools import SQL

from ..order_gate.gate_step import GateAction, GateStep
from ..order_gate.sale_order_rail import OPEN_STATES, POLICIES

UNDER_WAY = ("sales", "review", "conditions")


class SaleOrder(models.Model):
    """On the rail: the departments' review."""

    _inherit = "sale.order"

    gate_stage = fields.Selection(selection_add=[("review", "Review"), ("customer_file",)])

    @api.model
    def _gate_rail_depends(self):
        return [*super()._gate_rail_depends(), "order_review_state", "order_review_required", "order_review_id"]

    def _gate_steps(self, editable):
        steps = super()._gate_steps(editable)
        reviewed = (
            self._order_gate_subjects()
            .with_env(self.env)
            .filtered(lambda order: order.company_id.sudo().sales_dept_order_review not in (False, "off"))
        )
        asked = reviewed.filtered(lambda order: order.order_review_state in ("sales", "review"))
        turns = asked._origin.sudo().order_review_id._approval_turns()
        for order in reviewed:
            turn = turns.get(order._origin.sudo().order_review_id.id)
            steps[order].append(order._gate_review_step(editable, turn))
        return steps

    def _gate_review_step(self, editable, turn):
        """The step of the review.

        :param turn: as of ``_approval_turns``, of the review
        """
        # Whoever reads the order may be told how its review stands, also where they may not open it.
        review = self._origin.sudo().order_review_id
        state = self.order_review_state or "none"
        if not self._origin:
            # One that is not saved yet has no terms to look at; it will need what all of them need.
            is_all = self.company_id.sudo().sales_dept_order_review == "all"
            return GateStep("review", "later" if is_all else "not_needed", holds=is_all)
        is_asked = self.order_review_required and self.state in OPEN_STATES
        # What departments agreed to counts for a confirmed order, too.
        if not is_asked and state not in ("passed", "stale"):
            return GateStep("review", "not_needed")
        values = {"holds": self.state in OPEN_STATES, "has_details": state not in ("none", "draft")}
        if state == "passed":
            agreed = "conditional" if review.has_conditions else "passed"
            return GateStep("review", agreed, actions=self._gate_review_passed_actions(review), **values)
        if state in UNDER_WAY:
            return self._gate_review_under_way(review, state, {**values, **(turn or {})})
        return self._gate_review_to_ask(review, state, editable, values)

    def _gate_review_passed_actions(self, review):
        """Hand it out, and confirm its receipt: each for whom it is."""
        if review.can_receive:
            return (GateAction("action_receive", self.env._("Confirm Receipt"), review._name, review.id),)
        if not review.hand_out_date and self.env.user.has_group("sales_dept_roles.group_assistant"):
            return (GateAction("action_hand_out", self.env._("Hand Out"), review._name, review.id),)
        return ()

    def _gate_review_under_way(self, review, state, values):
        actions = []
        if review.can_accept_conditions:
            accept = self.env._("Accept Conditions")
            actions.append(GateAction("action_accept_conditions", accept, review._name, review.id))
        if review.can_accept_conditions or (state != "conditions" and review._approval_in_force().can_decide):
            actions.append(GateAction("action_view_order_reviews", self.env._("Open Review")))
        sentence = self.env._("%(review)s: the departments look at this order.", review=review.name)
        if state == "conditions":
            sentence = self.env._("All departments agreed, some with conditions, which are to be accepted.")
            values |= {
                "turn": review._account_manager().name,
                "due": self.env["sales.approval"]._due_text(review.deadline, review.company_id) or "",
                "left": self.env["sales.approval"]._left_text(review.deadline, review.company_id),
                "is_late": review.is_overdue,
            }
        return GateStep("review", "waiting", sentence=sentence, actions=tuple(actions), **values)

    def _gate_review_to_ask(self, review, state, editable, values):
        sentences = {
            "none": self.env._("This order is confirmed after its review by the departments. Ask for the review."),
            "draft": self.env._("%(review)s was not submitted yet.", review=review.name),
            "refused": self.env._("The departments refused this order. Change it and ask for a new review."),
            "stale": self.env._("The order was changed after its review: the departments have to look at it again."),
        }
        labels = {
            "draft": self.env._("Submit for Review"),
            "stale": self.env._("Ask for Review Again"),
        }
        words = {"refused": self.env._("refused"), "stale": self.env._("changed since")}
        label = labels.get(state, self.env._("Ask for Review"))
        ask = GateAction("action_ask_for_review", label, is_in_header=state != "draft")
        is_begun = state in ("refused", "stale")
        may_ask = not self.quote_signoff_missing
        return GateStep(
            "review",
            "held" if is_begun else "open" if may_ask else "later",
            sentence=sentences[state],
            turn=self._gate_responsible() if may_ask else "",
            actions=(ask,) if may_ask and self in editable else (),
            word=words.get(state, ""),
            **values,
        )

    def _gate_details(self, key):
        """The departments' opinions; where the order was changed, what changed since."""
        if key == "review":
            return self.sudo().order_review_id.approval_summary or ""
        return super()._gate_details(key)

    @api.model
    def _gate_stages_sql(self, alias):
        stages = super()._gate_stages_sql(alias)
        review = self._field_to_sql(alias, "order_review_state")
        stages["review"] = SQL(
            """
            (%(state)s <> 'cancel' AND %(review)s = 'stale'
             OR %(state)s IN %(open)s AND %(subject)s AND %(review)s IS DISTINCT FROM 'passed' AND %(required)s)
            """,
            state=self._field_to_sql(alias, "state"),
            open=OPEN_STATES,
            review=review,
            subject=self._order_gate_subjects_sql(alias),
            required=self.env["sales.approval.flow"]._required_sql(
                self, alias, SQL.identifier(POLICIES, "sales_dept_order_review"), "sale.order.review"
            ),
        )
        return stages
