from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_kpi = fields.Boolean(
        "KPIs",
        help="The KPIs of the running month, and of months before it until they are locked, are computed every hour.",
    )

    sales_dept_freight_days = fields.Integer(
        "Freight: Days to Reconcile",
        default=10,
        help="Working days from a carrier's closing day until its statement has to be signed.",
    )

    _sales_dept_freight_days = models.Constraint(
        "CHECK (sales_dept_freight_days BETWEEN 0 AND 90)", "Freight is reconciled within 0 to 90 working days."
    )

    def _sales_dept_handbook_values(self):
        return {**super()._sales_dept_handbook_values(), "sales_dept_kpi": True}
