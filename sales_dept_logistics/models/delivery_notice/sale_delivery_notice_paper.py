from odoo import models


class SaleDeliveryNotice(models.Model):
    """What the delivery paper (送货单) says."""

    _inherit = "sale.delivery.notice"

    def _delivery_paper_parts(self):
        """Who keeps the three parts of the paper."""
        return [
            self.env._("Part 1: customer"),
            self.env._("Part 2: finance"),
            self.env._("Part 3: file"),
        ]

    def _delivery_paper_rows(self):
        """Return the rows of the paper: what was ordered, what leaves with it, what is open after it.

        Until goods have left, what leaves is what was loaded, or else what was noticed.
        """
        self.ensure_one()
        rows = []
        for line in self.sudo().line_ids:
            is_over = self.state in ("shipped", "signed")
            now = line.qty_shipped if is_over or line.qty_shipped else line.qty_loaded or line.quantity
            ordered = line.sale_line_id.product_uom_qty
            # What left by now is with the customer; what did not will be, when the paper goes along.
            delivered = line.sale_line_id.qty_delivered + (0.0 if line.qty_shipped else now)
            rows.append({"line": line, "ordered": ordered, "now": now, "open": max(ordered - delivered, 0.0)})
        return rows
