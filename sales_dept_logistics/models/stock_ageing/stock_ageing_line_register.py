from odoo import api, models
from odoo.fields import Domain

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn


class StockAgeingLine(models.Model):
    """The stock sheet as XLSX: all lines with their figures, and what was said about them."""

    _name = "stock.ageing.line"
    _inherit = ["stock.ageing.line", "sales.dept.register.mixin"]

    @api.model
    def _register_title(self):
        return self.env._("Stock Ageing")

    @api.model
    def _register_domain(self):
        """The lines of the latest sheets, one of each company."""
        sheets = self.env["stock.ageing.sheet"]._read_group(
            [("state", "not in", ("draft", "superseded"))], ["company_id"], ["date:max"]
        )
        return Domain("state", "not in", ("draft", "superseded")) & Domain.OR(
            Domain("company_id", "=", company.id) & Domain("date", "=", date) for company, date in sheets
        )

    @api.model
    def _register_columns(self):
        return [
            "date",
            RegisterColumn("product_id", width=40),
            "warehouse_id",
            RegisterColumn("uom_id", width=10),
            RegisterColumn("partner_id", width=36),
            "user_id",
            "responsible_from",
            "quantity",
            "quantity_0_30",
            "quantity_31_60",
            "quantity_61_90",
            "quantity_over_90",
            "value",
            "value_0_30",
            "value_31_60",
            "value_61_90",
            "value_over_90",
            "over_quantity",
            "over_value",
            "soon_quantity",
            "non_moving_quantity",
            "non_moving_value",
            "negative_quantity",
            "consigned_quantity",
            "cause",
            "measure",
            "measure_date",
            "measure_user_id",
            "previous_cause",
            "previous_measure",
            "previous_measure_date",
            "previous_measure_user_id",
            "previous_over_quantity",
            "outcome",
            RegisterColumn("company_id", width=30),
        ]
