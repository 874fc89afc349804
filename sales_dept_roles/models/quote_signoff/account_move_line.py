from odoo import models

from .origin import EXPENSE


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _sale_prepare_sale_line_values(self, order, price):
        """A posted bill or expense puts its cost on the order: the line says that it came from there."""
        return {**super()._sale_prepare_sale_line_values(order, price), "system_origin": EXPENSE}
