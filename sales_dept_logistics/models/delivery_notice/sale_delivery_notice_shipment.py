from odoo import api, fields, models


class SaleDeliveryNoticeShipment(models.Model):
    """What left against a line of a notice with one stock move; written with the move, and no group has rights to."""

    _name = "sale.delivery.notice.shipment"
    _description = "Shipment of a Delivery Notice"
    _order = "id"

    line_id = fields.Many2one("sale.delivery.notice.line", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, readonly=False, precompute=True
    )
    move_id = fields.Many2one("stock.move", required=True, readonly=True, ondelete="cascade", index=True)
    quantity = fields.Float(
        required=True, readonly=True, digits="Product Unit", help="In units of the order line: of a kit, in kits."
    )

    _move_once = models.UniqueIndex("(line_id, move_id)", "A move counts for a line once.")

    # Set by who creates many of them at once: no field of another record that is looked up for each.
    @api.depends("line_id.company_id")
    def _compute_company_id(self):
        for shipment in self:
            shipment.company_id = shipment.line_id.company_id
