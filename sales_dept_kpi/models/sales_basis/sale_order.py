from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    credit_split_ids = fields.One2many("sales.credit.split", "order_id", string="Credit Splits", copy=False)
    salesperson_share = fields.Float(
        "Salesperson's Share (%)",
        digits=(5, 2),
        compute="_compute_salesperson_share",
        help="What the shares of the others leave of the revenue.",
    )

    @api.depends("credit_split_ids.share", "credit_split_ids.kind")
    def _compute_salesperson_share(self):
        for order in self:
            order.salesperson_share = 100 - order._credit_given()

    def _credit_given(self):
        """How much of the revenue is others' than the salesperson's, in per cent."""
        self.ensure_one()
        return sum(self.credit_split_ids.filtered(lambda split: split.kind == "revenue").mapped("share"))
