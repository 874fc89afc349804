from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _glance_price(self):
        """The unit price after the discount, in the currency of the order."""
        self.ensure_one()
        return self.price_unit * (1 - (self.discount or 0.0) / 100)

    def _glance_list_price(self):
        """The product's list price for the unit of the line, in the currency of the order."""
        self.ensure_one()
        product, order = self.product_id.with_company(self.company_id), self.order_id
        price = product.uom_id._compute_price(product.lst_price, self.product_uom_id)
        day = order.company_id._local_day(order.date_order)
        return product.currency_id._convert(price, order.currency_id, order.company_id, day, round=False)
