from odoo import fields, models

MOST_DAYS = 366


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_stale_days = fields.Integer(
        "Stale After Days",
        default=14,
        help="Quotations and opportunities that nobody changed for so many days, and for which nothing is planned, "
        "are left untended.",
    )

    _sales_dept_stale_days_positive = models.Constraint(
        f"CHECK (sales_dept_stale_days BETWEEN 1 AND {MOST_DAYS})",
        f"Quotations are stale after one day at the earliest, and after {MOST_DAYS} at the latest.",
    )
