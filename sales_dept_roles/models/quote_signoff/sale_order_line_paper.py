from odoo import models

from ..telling.quantity_text import quantity_text


class SaleOrderLine(models.Model):
    """What the product quotation (产品报价表) says of a line beside its fields."""

    _inherit = "sale.order.line"

    def _paper_quantity(self):
        """The quantity as people write it: 200 件."""
        self.ensure_one()
        return f"{quantity_text(self.env, self.product_uom_qty)} {self.product_uom_id.name or ''}".strip()

    def _paper_price_is_with_tax(self):
        """Whether the agreed unit price holds the taxes of the line."""
        self.ensure_one()
        return all(self.tax_ids.mapped("price_include"))
