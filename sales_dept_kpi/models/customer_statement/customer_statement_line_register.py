from odoo import api, models

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class CustomerStatementLine(models.Model):
    """The lines of statements as XLSX, for our own use; the customer's spreadsheet is made by the statement."""

    _name = "customer.statement.line"
    _inherit = ["customer.statement.line", "sales.dept.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Lines of Statements")

    @api.model
    def _register_columns(self):
        return [
            "statement_id",
            "number",
            "kind",
            "date",
            "delivery_note",
            "customer_order_number",
            "customer_part_number",
            RegisterColumn("name", width=40),
            "unit",
            "quantity",
            "price_unit",
            "price_with_tax",
            "tax_rate",
            "amount_untaxed",
            "amount_tax",
            "amount",
            "balance",
            RegisterColumn("reason", width=40),
        ]
