from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    _sales_basis = models.Index("(company_id, date) WHERE state = 'done' AND sale_line_id IS NOT NULL")
