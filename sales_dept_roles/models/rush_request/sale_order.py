from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class SaleOrder(models.Model):
    """The rush flag of an order: it comes with a granted request and with nothing else."""

    _inherit = "sale.order"

    is_rush = fields.Boolean(
        "Rush", readonly=True, copy=False, help="A rush request was granted for lines of this order."
    )
    rush_request_count = fields.Integer("Rush Requests", compute="_compute_rush_request_count", compute_sudo=True)
    can_request_rush = fields.Boolean(compute="_compute_can_request_rush")

    def _compute_rush_request_count(self):
        counts = dict(
            self.env["sale.rush.request"]._read_group(Domain("order_id", "in", self.ids), ["order_id"], ["__count"])
        )
        for order in self:
            order.rush_request_count = counts.get(order._origin, 0)

    @api.depends(
        "state", "locked", "order_line.product_uom_qty", "order_line.qty_delivered", "order_line.promised_date"
    )
    def _compute_can_request_rush(self):
        """There has to be a promise to beat, of goods that are still to come."""
        for order in self:
            order.can_request_rush = bool(
                order._origin
                and order.state != "cancel"
                and not order.locked
                and any(line.promised_date and line._is_undelivered() for line in order.order_line)
            )

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"is_rush"}

    def _approval_dependents(self):
        requests = self.env["sale.rush.request"].search([("order_id", "in", self.ids)])
        return [*super()._approval_dependents(), requests]

    def unlink(self):
        self.env["sale.rush.request"].sudo().search(
            [("order_id", "in", self.ids), ("request_date", "=", False)]
        ).unlink()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_rush_asked(self):
        asked = (
            self.env["sale.rush.request"].sudo().search([("order_id", "in", self.ids), ("request_date", "!=", False)])
        )
        if asked:
            raise UserError(
                self.env._(
                    "Rush requests were made for %(orders)s, and stay in the register. Cancel the order instead.",
                    orders=", ".join(asked.order_id.mapped("name")),
                )
            )

    # === ACTIONS === #

    def action_request_rush(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rush Request"),
            "res_model": "sale.rush.request",
            "views": [(False, "form")],
            "context": {"default_order_id": self.id},
        }

    def action_view_rush_requests(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_sale_rush_requests")
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {"default_order_id": self.id}
        if self.rush_request_count == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = self.env["sale.rush.request"].search([("order_id", "=", self.id)]).id
        return action
