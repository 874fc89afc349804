from odoo import api, models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_exceptions(self):
        exceptions = self.env["sale.order.exception"].sudo()
        if kept := exceptions.search([("sale_line_id", "in", self.ids)]).sale_line_id:
            raise UserError(
                self.env._(
                    "%(lines)s: there are exceptions of it, which are kept as proof. Set the quantity to 0 instead.",
                    lines=", ".join(kept.mapped("display_name")),
                )
            )
