from odoo.fields import Command
from odoo.tests import Form, tagged

from .milestone_common import MilestoneCommon


@tagged("post_install", "-at_install", "sales_dept_wide")
class TestMilestoneNeighbours(MilestoneCommon):
    """Milestones that are read from manufacturing orders, purchases, kits and drop shipments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_to_order = cls.env.ref("stock.route_warehouse0_mto")
        cls.make_to_order.active = True
        cls.steel = cls._stored("Steel", supply=False)
        cls.supplier = cls.env["res.partner"].create({"name": "Supplier"})
        manufacture = cls.env.ref("mrp.route_warehouse0_manufacture")
        cls.pump = cls._stored("Pump", supply=False, route_ids=[Command.set([cls.make_to_order.id, manufacture.id])])
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.pump.product_tmpl_id.id,
                "product_qty": 1,
                "produce_delay": 5,
                "bom_line_ids": [Command.create({"product_id": cls.steel.id, "product_qty": 2})],
            }
        )

    # === TOOLS === #

    def _productions(self, *lines):
        """Manufacturing orders of the orders of `lines` that are not cancelled."""
        orders = self.env["sale.order"].union(*(line.order_id for line in lines)).sudo()
        return orders.stock_reference_ids.production_ids.filtered(lambda production: production.state != "cancel")

    def _produce(self, production, quantity, backorder=True):
        """Produce `quantity` of what the manufacturing order is for, and make another for the rest."""
        form = Form(production)
        form.qty_producing = quantity
        production = form.save()
        production.move_raw_ids.picked = True
        result = production.button_mark_done()
        if isinstance(result, dict) and result.get("res_model") == "mrp.production.backorder":
            wizard = self.env["mrp.production.backorder"].with_context(**result["context"]).create({})
            getattr(wizard, "action_backorder" if backorder else "action_close_mo")()
        return production

    # === MADE === #

    def test_made_to_order(self):
        line = self._lines([10], self.pump)
        production = self._productions(line)
        self.assertEqual(len(production), 1)
        self.assertMilestones(line)
        rows = self._milestones(line)
        self.assertEqual([kind for kind, row in rows.items() if not row.is_system], ["inspected", "signed"])
        self._put_in_stock(self.steel, 20)
        production.action_assign()
        self.assertMilestones(line, material=10)
        with Form(production) as form:
            form.qty_producing = 10
        self.assertIn(production.state, ("progress", "to_close"))
        self.assertMilestones(line, material=10, production=10)
        self._produce(production, 10)
        self.assertEqual(production.state, "done")
        self.assertMilestones(line, material=10, production=10, produced=10, stock=10)
        self._ship(line.order_id.picking_ids)
        self.assertMilestones(line, material=10, production=10, produced=10, stock=10, shipped=10)

    def test_partly_produced(self):
        line = self._lines([10], self.pump)
        self._put_in_stock(self.steel, 20)
        production = self._productions(line)
        production.action_assign()
        self._produce(production, 4)
        self.assertEqual(len(self._productions(line)), 2)
        self.assertMilestones(line, material=10, production=4, produced=4, stock=4)
        self.assertEqual(self._milestones(line)["production"].state, "partial")
        rest = self._productions(line) - production
        self._produce(rest, 6)
        self.assertMilestones(line, material=10, production=10, produced=10, stock=10)

    def test_split_production(self):
        line = self._lines([10], self.pump)
        production = self._productions(line)
        parts = production._split_productions({production: [3, 7]})
        self.assertEqual(parts.mapped("product_qty"), [3, 7])
        self._put_in_stock(self.steel, 20)
        parts.action_assign()
        self._produce(parts[1], 7)
        self.assertMilestones(line, material=10, production=7, produced=7, stock=7)
        self._produce(parts[0], 3)
        self.assertMilestones(line, material=10, production=10, produced=10, stock=10)

    def test_unbuilt(self):
        """What is taken apart again is not produced any more: the customer would be told a date that cannot be kept."""
        line = self._lines([10], self.pump)
        self._put_in_stock(self.steel, 20)
        production = self._productions(line)
        production.action_assign()
        self._produce(production, 10)
        line.order_id.picking_ids.do_unreserve()
        unbuild = self.env["mrp.unbuild"].create(
            {
                "mo_id": production.id,
                "product_id": self.pump.id,
                "product_qty": 4,
                "location_id": production.location_dest_id.id,
                "location_dest_id": production.location_src_id.id,
            }
        )
        unbuild.action_unbuild()
        self.assertEqual(unbuild.state, "done")
        self.assertMilestones(line, material=6, production=6, produced=6)

    def test_scrapped_on_the_production(self):
        line = self._lines([10], self.pump)
        self._put_in_stock(self.steel, 20)
        production = self._productions(line)
        production.action_assign()
        self._produce(production, 10)
        line.order_id.picking_ids.do_unreserve()
        scrap = self.env["stock.scrap"].create(
            {"production_id": production.id, "product_id": self.pump.id, "scrap_qty": 3}
        )
        scrap.do_scrap()
        self.assertEqual(scrap.move_ids.production_id, production)
        self.assertMilestones(line, material=7, production=7, produced=7)

    def test_merged_productions(self):
        """What is made for two orders at once is first for the one that is promised first."""
        later, sooner = self._lines([10], self.pump), self._lines([5], self.pump)
        self._promise(later, "2030-05-20")
        self._promise(sooner, "2030-05-10")
        productions = self._productions(later, sooner)
        self.assertEqual(len(productions), 2)
        productions.action_merge()
        merged = self._productions(later, sooner)
        self.assertEqual(merged.product_qty, 15)
        self._put_in_stock(self.steel, 30)
        parts = merged._split_productions({merged: [7, 8]})
        parts.action_assign()
        with Form(parts[0]) as form:
            form.qty_producing = 7
        self.assertMilestones(sooner, material=5, production=5)
        self.assertMilestones(later, material=10, production=2)
        self._produce(parts[0], 7)
        # It is whose for whom Odoo reserves it, and altogether as much as there is.
        rows = [self._milestones(line) for line in (sooner, later)]
        self.assertEqual([row["produced"].quantity_done for row in rows], [row["stock"].quantity_done for row in rows])
        self.assertEqual(sum(row["produced"].quantity_done for row in rows), 7)
        self._produce(parts[1], 8)
        for line, quantity in ((sooner, 5), (later, 10)):
            self.assertMilestones(line, material=quantity, production=quantity, produced=quantity, stock=quantity)

    def test_three_steps(self):
        """Picked, packed and shipped: in stock is what is on the shelves or beyond them."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        line = self._lines([10], self.pump)
        self._put_in_stock(self.steel, 20)
        production = self._productions(line)
        production.action_assign()
        self._produce(production, 10)
        done = {"material": 10, "production": 10, "produced": 10, "stock": 10}
        self.assertMilestones(line, **done)
        for _step in range(2):
            picking = line.order_id.picking_ids.filtered(lambda picking: picking.state == "assigned")
            self._ship(picking)
            self.assertMilestones(line, **done)
        self._ship(line.order_id.picking_ids.filtered(lambda picking: picking.state == "assigned"))
        self.assertMilestones(line, **done, shipped=10)

    def test_three_steps_of_production(self):
        """Goods behind the machines are produced, and in stock when they were stored."""
        self.warehouse.manufacture_steps = "pbm_sam"
        line = self._lines([10], self.pump)
        self._put_in_stock(self.steel, 20)
        production = self._productions(line)
        feed = production.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        feed.action_assign()
        self._ship(feed)
        production.action_assign()
        self._produce(production, 10)
        self.assertMilestones(line, material=10, production=10, produced=10)
        store = production.picking_ids.filtered(lambda picking: picking.state == "assigned")
        self._ship(store)
        self.assertMilestones(line, material=10, production=10, produced=10, stock=10)

    def test_cancelled_production(self):
        line = self._lines([10], self.pump)
        production = self._productions(line)
        self.assertTrue(self._milestones(line)["produced"].is_system)
        production.action_cancel()
        rows = self._milestones(line)
        self.assertFalse(rows["produced"].is_system)
        self._tick(rows["produced"])
        self.assertMilestones(line, material=10, production=10, produced=10)

    def test_lead_time_of_the_bill(self):
        line = self._lines([10], self.pump)
        self._promise(line, "2030-05-20")
        planned = {kind: str(row.date_planned) for kind, row in self._milestones(line).items()}
        self.assertEqual(
            planned,
            {
                "material": "2030-05-14",
                "production": "2030-05-14",
                "produced": "2030-05-19",
                "inspected": "2030-05-20",
                "stock": "2030-05-20",
                "shipped": "2030-05-20",
                "signed": "2030-05-23",
            },
        )

    # === BOUGHT === #

    def _bought(self):
        buy = self.env.ref("purchase_stock.route_warehouse0_buy")
        return self._stored(
            "Motor",
            supply=False,
            route_ids=[Command.set([self.make_to_order.id, buy.id])],
            seller_ids=[Command.create({"partner_id": self.supplier.id})],
        )

    def _purchases(self, product):
        return self.env["purchase.order.line"].search([("product_id", "=", product.id)]).order_id

    def test_bought_to_order(self):
        motor = self._bought()
        line = self._lines([10], motor)
        self.assertEqual(tuple(self._milestones(line)), ("material", "inspected", "stock", "shipped", "signed"))
        self.assertTrue(self._milestones(line)["material"].is_system)
        purchase = self._purchases(motor)
        purchase.button_confirm()
        self.assertMilestones(line)
        self._ship(purchase.picking_ids, {motor: 4})
        self.assertMilestones(line, material=4, stock=4)
        self._ship(purchase.picking_ids.filtered(lambda picking: picking.state != "done"))
        self.assertMilestones(line, material=10, stock=10)

    def test_received_and_inspected(self):
        """A receipt in three steps passes quality control."""
        self.warehouse.reception_steps = "three_steps"
        motor = self._bought()
        line = self._lines([10], motor)
        purchase = self._purchases(motor)
        purchase.button_confirm()
        self._ship(purchase.picking_ids)
        self.assertMilestones(line, material=10)
        for expected in ({}, {"inspected": 10, "stock": 10}):
            step = self.env["stock.picking"].search(
                [("move_ids.product_id", "=", motor.id), ("state", "=", "assigned")]
            )
            self._ship(step)
            self.assertMilestones(line, material=10, **expected)

    def test_drop_shipment(self):
        route = self.env.ref("stock_dropshipping.route_drop_shipping")
        motor = self._bought()
        motor.route_ids = [Command.set(route.ids)]
        line = self._lines([10], motor)
        self.assertEqual(tuple(self._milestones(line)), ("shipped", "signed"))
        purchase = self._purchases(motor)
        purchase.button_confirm()
        self._ship(purchase.picking_ids, {motor: 4})
        self.assertMilestones(line, shipped=4)

    # === KITS === #

    def test_kit(self):
        """A1, A2: of a kit as much is in stock, and shipped, as all its components make."""
        bolt, nut, kit = self._stored("Bolt", False), self._stored("Nut", False), self._stored("Set", False)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": bolt.id, "product_qty": 2}),
                    Command.create({"product_id": nut.id, "product_qty": 1}),
                ],
            }
        )
        self._put_in_stock(bolt, 10)
        self._put_in_stock(nut, 4)
        line = self._lines([7], kit)
        self.assertMilestones(line, stock=4)
        self._put_in_stock(nut, 3)
        line.order_id.picking_ids.action_assign()
        self.assertMilestones(line, stock=5)
        self._ship(line.order_id.picking_ids, {bolt: 10, nut: 4}, backorder=False)
        self.assertEqual(line.qty_delivered, 4)
        self.assertMilestones(line, stock=4, shipped=4)

    def test_no_query_for_a_line(self):
        """Twice as many lines of goods made to order are read with as many queries."""
        few, many = (self._lines([1] * count, self.pump) for count in (5, 10))
        counts = []
        self.Milestone._refresh(few)
        for lines in (few, many):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.Milestone._refresh(lines)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
