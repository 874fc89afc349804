from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command, Datetime
from odoo.tests import tagged

from .order_exception_common import OrderExceptionCommon


@tagged("post_install", "-at_install")
class TestOrderExceptionFinder(OrderExceptionCommon):
    """What the system finds, once; and takes back."""

    def test_late_for_the_promise(self):
        order = self._promised(10)
        self._plan(order, 10)
        self.assertFalse(self._find())
        self._plan(order, 11)
        found = self._find()
        self.assertEqual(found.sale_line_id, order.order_line)
        self.assertEqual((found.cause, found.kind, found.origin), ("picking", "date", "system"))
        self.assertEqual((found.date_promised, found.date_found), (self._day(10), self._day(11)))
        self.assertEqual(found.found_documents, order.picking_ids.name)
        self.assertEqual(self._todos(found, "handle").user_id, self.manager1)
        self.assertIn(order.name, self._todos(found, "handle").note)

    def test_planned_day_has_passed(self):
        order = self._promised(10)
        self._plan(order, 0)
        self.assertFalse(self._find())
        self._plan(order, -1)
        self.assertEqual(self._find().date_found, self._day(-1))

    def test_the_companys_day(self):
        """At 01:00 in Shanghai it is the day before in UTC: what was planned for yesterday is late."""
        order = self._promised(10)
        order.picking_ids.sudo().move_ids.date = self.company._moment_of(self._day(0)).replace(hour=0, minute=0)
        self.assertFalse(self._find())
        # The last minute of yesterday there.
        order.picking_ids.sudo().move_ids.date = self.company._moment_of(self._day(0)) - timedelta(hours=12, minutes=1)
        self.assertEqual(self._find().date_found, self._day(-1))

    def test_no_promise(self):
        order = self._order(5)
        self._plan(order, 40)
        self.assertFalse(self._find())
        self._plan(order, -1)
        self.assertFalse(self._find().date_promised)

    def test_nothing_twice(self):
        order = self._promised(10)
        self._plan(order, 11)
        found = self._find()
        self.assertTrue(found)
        self.assertFalse(self._find())
        found.measure = "Overtime"
        self.assertFalse(self._find())
        # Ended by a person: it is known, until it is later still.
        found.write({"cancel_reason": "She knows it"})
        found.with_user(self.manager1).action_cancel()
        self.assertFalse(self._find())
        self._plan(order, 12)
        again = self._find()
        self.assertEqual(again.date_found, self._day(12))
        again._write_protected({"state": "closed"})
        self.assertFalse(self._find())
        # Another promise.
        order.sudo().commitment_date = self.company._moment_of(self._day(9))
        self._plan(order, 12)
        self.assertTrue(self._find())

    def test_entered_for_the_whole_order(self):
        order = self._promised(10)
        self._exception(order, sale_line_id=False, cause="picking")
        self._plan(order, 11)
        self.assertFalse(self._find())

    def test_accepting_the_date_mends_it(self):
        order = self._promised(10)
        self._plan(order, 15)
        found = self._find()
        found.write({"measure": "Overtime", "date_new": self._day(15)})
        found.with_user(self.manager1).action_accept_date()
        self._write_to_customer(order)
        found.with_user(self.manager1).action_close()
        self.assertFalse(self._find())

    def test_two_at_once(self):
        """Neither sees what the other opened: the database lets one of them."""
        order = self._promised(10, lines=2)
        self._plan(order, 11)
        rows = self.Exceptions._facts(order.order_line, news=True)
        self.assertEqual(len(rows), 2)
        self.Exceptions._open_found(rows[:1])
        with patch.object(type(self.Exceptions), "_read_group", lambda self, *args, **kwargs: []):
            second = self.Exceptions._open_found(rows)
        self.assertEqual(second.sale_line_id.ids, [rows[1]["sale_line_id"]])
        found = self.Exceptions.search([("order_id", "=", order.id)])
        self.assertEqual(len(found), 2)

    def test_mended_before_the_day(self):
        order = self._promised(10)
        self._plan(order, 11)
        found = self._find()
        self._plan(order, 9)
        self._find()
        self.assertEqual(found.state, "cancelled")
        self.assertTrue(found.cancel_reason)
        self._plan(order, 11)
        self.assertFalse(self._find(), "known with these dates")
        self._plan(order, 12)
        answered = self._find()
        answered.measure = "Overtime"
        self._plan(order, 9)
        self._find()
        self.assertEqual(answered.state, "handled", "somebody works on it")

    def test_not_taken_back_after_the_day(self):
        order = self._promised(-2)
        self._plan(order, -1)
        found = self._find()
        self._ship(order.picking_ids, user=self.env.user)
        self._find()
        self.assertEqual(found.state, "open")

    def test_what_is_not_looked_at(self):
        self.company.sales_dept_order_exceptions = False
        order = self._promised(10)
        self._plan(order, 11)
        self.assertFalse(self._find())
        self.company.sales_dept_order_exceptions = True
        self._order(confirm=False)
        shipped = self._promised(-2)
        self._plan(shipped, -1)
        self._ship(shipped.picking_ids, user=self.env.user)
        cancelled = self._promised(-2)
        self._plan(cancelled, -1)
        cancelled._action_cancel()
        self.assertEqual(self._find().order_id, order)

    def test_goods_that_come_back_are_not_late(self):
        order = self._promised(10)
        self._ship(order.picking_ids, user=self.env.user)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(
                active_id=order.picking_ids.id, active_ids=order.picking_ids.ids, active_model="stock.picking"
            )
            .create({})
        )
        wizard.product_return_moves.write({"quantity": 3, "to_refund": True})
        returned = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        returned.move_ids.date = Datetime.now() - timedelta(days=3)
        self.assertFalse(self._find())

    def test_rest_of_a_partial_shipment(self):
        order = self._promised(10)
        self._ship(order.picking_ids, {self.shaft: 4}, user=self.env.user)
        rest = order.picking_ids.filtered(lambda picking: picking.state != "done")
        rest.move_ids.date = self.company._moment_of(self._day(14))
        self.assertEqual(self._find().found_documents, rest.name)

    def test_three_steps(self):
        """Pick, pack and ship: the step that brings them to the customer counts."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self._promised(10)
        self._plan(order, 5)
        self.assertFalse(self._find())
        self._plan(order, 11)
        self.assertEqual(len(self._find()), 1)

    def test_signed_for_short_and_damaged(self):
        self.company.sales_dept_delivery_notice = True
        order = self._order(10)
        notice = self._notice((order.order_line, 10))
        self._ship(order.picking_ids)
        notice.with_user(self.keeper).action_sign_for(
            signed_by="Li",
            received={notice.line_ids.id: {"qty_damaged": 2, "qty_lost": 1, "sign_reason": "The pallet fell"}},
        )
        found = self.Exceptions.search([("order_id", "=", order.id)])
        self.assertEqual(
            {(some.cause, some.kind, some.origin) for some in found},
            {("damaged", "quality", "system"), ("short", "quantity", "system")},
        )
        self.assertEqual(set(found.mapped("found_documents")), {notice.name})
        self.assertIn("The pallet fell", found[0].description)
        self._find()
        self.assertEqual(set(found.mapped("state")), {"open"}, "no date mends it")

    def test_signed_for_in_full_or_unasked(self):
        self.company.sales_dept_delivery_notice = True
        order = self._order(10)
        notice = self._notice((order.order_line, 10))
        self._ship(order.picking_ids)
        self.company.sales_dept_order_exceptions = False
        notice.with_user(self.keeper).action_sign_for(
            signed_by="Li", received={notice.line_ids.id: {"qty_lost": 1, "sign_reason": "Fell"}}
        )
        self.company.sales_dept_order_exceptions = True
        order = self._order(10)
        notice = self._notice((order.order_line, 10))
        self._ship(order.picking_ids)
        notice.with_user(self.keeper).action_sign_for(signed_by="Li")
        self.assertFalse(self.Exceptions.search([("partner_id", "=", self.customer.id)]))

    def test_plan_passes_the_promise(self):
        self.company.sales_dept_milestones = True
        order = self._promised(10)
        self._plan(order, 9)
        self.env["sale.order.milestone"]._refresh_marked()
        milestones = self.env["sale.order.milestone"].search([("order_id", "=", order.id)])
        self.assertTrue(milestones)
        self.assertFalse(self._find())
        milestones[0].date_planned = self._day(12)
        found = self._find()
        self.assertEqual((found.cause, found.kind, found.sale_line_id), ("plan", "date", order.order_line))
        self.assertEqual((found.date_promised, found.date_found), (self._day(10), self._day(12)))
        self.assertFalse(self._find())
        # Planned in time again.
        milestones[0].date_planned = self._day(8)
        self._find()
        self.assertEqual(found.state, "cancelled")

    def test_the_plan_follows_an_accepted_date(self):
        self.company.sales_dept_milestones = True
        order = self._promised(10)
        self.env["sale.order.milestone"]._refresh_marked()
        milestones = self.env["sale.order.milestone"].search([("order_id", "=", order.id)])
        edited, other = milestones[0], milestones[-1]
        before = other.date_planned
        edited.date_planned = self._day(12)
        exception = self._exception(order, cause="plan", date_new=self._day(20))
        exception.action_accept_date()
        self.env["sale.order.milestone"]._refresh_marked()
        self.assertEqual(edited.date_planned, self._day(12))
        self.assertGreater(other.date_planned, before)
        self.assertEqual(other.date_promised, self._day(20))

    def test_a_failing_line_holds_nobody_up(self):
        first, second = self._promised(10), self._promised(10)
        for order in (first, second):
            self._plan(order, 11)
        find = type(self.Exceptions)._find

        def fail(records, lines):
            if first.order_line in lines:
                raise ValueError("broken")
            return find(records, lines)

        with patch.object(type(self.Exceptions), "_find", fail):
            found = self._find()
        self.assertEqual(found.order_id, second)
        self.assertEqual(self._find().order_id, first)

    def test_as_many_queries_for_many(self):
        def queries(count):
            orders = self.env["sale.order"].concat(*(self._promised(10) for _number in range(count)))
            for order in orders:
                self._plan(order, 11)
            self.env.flush_all()
            self.env.invalidate_all()
            with self._counted() as counter:
                rows = self.Exceptions._facts(orders.order_line, news=True)
            self.assertEqual(len(rows), count)
            return counter[0]

        # The first one reads what is kept for all, such as zones of companies.
        queries(1)
        self.assertEqual(queries(2), queries(8))

    def test_numbers_of_many_by_one_query(self):
        def queries(count):
            exceptions = self.Exceptions.concat(*(self._exception(self._promised()) for _number in range(count)))
            # Its row is read once.
            exceptions[0]._next_numbers()
            with self._counted() as counter:
                numbers = exceptions._next_numbers()
            self.assertEqual(len(set(numbers)), count)
            return counter[0]

        self.assertEqual(queries(2), queries(8))

    def test_found_together_each_has_its_number(self):
        orders = [self._promised(10, lines=2) for _number in range(2)]
        for order in orders:
            self._plan(order, 11)
        sequence = self.env["ir.sequence"].with_company(self.company)
        before = sequence.next_by_code("sale.order.exception", sequence_date=self.today)
        prefix, last = before.rsplit("/", 1)
        self.assertEqual(
            self._find().sorted("id").mapped("name"),
            [f"{prefix}/{int(last) + number:04}" for number in (1, 2, 3, 4)],
        )

    def _counted(self):
        case = self

        class Counter(list):
            def __enter__(self):
                self.before = case.env.cr.sql_log_count
                return self

            def __exit__(self, *error):
                self.append(case.env.cr.sql_log_count - self.before)

        return Counter()


@tagged("post_install", "-at_install", "sales_dept_wide")
class TestOrderExceptionFinderSupply(OrderExceptionCommon):
    """What is bought or made for an order: with the modules that bring it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        mto = cls.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        vendor = cls.env["res.partner"].create({"name": "Vendor"})
        cls.bought, cls.steel = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "is_storable": True,
                    "taxes_id": False,
                    "route_ids": [Command.set((mto | cls.env.ref("purchase_stock.route_warehouse0_buy")).ids)],
                    "seller_ids": [Command.create({"partner_id": vendor.id, "price": 1})],
                }
                for name in ("Bought", "Steel")
            ]
        )
        cls.made = cls.env["product.product"].create(
            {
                "name": "Made",
                "is_storable": True,
                "taxes_id": False,
                "route_ids": [Command.set((mto | cls.env.ref("mrp.route_warehouse0_manufacture")).ids)],
            }
        )
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.made.product_tmpl_id.id,
                "product_qty": 1,
                "bom_line_ids": [Command.create({"product_id": cls.steel.id, "product_qty": 1})],
            }
        )
        cls.dropship = cls.env.ref("stock_dropshipping.route_drop_shipping", raise_if_not_found=False)

    def _supplied(self, product, days=30):
        order = self._order(
            4, product, commitment_date=self.company._moment_of(self._day(days)), user_id=self.manager1.id
        ).sudo()
        return order

    def _purchase_lines(self, product):
        return self.env["purchase.order.line"].search([("product_id", "=", product.id)])

    def _plan_purchase(self, lines, days):
        lines.date_planned = self.company._moment_of(self._day(days))

    def _causes(self, order):
        return set(self.Exceptions.search([("order_id", "=", order.id)]).mapped("cause"))

    def test_purchase_late(self):
        order = self._supplied(self.bought)
        line = self._purchase_lines(self.bought)
        self.assertEqual(len(line), 1)
        self._plan_purchase(line, 29)
        self._plan(order, 29)
        self.assertFalse(self._find())
        # Still only asked for.
        self._plan_purchase(line, 31)
        found = self._find()
        self.assertEqual((found.cause, found.found_documents), ("purchase", line.order_id.name))
        self.assertEqual(found.sale_line_id, order.order_line)
        # Ordered, and in time again.
        line.order_id.button_confirm()
        self._plan_purchase(line, 20)
        line.move_ids.date = self.company._moment_of(self._day(20))
        self._plan(order, 29)
        self._find()
        self.assertEqual(found.state, "cancelled")
        self._plan_purchase(line, 40)
        self.assertEqual(self._find().date_found, self._day(40))

    def test_received_is_not_late(self):
        order = self._supplied(self.bought)
        line = self._purchase_lines(self.bought)
        line.order_id.button_confirm()
        self._plan_purchase(line, 40)
        receipt = line.order_id.picking_ids
        receipt.move_ids.write({"quantity": 4, "picked": True})
        receipt.with_context(skip_backorder=True).button_validate()
        self._plan(order, 29)
        self.assertFalse(self._find())

    def test_receipt_short(self):
        order = self._supplied(self.bought)
        line = self._purchase_lines(self.bought)
        line.order_id.button_confirm()
        receipt = line.order_id.picking_ids
        receipt.move_ids.write({"quantity": 3, "picked": True})
        receipt.with_context(skip_backorder=True, picking_ids_not_to_backorder=receipt.ids).button_validate()
        self.assertEqual(line.qty_received, 3)
        # Its day passes, and what is not to come is short, and not late.
        self._plan_purchase(line, -1)
        self._plan(order, 29)
        found = self._find()
        self.assertEqual((found.cause, found.kind, found.found_documents), ("short", "quantity", line.order_id.name))
        found._write_protected({"state": "closed"})
        self.assertFalse(self._find())

    def test_production_and_its_components_late(self):
        order = self._supplied(self.made)
        production = order.stock_reference_ids.production_ids
        self.assertEqual(len(production), 1)
        steel = self._purchase_lines(self.steel)
        self._plan(order, 29)
        production.date_finished = self.company._moment_of(self._day(28))
        self._plan_purchase(steel, 20)
        self._find()
        self.assertFalse(self._causes(order))
        production.date_finished = self.company._moment_of(self._day(31))
        found = self._find()
        self.assertEqual((found.cause, found.found_documents), ("production", production.name))
        self._plan_purchase(steel, -1)
        found = self._find()
        self.assertEqual((found.cause, found.found_documents), ("purchase", steel.order_id.name))

    def test_split_production(self):
        order = self._supplied(self.made)
        production = order.stock_reference_ids.production_ids
        production.action_confirm()
        parts = production._split_productions({production: [1, 3]})
        self._plan(order, 29)
        self._plan_purchase(self._purchase_lines(self.steel), 20)
        for part, days in zip(parts, (20, 35), strict=True):
            part.date_finished = self.company._moment_of(self._day(days))
        found = self._find()
        self.assertEqual((found.cause, found.date_found), ("production", self._day(35)))
        self.assertEqual(found.found_documents, parts[1].name)

    def test_drop_shipment(self):
        """It leaves the supplier: the purchase is late, and no delivery of ours."""
        self.bought.route_ids = [Command.set(self.dropship.ids)]
        order = self._supplied(self.bought)
        line = self._purchase_lines(self.bought)
        line.order_id.button_confirm()
        self._plan_purchase(line, 31)
        order.picking_ids.move_ids.date = self.company._moment_of(self._day(31))
        self.assertEqual(self._find().mapped("cause"), ["purchase"])

    def test_other_supply_is_not_its_own(self):
        order = self._supplied(self.bought)
        self._plan_purchase(self._purchase_lines(self.bought), 20)
        self._plan(order, 29)
        other = self._supplied(self.bought, days=60)
        self._plan(other, 50)
        late = self._purchase_lines(self.bought)[-1]
        self._plan_purchase(late, 70)
        lines = self.Exceptions.search([]).sale_line_id
        self.assertFalse(lines)
        self._find()
        found = self.Exceptions.search([("cause", "=", "purchase")])
        self.assertEqual(found.order_id, late.move_dest_ids.sale_line_id.order_id)
