from odoo import fields, models


class SalesDeptRole(models.Model):
    _inherit = "sales.dept.role"

    writes_monthly_report = fields.Boolean(
        "Writes a Monthly Report",
        tracking=True,
        help="Whoever holds this post writes a monthly summary report, which the director confirms.",
    )
