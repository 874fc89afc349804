from odoo import models

from ..register.register_xlsx import register_xlsx


class SaleOrderReview(models.Model):
    _inherit = "sale.order.review"

    def action_export_order_reviews(self):
        """Download the register; of the selected reviews, or of all when none is selected."""
        ids = ",".join(map(str, self.ids))
        return {"type": "ir.actions.act_url", "url": f"/sales_dept/order_reviews.xlsx?ids={ids}", "target": "download"}

    def _register_columns(self):
        """Columns of the exported register: ``[(title, width, function of a review)]``."""
        states = dict(self._fields["state"]._description_selection(self.env))
        timeliness = dict(self._fields["timeliness"]._description_selection(self.env))
        return [
            (self.env._("Order Review"), 16, lambda review: review.name),
            (self.env._("Order"), 14, lambda review: review.order_id.sudo().name),
            (self.env._("Customer"), 36, lambda review: review.partner_id.display_name),
            (self.env._("Account Manager"), 18, lambda review: review.user_id.name),
            (self.env._("Clock Started"), 17, lambda review: review.sign_date),
            (self.env._("Due"), 17, lambda review: review.deadline),
            (self.env._("Decided"), 17, lambda review: review.close_date),
            (self.env._("Handed Out"), 17, lambda review: review.hand_out_date),
            (self.env._("Received"), 17, lambda review: review.receive_date),
            (
                self.env._("Working Days Taken"),
                12,
                lambda review: review.working_days if review.receive_date else None,
            ),
            (self.env._("On Time"), 10, lambda review: timeliness.get(review.timeliness)),
            (self.env._("Status"), 16, lambda review: states[review.state]),
        ]

    def _register_xlsx(self):
        return register_xlsx(self, self.env._("Order Reviews"), self._register_columns())
