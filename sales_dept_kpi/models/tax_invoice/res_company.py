from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_tax_invoices = fields.Boolean(
        "Tax-Office Invoices",
        help="What was invoiced in time goes by the dates of the tax-office invoices, and no longer by those of the "
        "invoices in Odoo.",
    )
