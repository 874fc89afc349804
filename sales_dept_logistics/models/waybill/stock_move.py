from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        # Here, and not on the delivery: whatever moves goods comes by.
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves.picking_id._sync_waybills()
        return moves
