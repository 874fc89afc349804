from odoo import api, fields, models
from odoo.exceptions import UserError

from .stock_move import make_urgent


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    is_rush = fields.Boolean("Rush", readonly=True, copy=False, help="A rush request was granted for this line.")

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"is_rush"}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_rush_request(self):
        asked = self.env["sale.rush.request.line"].sudo().search([("sale_line_id", "in", self.ids)], limit=1)
        if asked:
            raise UserError(
                self.env._(
                    "%(line)s stands on rush request %(request)s: take it out of the request first.",
                    line=asked.sale_line_id.display_name,
                    request=asked.request_id.name,
                )
            )

    # === SUPPLY === #

    def _prepare_procurement_values(self):
        values = super()._prepare_procurement_values()
        if self.is_rush:
            values["priority"] = "1"
        return values

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        result = super()._action_launch_stock_rule(previous_product_uom_qty=previous_product_uom_qty)
        if rush := self.filtered("is_rush"):
            rush._make_supply_urgent()
        return result

    def _make_supply_urgent(self):
        """Make what delivers the lines `self`, and what is made or bought for them, urgent."""
        lines = self.sudo()
        moves = lines.move_ids._supply_chain()
        for documents in moves._supply_documents(lines):
            make_urgent(documents)
