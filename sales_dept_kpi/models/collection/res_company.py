from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_collection = fields.Boolean(
        "Chase Receivables",
        help="Ageing is kept at each month's end, and who leads the department is told of what is long overdue.",
    )
    sales_dept_collection_silent_days = fields.Integer(
        "Chase Again After Days",
        default=7,
        help="A customer who owes something overdue and with whom nobody spoke for so many days is to be chased.",
    )
    sales_dept_collection_escalation_days = fields.Integer(
        "Tell the Director After Days",
        default=60,
        help="What is overdue for so many days is told to who leads the department, once; 0: never.",
    )

    _sales_dept_collection_days_positive = models.Constraint(
        "CHECK (sales_dept_collection_silent_days >= 0 AND sales_dept_collection_escalation_days >= 0)",
        "Days of the collection are 0 or more.",
    )
