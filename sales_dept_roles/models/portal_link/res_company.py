from odoo import fields, models

DAYS, MOST_DAYS = 60, 366


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_link_days = fields.Integer(
        "Days of Links",
        default=DAYS,
        help="So many days after a mail its link opens a document without a login. Then the customer logs in, or asks "
        "for a new link, which goes to the address that is on record.",
    )

    _sales_dept_link_days_in_bounds = models.Constraint(
        f"CHECK (sales_dept_link_days BETWEEN 1 AND {MOST_DAYS})",
        f"The link of a mail holds for 1 to {MOST_DAYS} days.",
    )
