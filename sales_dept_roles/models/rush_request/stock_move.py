from odoo import models


class StockMove(models.Model):
    """Where the goods of a move come from, through manufacturing and purchase where these are installed.

    Neither is a dependency: their models and fields are looked for in the registry.
    """

    _inherit = "stock.move"

    def _assign_picking_post_process(self, new=False):
        result = super()._assign_picking_post_process(new=new)
        # Pickings are also made later: pushed on by the one before, or for what was added to the order.
        make_urgent(self.filtered("sale_line_id.is_rush").picking_id)
        return result

    def _supply_chain(self):
        """Return the open moves of `self` and all open moves before them, level by level."""
        chain = self.browse()
        level = self._filter_open()
        while level:
            chain |= level
            before = level.move_orig_ids
            if productions := level._supplying_productions():
                before |= productions.move_raw_ids
            level = before._filter_open() - chain
        return chain

    def _filter_open(self):
        return self.filtered(lambda move: move.state not in ("done", "cancel"))

    def _supplying_productions(self):
        """Manufacturing orders that make the goods of `self`; None where there is no manufacturing."""
        if "mrp.production" not in self.env:
            return None
        return (self.created_production_id | self.production_id).filtered(
            lambda production: production.state not in ("done", "cancel")
        )

    def _supply_documents(self, lines):
        """Return the documents that supply the moves `self`, which deliver the order lines `lines`.

        Documents that say no more than the order they were made for (``stock.reference``) count where they are
        about a product of `lines`.

        :return: ``[recordset]``, of models with a priority and a state
        """
        return [self.picking_id, *self._productions_for(lines), *self._purchases_for(lines)]

    def _productions_for(self, lines):
        if "mrp.production" not in self.env:
            return []
        referred = lines.order_id.stock_reference_ids.production_ids
        return [
            self._supplying_productions()
            | referred.filtered(lambda production: production.product_id in lines.product_id)
        ]

    def _purchases_for(self, lines):
        if "purchase.order.line" not in self.env:
            return []
        purchase_lines = self.env["purchase.order.line"].sudo()
        if "sale_line_id" in purchase_lines._fields:
            purchase_lines |= purchase_lines.search([("sale_line_id", "in", lines.ids)])
        if "purchase_line_id" in self._fields:
            referred = lines.order_id.stock_reference_ids.purchase_ids.order_line
            purchase_lines |= self.purchase_line_id | self.created_purchase_line_ids
            purchase_lines |= referred.filtered(lambda purchase_line: purchase_line.product_id in lines.product_id)
        return [purchase_lines.order_id]


def make_urgent(documents):
    """Give the star to those of `documents` (pickings, manufacturing or purchase orders) that are not finished."""
    documents.sudo().filtered(
        lambda document: document.state not in ("done", "cancel") and document.priority != "1"
    ).priority = "1"
