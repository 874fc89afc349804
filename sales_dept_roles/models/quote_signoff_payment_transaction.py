from odoo import api, models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        transactions = super().create(vals_list)
        # Refused here, no provider is asked and no money moves.
        transactions.sale_order_ids.sudo()._check_quote_signoff()
        return transactions

    def _post_process(self):
        """A quotation changed while its payment was under way is neither sent nor confirmed by it."""
        held = self.filtered(
            lambda transaction: transaction.state == "pending"
            and transaction.sale_order_ids.sudo()._quote_signoff_unreleased()
        )
        held._raise_signoff_activity()
        return super(PaymentTransaction, self - held)._post_process()

    def _check_amount_and_confirm_order(self):
        held = self.filtered(lambda transaction: transaction.sale_order_ids.sudo()._quote_signoff_unreleased())
        held._raise_signoff_activity()
        return super(PaymentTransaction, self - held)._check_amount_and_confirm_order()

    def _raise_signoff_activity(self):
        """Tell the account manager that a payment waits for a signature."""
        for transaction in self:
            for order in transaction.sale_order_ids.sudo()._quote_signoff_unreleased():
                order._quote_signoff_raise_activity(
                    self.env._(
                        "Payment %(reference)s arrived, but the order was not confirmed. %(reason)s",
                        reference=transaction.reference,
                        reason=order._quote_signoff_message(),
                    )
                )
