from odoo import fields, models

MOST_DAYS = 20


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_invoicing_days = fields.Integer(
        "Ask to Invoice before the Closing Day",
        help="So many working days before the customer's closing day the account manager is asked to have invoiced "
        "what left. 0: nobody is asked.",
    )

    _sales_dept_invoicing_days_bounds = models.Constraint(
        f"CHECK (sales_dept_invoicing_days BETWEEN 0 AND {MOST_DAYS})",
        f"Account managers are asked {MOST_DAYS} working days before the closing day at the earliest; 0: not at all.",
    )

    def _sales_dept_handbook_values(self):
        return {**super()._sales_dept_handbook_values(), "sales_dept_invoicing_days": 3}
