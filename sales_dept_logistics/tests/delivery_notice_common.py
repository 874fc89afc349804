from unittest.mock import patch

from odoo.fields import Command, Date
from odoo.tests import new_test_user

from odoo.addons.sales_dept_roles.tests.common import SalesDeptCommon


class DeliveryNoticeCommon(SalesDeptCommon):
    """Goods in stock, orders of them, and somebody in the warehouse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"
        cls.company.sales_dept_delivery_notice = True
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.keeper = new_test_user(
            cls.env, "keeper_test", "base.group_user,stock.group_stock_user", email="keeper@company.example"
        )
        cls.shaft, cls.gear = cls.env["product.product"].create(
            [{"name": name, "type": "consu", "list_price": 10.0, "taxes_id": False} for name in ("Shaft", "Gear")]
        )

    @classmethod
    def _order(cls, quantity=10, product=None, confirm=True, **vals):
        order = cls._create_quotation(
            order_line=[
                Command.create(
                    {"product_id": (product or cls.shaft).id, "product_uom_qty": quantity, "price_unit": 10.0}
                )
            ],
            **vals,
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def _notice(cls, *quantities, state="accepted", user=None, **vals):
        """Make a notice of ``(order line, quantity)`` pairs and bring it into `state`."""
        notice = (
            cls.env["sale.delivery.notice"]
            .with_user(user or cls.manager1)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "user_id": cls.manager1.id,
                    "wanted_date": Date.today(),
                    "line_ids": [
                        Command.create({"sale_line_id": line.id, "quantity": quantity}) for line, quantity in quantities
                    ],
                    **vals,
                }
            )
        )
        if state in ("issued", "accepted"):
            notice.action_issue()
        if state == "accepted":
            notice.with_user(cls.keeper).action_accept()
        return notice

    def _gate_away(self):
        """Without the gate: what leads through then was held by nothing else."""
        return patch.object(self.registry["stock.move"], "_notice_held", lambda moves, *args: {})

    def _ship(self, picking, quantities=None, user=None, backorder=True):
        """Ship `picking`, or `quantities` ``{product: quantity}`` of it, as the warehouse does."""
        picking = picking.with_user(user or self.keeper)
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantities is None else quantities.get(move.product_id, 0)
            move.picked = bool(move.quantity)
        context = {"skip_backorder": True, "picking_ids_not_to_backorder": [] if backorder else picking.ids}
        picking.with_context(**context).button_validate()
        return picking

    def _return(self, picking, quantity, user=None):
        """Take `quantity` of each move of the done `picking` back, with a refund as Odoo proposes it."""
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_ids=picking.ids, active_model="stock.picking")
            .with_user(user or self.keeper)
            .create({})
        )
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": True})
        returned = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        for move in returned.move_ids:
            move.quantity = quantity
            move.picked = True
        returned.with_user(user or self.keeper).with_context(skip_backorder=True).button_validate()
        return returned
