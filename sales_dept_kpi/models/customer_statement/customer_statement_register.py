from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class CustomerStatement(models.Model):
    """The book of statements as XLSX."""

    _name = "customer.statement"
    _inherit = ["customer.statement", "sales.dept.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Customer Statements")

    @api.model
    def _register_columns(self):
        return [
            RegisterColumn("name", width=16),
            "version",
            "partner_id",
            "user_id",
            "date_from",
            "date_to",
            RegisterColumn("currency_id", width=9),
            "opening_balance",
            "shipped_total",
            "returned_total",
            "adjusted_total",
            "received_total",
            "closing_balance",
            "state",
            "sent_date",
            "answer_by",
            "confirmed_date",
            "confirmed_by",
            "validated_date",
        ]
