from odoo import models


class SaleOrder(models.Model):
    """What the product quotation (产品报价表) says beside the fields of the order."""

    _inherit = "sale.order"

    def _paper_price_kinds(self):
        """Whether the unit prices are with tax (True) or without: ``[True]``, ``[False]``, both, or none untaxed."""
        taxed = self._get_order_lines_to_report().filtered("tax_ids")
        return sorted({line._paper_price_is_with_tax() for line in taxed})
