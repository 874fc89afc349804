from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .delivery_notice_common import DeliveryNoticeCommon

HELD = "accepted delivery notices allow"


@tagged("post_install", "-at_install")
class TestDeliveryNoticeGate(DeliveryNoticeCommon):
    """Every path on which goods of a customer's order leave, against the gate; and open where it is taken away."""

    def _picking(self, quantity=10, **vals):
        return self._order(quantity, **vals).picking_ids

    def _filled(self, picking):
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        return picking

    def check_path(self, path):
        """`path`, a function of a filled picking, is refused, leads through with the gate away, and with a notice."""
        picking = self._filled(self._picking())
        with self.assertRefused(HELD):
            path(picking.with_user(self.keeper))
        self.assertNotIn("done", picking.move_ids.mapped("state"))
        with self._gate_away():
            picking = self._filled(self._picking())
            path(picking.with_user(self.keeper))
            self.assertEqual(set(picking.move_ids.mapped("state")), {"done"}, "nothing else stops it")
        picking = self._filled(self._picking())
        notice = self._notice((picking.move_ids.sale_line_id, 10))
        path(picking.with_user(self.keeper))
        self.assertEqual(set(picking.move_ids.mapped("state")), {"done"})
        self.assertEqual((notice.state, notice.line_ids.qty_shipped), ("shipped", 10))

    def test_trial_is_what_happens(self):
        """What the checklist counts before the policy is on is what is refused once it is."""
        noticed, plain = self._filled(self._picking()), self._filled(self._picking())
        self._notice((noticed.move_ids.sale_line_id, 10))
        self.company.sales_dept_delivery_notice = False
        checklist = self.env["sales.dept.checklist"].create({})
        line = checklist.policy_ids.filtered(lambda line: line.policy == "sales_dept_delivery_notice")
        action = line.action_view_held()
        held = self.env["stock.picking"].browse(action.get("res_id") or []) or self.env["stock.picking"].search(
            action["domain"]
        )
        self.assertEqual(line.held_count, len(held))
        self.assertEqual(held & (noticed | plain), plain)
        line.action_switch_on()
        self.assertTrue(self.company.sales_dept_delivery_notice)
        noticed._action_done()
        with self.assertRefused(HELD):
            plain._action_done()

    def test_button(self):
        self.check_path(lambda picking: picking.with_context(skip_backorder=True).button_validate())

    def test_action_done_of_the_picking(self):
        self.check_path(lambda picking: picking._action_done())

    def test_action_done_of_moves(self):
        """As another addon, or the barcode application, does it."""
        self.check_path(lambda picking: picking.move_ids._action_done())
        self.check_path(lambda picking: picking.move_ids.sudo()._action_done(cancel_backorder=True))

    def test_context_of_a_client(self):
        context = {"skip_gate": True, "force": True, "install_mode": True, "mail_notrack": True, "is_scrap": True}
        self.check_path(lambda picking: picking.with_context(**context).move_ids._action_done())

    def test_state_written(self):
        picking = self._filled(self._picking())
        with self.assertRefused(HELD):
            picking.move_ids.sudo().write({"state": "done"})
        with self.assertRefused(HELD):
            picking.sudo().write({"state": "done"})
        other = self._filled(self._picking())
        with self._gate_away():
            picking.move_ids.sudo().write({"state": "done"})
            self.assertEqual(picking.move_ids.state, "done")
            other.sudo().write({"state": "done"})
            self.assertEqual(other.state, "done")

    def test_state_created(self):
        order = self._order(10)
        move = order.picking_ids.move_ids
        values = {
            "product_id": self.shaft.id,
            "product_uom_qty": 2,
            "quantity": 2,
            "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id,
            "sale_line_id": order.order_line.id,
            "picking_id": order.picking_ids.id,
            "state": "done",
        }
        with self.assertRefused(HELD):
            self.env["stock.move"].sudo().create(values)
        with self._gate_away():
            self.assertEqual(self.env["stock.move"].sudo().create(values).state, "done")

    def test_backorder(self):
        """A notice of 4 lets 4 leave; the rest, in its own transfer, waits for a notice of its own."""
        picking = self._picking()
        self._notice((picking.move_ids.sale_line_id, 4))
        with self.assertRefused(f"10 Units of Shaft.*{HELD} 4"):
            self._ship(picking)
        self._ship(picking, {self.shaft: 4})
        backorder = picking.backorder_ids
        self.assertTrue(backorder)
        with self.assertRefused(f"{HELD} 0"):
            self._ship(backorder)
        self._notice((backorder.move_ids.sale_line_id, 6))
        self._ship(backorder)

    def test_backorder_wizard(self):
        """Either answer to Odoo's question about the rest is asked; a notice of what leaves is enough."""

        def answer(button):
            def path(picking):
                picking.move_ids.quantity = 4
                action = picking.button_validate()
                wizard = self.env["stock.backorder.confirmation"].with_user(self.keeper)
                wizard = wizard.with_context(**action["context"]).create({})
                getattr(wizard.with_context(button_validate_picking_ids=picking.ids), button)()

            return path

        for button in ("process", "process_cancel_backorder"):
            with self.subTest(button):
                picking = self._picking()
                with self.assertRefused(HELD):
                    answer(button)(picking.with_user(self.keeper))
                self.assertNotIn("done", picking.move_ids.mapped("state"))
                with self._gate_away():
                    picking = self._picking()
                    answer(button)(picking.with_user(self.keeper))
                    self.assertEqual(picking.state, "done", "nothing else stops it")
                picking = self._picking()
                notice = self._notice((picking.move_ids.sale_line_id, 4))
                answer(button)(picking.with_user(self.keeper))
                self.assertEqual((picking.state, notice.line_ids.qty_shipped), ("done", 4))

    def test_several_transfers_at_once(self):
        pickings = self._filled(self._picking()) | self._filled(self._picking())
        self._notice((pickings[0].move_ids.sale_line_id, 10))
        with self.assertRefused(HELD):
            pickings.with_user(self.keeper).with_context(skip_backorder=True).button_validate()
        self.assertNotIn("done", pickings.mapped("state"), "all or none")

    def test_done_and_corrected(self):
        """More on a move that is done leaves, too; less is taken off the notice."""
        picking = self._picking()
        line = picking.move_ids.sale_line_id
        notice = self._notice((line, 4))
        self._ship(picking, {self.shaft: 4}, backorder=False)
        move = picking.move_ids.filtered(lambda move: move.state == "done")
        paths = (
            lambda move: move.sudo().write({"quantity": move.quantity + 1}),
            lambda move: move.move_line_ids[:1].sudo().write({"quantity": move.move_line_ids[:1].quantity + 1}),
            lambda move: (
                self.env["stock.move.line"]
                .sudo()
                .create(
                    {
                        "move_id": move.id,
                        "picking_id": move.picking_id.id,
                        "product_id": self.shaft.id,
                        "quantity": 1,
                        "location_id": move.location_id.id,
                        "location_dest_id": move.location_dest_id.id,
                    }
                )
            ),
        )
        for path in paths:
            with self.assertRefused(HELD):
                path(move)
            self.assertEqual(move.quantity, 4)
        free = self._picking()
        self._notice((free.move_ids.sale_line_id, 4))
        self._ship(free, {self.shaft: 4}, backorder=False)
        done = free.move_ids.filtered(lambda move: move.state == "done")
        for number, path in enumerate(paths, 5):
            with self._gate_away():
                path(done)
            self.assertEqual(done.quantity, number, "nothing else stops it")
        move.move_line_ids.sudo().write({"quantity": 3})
        self.assertEqual(notice.line_ids.qty_shipped, 3)

    def test_done_for_another_line(self):
        """A move that is put down to another line later needs a notice there, and is given back here."""
        picking, other = self._picking(), self._order(10)
        notice = self._notice((picking.move_ids.sale_line_id, 10))
        self._ship(picking)
        with self.assertRefused(HELD):
            picking.move_ids.sudo().sale_line_id = other.order_line
        there = self._notice((other.order_line, 10))
        picking.move_ids.sudo().sale_line_id = other.order_line
        self.assertEqual((notice.line_ids.qty_shipped, there.line_ids.qty_shipped), (0, 10))

    def test_beside_another_gate_of_moves(self):
        """Whoever needs what another gate asks for need not leave: what comes back counts against no notice."""
        Move = self.registry["stock.move"]
        other = Move._delivery_notice_gate._replace(
            name="other", policy="active", required="_other_required", missing="_other_missing"
        )
        gates = Move._gates
        self.startPatcher(patch.object(Move, "_gates", lambda moves: [*gates(moves), other]))
        for name, method in {
            other.required: lambda moves, _policy=None: moves,
            other.missing: lambda moves, _required, _lacking: moves.browse(),
        }.items():
            self.startPatcher(patch.object(Move, name, method, create=True))
        picking = self._picking()
        line = picking.move_ids.sale_line_id
        first = self._notice((line, 4))
        self._ship(picking, {self.shaft: 4})
        self.assertEqual(first.line_ids.qty_shipped, 4)
        rest = self._notice((line, 6))
        returned = self._return(picking, 4)
        self.assertEqual((returned.state, rest.line_ids.qty_shipped), ("done", 0))
        # More than the notice has: nothing of it leaves.
        returned.move_ids.sudo().quantity = 12
        self.assertEqual(rest.line_ids.qty_shipped, 0)

    def test_on_no_line_of_the_order(self):
        """Goods that the warehouse adds to a customer's transfer."""
        picking = self._picking()
        self._notice((picking.move_ids.sale_line_id, 10))
        self._filled(picking)
        self.env["stock.move"].create(
            {
                "product_id": self.gear.id,
                "product_uom_qty": 1,
                "quantity": 1,
                "picked": True,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        with self.assertRefused("Gear stand on no line of the order"):
            picking.with_user(self.keeper).with_context(skip_backorder=True).button_validate()

    def test_issued_is_not_accepted(self):
        picking = self._picking()
        self._notice((picking.move_ids.sale_line_id, 10), state="issued")
        with self.assertRefused(HELD):
            self._ship(picking)

    def test_steps_before_the_last_are_free(self):
        """Picking and packing are no leaving."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self._order(10)
        picking = order.picking_ids
        while picking.location_dest_id.usage != "customer":
            self._ship(picking)
            picking = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        with self.assertRefused(HELD):
            self._ship(picking)
        notice = self._notice((order.order_line, 10))
        self._ship(picking)
        self.assertEqual(notice.state, "shipped")

    def test_what_is_not_held(self):
        """Policy off, goods of no order, receipts, what comes back, other companies."""
        picking = self._picking()
        self.company.sales_dept_delivery_notice = False
        self._ship(picking)
        self.company.sales_dept_delivery_notice = True
        self._return(picking, 3)
        manual = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "partner_id": self.customer.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.shaft.id,
                            "product_uom_qty": 1,
                            "location_id": self.warehouse.lot_stock_id.id,
                            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                        }
                    )
                ],
            }
        )
        manual.action_confirm()
        self._ship(manual)
        self.assertEqual(manual.state, "done")

    def test_without_the_policy_notices_follow_all_the_same(self):
        self.company.sales_dept_delivery_notice = False
        picking = self._picking()
        notice = self._notice((picking.move_ids.sale_line_id, 4))
        self._ship(picking)
        self.assertEqual((notice.state, notice.line_ids.qty_shipped), ("shipped", 4))

    def test_said_on_the_transfer(self):
        picking = self._filled(self._picking())
        self.assertIn(HELD, picking.with_user(self.keeper).delivery_notice_hold)
        notice = self._notice((picking.move_ids.sale_line_id, 10))
        picking.invalidate_recordset()
        self.assertFalse(picking.with_user(self.keeper).delivery_notice_hold)
        self.assertEqual(picking.delivery_notice_ids, notice)

    def test_queries_do_not_grow_with_lines(self):
        def shipped(lines):
            order = self._create_quotation(
                order_line=[
                    Command.create({"product_id": self.shaft.id, "product_uom_qty": 1, "price_unit": 1.0})
                    for _number in range(lines)
                ]
            )
            order.action_confirm()
            self._notice(*((line, 1) for line in order.order_line))
            order.picking_ids.move_ids.quantity = 1
            moves = self.env["stock.move"].browse(order.picking_ids.move_ids.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertFalse(moves._gate_messages("done"))
            return self.env.cr.sql_log_count - before

        shipped(2)
        self.assertEqual(shipped(3), shipped(12))
