from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    milestone_ids = fields.One2many("sale.order.milestone", "sale_line_id", "Milestones")

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Odoo comes by here with all goods that are ordered: confirmed, added, more or fewer of them."""
        result = super()._action_launch_stock_rule(previous_product_uom_qty=previous_product_uom_qty)
        self._mark_milestones()
        return result

    def _mark_milestones(self):
        self.env["sale.order.milestone"]._mark(lines=self)
