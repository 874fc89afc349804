from odoo import fields, models


class SaleDeliveryNoticeSignLine(models.TransientModel):
    _name = "sale.delivery.notice.sign.line"
    _description = "Goods Signed For"

    wizard_id = fields.Many2one("sale.delivery.notice.sign", required=True, ondelete="cascade")
    line_id = fields.Many2one("sale.delivery.notice.line", "Goods", required=True, readonly=True)
    qty_shipped = fields.Float(related="line_id.qty_shipped")
    product_uom_id = fields.Many2one(related="line_id.product_uom_id")
    qty_received = fields.Float("Received", digits="Product Unit")
    qty_damaged = fields.Float("Damaged", digits="Product Unit")
    qty_lost = fields.Float("Lost", digits="Product Unit")
    qty_refused = fields.Float("Refused", digits="Product Unit")
    sign_reason = fields.Char("Reason")
