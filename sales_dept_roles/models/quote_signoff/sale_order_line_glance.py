from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _glance_price(self):
        """The unit price after the discount, in the currency of the order."""
        self.ensure_one()
        return self.price_unit * (1 - (self.discount or 0.0) / 100)

    def _glance_list_price(self, day):
        """The product's list price for the unit of the line, in the currency of the order by its rate of `day`."""
        self.ensure_one()
        order = self.order_id
        product = self.product_id.with_company(order.company_id)
        price = product.uom_id._compute_price(product.lst_price, self.product_uom_id)
        return product.currency_id._convert(price, order.currency_id, order.company_id, day, round=False)
