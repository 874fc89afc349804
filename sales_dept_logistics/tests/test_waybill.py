from datetime import date, datetime
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .waybill_common import WaybillCommon


@tagged("post_install", "-at_install")
class TestWaybill(WaybillCommon):
    """Deliveries make the waybills of the numbers under which they leave."""

    def test_made_when_goods_leave(self):
        picking = self._delivery("sf-0000 0001")
        self.assertFalse(picking.waybill_ids)
        picking.with_user(self.warehouse_user).button_validate()
        waybill = picking.waybill_ids
        self.assertRecordValues(
            waybill,
            [
                {
                    "name": "sf-0000 0001",
                    "number_key": "SF00000001",
                    "carrier_id": self.sf.id,
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "mode": "express",
                    "source": "delivery",
                    "pieces": 1,
                    "weight": 6.0,
                    "volume": 0.03,
                    # Late on the 31st where the company is; the day before in UTC it is not yet.
                    "shipped_date": date(2031, 3, 31),
                    "statement_month": date(2031, 3, 1),
                }
            ],
        )

    def test_validated_twice(self):
        """A5: whatever is done twice makes one waybill."""
        picking = self._done()
        waybill = picking.waybill_ids
        picking.button_validate()
        picking._action_done()
        picking.move_ids._action_done()
        picking._sync_waybills()
        picking.carrier_tracking_ref = "SF00000001"
        self.assertEqual(self.env["freight.waybill"].search([("carrier_id", "=", self.sf.id)]), waybill)
        self.assertEqual(waybill.picking_ids, picking)
        self.assertEqual(waybill.weight, 6.0)

    def test_without_number_or_carrier_none(self):
        self.assertFalse(self._done(refs=False).waybill_ids)
        self.assertFalse(self._done(refs=" , ; ").waybill_ids)
        self.assertFalse(self._done(carrier=self.env["delivery.carrier"]).waybill_ids)

    def test_several_numbers(self):
        waybills = self._done("SF00000001,SF00000002；SF00000003, SF00000001").waybill_ids
        self.assertEqual(sorted(waybills.mapped("name")), ["SF00000001", "SF00000002", "SF00000003"])
        # Nobody said what is under which: nothing is weighed twice.
        self.assertEqual(waybills.mapped("weight"), [0.0] * 3)
        self.assertEqual(waybills.mapped("pieces"), [1] * 3)

    def test_packages_in_their_order(self):
        """A10: 3 packages, 3 numbers, 3 waybills with their own weights."""
        picking = self._delivery("SF00000001,SF00000002,SF00000003")
        self._pack(picking, [5.0, 7.5, 11.0])
        picking.button_validate()
        self.assertEqual(
            sorted((waybill.name, waybill.weight, waybill.pieces) for waybill in picking.waybill_ids),
            [("SF00000001", 5.0, 1), ("SF00000002", 7.5, 1), ("SF00000003", 11.0, 1)],
        )

    def test_packages_with_numbers_of_their_own(self):
        picking = self._delivery("SF00000009")
        self._pack(picking, [5.0, 7.5, 11.0], {0: "SF00000001", 2: "sf 00000003"})
        picking.button_validate()
        # The delivery's own number has what is left.
        self.assertEqual(
            sorted((waybill.name, waybill.weight) for waybill in picking.waybill_ids),
            [("SF00000001", 5.0), ("SF00000009", 7.5), ("sf 00000003", 11.0)],
        )

    def test_package_gets_its_number_later(self):
        picking = self._delivery("SF00000009")
        packages = self._pack(picking, [5.0, 7.5, 11.0])
        picking.button_validate()
        self.assertEqual(picking.waybill_ids.weight, 23.5)
        self.assertEqual(picking.waybill_ids.pieces, 3)
        packages[1].carrier_tracking_ref = "SF00000002"
        self.assertEqual(
            sorted((waybill.name, waybill.weight, waybill.pieces) for waybill in picking.waybill_ids),
            [("SF00000002", 7.5, 1), ("SF00000009", 16.0, 2)],
        )

    def test_package_without_weight_weighs_what_is_in_it(self):
        picking = self._delivery("SF00000001,SF00000002,SF00000003")
        packages = self._pack(picking, [0, 0, 4.5])
        packages[0].package_type_id = self.env["stock.package.type"].create(
            {"name": "Crate", "base_weight": 0.5, "packaging_length": 400, "width": 300, "height": 200}
        )
        picking.button_validate()
        by_name = {waybill.name: waybill for waybill in picking.waybill_ids}
        self.assertEqual(by_name["SF00000001"].weight, 2.5)
        # By the outside of the crate, not by what is in it.
        self.assertEqual(by_name["SF00000001"].volume, 0.024)
        self.assertEqual((by_name["SF00000002"].weight, by_name["SF00000002"].volume), (2.0, 0.01))
        self.assertEqual(by_name["SF00000003"].weight, 4.5)

    def test_one_number_on_several_deliveries(self):
        first, second = self._delivery(), self._delivery(quantity=4)
        (first | second).button_validate()
        self.assertEqual(first.waybill_ids, second.waybill_ids)
        self.assertEqual(first.waybill_ids.weight, 14.0)
        self.assertEqual(first.waybill_ids.pieces, 2)
        third = self._done(refs="SF 00000001", quantity=1)
        self.assertEqual(third.waybill_ids, first.waybill_ids)
        self.assertEqual(third.waybill_ids.weight, 16.0)

    def test_two_shipments_two_numbers(self):
        """A9: the backorder gets its own number, and its own waybill."""
        picking = self._delivery("SF00000001", quantity=10)
        picking.move_ids.quantity = 6
        picking.move_ids.picked = True
        picking._action_done()
        backorder = picking.backorder_ids
        self.assertFalse(backorder.carrier_tracking_ref)
        self.assertFalse(backorder.waybill_ids)
        backorder.action_assign()
        backorder.carrier_tracking_ref = "SF00000002"
        backorder.move_ids.picked = True
        backorder._action_done()
        self.assertEqual(picking.waybill_ids.name, "SF00000001")
        self.assertEqual(picking.waybill_ids.weight, 12.0)
        self.assertEqual(backorder.waybill_ids.name, "SF00000002")
        self.assertEqual(backorder.waybill_ids.weight, 8.0)

    def test_number_written_later(self):
        picking = self._done(refs=False)
        picking.date_done = datetime(2031, 3, 20, 17, 0)
        picking.with_user(self.warehouse_user).carrier_tracking_ref = "SF00000005"
        # When it left where the company is, not when it was typed in.
        self.assertEqual(picking.waybill_ids.shipped_date, date(2031, 3, 21))

    def test_carrier_written_later(self):
        picking = self._done(carrier=self.env["delivery.carrier"])
        picking.carrier_id = self.sf
        self.assertEqual(picking.waybill_ids.carrier_id, self.sf)

    def test_date_corrected_later(self):
        picking = self._done()
        picking.date_done = datetime(2031, 3, 12, 3, 0)
        self.assertEqual(picking.waybill_ids.shipped_date, date(2031, 3, 12))

    def test_delivery_written_down_after_it_was_signed_for(self):
        """The carrier's list came first, with the receipt: the delivery joins it, and does not fail for it."""
        waybill = self._waybill("SF00000001", shipped_date="2031-03-20", signed_date="2031-03-22")
        picking = self._done("SF00000001")
        self.assertEqual(picking.waybill_ids, waybill)
        self.assertEqual(waybill.shipped_date, date(2031, 3, 20))

    def test_correction_keeps_the_waybill(self):
        picking = self._done("SF00000001")
        waybill = picking.waybill_ids
        self._attach(waybill)
        picking.carrier_tracking_ref = "SF00000007"
        self.assertEqual(picking.waybill_ids, waybill)
        self.assertEqual((waybill.name, waybill.number_key), ("SF00000007", "SF00000007"))
        self.assertEqual(waybill.weight, 6.0)

    def test_number_taken_away(self):
        picking = self._done("SF00000001,SF00000002")
        kept = picking.waybill_ids.filtered(lambda waybill: waybill.name == "SF00000002")
        self._attach(kept)
        picking.carrier_tracking_ref = False
        # What stands for nothing goes; what somebody put a scan on stays.
        self.assertEqual(self.env["freight.waybill"].search([("carrier_id", "=", self.sf.id)]), kept)
        self.assertFalse(kept.picking_ids)

    def test_correction_joins_another_waybill(self):
        there = self._waybill("SF00000007", weight=3.0)
        picking = self._done("SF00000001")
        picking.carrier_tracking_ref = "SF00000007"
        self.assertEqual(picking.waybill_ids, there)
        self.assertEqual(self.env["freight.waybill"].search([("carrier_id", "=", self.sf.id)]), there)

    def test_one_of_two_deliveries_corrected(self):
        first, second = self._done("SF00000001"), self._done("SF00000001", quantity=1)
        waybill = first.waybill_ids
        second.carrier_tracking_ref = "SF00000002"
        self.assertEqual(first.waybill_ids, waybill)
        self.assertEqual((waybill.name, waybill.weight), ("SF00000001", 6.0))
        self.assertEqual((second.waybill_ids.name, second.waybill_ids.weight), ("SF00000002", 2.0))

    def test_carrier_corrected(self):
        picking = self._done("SF00000001")
        waybill = picking.waybill_ids
        picking.carrier_id = self.truck
        self.assertEqual(picking.waybill_ids, waybill)
        self.assertEqual(waybill.carrier_id, self.truck)

    def test_returns_make_none(self):
        picking = self._done()
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 3
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.write({"carrier_id": self.sf.id, "carrier_tracking_ref": "SF00000002"})
        back.button_validate()
        self.assertEqual(back.state, "done")
        self.assertFalse(back.waybill_ids)
        # Sent out once more it travels again.
        wizard = self.env["stock.return.picking"].create({"picking_id": back.id})
        wizard.product_return_moves.quantity = 3
        again = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        again.write({"carrier_id": self.sf.id, "carrier_tracking_ref": "SF00000003"})
        again.button_validate()
        self.assertEqual(again.waybill_ids.name, "SF00000003")

    def test_returns_are_told_by_the_domain(self):
        """The counterfactual: without its conditions what goes back would make a waybill."""
        suppliers = self.env.ref("stock.stock_location_suppliers")
        picking = self._delivery(location_dest_id=suppliers.id)
        picking.move_ids.location_dest_id = suppliers
        every = patch.object(type(picking), "_shipped_domain", lambda pickings: Domain("carrier_id", "!=", False))
        with every:
            picking.button_validate()
        self.assertEqual(len(picking.waybill_ids), 1)

    def test_return_to_supplier_makes_none(self):
        suppliers = self.env.ref("stock.stock_location_suppliers")
        picking = self._delivery(location_dest_id=suppliers.id)
        picking.move_ids.location_dest_id = suppliers
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertFalse(picking.waybill_ids)

    def test_picking_and_packing_make_none(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._create_quotation(order_line=[Command.create({"product_id": self.shaft.id, "product_uom_qty": 2})])
        order.carrier_id = self.sf
        order.action_confirm()
        pick = order.picking_ids.filtered(lambda picking: picking.picking_type_code == "internal")
        pick.write({"carrier_id": self.sf.id, "carrier_tracking_ref": "SF00000001"})
        pick.button_validate()
        self.assertFalse(pick.waybill_ids)
        ship = order.picking_ids - pick
        ship.write({"carrier_id": self.sf.id, "carrier_tracking_ref": "SF00000001"})
        ship.button_validate()
        self.assertEqual(ship.waybill_ids.order_names, order.name)
        self.assertEqual(order.waybill_count, 1)
        self.assertEqual(order.action_view_waybills()["res_id"], ship.waybill_ids.id)
        self.assertEqual(ship.action_view_waybills()["res_id"], ship.waybill_ids.id)

    def test_number_written_by_the_carriers_connector(self):
        def send(carrier, pickings):
            return [{"exact_price": 5.0, "tracking_number": "SF00000001,SF00000002"} for _picking in pickings]

        self.sf.delivery_type = "fixed"
        picking = self._delivery(refs=False)
        with patch.object(type(self.sf), "fixed_send_shipping", send):
            picking.picking_type_id.print_label = True
            picking.button_validate()
        self.assertEqual(sorted(picking.waybill_ids.mapped("name")), ["SF00000001", "SF00000002"])

    def test_two_deliveries_at_once_are_tried_again(self):
        """Another transaction's waybill is not seen yet: the database refuses a second one, and the work is redone."""
        self._done("SF00000001")
        blind = patch.object(type(self.env["freight.waybill"]), "_waybills_by_number", lambda records, numbers: {})
        picking = self._delivery("SF00000001")
        with mute_logger("odoo.sql_db"), blind, self.assertRaises(ConcurrencyError):
            picking.button_validate()

    def test_deletion(self):
        picking = self._done()
        waybill = picking.waybill_ids.with_user(self.assistant)
        with self.assertRefused("Correct the tracking reference there"):
            waybill.unlink()
        self._waybill("SF00000008").with_user(self.assistant).unlink()

    def test_queries_do_not_grow_with_waybills(self):
        def queries(count, start):
            self.env.flush_all()
            pickings = self.env["stock.picking"]
            for at in range(count):
                pickings |= self._delivery(f"SF{start + at:08}")
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(len(pickings.mapped("state")), count)
            start_count = self.env.cr.sql_log_count
            with patch.object(type(pickings), "_shipped", lambda records: records.sudo()):
                pickings._sync_waybills()
            self.env.flush_all()
            self.assertEqual(len(pickings.waybill_ids), count)
            return self.env.cr.sql_log_count - start_count

        queries(2, 100)
        few, many = queries(4, 200), queries(12, 300)
        self.assertLessEqual(many, few + 2, f"{few} queries for 4, {many} for 12")


@tagged("post_install", "-at_install")
class TestWaybillByHand(WaybillCommon):
    """Numbers, dates, weights and rights of a waybill, however it was made."""

    def test_number_forms(self):
        for text in ("SF00000001", "sf 0000-0001", "ＳＦ００００－０００１", "00000001", "'00000001", "SF–0000—0001"):
            with self.subTest(text=text):
                self.assertEqual(self.sf._number_key(text), "SF00000001")
        self.assertEqual(self.truck._number_key("ab-1"), "AB1")
        self.truck.write({"number_keeps_case": True, "number_keeps_dashes": True})
        self.assertEqual(self.truck._number_key("ab – 1"), "ab-1")
        self.assertEqual(self.truck._number_key("苏运 0231"), "苏运0231")

    def test_same_number_twice(self):
        self._waybill("SF00000001")
        for text in ("SF00000001", "sf 0000 0001", "00000001"):
            with self.subTest(text=text), mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError) as caught:
                with self.env.cr.savepoint():
                    self._waybill(text)
            sentence = self.env["freight.waybill"]._sql_error_to_message(caught.exception)
            self.assertIn("raise the use of the number", sentence)
        # Another carrier's number is another number.
        self._waybill("SF00000001", self.truck)
        self._waybill("SF00000001", number_use=2)

    def test_number_used_again(self):
        first = self._waybill("SF00000001", shipped_date="2030-09-01")
        again = self._waybill("SF00000001", shipped_date="2031-03-31")
        self.assertEqual((first.number_use, again.number_use), (1, 2))
        self.assertEqual(again.same_number_id, first)
        # Deliveries join the shipment that they are near.
        picking = self._done("SF00000001")
        self.assertEqual(picking.waybill_ids, again)
        self.sf.number_reuse_days = 0
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._waybill("SF00000001", shipped_date="2020-01-01")

    def test_delivery_under_a_number_used_again(self):
        old = self._waybill("SF00000001", shipped_date="2030-09-01")
        waybill = self._done("SF00000001").waybill_ids
        self.assertNotEqual(waybill, old)
        self.assertEqual(waybill.number_use, 2)

    def test_month_end_does_not_part_a_shipment(self):
        self._waybill("SF00000001", shipped_date="2031-02-28")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._waybill("SF00000001", shipped_date="2031-03-01")

    def test_rules_change(self):
        waybill = self._waybill("123", self.truck)
        self.truck.number_prefix = "T"
        self.assertEqual(waybill.number_key, "T123")
        self.assertTrue(waybill.number_fits)
        self.truck.number_digits = 4
        self.assertFalse(waybill.number_fits)
        self.assertFalse(self._waybill("SF123").number_fits)

    def test_number_of_nothing(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError) as caught, self.env.cr.savepoint():
            self._waybill(" - ")
        self.assertIn("no letter", self.env["freight.waybill"]._sql_error_to_message(caught.exception))

    def test_chargeable_weight(self):
        self.sf.write({"volumetric_divisor": 6000, "chargeable_step": 0.5})
        cases = [
            (2.1, 0.018, 3.0),
            (3.1, 0.018, 3.5),
            (0.3, 0, 0.5),
            (0.1 + 0.2, 0, 0.5),
            (1.1 * 3, 0, 3.5),
            (4.5, 0, 4.5),
            (0, 0, 0),
            (1, 0.0060001, 1.0),
            (1, 0.006003, 1.5),
        ]
        for weight, volume, charged in cases:
            with self.subTest(weight=weight, volume=volume):
                self.assertEqual(self.sf._chargeable_weight(weight, volume), charged)
        waybill = self._waybill(weight=3.1, volume=0.018)
        self.assertEqual(waybill.chargeable_weight, 3.5)
        # What left under the old divisor stays as it was charged.
        self.sf.volumetric_divisor = 3000
        self.assertEqual(waybill.chargeable_weight, 3.5)
        self.assertEqual(self._waybill("SF00000010", weight=3.1, volume=0.018).chargeable_weight, 6.0)
        self.assertEqual(self._waybill("A1", self.truck, weight=1.234, volume=9).chargeable_weight, 1.234)

    def test_statement_month(self):
        self.sf.closing_day = 25
        inside = self._waybill("SF00000001", shipped_date="2031-03-25")
        after = self._waybill("SF00000002", shipped_date="2031-03-26")
        self.assertEqual(inside.statement_month, date(2031, 3, 1))
        self.assertEqual(after.statement_month, date(2031, 4, 1))
        self.sf.closing_day = 0
        self.assertEqual(after.statement_month, date(2031, 3, 1))

    def test_bounds(self):
        for values in ({"closing_day": 32}, {"closing_day": -1}, {"number_digits": -1}, {"volumetric_divisor": -1}):
            with self.subTest(values=values), mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.sf.write(values)
        for values in (
            {"weight": -1},
            {"pieces": -1},
            {"volume": -1},
            {"number_use": 0},
            {"signed_date": "2031-03-01"},
        ):
            with self.subTest(values=values), mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self._waybill(**{"shipped_date": "2031-03-30", **values})

    def test_days_to_come(self):
        self._waybill(shipped_date="2031-03-31", signed_date="2031-03-31")
        with self.assertRefused("still to come", ValidationError):
            self._waybill("SF00000002", shipped_date="2031-04-01")
        with self.assertRefused("still to come", ValidationError):
            self._waybill("SF00000003", signed_date="2031-04-01")
        with self.assertRefused("cannot be meant", ValidationError):
            self._waybill("SF00000004", shipped_date="0231-03-31")

    def test_weighed_by_hand(self):
        picking = self._done()
        waybill = picking.waybill_ids.with_user(self.assistant)
        waybill.write({"weight": 6.4, "pieces": 2})
        picking.carrier_tracking_ref = "sf00000001"
        self.assertEqual((waybill.weight, waybill.pieces), (6.4, 2))

    def test_results_are_protected(self):
        waybill = self._waybill()
        for values in (
            {"number_key": "X"},
            {"chargeable_weight": 1},
            {"source": "delivery"},
            {"statement_month": "2031-01-01"},
            {"number_fits": False},
        ):
            with self.subTest(values=values), self.assertRefused("cannot be set by hand", AccessError):
                waybill.with_user(self.assistant).write(values)
        with self.assertRefused("cannot be set by hand", AccessError):
            self._done().with_user(self.warehouse_user).write({"waybill_ids": [Command.link(waybill.id)]})

    def test_form(self):
        self._waybill("SF00000001")
        with Form(self.env["freight.waybill"].with_user(self.assistant)) as form:
            form.name = "sf 00000001"
            form.carrier_id = self.sf
            self.assertEqual(form.same_number_id.name, "SF00000001")
            form.number_use = 2
        self.assertEqual(form.record.number_use, 2)
        self.assertEqual(form.record.mode, "express")

    def test_two_companies(self):
        """Each company has its own waybill of a carrier's number that both have."""
        mine = self._done("SF00000001").waybill_ids
        other = self.env["res.company"].create({"name": "Another Company"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)
        self.env["stock.quant"]._update_available_quantity(self.shaft, warehouse.lot_stock_id, 5)
        move = {
            "product_id": self.shaft.id,
            "product_uom_qty": 1,
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": self.customers.id,
            "company_id": other.id,
        }
        theirs = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.out_type_id.id,
                "partner_id": self.customer.id,
                "carrier_id": self.sf.id,
                "carrier_tracking_ref": "SF00000001",
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": self.customers.id,
                "move_ids": [Command.create(move)],
            }
        )
        theirs.action_confirm()
        theirs.button_validate()
        self.assertEqual(theirs.waybill_ids.company_id, other)
        self.assertNotEqual(theirs.waybill_ids, mine)
        self.assertFalse(theirs.waybill_ids.with_user(self.assistant)._filtered_access("read"))
        with self.assertRaises(UserError):
            mine.picking_ids = [Command.link(theirs.id)]

    def test_own_orders(self):
        """Account managers see the waybills of their own orders."""
        order = self._create_quotation(
            self.manager1, order_line=[Command.create({"product_id": self.shaft.id, "product_uom_qty": 2})]
        )
        order.sudo().action_confirm()
        picking = order.sudo().picking_ids
        picking.write({"carrier_id": self.sf.id, "carrier_tracking_ref": "SF00000001"})
        picking.button_validate()
        waybill = picking.waybill_ids
        loose = self._waybill()
        Waybill = self.env["freight.waybill"]
        both = waybill | loose
        self.assertEqual(Waybill.with_user(self.manager1).search([("id", "in", both.ids)]), waybill)
        self.assertFalse(Waybill.with_user(self.manager2).search([("id", "in", both.ids)]))
        for user in (self.assistant, self.director, self.gm, self.finance, self.logistics, self.warehouse_user):
            self.assertEqual(Waybill.with_user(user).search([("id", "in", both.ids)]), both, user.name)
            self.assertTrue(waybill.with_user(user).read(["delivery_names", "order_names", "paper_state"]))
        # It is the rule that hides them.
        rule = self.env.ref("sales_dept_logistics.rule_freight_waybill_own")
        rule.domain_force = [(1, "=", 1)]
        self.assertEqual(Waybill.with_user(self.manager2).search([("id", "in", both.ids)]), both)
        with self.assertRaises(AccessError):
            waybill.with_user(self.manager1).write({"note": "Mine"})
        with self.assertRaises(AccessError):
            Waybill.with_user(self.outsider).search([])

    def test_register(self):
        waybill = self._done().waybill_ids
        self.assertTrue(waybill.with_user(self.finance)._register_file().read())
