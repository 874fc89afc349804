from odoo import models

from ..approval.sales_approval_mixin import refuse_results

# Of the order, or sums of what was agreed; goods are shipped, and flows chosen, by them.
RESULTS = {
    "state",
    "company_id",
    "order_partner_id",
    "salesman_id",
    "price_subtotal",
    "price_tax",
    "price_total",
}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def write(self, vals):
        if RESULTS & vals.keys() and any(self.sudo().order_id.company_id.mapped("sales_dept_holds_orders")):
            refuse_results(self, vals, RESULTS)
        return super().write(vals)
