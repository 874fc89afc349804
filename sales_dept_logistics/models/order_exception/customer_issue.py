from odoo import fields, models


class CustomerIssue(models.Model):
    _inherit = "customer.issue"

    order_exception_id = fields.Many2one(
        "sale.order.exception",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Of which the customer complained, or may.",
    )
