from odoo import api, fields, models

# What is told to those who may not open the order.
TOLD = ("key", "label", "state", "word", "turn", "due", "left", "is_late", "is_done")


class SaleOrderReview(models.Model):
    """The order's rail on the form of its review: how far it is, for every department."""

    _inherit = "sale.order.review"

    gate_rail = fields.Json("Gates", compute="_compute_gate_rail")

    # Not on the rail itself: each change of an order would look for its reviews.
    @api.depends("state", "approval_state")
    @api.depends_context("uid", "lang", "tz", "allowed_company_ids")
    def _compute_gate_rail(self):
        # Departments do not open orders: how each gate stands is theirs to see, what is done about it is not.
        for review in self:
            rail = review.sudo().order_id.gate_rail or []
            review.gate_rail = [
                {**{name: step[name] for name in TOLD}, "sentence": "", "actions": [], "has_details": False}
                for step in rail
            ]
