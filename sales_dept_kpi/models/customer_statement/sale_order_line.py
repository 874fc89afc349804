from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _kits_shipped_until(self, day):
        """How many kits, in the line's unit, were with the customer at the end of `day`, as Odoo counts them.

        For lines with components, where manufacturing is installed. None where Odoo counts all or nothing: kits that
        suppliers deliver to the customer, and those whose own bill is gone.
        """
        self.ensure_one()
        bom = self._kit_bom()
        if not bom or any(move._is_dropshipped() for move in self.move_ids):
            return None
        company = self.company_id
        moves = self.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.location_dest_usage != "inventory"
                and company._local_day(move.date) <= day
            )
        )
        ordered = self.product_uom_id._compute_quantity(self.product_uom_qty, bom.product_uom_id)
        # Seen from the order, what leaves is what comes in.
        filters = {
            "incoming_moves": lambda move: move._is_outgoing() and (not move.origin_returned_move_id or move.to_refund),
            "outgoing_moves": lambda move: move._is_incoming() and move.to_refund,
        }
        kits = moves._compute_kit_quantities(self.product_id, ordered, bom, filters)
        return bom.product_uom_id._compute_quantity(kits, self.product_uom_id)

    def _kit_bom(self):
        """The bill by which the line's product is a kit: that of its moves, or else the one in force."""
        of_moves = self.move_ids.filtered(lambda move: move.state != "cancel").bom_line_id.bom_id
        product = self.product_id
        return (
            of_moves.filtered(
                lambda bom: (
                    bom.type == "phantom"
                    and (bom.product_id or product) == product
                    and bom.product_tmpl_id == product.product_tmpl_id
                )
            )[:1]
            or of_moves._bom_find(product, company_id=self.company_id.id, bom_type="phantom")[product]
        )
