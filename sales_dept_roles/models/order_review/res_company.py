from odoo import fields, models

from ..clock.bounds import MOST_WORKING_DAYS


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_order_review = fields.Selection(
        [("off", "Off"), ("rule", "By rule"), ("all", "Every order")],
        string="Order Review",
        default="off",
        help="Orders are confirmed once the departments agreed to them. By rule: those that meet the condition of an "
        "approval flow of order reviews. Every order: those, and the rest by the flow that has no condition.",
    )
    sales_dept_review_days = fields.Integer(
        "Order Review: Working Days",
        default=4,
        help="A review is due at the close of this many working days after the day on which the general manager "
        "signed the sales department's column.",
    )

    _sales_dept_review_days_positive = models.Constraint(
        f"CHECK (sales_dept_review_days BETWEEN 1 AND {MOST_WORKING_DAYS})",
        f"An order review takes at least one working day, and no more than {MOST_WORKING_DAYS}.",
    )

    def _sales_dept_handbook_values(self):
        return {**super()._sales_dept_handbook_values(), "sales_dept_order_review": "all"}
