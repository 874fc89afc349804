from odoo import models

# What milestones are read from.
READ = {"state", "product_uom_qty", "sale_line_id", "date", "move_orig_ids", "move_dest_ids", "quantity"}


class StockMove(models.Model):
    """Goods that move, are reserved or ordered bring the milestones of their order lines along."""

    _inherit = "stock.move"

    def _door_created(self, vals_list):
        result = super()._door_created(vals_list)
        self.env["sale.order.milestone"]._mark(moves=self)
        return result

    def _door_after(self, vals, before):
        result = super()._door_after(vals, before)
        if READ & vals.keys():
            self.env["sale.order.milestone"]._mark(moves=self)
        return result
