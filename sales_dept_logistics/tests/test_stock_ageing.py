import doctest
from datetime import date, datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.stock_ageing import costs, days
from .stock_ageing_common import StockAgeingCommon

TODAY = "2026-09-10 02:00:00"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestStockAgeing(StockAgeingCommon):
    """Figures of single cases, and that they stay as they were taken."""

    def test_arithmetic(self):
        for module, tried in ((days, 6), (costs, 5)):
            found = doctest.testmod(module)
            self.assertEqual(found.failed, 0)
            self.assertGreaterEqual(found.attempted, tried)

    def test_transfer_does_not_restart_age(self):
        """A15: in on 10 January, moved on 10 August: aged from 10 January."""
        self._move(self.supplier, self.stock, 10, "2026-01-10")
        self._move(self.stock, self.second, 10, "2026-08-10")
        (line,) = self._lines(self._sheet("2026-08-31"))
        self.assertEqual(line.warehouse_id, self.other_warehouse)
        self.assertEqual(self._buckets(line), [0, 0, 0, 10])

    def test_buckets_add_up(self):
        """A16: Σ buckets = on hand = value, none below zero."""
        for day, quantity in (("2026-03-01", 7), ("2026-06-15", 5), ("2026-07-10", 3), ("2026-08-20", 2)):
            self._move(self.supplier, self.stock, quantity, day)
        self._move(self.stock, self.client, 9, "2026-08-25")
        (line,) = self._lines(self._sheet("2026-08-31"))
        self.assertEqual(self._buckets(line), [2, 3, 3, 0])
        self.assertEqual((line.quantity, line.value), (8, 80))
        self.assertEqual([line.value_0_30, line.value_31_60, line.value_61_90, line.value_over_90], [20, 30, 30, 0])

    def test_bounds_of_the_columns(self):
        """30, 60 and 90 days still belong to the younger column, by the company's days."""
        cases = [
            ("2026-08-31", 0),
            ("2026-08-01", 0),
            ("2026-07-31", 1),
            ("2026-07-02", 1),
            ("2026-07-01", 2),
            ("2026-06-02", 2),
            ("2026-06-01", 3),
            # 1 June 16:30 in UTC is 2 June, half past midnight, in Shanghai.
            ("2026-06-01 16:30:00", 2),
            ("2026-06-01 15:30:00", 3),
            # The last day ends at midnight in Shanghai.
            ("2026-08-31 15:59:59", 0),
        ]
        goods = [self._create_goods(f"Case {number}") for number, _case in enumerate(cases)]
        for product, (day, _column) in zip(goods, cases, strict=True):
            self._move(self.supplier, self.stock, 1, day, product=product)
        late = self._create_goods("Late")
        self._move(self.supplier, self.stock, 1, "2026-08-31 16:00:00", product=late)
        sheet = self._sheet("2026-08-31")
        for product, (day, column) in zip(goods, cases, strict=True):
            with self.subTest(day=day):
                line = self._lines(sheet, product)
                self.assertEqual(self._buckets(line), [float(number == column) for number in range(4)])
                self.assertEqual(line.is_over, column == 3)
        self.assertFalse(self._lines(sheet, late))

    def test_limit_of_the_company(self):
        self._move(self.supplier, self.stock, 1, "2026-08-01")
        self._move(self.supplier, self.stock, 2, "2026-07-31")
        self._move(self.supplier, self.stock, 4, "2026-01-01")
        for months, over in ((1, 6), (2, 4), (3, 4), (8, 4), (9, 0)):
            with self.subTest(months=months):
                self.company.sales_dept_max_stock_months = months
                sheet = self._sheet("2026-08-31")
                line = self._lines(sheet)
                self.assertEqual(line.over_quantity, over)
                self.assertEqual(sheet.limit_months, months)
                self.assertEqual(line.over_value, 10 * over)
                sheet.sudo()._write_protected({"superseded_date": datetime(2026, 9, 1)})

    def test_limit_is_positive(self):
        for months in (0, -1, 121):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                self.company.sales_dept_max_stock_months = months
                self.env.flush_all()

    def test_soon_over_the_limit(self):
        """Within a month: what is no older than the limit now, and will be on 30 September."""
        self._move(self.supplier, self.stock, 1, "2026-06-01")
        self._move(self.supplier, self.stock, 2, "2026-06-02")
        self._move(self.supplier, self.stock, 4, "2026-07-01")
        self._move(self.supplier, self.stock, 8, "2026-07-02")
        line = self._lines(self._sheet("2026-08-31"))
        self.assertEqual((line.over_quantity, line.soon_quantity), (1, 6))

    def test_past_day_as_it_stood(self):
        self._move(self.supplier, self.stock, 5, "2026-05-05")
        self._move(self.supplier, self.stock, 4, "2026-07-05")
        self._move(self.stock, self.client, 6, "2026-08-05")
        self._move(self.stock, self.second, 2, "2026-08-06")
        june, july, august = (self._lines(self._sheet(day)) for day in ("2026-06-30", "2026-07-31", "2026-08-31"))
        self.assertEqual(self._buckets(june), [0, 5, 0, 0])
        self.assertEqual(self._buckets(july), [4, 0, 5, 0])
        self.assertEqual(self._buckets(august), [0, 3, 0, 0])
        self.assertEqual(set(august.mapped("quantity")), {1, 2})
        self.assertFalse(self._lines(self._sheet("2026-04-30")))

    def test_dated_back(self):
        """What is booked today as of an earlier day is there on that day."""
        self._move(self.supplier, self.stock, 5, "2026-05-05")
        sheet = self._sheet("2026-07-31")
        self._move(self.stock, self.client, 2, "2026-07-20")
        self.assertEqual(self._lines(sheet).quantity, 5, "taken before")
        again = sheet.browse(sheet.action_compute_again()["res_id"])
        self.assertEqual(self._lines(again).quantity, 3)

    def test_returns(self):
        """What goes back to the supplier takes its receipt back; what a customer returns restarts no age."""
        self._move(self.supplier, self.stock, 100, "2026-01-10")
        receipt = self._move(self.supplier, self.stock, 50, "2026-08-10")
        back = self._move(self.stock, self.supplier, 50, "2026-08-12", origin=receipt)
        delivery = self._move(self.stock, self.client, 20, "2026-08-13")
        self._move(self.client, self.stock, 20, "2026-08-20", origin=delivery)
        self.assertEqual(self._buckets(self._lines(self._sheet("2026-08-31"))), [0, 0, 0, 100])
        self._move(self.supplier, self.stock, 30, "2026-08-25", origin=back)
        self.assertEqual(self._buckets(self._lines(self._sheet("2026-09-01"))), [30, 0, 0, 100])

    def test_below_zero_takes_nothing_from_others(self):
        self._move(self.supplier, self.stock, 3, "2026-01-10")
        self._move(self.second, self.client, 1, "2026-08-01")
        here, there = self._lines(self._sheet("2026-08-31")).sorted("quantity", reverse=True)
        self.assertEqual((here.quantity, here.quantity_over_90, here.negative_quantity), (3, 3, 0))
        self.assertEqual((there.quantity, there.negative_quantity, there.value), (0, -1, 0))
        self.assertEqual(self._buckets(there), [0, 0, 0, 0])

    def test_consigned_goods_apart(self):
        owner = self.env["res.partner"].create({"name": "Owner"})
        self._move(self.supplier, self.stock, 3, "2026-01-10")
        self._move(self.supplier, self.stock, 7, "2026-08-10", owner=owner)
        self._move(self.supplier, self.stock, 2, "2026-08-11", owner=self.company.partner_id)
        line = self._lines(self._sheet("2026-08-31"))
        self.assertEqual((line.quantity, line.value, line.consigned_quantity), (5, 50, 7))
        self.assertEqual(self._buckets(line), [2, 0, 0, 3])

    def test_newest_goods_where_they_came_in_last(self):
        self._move(self.supplier, self.stock, 6, "2026-01-10")
        self._move(self.stock, self.second, 4, "2026-08-30")
        self._move(self.supplier, self.stock, 3, "2026-08-10")
        lines = self._lines(self._sheet("2026-08-31"))
        first, second = (
            lines.filtered(lambda line, w=w: line.warehouse_id == w) for w in lines.warehouse_id.sorted("id")
        )
        self.assertEqual(self._buckets(first), [3, 0, 0, 2])
        self.assertEqual(self._buckets(second), [0, 0, 0, 4])

    def test_in_transit_within_the_company(self):
        transit = self.company.internal_transit_location_id
        self._move(self.supplier, self.stock, 6, "2026-01-10")
        self._move(self.stock, transit, 2, "2026-08-30")
        lines = self._lines(self._sheet("2026-08-31"))
        self.assertEqual(lines.filtered(lambda line: not line.warehouse_id).quantity_over_90, 2)
        self.assertEqual(sum(lines.mapped("quantity")), 6)

    def test_units_of_measure(self):
        self._move(self.supplier, self.stock, 2, "2026-01-10", uom=self.env.ref("uom.product_uom_dozen"))
        self._move(self.stock, self.client, 1, "2026-08-10")
        line = self._lines(self._sheet("2026-08-31"))
        self.assertEqual((line.quantity, line.uom_id), (23, self.goods.uom_id))

    def test_not_moving(self):
        used = self._create_goods("Used")
        for product in (self.goods, used):
            self._move(self.supplier, self.stock, 5, "2026-01-10", product=product)
            self._move(self.supplier, self.stock, 2, "2026-08-10", product=product)
        self._move(self.stock, self.client, 1, "2026-06-02", product=used)
        self._move(self.stock, self.lost, 1, "2026-08-02")
        sheet = self._sheet("2026-08-31")
        self.assertEqual(self._lines(sheet).non_moving_quantity, 4)
        self.assertEqual(self._lines(sheet).non_moving_value, 40)
        self.assertEqual(self._lines(sheet, used).non_moving_quantity, 0)

    def test_services_and_consumables_have_no_line(self):
        spare = self.env["product.product"].create({"name": "Rag", "type": "consu", "is_storable": False})
        self._move(self.supplier, self.stock, 5, "2026-09-02", product=spare)
        self.assertFalse(self._lines(self._sheet("2026-08-31"), spare))

    def test_two_companies(self):
        other = self.env["res.company"].create({"name": "Second Company", "sales_dept_max_stock_months": 1})
        self.env.user.company_ids = [Command.link(other.id)]
        theirs = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)
        self.goods.with_company(other).standard_price = 7
        self._move(self.supplier, self.stock, 5, "2026-01-10")
        self._move(self.supplier, theirs.lot_stock_id, 3, "2026-07-10", company=other)
        ours = self._sheet("2026-08-31")
        sheet = self._sheet("2026-08-31", user=self.env.user, company=other)
        self.assertEqual((self._lines(ours).quantity, self._lines(ours).value), (5, 50))
        self.assertEqual((self._lines(sheet).quantity, self._lines(sheet).value), (3, 21))
        self.assertTrue(self._lines(sheet).is_over, "by its own limit")

    # === VALUE === #

    def test_value_is_rounded_once(self):
        """Columns and warehouses add up to the value of all of it, in money."""
        goods = self._create_goods("Pin", cost=0.3333)
        for day, quantity in (("2026-01-10", 7), ("2026-06-10", 5), ("2026-07-10", 3), ("2026-08-10", 1)):
            self._move(self.supplier, self.stock, quantity, day, product=goods)
        self._move(self.stock, self.second, 5, "2026-08-20", product=goods)
        lines = self._lines(self._sheet("2026-08-31"), goods)
        self.assertAlmostEqual(sum(lines.mapped("value")), 5.33, 6)
        for line in lines:
            parts = [line.value_0_30, line.value_31_60, line.value_61_90, line.value_over_90]
            self.assertAlmostEqual(sum(parts), line.value, 6)

    def _of_method(self, method):
        category = self.env["product.category"].create({"name": method, "property_cost_method": method})
        return self._create_goods(method, cost=10, categ_id=category.id)

    def _costed(self, product, source, target, quantity, value, day):
        move = self._move(source, target, quantity, day, product=product)
        if value:
            self.env["product.value"].create({"move_id": move.id, "value": value, "company_id": self.company.id})
        return move

    def test_value_as_odoo_says(self):
        """Today's value of each costing method is what Odoo says it is; of an earlier day, what it was then."""
        with freeze_time("2026-04-01 04:00:00"):
            products = {method: self._of_method(method) for method in ("standard", "average", "fifo")}
        with freeze_time("2026-05-01 04:00:00"):
            for product in products.values():
                self._costed(product, self.supplier, self.stock, 10, 100, "2026-05-01")
        with freeze_time("2026-06-01 04:00:00"):
            for product in products.values():
                self._costed(product, self.supplier, self.stock, 10, 200, "2026-06-01")
        past = self._sheet("2026-06-30")
        at_once = {method: product.total_value for method, product in products.items()}
        for method, product in products.items():
            self.assertEqual(self._lines(past, product).value, at_once[method], method)
        self.assertEqual((at_once["average"], at_once["fifo"]), (300, 300))
        with freeze_time("2026-08-01 04:00:00"):
            for product in products.values():
                self._costed(product, self.stock, self.client, 12, 0, "2026-08-01")
        with freeze_time("2026-08-05 04:00:00"):
            for product in products.values():
                self._costed(product, self.supplier, self.stock, 4, 200, "2026-08-05")
            products["standard"].standard_price = 99
        self.env.invalidate_all()
        now = self._sheet("2026-08-31")
        for method, product in products.items():
            self.assertAlmostEqual(self._lines(now, product).value, product.total_value, 2, method)
        self.assertAlmostEqual(self._lines(now, products["fifo"]).value, 360, 2)
        self.assertAlmostEqual(self._lines(now, products["average"]).value, 320, 2)
        again = past.browse(past.action_compute_again()["res_id"])
        for method, product in products.items():
            self.assertAlmostEqual(self._lines(again, product).value, at_once[method], 2, method)

    def test_value_before_the_last_price(self):
        """A price set by hand counts from its day on."""
        with freeze_time("2026-04-01 04:00:00"):
            goods, average = self._of_method("standard"), self._of_method("average")
        for product in (goods, average):
            self._move(self.supplier, self.stock, 2, "2026-05-01", product=product)
        for day, price in (("2026-07-10", 12), ("2026-08-10", 15)):
            with freeze_time(f"{day} 04:00:00"):
                (goods | average).standard_price = price
                self.env.flush_all()
        for day, value in (("2026-06-30", 20), ("2026-07-31", 24), ("2026-08-31", 30)):
            sheet = self._sheet(day)
            self.assertEqual(self._lines(sheet, goods).value, value, day)
            if day > "2026-07-10":
                # As long as they lie there, Odoo values goods without a bill at the average price that was set last.
                self.assertEqual(self._lines(sheet, average).value, value, day)

    # === WHO IS RESPONSIBLE === #

    def test_responsible(self):
        """Whom the goods are made for, else who bought them last, else whom the director named."""
        for number in range(4):
            setattr(self, f"goods{number}", self._create_goods(f"Goods {number}"))
        for product in (self.goods0, self.goods1, self.goods2, self.goods3):
            self._move(self.supplier, self.stock, 5, "2026-01-10", product=product)
        first, later = (self.env["res.partner"].create({"name": name}) for name in ("First", "Later"))
        self._sell(self.goods0, self.manager1, day="2026-01-05", customer=first)
        self._sell(self.goods0, self.manager2, day="2026-02-05", customer=later)
        for user, day in ((self.manager1, "2026-01-05"), (self.manager2, "2026-02-05")):
            order = self._sell(self.goods1, user, day=day)
            order.order_line.qty_delivered = 1
        self._sell(self.goods3, self.manager1, day="2026-09-05")
        sheet = self._sheet("2026-08-31")
        of_open, of_buyer, of_nobody, of_future = (
            self._lines(sheet, product) for product in (self.goods0, self.goods1, self.goods2, self.goods3)
        )
        self.assertEqual((of_open.user_id, of_open.responsible_from), (self.manager1, "order"))
        self.assertEqual(of_open.partner_id, first)
        self.assertEqual((of_buyer.user_id, of_buyer.responsible_from), (self.manager2, "buyer"))
        self.assertFalse(of_nobody.user_id or of_nobody.responsible_from)
        self.assertFalse(of_future.user_id, "ordered after that day")
        of_nobody.with_user(self.director).user_id = self.manager2
        self.assertEqual(of_nobody.responsible_from, "hand")
        next_month = self._sheet("2026-09-10")
        line = self._lines(next_month, self.goods2)
        self.assertEqual((line.previous_id, line.user_id), (of_nobody, self.manager2))
        again = sheet.browse(sheet.action_compute_again()["res_id"])
        line = self._lines(again, self.goods2)
        self.assertEqual((line.user_id, line.responsible_from), (self.manager2, "hand"))

    def test_responsible_who_has_left(self):
        self._move(self.supplier, self.stock, 5, "2026-01-10")
        self.customer.user_id = self.manager2
        self._sell(self.goods, self.manager1)
        self.manager1.active = False
        self.assertEqual(self._lines(self._sheet("2026-08-31")).user_id, self.manager2)

    # === FROZEN === #

    def test_figures_stay(self):
        self._move(self.supplier, self.stock, 5, "2026-01-10")
        sheet = self._sheet("2026-08-31")
        line = self._lines(sheet)
        self.assertEqual((sheet.sudo().total_value, sheet.sudo().over_value, sheet.sudo().over_count), (50, 50, 1))
        self.goods.standard_price = 99
        self._move(self.stock, self.client, 3, "2026-08-15")
        self.company.sales_dept_max_stock_months = 12
        self.env.invalidate_all()
        self.assertEqual((line.quantity, line.value, line.is_over, sheet.limit_months), (5, 50, True, 3))
        for name in (
            "quantity",
            "value_over_90",
            "is_over",
            "over_quantity",
            "previous_id",
            "product_id",
            "is_explained",
        ):
            for user in (self.director, self.assistant, self.env.user):
                with self.subTest(field=name, user=user.login), self.assertRaises(AccessError):
                    line.with_user(user).write({name: line[name]})
        for values in ({"total_value": 1}, {"state": "confirmed"}, {"confirmed_date": TODAY}, {"line_ids": []}):
            with self.assertRaises(AccessError):
                sheet.with_user(self.director).write(values)
        with self.assertRefused("stay on record"):
            sheet.with_user(self.director).unlink()
        with self.assertRefused("of that day"):
            sheet.with_user(self.director).date = "2026-07-31"
        with self.assertRaises(AccessError):
            line.with_user(self.director).unlink()
        with self.assertRaises(AccessError):
            line.with_user(self.director).create({"sheet_id": sheet.id, "product_id": self.goods.id})

    def test_one_sheet_a_day(self):
        self._sheet("2026-08-31")
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._sheet("2026-08-31")

    def test_day_to_come(self):
        with self.assertRefused("still to come"):
            self._sheet("2026-09-11")
        self.assertTrue(self._sheet("2026-09-10"))

    def test_form_proposes_the_last_month_end(self):
        with Form(self.env["stock.ageing.sheet"].with_user(self.assistant)) as form:
            self.assertEqual(form.date, date(2026, 8, 31))
        sheet = form.record
        self.assertEqual(sheet.state, "draft")
        with self.assertRefused("has no figures yet"):
            sheet.action_approval_submit()
        sheet.unlink()

    def test_taken_again(self):
        self._move(self.supplier, self.stock, 5, "2026-01-10")
        self._sell(self.goods, self.manager1)
        sheet = self._sheet("2026-08-31")
        self._explain(self._lines(sheet))
        self._move(self.stock, self.client, 1, "2026-08-20")
        again = sheet.browse(sheet.action_compute_again()["res_id"])
        self.assertEqual((sheet.state, sheet.successor_id), ("superseded", again))
        line = self._lines(again)
        self.assertEqual((line.quantity, line.cause, line.is_explained), (4, "The customer put the order off", True))
        with self.assertRefused("not taken again"):
            sheet.action_compute_again()
        with self.assertRefused("stays as it is"):
            self._explain(self._lines(sheet))

    # === COST === #

    def test_query_count(self):
        """As many queries for many products as for few."""

        def queries(count, day):
            goods = [self._create_goods(f"{day} {number}") for number in range(count)]
            for product in goods:
                self._move(self.supplier, self.stock, 5, "2026-01-10", product=product)
            sheet = self.env["stock.ageing.sheet"].create({"date": day})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            sheet.action_compute()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(2, "2026-07-28")
        few = queries(4, "2026-07-29")
        self.assertEqual(queries(8, "2026-07-30"), few)


@tagged("post_install", "-at_install", "sales_dept_wide")
class TestStockAgeingKit(StockAgeingCommon):
    """A kit lies in stock as its components."""

    def test_kit(self):
        kit = self._create_goods("Kit")
        parts = [self._create_goods(name) for name in ("Part A", "Part B")]
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [Command.create({"product_id": part.id, "product_qty": 2}) for part in parts],
            }
        )
        day = datetime.now() - timedelta(days=100)
        values = self._prepare_move(self.supplier, self.stock, 5, kit, self.company)
        # Kits are exploded on transfers, which have a type.
        values.update(move_line_ids=False, picked=False, picking_type_id=self.warehouse.in_type_id.id)
        moves = self.env["stock.move"].create(values)._action_confirm()
        moves.picked = True
        for move in moves:
            move.quantity = move.product_uom_qty
        moves._action_done()
        moves.date = day
        sheet = self._sheet(self.company._local_today())
        self.assertFalse(self._lines(sheet, kit))
        for part in parts:
            self.assertEqual(self._buckets(self._lines(sheet, part)), [0, 0, 0, 10])
