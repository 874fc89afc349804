from odoo import models


class AccountPaymentTermLine(models.Model):
    _name = "account.payment.term.line"
    _inherit = ["account.payment.term.line", "sales.approval.content"]
