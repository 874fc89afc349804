from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _orders_not_payable(self):
        """Nor for an order that was confirmed, and changed since."""
        return super()._orders_not_payable() | self.sale_order_ids.sudo()._quote_signoff_unreleased()

    def _invoice_sale_orders(self):
        """Payments make invoices by themselves. Of an order that was changed since, one is made once it is signed."""
        held = self.filtered(lambda transaction: transaction._orders_changed_since())
        for transaction in held:
            transaction._orders_changed_since()._ask_responsible(
                "sales_dept_roles.mail_activity_payment_held",
                lambda order, transaction=transaction: order.env._(
                    "Payment %(reference)s arrived, but no invoice was made. %(reason)s Then make the invoice.",
                    reference=transaction.reference,
                    reason=order._quote_signoff_message(),
                ),
            )
        return super(PaymentTransaction, self - held)._invoice_sale_orders()

    def _orders_changed_since(self):
        """Confirmed orders of `self` whose terms were changed after they were signed."""
        return self.sale_order_ids.sudo().filtered(lambda order: order.state == "sale")._quote_signoff_unreleased()
