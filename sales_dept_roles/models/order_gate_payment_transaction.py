from odoo import api, models
from odoo.exceptions import UserError


class PaymentTransaction(models.Model):
    """Payments of orders that may not be confirmed yet."""

    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        transactions = super().create(vals_list)
        # Refused here, no provider is asked and no money moves. Customers read this.
        if held := transactions._orders_held():
            raise UserError(
                self.env._(
                    "Order %(orders)s is being reviewed. You can pay as soon as it is confirmed; you need not do "
                    "anything until then.",
                    orders=", ".join(held.mapped("name")),
                )
            )
        return transactions

    def _check_amount_and_confirm_order(self):
        """The money is there, so nothing may fail: such an order is confirmed by hand once it may be."""
        held = self.filtered(lambda transaction: transaction._orders_held())
        for transaction in held:
            order = transaction._orders_held()
            order._raise_activity_once(
                self.env._(
                    "Payment %(reference)s arrived, but the order was not confirmed. %(reason)s",
                    reference=transaction.reference,
                    reason="\n".join(order._order_gate_messages()[order.id]),
                )
            )
        return super(PaymentTransaction, self - held)._check_amount_and_confirm_order()

    def _orders_held(self):
        """Quotations of `self` that a payment would confirm, and may not."""
        return self.sale_order_ids.sudo().filtered(lambda order: order.state in ("draft", "sent"))._order_gate_held()
