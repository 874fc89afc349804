from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_visit_position = fields.Boolean(
        "Note the place of a check-in",
        help="Whoever checks in at a customer is asked by the browser for where they are; who declines checks in "
        "without.",
    )
