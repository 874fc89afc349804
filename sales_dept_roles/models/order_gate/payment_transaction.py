from odoo import api, models
from odoo.exceptions import UserError


class PaymentTransaction(models.Model):
    """Payments of quotations that may not go their way yet: no money moves, and none that moved is lost."""

    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        transactions = super().create(vals_list)
        # Refused here, no provider is asked and no money moves. Customers read this.
        if held := transactions._orders_not_payable():
            raise UserError(
                self.env._(
                    "Order %(orders)s is being reviewed. You can pay as soon as it is confirmed; you need not do "
                    "anything until then.",
                    orders=", ".join(held.mapped("name")),
                )
            )
        return transactions

    def _orders_not_payable(self):
        """Orders of `self` for which no money is taken now."""
        return self._quotes_waiting()

    def _post_process(self):
        """A quotation changed while its payment was under way is not sent by it.

        Such a payment stays to be processed: signed in the meantime, the next turn does it.
        """
        held = self.filtered(lambda transaction: transaction.state == "pending" and transaction._quotes_waiting())
        held._raise_held_activity()
        return super(PaymentTransaction, self - held)._post_process()

    def _check_amount_and_confirm_order(self):
        """The money is there, so nothing may fail; the order is confirmed by hand once it is signed."""
        held = self.filtered(lambda transaction: transaction._quotes_waiting())
        held._raise_held_activity()
        return super(PaymentTransaction, self - held)._check_amount_and_confirm_order()

    def _open_quotations(self):
        """Quotations of `self` that the payment would send or confirm."""
        return self.sale_order_ids.sudo().filtered(lambda order: order.state in ("draft", "sent"))

    def _quotes_waiting(self):
        """Those of :meth:`_open_quotations` that may not be sent or confirmed now."""
        return self._open_quotations()._gate_held("sale")

    def _raise_held_activity(self):
        """Tell the account manager that a payment waits for the department."""
        for transaction in self:
            for order in transaction._quotes_waiting():
                order._ask_responsible(
                    "sales_dept_roles.mail_activity_payment_held",
                    lambda order, transaction=transaction: order.env._(
                        "Payment %(reference)s arrived, but the order was not confirmed. %(reason)s",
                        reference=transaction.reference,
                        reason=order._held_message(),
                    ),
                )
