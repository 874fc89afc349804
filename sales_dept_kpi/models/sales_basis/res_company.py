from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_sales_basis = fields.Selection(
        [("invoiced", "Invoiced"), ("delivered", "Delivered"), ("ordered", "Ordered")],
        string="Sales Are Counted When",
        required=True,
        default="invoiced",
        help="What counts as a sale of a month, in targets and KPIs: posted invoices less credit notes, goods that "
        "left less those that came back, or confirmed orders. Without taxes, in the company's currency, at the rate "
        "of the document.",
    )
