from odoo import models


class SaleAdvancePaymentInv(models.TransientModel):
    _inherit = "sale.advance.payment.inv"

    def _create_invoices(self, sale_orders):
        """Asked before down payment lines are added, which change the quotation."""
        sale_orders._check_quote_signoff()
        return super()._create_invoices(sale_orders)
