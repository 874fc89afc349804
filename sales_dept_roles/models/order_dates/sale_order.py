from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _apply_promised_dates(self):
        """Bring the delivery date of the orders `self`, and of what is still to be shipped, to what was promised.

        The order's date is the latest promise among its lines. Goods that nobody promised yet count with the
        date they were planned for until now, and keep it. Called when promises changed; works as superuser.
        """
        lines = self.sudo().order_line.filtered(lambda line: not line.display_type and not line.is_downpayment)
        for order, order_lines in lines.grouped("order_id").items():
            promised = order_lines.filtered("promised_date")
            if not promised:
                continue
            unpromised = (order_lines - promised).filtered(
                lambda line: line.product_id.type == "consu" and line._is_undelivered()
            )
            kept = {move: move.date_deadline for move in unpromised._open_deliveries()}
            latest = max(promised | unpromised, key=lambda line: line._planned_date())
            # The order's date also proposes the customer's wish of its lines, which is none of this.
            with self.env.protecting([lines._fields["wanted_date"]], order_lines):
                order._promise_commitment_date(
                    latest._promised_deadline()
                    if latest.promised_date
                    else order.commitment_date or latest._expected_date()
                )
            for line in promised:
                line._open_deliveries().date_deadline = line._promised_deadline()
            for move, deadline in kept.items():
                move.date_deadline = deadline
