from odoo import models


class UomUom(models.Model):
    _inherit = "uom.uom"

    def _of_product(self, product, quantities):
        """Return `quantities` of `product`, which are in its own unit, in the unit `self`.

        What is not there in full does not count: 2,405 pieces are 200.41 dozens. No unit stands for the product's own.
        """
        own = product.uom_id
        return [
            own._compute_quantity(quantity, self or own, rounding_method="DOWN" if quantity > 0 else "UP")
            for quantity in quantities
        ]
