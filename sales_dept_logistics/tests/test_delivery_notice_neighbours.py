from odoo.fields import Command
from odoo.tests import tagged

from .delivery_notice_common import DeliveryNoticeCommon

HELD = "accepted delivery notices allow"


@tagged("post_install", "-at_install", "sales_dept_wide")
class TestDeliveryNoticeNeighbours(DeliveryNoticeCommon):
    """Kits, drop shipments, batches: with the modules that bring them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bolt, cls.nut, cls.kit = cls.env["product.product"].create(
            [{"name": name, "type": "consu", "taxes_id": False} for name in ("Bolt", "Nut", "Kit")]
        )
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "product_qty": 1,
                "bom_line_ids": [
                    Command.create({"product_id": cls.bolt.id, "product_qty": 1}),
                    Command.create({"product_id": cls.nut.id, "product_qty": 1}),
                ],
            }
        )

    def test_partial_kit(self):
        """A1: kit of one bolt and one nut, 7 ordered, 5 bolts and 4 nuts shipped: 4 shipped, 3 open."""
        order = self._order(7, self.kit)
        line = order.order_line
        notice = self._notice((line, 7))
        self._ship(order.picking_ids, {self.bolt: 5, self.nut: 4}, backorder=False)
        self.assertEqual(line.qty_delivered, 4)
        self.assertEqual(notice.line_ids.qty_shipped, 4)
        self.assertEqual((line.qty_noticed, line.qty_to_notice), (3, 0))
        notice.with_user(self.keeper).action_close("Out of nuts")
        self.assertEqual(line.qty_to_notice, 3)

    def test_kit_is_held_by_component(self):
        order = self._order(7, self.kit)
        self._notice((order.order_line, 4))
        with self.assertRefused(f"5 Units of Bolt.*{HELD} 4"):
            self._ship(order.picking_ids, {self.bolt: 5, self.nut: 4})
        self._ship(order.picking_ids, {self.bolt: 4, self.nut: 4})

    def test_returned_kit(self):
        """A2: ship 2, one comes back: 1."""
        order = self._order(2, self.kit)
        self._notice((order.order_line, 2))
        picking = self._ship(order.picking_ids)
        self._return(picking, 1)
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertEqual(order.order_line.qty_to_notice, 1)

    def test_kit_that_was_archived_since(self):
        """Past Odoo, which refuses it: what is on order goes on counting as it did, alone and among others."""
        order = self._order(2, self.kit)
        self.env["sale.order.line"].create({"order_id": order.id, "product_id": self.shaft.id, "product_uom_qty": 2})
        lines = order.order_line
        self.env.flush_all()
        self.env.cr.execute("UPDATE product_product SET active = FALSE WHERE id = %s", [self.kit.id])
        self.env.invalidate_all()
        for some in (lines[0], lines):
            self.assertEqual(some._notice_components()[lines[0]], {self.bolt: 1, self.nut: 1})

    def test_bills_are_found_for_all_lines_at_once(self):
        def asked(count):
            products = self.env["product.product"].create(
                [{"name": f"Part {number}", "type": "consu", "taxes_id": False} for number in range(count)]
            )
            order = self._order(2, self.kit, confirm=False)
            order.order_line = [
                Command.create({"product_id": product.id, "product_uom_qty": 2, "price_unit": 1.0})
                for product in products
            ]
            order.action_confirm()
            self._notice(*((line, 2) for line in order.order_line))
            for move in order.picking_ids.move_ids:
                move.quantity = 2
            moves = self.env["stock.move"].browse(order.picking_ids.move_ids.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertFalse(moves._gate_messages("done"))
            return self.env.cr.sql_log_count - before

        asked(2)
        self.assertEqual(asked(3), asked(9))

    def _drop_ship(self, quantity):
        """Order 10 shafts that the supplier ships, of which `quantity` has left."""
        route = self.env.ref("stock_dropshipping.route_drop_shipping")
        supplier = self.env["res.partner"].create({"name": "Supplier"})
        self.shaft.write(
            {"route_ids": [Command.link(route.id)], "seller_ids": [Command.create({"partner_id": supplier.id})]}
        )
        order = self._order(10)
        purchase = order.sudo().order_line.purchase_line_ids.order_id
        purchase.button_confirm()
        picking = purchase.picking_ids
        for move in picking.move_ids:
            move.quantity = quantity
            move.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        return order, picking

    def test_drop_shipment(self):
        """It leaves the supplier, and is not held; it counts as shipped."""
        order, _picking = self._drop_ship(4)
        self.assertEqual(order.order_line.qty_delivered, 4)
        self.assertEqual(order.order_line.qty_to_notice, 6)

    def test_return_of_a_drop_shipment(self):
        """A3: 10 shipped by the supplier, 4 come back: 6, and 4 may be noticed again. Sent again they are 10."""
        order, picking = self._drop_ship(10)
        line = order.order_line
        self.assertEqual((line.qty_delivered, line.qty_to_notice), (10, 0))
        returned = self._return(picking, 4)
        self.assertEqual((line.qty_delivered, line.qty_to_notice), (6, 4))
        again = self._return(returned, 4)
        self.assertEqual(again.state, "done", "what the supplier sends again is not held either")
        self.assertEqual((line.qty_delivered, line.qty_to_notice), (10, 0))

    def test_return_of_a_drop_shipment_to_our_stock(self):
        """A3: what comes back to us instead of the supplier counts the same, and leaves us against a notice only."""
        order, picking = self._drop_ship(10)
        line = order.order_line
        wizard = self.env["stock.return.picking"].with_context(active_id=picking.id, active_model="stock.picking")
        wizard = wizard.with_user(self.keeper).create({})
        wizard.product_return_moves.write({"quantity": 4, "to_refund": True})
        returned = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        returned.sudo().location_dest_id = self.warehouse.lot_stock_id
        returned.move_ids.sudo().location_dest_id = self.warehouse.lot_stock_id
        for move in returned.move_ids:
            move.write({"quantity": 4, "picked": True})
        returned.with_user(self.keeper).with_context(skip_backorder=True).button_validate()
        self.assertEqual((line.qty_delivered, line.qty_to_notice), (6, 4))

    def test_point_of_sale(self):
        """What is handed over at the till leaves with a transfer of the till: it is not held, and counts as shipped."""
        order = self._order(10)
        line = order.order_line
        config = self.env["pos.config"].sudo().create({"name": "Till", "warehouse_id": self.warehouse.id})
        session = self.env["pos.session"].sudo().create({"config_id": config.id, "user_id": self.env.uid})
        sold = (
            self.env["pos.order"]
            .sudo()
            .create(
                {
                    "session_id": session.id,
                    "partner_id": self.customer.id,
                    "amount_tax": 0,
                    "amount_total": 40,
                    "amount_paid": 40,
                    "amount_return": 0,
                    "lines": [
                        Command.create(
                            {
                                "product_id": self.shaft.id,
                                "qty": 4,
                                "price_unit": 10,
                                "price_subtotal": 40,
                                "price_subtotal_incl": 40,
                                "sale_order_origin_id": order.id,
                                "sale_order_line_id": line.id,
                            }
                        )
                    ],
                }
            )
        )
        sold.state = "paid"
        sold._create_order_picking()
        self.assertEqual(sold.picking_ids.mapped("state"), ["done"])
        line.invalidate_recordset()
        self.assertEqual((line.qty_delivered, line.qty_to_notice), (4, 6))
        with self.assertRefused(HELD):
            self._ship(order.picking_ids - sold.picking_ids)

    def test_wave(self):
        """A wave takes lines of transfers; what is in it is asked as anything else."""

        def finish(picking):
            picking.batch_id.with_user(self.keeper).with_context(skip_backorder=True).action_done()

        pickings = []
        for _number in range(2):
            picking = self._order(3).picking_ids
            picking.move_ids.write({"quantity": 3, "picked": True})
            picking.move_line_ids.with_user(self.keeper)._add_to_wave()
            self.assertTrue(picking.batch_id.is_wave)
            with self.assertRefused(HELD):
                finish(picking)
            pickings.append(picking)
        free, picking = pickings
        with self._gate_away():
            finish(free)
        self.assertEqual(free.state, "done", "nothing else stops it")
        self._notice((picking.move_ids.sale_line_id, 3))
        finish(picking)
        self.assertEqual(picking.state, "done")

    def test_batch(self):
        """A batch of transfers, of which one has no notice: none leaves."""

        def batch_of(pickings):
            for move in pickings.move_ids:
                move.quantity = move.product_uom_qty
                move.picked = True
            batch = self.env["stock.picking.batch"].with_user(self.keeper)
            batch = batch.create({"picking_ids": [Command.set(pickings.ids)]})
            batch.action_confirm()
            return batch

        free = self._order(3).picking_ids
        with self._gate_away():
            batch_of(free).with_context(skip_backorder=True).action_done()
        self.assertEqual(free.state, "done", "nothing else stops it")
        pickings = self._order(3).picking_ids | self._order(4).picking_ids
        batch = batch_of(pickings)
        lines = pickings.move_ids.sale_line_id
        self._notice((lines[0], 3))
        with self.assertRefused(HELD):
            batch.with_context(skip_backorder=True).action_done()
        self.assertNotIn("done", pickings.mapped("state"))
        self._notice((lines[1], 4))
        batch.with_context(skip_backorder=True).action_done()
        self.assertEqual(set(pickings.mapped("state")), {"done"})
