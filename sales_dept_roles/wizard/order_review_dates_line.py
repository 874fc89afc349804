from odoo import api, fields, models


class SaleOrderReviewDatesLine(models.TransientModel):
    _name = "sale.order.review.dates.line"
    _description = "Date of a Line of an Order Review"
    _order = "number, id"

    wizard_id = fields.Many2one("sale.order.review.dates", required=True, ondelete="cascade", index=True)
    number = fields.Integer("No.", readonly=True)
    order_line_id = fields.Many2one("sale.order.line", readonly=True, ondelete="cascade")
    review_line_id = fields.Many2one("sale.order.review.line", readonly=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", compute="_compute_source")
    quantity = fields.Float(compute="_compute_source", digits="Product Unit")
    uom_id = fields.Many2one("uom.uom", "Unit", compute="_compute_source")
    wanted_date = fields.Date("Wanted On", related="review_line_id.wanted_date", related_sudo=False)
    free_qty = fields.Float(related="review_line_id.free_qty", related_sudo=False)
    incoming_qty = fields.Float(related="review_line_id.incoming_qty", related_sudo=False)
    date = fields.Date()
    is_later = fields.Boolean(compute="_compute_is_later")

    @api.depends("order_line_id", "review_line_id")
    def _compute_source(self):
        for line in self:
            source = line.order_line_id or line.review_line_id
            line.product_id = source.product_id
            line.quantity = source.product_uom_qty
            line.uom_id = source.product_uom_id

    @api.depends("wanted_date", "date")
    def _compute_is_later(self):
        for line in self:
            line.is_later = bool(line.wanted_date and line.date and line.date > line.wanted_date)
