from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class SaleOrder(models.Model):
    _inherit = "sale.order"

    is_shipped_to_invoice = fields.Boolean(
        "Shipped and Not Invoiced",
        compute="_compute_is_shipped_to_invoice",
        search="_search_is_shipped_to_invoice",
        groups="base.group_user",
        help="More of a line was delivered than stands on its invoices.",
    )

    @api.depends("order_line.qty_delivered", "order_line.qty_invoiced", "state")
    def _compute_is_shipped_to_invoice(self):
        for order in self:
            order.is_shipped_to_invoice = order.state == "sale" and any(
                line.product_uom_id.compare(line.qty_delivered, line.qty_invoiced) > 0
                for line in order.order_line
                if not line.display_type and not line.is_downpayment
            )

    def _search_is_shipped_to_invoice(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["sale.order.line"].flush_model(["qty_delivered", "qty_invoiced", "display_type", "is_downpayment"])
        # As units compare: what is less than half of their last decimal is nothing.
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        lines = SQL(
            """
            (SELECT order_id FROM sale_order_line
              WHERE display_type IS NULL AND NOT COALESCE(is_downpayment, FALSE)
                AND qty_delivered - qty_invoiced > %s)
            """,
            0.5 * 10**-digits,
        )
        return Domain("state", "=", "sale") & Domain("id", "in", lines)
