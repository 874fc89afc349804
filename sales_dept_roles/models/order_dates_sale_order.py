from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _apply_promised_dates(self):
        """Make the latest date promised for a line the delivery date of the order, and that of open deliveries.

        As superuser: promises are the departments', not of whoever has rights on the order.
        """
        for order in self.sudo():
            promised = order.order_line.filtered("promised_date")
            if not promised:
                continue
            # It also sets the deadline of all open moves, so each line's own comes after.
            order.commitment_date = max(line._promised_deadline() for line in promised)
            for line in promised:
                moves = line.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
                moves.date_deadline = line._promised_deadline()
