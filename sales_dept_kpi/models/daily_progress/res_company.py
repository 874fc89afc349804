from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_daily_mail = fields.Boolean(
        "Daily Progress by Mail",
        help="When work closes, the sales director and the general manager get the day's orders, shipments, invoices "
        "and receipts, with the month so far against plan. Who does not want it says so in their preferences.",
    )
    sales_dept_daily_mail_date = fields.Date("Last Daily Progress Sent", readonly=True, copy=False)
