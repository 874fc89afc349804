from odoo import api, models
from odoo.exceptions import UserError

# What gates, flows and the signed form go by.
RESULTS = {"amount_untaxed", "amount_tax", "amount_total"}


class SaleOrder(models.Model):
    """What an order needs before it is confirmed, whoever confirms it and on whatever path.

    Each feature with such a condition adds its sentences in :meth:`_order_gate_messages`. Orders that
    a customer places in the web shop, at the shop's prices, pass.
    """

    _inherit = "sale.order"

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
        orders = super().create(vals_list)
        # Looked at afterwards, since the state may also come from a default in the context.
        orders.filtered(lambda order: order.state == "sale")._check_order_gates()
        return orders

    def write(self, vals):
        entering = self.browse()
        if vals.get("state") == "sale":
            entering = self.filtered(lambda order: order.state != "sale")
        if "company_id" in vals:
            entering |= self.filtered(lambda order: order.state == "sale" and order.company_id.id != vals["company_id"])
        confirmed = self.browse()
        if {"partner_id", "partner_invoice_id"} & vals.keys():
            # Another customer than the one whose file and agreement were looked at.
            confirmed = self.sudo().filtered(lambda order: order.state == "sale")
        before = {order: order._order_gate_customers() for order in confirmed}
        result = super().write(vals)
        entering |= confirmed.filtered(lambda order: order._order_gate_customers() - before[order]).with_env(self.env)
        entering._check_order_gates()
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
        gates = self._order_gate_messages()
        unreleased = self._quote_signoff_unreleased(entering=True)
        refusals = {}
        for order in self:
            sentences = [order._quote_signoff_message()] if order in unreleased else []
            sentences += gates.get(order.id, [])
            if not sentences and (message := order._confirmation_error_message()):
                sentences = [message]
            if sentences:
                refusals[order.id] = "\n".join(
                    sentence if order.name in sentence else f"{order.name}: {sentence}" for sentence in sentences
                )
        return refusals

    # === THE GATE === #

    def _order_gate_messages(self):
        """Return what keeps the orders of `self` from being confirmed now.

        Set-based: extensions ask for all of `self` at once.

        :return: ``{order id: [sentence]}``: what is missing and who can give it, in words for colleagues; orders
            that may be confirmed are left out
        """
        return {}

    def _order_gate_subjects(self):
        """Those of `self` that gates look at, as superuser: not the customers' own orders in the web shop."""
        return self.sudo().filtered(lambda order: not order.is_web_shop_order)

    def _order_gate_customers(self):
        """Whom the orders `self` are for: who buys and who is invoiced."""
        return (self.partner_id | self.partner_invoice_id).commercial_partner_id

    def _order_gate_held(self):
        """Return the orders of `self` that may not be confirmed now."""
        messages = self._order_gate_messages()
        return self.filtered(lambda order: order.id in messages)

    def _check_order_gates(self):
        """:raises UserError: with a sentence for all that keeps one of `self` from being confirmed"""
        if messages := self._order_gate_messages():
            raise UserError("\n".join(sentence for sentences in messages.values() for sentence in sentences))

    def _held_message(self):
        if self._quote_signoff_unreleased():
            return super()._held_message()
        return "\n".join(self._order_gate_messages().get(self.id, []))

    # === THE CUSTOMER === #

    def _has_to_be_paid(self):
        """No money is taken for an order that would not be confirmed by it."""
        return super()._has_to_be_paid() and not self.sudo()._order_gate_held()

    def _validate_order(self):
        """The customer accepted: an order that is held waits for the department, and nobody is sent away."""
        held = self._order_gate_held()
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
        self.filtered(lambda order: order.state in ("draft", "sent"))._check_order_gates()
        return super().load_sale_order_from_pos(config_id)
