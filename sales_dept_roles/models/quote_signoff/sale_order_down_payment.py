from odoo import models

from .origin import DOWN_PAYMENT


class SaleOrder(models.Model):
    """The lines of a down payment say that its wizard, or the till, made them."""

    _inherit = "sale.order"

    def _prepare_down_payment_line_section_values(self):
        return {**super()._prepare_down_payment_line_section_values(), "system_origin": DOWN_PAYMENT}

    def _prepare_down_payment_line_values_from_base_line(self, base_line):
        values = super()._prepare_down_payment_line_values_from_base_line(base_line)
        return {**values, "system_origin": DOWN_PAYMENT}
