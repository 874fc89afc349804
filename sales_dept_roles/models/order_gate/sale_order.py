from odoo import api, models
from odoo.exceptions import UserError

from ..protected_results.client_context import without_defaults

# What gates, flows and the signed form go by.
RESULTS = {"amount_untaxed", "amount_tax", "amount_total"}


class SaleOrder(models.Model):
    """The door of quotations and orders: what they need before they leave the house or are confirmed, on every path.

    Each feature with such a condition registers a gate. Orders that a customer places in the web shop, at the shop's
    prices, pass those that hold the confirmation.
    """

    _name = "sale.order"
    _inherit = ["sale.order", "sales.dept.gate.mixin"]

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | RESULTS

    def _refused_fields(self, names):
        refused = super()._refused_fields(names)
        # Odoo itself sets them as superuser.
        if self.env.su or not (self.sudo().company_id or self.env.companies)._holds_orders():
            refused -= RESULTS
        return refused

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self, self._door_refused_defaults())
        orders = super().create([self._door_values(vals) for vals in vals_list])
        orders._door_created(vals_list)
        orders._gate_check_created()
        return orders

    def write(self, vals):
        vals = self._door_values(vals)
        before = self._door_before(vals)
        crossing = self._gate_crossing(vals)
        parties = self._gate_parties(vals)
        result = super().write(vals)
        self._door_after(vals, before)
        self._gate_cross(crossing, parties)
        return result

    # === ACTIONS === #

    def action_sales_dept_confirm(self):
        """Confirm those of `self` that may be, and say of each of the others what keeps it.

        Nothing but this button does part of its work: :meth:`action_confirm` confirms all or none.
        """
        refusals = self._confirmation_refusals()
        ready = self.filtered(lambda order: order.id not in refusals)
        if ready:
            ready.action_confirm()
        elif refusals:
            raise UserError("\n".join(refusals.values()))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if refusals else "success",
                "sticky": bool(refusals),
                "message": "\n".join([self.env._("%(count)s confirmed.", count=len(ready)), *refusals.values()]),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _confirmation_refusals(self):
        """Return ``{order id: sentence}`` of the orders of `self` that may not be confirmed now."""
        refusals = {}
        messages = self._gate_messages("sale")
        for order in self:
            sentences = messages.get(order.id, [])
            if not sentences and (message := order._confirmation_error_message()):
                sentences = [message]
            if sentences:
                refusals[order.id] = "\n".join(
                    sentence if order.name in sentence else f"{order.name}: {sentence}" for sentence in sentences
                )
        return refusals

    # === THE GATE === #

    @api.model
    def _gate_party_fields(self):
        return super()._gate_party_fields() | {"partner_id", "partner_invoice_id"}

    def _order_gate_subjects(self):
        """Those of `self` that gates of the confirmation look at, as superuser."""
        return self.sudo()

    def _order_gate_customers(self):
        """Whom the orders `self` are for: who buys and who is invoiced."""
        return (self.partner_id | self.partner_invoice_id).commercial_partner_id

    def _order_gate_parties(self):
        """The company, and whom the order is for: others than those whose papers were looked at, ask again."""
        return {self.company_id, *self._order_gate_customers()}

    def _held_message(self):
        """What keeps the order from going its way, for a colleague."""
        self.ensure_one()
        return "\n".join(self._gate_messages("sale").get(self.id, []))

    # === THE CUSTOMER === #

    def _has_to_be_paid(self):
        """No money is taken for an order that would not be confirmed by it."""
        return super()._has_to_be_paid() and not self.sudo()._gate_held("sale")

    def _validate_order(self):
        """The customer accepted: an order that is held waits for the department, and nobody is sent away."""
        held = self._gate_held("sale")
        if held:
            held.sudo()._on_accepted_while_held()
        ready = self - held
        return super(SaleOrder, ready)._validate_order() if ready else None

    def _on_accepted_while_held(self):
        """Tell the account managers of `self` that the customer accepted, and what is missing still."""
        self._ask_responsible(
            "sales_dept_roles.mail_activity_order_held",
            lambda order: order.env._(
                "The customer accepted %(order)s, but it was not confirmed. %(reason)s",
                order=order.name,
                reason=order._held_message(),
            ),
        )

    def load_sale_order_from_pos(self, config_id):
        """At the till it is refused when it is called up, not when the customer has paid."""
        self.filtered(lambda order: order.state in ("draft", "sent"))._check_gates("sale")
        return super().load_sale_order_from_pos(config_id)
