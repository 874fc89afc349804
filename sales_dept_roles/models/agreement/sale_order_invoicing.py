from odoo import models


class SaleOrder(models.Model):
    """Invoices made from orders count from the shipment, where the agreement says so."""

    _inherit = "sale.order"

    def _create_invoices(self, grouped=False, final=False, date=None):
        invoices = super()._create_invoices(grouped=grouped, final=final, date=date)
        invoices._count_terms_by_agreement("shipment", lambda invoice: invoice._last_shipment_day())
        return invoices
