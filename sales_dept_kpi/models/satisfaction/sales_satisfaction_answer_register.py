from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class SalesSatisfactionAnswer(models.Model):
    """Who was asked and what they said, as a register."""

    _name = "sales.satisfaction.answer"
    _inherit = ["sales.satisfaction.answer", "sales.figures.register.mixin"]
    _register_day = "sent_date"

    @api.model
    def _register_title(self):
        return self.env._("Satisfaction Surveys")

    @api.model
    def _register_columns(self):
        return [
            "sent_date",
            "partner_id",
            "contact_id",
            "user_id",
            "picking_id",
            "order_id",
            "state",
            "answered_date",
            RegisterColumn("score", value=lambda answer: answer.score if answer.has_score else None),
            RegisterColumn("top_share", value=lambda answer: answer.top_share if answer.has_score else None),
            "low_count",
            "remarks",
        ]
