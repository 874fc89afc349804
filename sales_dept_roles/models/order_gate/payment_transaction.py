from odoo import api, models
from odoo.exceptions import UserError


class PaymentTransaction(models.Model):
    """Payments of orders that may not be confirmed yet."""

    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        transactions = super().create(vals_list)
        # Refused here, no provider is asked and no money moves. Customers read this.
        if held := transactions._open_quotations()._order_gate_held():
            raise UserError(
                self.env._(
                    "Order %(orders)s is being reviewed. You can pay as soon as it is confirmed; you need not do "
                    "anything until then.",
                    orders=", ".join(held.mapped("name")),
                )
            )
        return transactions

    def _quotes_waiting(self):
        return super()._quotes_waiting() | self._open_quotations()._order_gate_held()
