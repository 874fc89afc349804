from odoo import models


class AccountIncoterms(models.Model):
    _name = "account.incoterms"
    _inherit = ["account.incoterms", "sales.approval.content"]
