from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    credit_split_ids = fields.One2many("sales.credit.split", "order_id", string="Credit Splits", copy=False)
    salesperson_share = fields.Float(
        "Salesperson's Share (%)",
        digits=(5, 2),
        compute="_compute_salesperson_share",
        help="What the shares of the others leave of the revenue. Whoever has a share and becomes the salesperson has "
        "what the others leave, and their share again if the order is given to somebody else.",
    )

    @api.depends("credit_split_ids.share", "credit_split_ids.kind", "credit_split_ids.user_id", "user_id")
    def _compute_salesperson_share(self):
        for order in self:
            others = order._revenue_splits().filtered(lambda split, order=order: split.user_id != order.user_id)
            order.salesperson_share = 100 - sum(others.mapped("share"))

    def _revenue_splits(self):
        return self.credit_split_ids.filtered(lambda split: split.kind == "revenue")

    def _credit_given(self):
        """How much of the revenue is given to anybody, in per cent; also to who is the salesperson by now."""
        self.ensure_one()
        return sum(self._revenue_splits().mapped("share"))
