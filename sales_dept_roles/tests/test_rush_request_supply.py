from odoo import Command
from odoo.tests import tagged

from .rush_request_common import RushRequestCommon


@tagged("post_install", "-at_install", "sales_dept_wide")
class TestRushRequestSupply(RushRequestCommon):
    """What is made or bought for the rushed lines becomes urgent too; neither module is a dependency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.mto = cls.env.ref("stock.route_warehouse0_mto")
        cls.mto.active = True
        vendor = cls.env["res.partner"].create({"name": "Vendor"})
        cls.steel, cls.bolt = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "is_storable": True,
                    "route_ids": [Command.set((cls.mto | cls.env.ref("purchase_stock.route_warehouse0_buy")).ids)],
                    "seller_ids": [Command.create({"partner_id": vendor.id, "price": 1})],
                }
                for name in ("Steel", "Bolt")
            ]
        )
        cls.made, cls.also_made = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "is_storable": True,
                    "route_ids": [Command.set((cls.mto | cls.env.ref("mrp.route_warehouse0_manufacture")).ids)],
                }
                for name in ("Made", "Also Made")
            ]
        )
        cls.env["mrp.bom"].create(
            [
                {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "product_qty": 1,
                    "bom_line_ids": [Command.create({"product_id": component.id, "product_qty": 1})],
                }
                for product, component in ((cls.made, cls.steel), (cls.also_made, cls.bolt))
            ]
        )

    def _productions(self, order, product):
        return order.sudo().stock_reference_ids.production_ids.filtered(lambda mo: mo.product_id == product)

    def _purchases(self, product):
        return self.env["purchase.order.line"].search([("product_id", "=", product.id)]).order_id

    def test_manufacturing_and_what_it_needs(self):
        order = self._confirmed({self.made: 2, self.also_made: 2}, "2030-06-28")
        made, also_made = self._productions(order, self.made), self._productions(order, self.also_made)
        self.assertTrue(made and also_made and self._purchases(self.steel))
        self._granted(order.order_line[0])
        self.assertEqual(made.priority, "1")
        self.assertEqual(self._purchases(self.steel).priority, "1")
        self.assertEqual(also_made.priority, "0", "another line's")

    def test_confirmed_after_the_grant(self):
        order = self._order({self.made: 2, self.also_made: 1})
        order.commitment_date = "2030-06-28 09:00:00"
        self._granted(order.order_line[0])
        order.action_confirm()
        self.assertEqual(self._productions(order, self.made).priority, "1")
        self.assertEqual(self._productions(order, self.also_made).priority, "0")

    def test_purchase(self):
        order = self._confirmed({self.steel: 5}, "2030-06-28")
        purchase = self._purchases(self.steel)
        self.assertEqual(purchase.priority, "0")
        self._granted(order.order_line)
        self.assertEqual(purchase.priority, "1")

    def test_receipt_of_a_confirmed_purchase(self):
        order = self._confirmed({self.steel: 5}, "2030-06-28")
        purchase = self._purchases(self.steel)
        purchase.button_confirm()
        self._granted(order.order_line)
        self.assertEqual(purchase.priority, "1")
        self.assertEqual(purchase.picking_ids.mapped("priority"), ["1"])

    def test_finished_documents_stay(self):
        order = self._confirmed({self.steel: 5}, "2030-06-28")
        purchase = self._purchases(self.steel)
        purchase.button_cancel()
        self._granted(order.order_line)
        self.assertEqual(purchase.priority, "0")

    def test_without_rush_nothing_is_urgent(self):
        order = self._confirmed({self.made: 2, self.steel: 1}, "2030-06-28")
        self.assertEqual(self._productions(order, self.made).priority, "0")
        self.assertEqual(set(self._purchases(self.steel).mapped("priority")), {"0"})
