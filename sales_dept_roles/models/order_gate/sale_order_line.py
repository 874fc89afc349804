from odoo import api, models

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
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "sales.dept.protected.mixin"]

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | RESULTS

    def _refused_fields(self, names):
        refused = super()._refused_fields(names)
        # Odoo itself sets them as superuser.
        if self.env.su or not (self.sudo().order_id.company_id or self.env.companies)._holds_orders():
            refused -= RESULTS
        return refused
