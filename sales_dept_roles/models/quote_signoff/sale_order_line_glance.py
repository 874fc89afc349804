from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _glance_price(self):
        """The unit price after the discount, in the currency of the order."""
        self.ensure_one()
        return self.price_unit * (1 - (self.discount or 0.0) / 100)
