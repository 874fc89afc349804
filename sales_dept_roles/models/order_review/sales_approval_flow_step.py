from odoo import fields, models


class SalesApprovalFlowStep(models.Model):
    _inherit = "sales.approval.flow.step"

    subject_field_ids = fields.Many2many(
        "ir.model.fields",
        string="Asked Again When These Change",
        domain=[("model", "in", ("sale.order", "sale.order.line"))],
        help="For order reviews: after a change, a department is asked again only when one of these fields of the "
        "order changed since it agreed. Empty: each time.",
    )
