from odoo import fields, models

MOST_MONTHS = 120


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_stock_ageing = fields.Boolean(
        "Stock Ageing Sheet",
        help="After each month's end the stock ageing sheet is made, and whoever is responsible for goods over the "
        "limit is asked why they lie there and what will be done.",
    )
    sales_dept_max_stock_months = fields.Integer(
        "Stock Ageing: Months",
        default=3,
        help="Goods that lie longer than this want a cause and a measure every month. A month counts thirty days, as "
        "the columns of the sheet do.",
    )

    _sales_dept_max_stock_months_positive = models.Constraint(
        f"CHECK (sales_dept_max_stock_months BETWEEN 1 AND {MOST_MONTHS})",
        f"Goods may lie for one month at least before they want a cause and a measure, and for {MOST_MONTHS} at most.",
    )

    def _sales_dept_handbook_values(self):
        return {**super()._sales_dept_handbook_values(), "sales_dept_stock_ageing": True}
