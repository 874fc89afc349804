from odoo import fields, models


class SalesDeptRole(models.Model):
    _inherit = "sales.dept.role"

    is_appraised = fields.Boolean(
        tracking=True,
        help="Whoever holds this post is proposed when appraisals are made.",
    )
