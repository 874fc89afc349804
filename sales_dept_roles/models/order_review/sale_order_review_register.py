from odoo import api, models

from ..register.register_column import RegisterColumn


class SaleOrderReview(models.Model):
    _name = "sale.order.review"
    _inherit = ["sale.order.review", "sales.dept.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Order Reviews")

    @api.model
    def _register_columns(self):
        return [
            RegisterColumn("name", self.env._("Order Review"), 16),
            RegisterColumn("order_id", width=14),
            RegisterColumn("partner_id", width=36),
            "user_id",
            "sign_date",
            "deadline",
            "close_date",
            "hand_out_date",
            "receive_date",
            RegisterColumn(
                "working_days", width=12, value=lambda review: review.working_days if review.receive_date else None
            ),
            RegisterColumn("timeliness", self.env._("On Time"), 10),
            "state",
        ]
