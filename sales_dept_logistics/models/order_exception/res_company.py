from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_order_exceptions = fields.Boolean(
        "Order Exceptions",
        help="Orders whose goods are late, short or damaged are found by the system. The account manager is asked what "
        "will be done and to tell the customer, and after one working day without an answer the superior is told.",
    )

    def _sales_dept_handbook_values(self):
        return {**super()._sales_dept_handbook_values(), "sales_dept_order_exceptions": True}
