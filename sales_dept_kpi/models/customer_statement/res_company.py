from odoo import fields, models

MOST_DAYS = 90


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_customer_statement = fields.Boolean(
        "Customer Statements by Themselves",
        help="After a customer's closing day its statement is made as a draft, and who has not answered theirs in time "
        "is listed for the account manager.",
    )
    sales_dept_statement_answer_days = fields.Integer(
        "Statement: Days to Answer", default=7, help="So many days a customer has to confirm or correct a statement."
    )
    sales_dept_statement_link_days = fields.Integer(
        "Statement: Days of the Link",
        default=60,
        help="So many days the link of the mail opens the statement without a login.",
    )

    _sales_dept_statement_days_in_bounds = models.Constraint(
        f"CHECK (sales_dept_statement_answer_days BETWEEN 1 AND {MOST_DAYS} "
        "AND sales_dept_statement_link_days BETWEEN 1 AND 366)",
        f"A customer has 1 to {MOST_DAYS} days to answer a statement, and its link holds for 1 to 366 days.",
    )

    def _sales_dept_handbook_values(self):
        return {**super()._sales_dept_handbook_values(), "sales_dept_customer_statement": True}
