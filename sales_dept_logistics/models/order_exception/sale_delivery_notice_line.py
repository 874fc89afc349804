from odoo import models


class SaleDeliveryNoticeLine(models.Model):
    _inherit = "sale.delivery.notice.line"

    def _prepare_exception_values(self):
        """Return values of the exceptions that what was received of this line makes."""
        self.ensure_one()
        causes = []
        if self.qty_damaged:
            causes.append("damaged")
        if self.product_uom_id.compare(self.qty_received + self.qty_damaged, self.qty_shipped) < 0:
            causes.append("short")
        return [
            {
                "order_id": self.order_id.id,
                "sale_line_id": self.sale_line_id.id,
                "cause": cause,
                "description": self._shortage_text(),
                "found_documents": self.notice_id.name,
            }
            for cause in causes
        ]
