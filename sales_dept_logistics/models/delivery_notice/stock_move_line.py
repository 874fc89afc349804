from odoo import api, models


class StockMoveLine(models.Model):
    """Done moves may be corrected: what is added to one leaves as well."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        done = lines.move_id.filtered(lambda move: move.state == "done")
        if done:
            own = lines.filtered(lambda line: line.move_id in done).grouped("move_id")
            self._notice_follow({move: sum(map(self._in_unit, added)) for move, added in own.items()})
        return lines

    def write(self, vals):
        before = {}
        if vals.keys() & {"quantity", "product_uom_id", "quantity_product_uom", "move_id"}:
            before = {move: move.quantity for move in self.move_id if move.state == "done"}
        result = super().write(vals)
        if before:
            self._notice_follow({move: move.quantity - quantity for move, quantity in before.items()})
        return result

    @api.model
    def _in_unit(self, line):
        return line.product_uom_id._compute_quantity(line.quantity, line.move_id.product_uom, round=False)

    @api.model
    def _notice_follow(self, changed):
        """Ask the gate about done moves whose quantity grew, and note what left.

        :param dict changed: ``{move: by how much, in its unit}``
        """
        moves = self.env["stock.move"]
        if more := {move: quantity for move, quantity in changed.items() if move.product_uom.compare(quantity, 0) > 0}:
            moves._notice_check_more(more)
        moves.union(*changed)._notice_allocate()
