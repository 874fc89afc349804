from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _orders_not_payable(self):
        """Nor for an order that was confirmed, and changed since."""
        return super()._orders_not_payable() | self.sale_order_ids.sudo()._quote_signoff_unreleased()
