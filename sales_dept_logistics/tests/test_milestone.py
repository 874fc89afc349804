from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.tests import freeze_time, tagged

from .milestone_common import KINDS, MilestoneCommon


@tagged("post_install", "-at_install")
class TestMilestone(MilestoneCommon):
    """Milestones without manufacturing and purchase: from moves and delivery notices, the rest by hand."""

    def _current(self, line):
        return [kind for kind, row in self._milestones(line).items() if row.is_current]

    # === WHICH THERE ARE === #

    def test_made_when_confirmed(self):
        order = self._order(10, confirm=False)
        self.assertFalse(self._milestones(order.order_line))
        order.action_confirm()
        rows = self._milestones(order.order_line)
        self.assertEqual(tuple(rows), KINDS)
        self.assertEqual({row.quantity for row in rows.values()}, {10})
        self.assertEqual(self._current(order.order_line), ["material"])
        row = rows["stock"]
        self.assertEqual(
            (row.order_id, row.partner_id, row.user_id, row.company_id, row.product_id),
            (order, order.partner_id, order.user_id, order.company_id, self.shaft),
        )

    def test_supply(self):
        """Which milestones goods pass says where they come from."""
        for supply, count in (("made", 7), ("bought", 5), ("stock", 3), ("direct", 2)):
            self.gear.milestone_supply = supply
            self.assertEqual(len(self._milestones(self._order(1, self.gear).order_line)), count, supply)

    def test_company_says_where_other_goods_come_from(self):
        self.company.sales_dept_milestone_supply = "bought"
        line = self._order(1, self.gear).order_line
        self.assertIn("material", self._milestones(line))
        self.assertNotIn("production", self._milestones(line))
        self.company.sales_dept_milestone_supply = "stock"
        self.assertEqual(tuple(self._milestones(line)), ("stock", "shipped", "signed"))

    def test_no_goods(self):
        """Services, sections and down payments have none."""
        order = self._create_quotation(
            order_line=[
                Command.create({"product_id": self.product.id, "product_uom_qty": 1}),
                Command.create({"display_type": "line_section", "name": "Section"}),
                Command.create({"product_id": self.shaft.id, "product_uom_qty": 1}),
            ]
        )
        order.action_confirm()
        self.Milestone._refresh_marked()
        self.assertEqual(order.milestone_ids.product_id, self.shaft)

    def test_line_added(self):
        order = self._order(10)
        self._milestones(order.order_line)
        order.order_line = [Command.create({"product_id": self.gear.id, "product_uom_qty": 3})]
        added = order.order_line.filtered(lambda line: line.product_id == self.gear)
        self.assertEqual(self._milestones(added)["shipped"].quantity, 3)

    def test_quantity_changed(self):
        line = self._order(10).order_line
        self._tick(self._milestones(line)["produced"], quantity=6)
        for quantity, state in ((6, "done"), (8, "partial")):
            line.product_uom_qty = quantity
            row = self._milestones(line)["produced"]
            self.assertEqual((row.quantity, row.quantity_done, row.state), (quantity, 6, state))

    def test_line_without_quantity(self):
        """Odoo's way to cancel a line of a confirmed order."""
        line = self._order(10).order_line
        self._milestones(line)
        line.product_uom_qty = 0
        self.assertFalse(self._milestones(line))

    def test_order_cancelled_and_confirmed_again(self):
        order = self._order(10)
        self._milestones(order.order_line)
        order._action_cancel()
        self.assertFalse(self._milestones(order.order_line))
        order.action_draft()
        order.action_confirm()
        self.assertEqual(len(self._milestones(order.order_line)), 7)

    def test_salesperson_and_customer_follow(self):
        order = self._order(10)
        rows = self._milestones(order.order_line)
        order.user_id = self.manager2
        self.assertEqual(rows["stock"].user_id, self.manager2)

    # === THE POLICY === #

    def test_off(self):
        """Nothing is made, and nothing marked."""
        self.company.sales_dept_milestones = False
        self.Milestone._refresh_marked()
        order = self._order(10)
        self.assertNotIn("sales_dept_logistics.milestones", self.env.cr.precommit.data)
        self.assertFalse(self._milestones(order.order_line))
        self.assertFalse(order.milestone_strip)

    def test_switched_on(self):
        """Open lines of confirmed orders get theirs, others none."""
        self.company.sales_dept_milestones = False
        self.Milestone._refresh_marked()
        open_line, shipped = self._order(10).order_line, self._order(10)
        partly, quotation = self._order(10), self._order(10, confirm=False)
        self._ship(shipped.picking_ids)
        self._ship(partly.picking_ids, {self.shaft: 4})
        self.company.action_sales_dept_apply_handbook()
        self.assertTrue(self.company.sales_dept_milestones)
        self.assertEqual(len(self._milestones(open_line)), 7)
        self.assertMilestones(partly.order_line, material=4, production=4, produced=4, stock=4, shipped=4)
        for order in (shipped, quotation):
            self.assertFalse(self._milestones(order.order_line))

    def test_returned_after_all(self):
        """A line that was delivered before the policy came on is open again when goods come back."""
        self.company.sales_dept_milestones = False
        order = self._order(10)
        picking = self._ship(order.picking_ids)
        self.company.sales_dept_milestones = True
        self.assertFalse(self._milestones(order.order_line))
        self._return(picking, 4)
        self.assertEqual(self._milestones(order.order_line)["shipped"].quantity_done, 6)

    def test_other_company(self):
        """Another company's orders go on without."""
        other = self.env["res.company"].create({"name": "Another Company"})
        self.assertFalse(other.sales_dept_milestones)
        self.Milestone._refresh_companies(other)
        self.assertFalse(self.Milestone.search([("company_id", "=", other.id)]))

    def test_read_once_a_day(self):
        """What was changed past the marks is found by the cron."""
        line = self._order(10).order_line
        self._milestones(line)
        self.env.cr.execute("UPDATE sale_order_line SET product_uom_qty = 7 WHERE id = %s", [line.id])
        line.invalidate_recordset()
        self.assertEqual(self._milestones(line)["stock"].quantity, 10)
        self.Milestone._cron_refresh()
        self.assertEqual(self._milestones(line)["stock"].quantity, 7)

    def test_no_query_for_a_line(self):
        few, many = self._lines([1] * 5), self._lines([1] * 10)
        self.Milestone._refresh_marked()
        counts = []
        for lines in (few, many):
            self.Milestone.search([("sale_line_id", "in", lines.ids)])
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.Milestone._refresh(lines)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_unchanged_rows_are_not_written(self):
        """Two who deliver to the same order do not get in each other's way by what stays as it is."""
        line = self._order(10).order_line
        rows = self._milestones(line)
        self.env.cr.execute("SELECT id, xmin FROM sale_order_milestone WHERE sale_line_id = %s", [line.id])
        before = self.env.cr.fetchall()
        self.env.cr.execute(
            "UPDATE sale_order_milestone SET write_date = '2020-01-01' WHERE id = %s", [rows["stock"].id]
        )
        self.Milestone._refresh(line)
        self.env.cr.execute("SELECT id, xmin FROM sale_order_milestone WHERE sale_line_id = %s", [line.id])
        self.assertEqual(len(before), len(self.env.cr.fetchall()))
        rows["stock"].invalidate_recordset()
        self.assertEqual(rows["stock"].write_date.year, 2020)

    # === GOODS === #

    def test_shipped(self):
        order = self._order(10)
        self._ship(order.picking_ids, {self.shaft: 4})
        self.assertMilestones(order.order_line, material=4, production=4, produced=4, stock=4, shipped=4)
        self._ship(order.picking_ids.filtered(lambda picking: picking.state != "done"))
        self.assertMilestones(order.order_line, material=10, production=10, produced=10, stock=10, shipped=10)
        rows = self._milestones(order.order_line)
        self.assertTrue(rows["inspected"].is_passed)
        self.assertFalse(rows["inspected"].is_late)
        self.assertEqual(self._current(order.order_line), ["signed"])
        self.assertEqual({rows[kind].date_actual for kind in ("shipped", "produced")}, {self.company._local_today()})

    def test_returned(self):
        """A4: what came back is not with the customer; what went out again is."""
        order = self._order(10)
        picking = self._ship(order.picking_ids)
        returned = self._return(picking, 4)
        rows = self._milestones(order.order_line)
        self.assertEqual([rows[kind].quantity_done for kind in ("stock", "shipped")], [10, 6])
        self.assertEqual((rows["shipped"].state, rows["shipped"].date_actual), ("partial", False))
        self._return(returned, 4)
        self.assertEqual(self._milestones(order.order_line)["shipped"].quantity_done, 10)

    def test_reserved(self):
        flange = self._stored()
        self._put_in_stock(flange, 6)
        order = self._order(10, flange)
        self.assertMilestones(order.order_line, stock=6)
        self._put_in_stock(flange, 4)
        order.picking_ids.action_assign()
        self.assertMilestones(order.order_line, stock=10)
        self.assertEqual(self._current(order.order_line), ["shipped"])
        order.picking_ids.do_unreserve()
        self.assertMilestones(order.order_line)

    def test_reserved_day_stays(self):
        """Goods came into stock on the day on which they were reserved, not on that on which they left."""
        flange = self._stored()
        self._put_in_stock(flange, 10)
        with freeze_time("2026-03-02 08:00:00"):
            order = self._order(10, flange)
            self._milestones(order.order_line)
        with freeze_time("2026-03-05 08:00:00"):
            self._ship(order.picking_ids)
            rows = self._milestones(order.order_line)
        days = [str(rows[kind].date_actual) for kind in ("stock", "shipped")]
        self.assertEqual(days, ["2026-03-02", "2026-03-05"])

    def test_reserved_goods_were_made(self):
        """Goods that were made for stock are produced when they are reserved."""
        flange = self._stored(supply="made")
        self._put_in_stock(flange, 10)
        order = self._order(10, flange)
        self.assertMilestones(order.order_line, material=10, production=10, produced=10, stock=10)

    def test_two_steps(self):
        """Picked goods are in stock for the order still, and put back they are not."""
        self.warehouse.delivery_steps = "pick_ship"
        flange = self._stored()
        self._put_in_stock(flange, 10)
        order = self._order(10, flange)
        self.assertMilestones(order.order_line, stock=10)
        pick = self._ship(order.picking_ids, {flange: 10})
        self.assertMilestones(order.order_line, stock=10)
        self._return(pick, 4)
        self.assertMilestones(order.order_line, stock=6)

    def test_two_steps_shipped(self):
        self.warehouse.delivery_steps = "pick_ship"
        flange = self._stored()
        self._put_in_stock(flange, 10)
        order = self._order(10, flange)
        self._ship(order.picking_ids, {flange: 10})
        self._ship(order.picking_ids.filtered(lambda picking: picking.state != "done"), {flange: 7})
        self.assertMilestones(order.order_line, stock=10, shipped=7)

    def test_units(self):
        """The order is in dozens, the warehouse counts pieces."""
        dozen = self.env.ref("uom.product_uom_dozen")
        flange = self._stored()
        self._put_in_stock(flange, 18)
        order = self._order(2, flange, confirm=False)
        order.order_line.product_uom_id = dozen
        order.action_confirm()
        self.assertMilestones(order.order_line, stock=1.5)
        self._ship(order.picking_ids, {flange: 1 if order.picking_ids.move_ids.product_uom == dozen else 12})
        self.assertMilestones(order.order_line, stock=1.5, shipped=1)

    def test_signed_for(self):
        """What the customer signed for is told by delivery notices: what was damaged is not with her."""
        self.company.sales_dept_delivery_notice = True
        order = self._order(10)
        self._milestones(order.order_line)
        notice = self._notice((order.order_line, 10))
        self._ship(order.picking_ids)
        row = self._milestones(order.order_line)["signed"]
        self.assertEqual((row.is_system, row.quantity_done), (True, 0))
        with self.assertRefused("is read from transfers"):
            self._tick(row)
        received = {notice.line_ids.id: {"qty_received": 8, "qty_damaged": 2, "sign_reason": "Wet"}}
        notice.with_user(self.manager1).action_sign_for("Ms Zhao", received=received)
        row = self._milestones(order.order_line)["signed"]
        self.assertEqual((row.quantity_done, row.state), (8, "partial"))

    # === PLAN === #

    def _planned(self, line):
        return {kind: str(row.date_planned) for kind, row in self._milestones(line).items()}

    def test_planned_back_from_the_promise(self):
        self.company.write({"security_lead": 2, "sales_dept_milestone_inspection_days": 3})
        line = self._order(10).order_line
        self._promise(line, "2030-05-20")
        expected = {
            "material": "2030-05-08",
            "production": "2030-05-08",
            "produced": "2030-05-15",
            "inspected": "2030-05-18",
            "stock": "2030-05-18",
            "shipped": "2030-05-20",
            "signed": "2030-05-23",
        }
        self.assertEqual(self._planned(line), expected)
        self.assertFalse(any(row.is_plan_late for row in self._milestones(line).values()))
        self.company.sales_dept_milestone_transit_days = 5
        self.assertEqual(self._planned(line)["signed"], "2030-05-25")

    def test_order_date_where_nothing_is_promised(self):
        order = self._order(10)
        order.commitment_date = "2030-05-20 04:00:00"
        self.assertEqual(self._planned(order.order_line)["shipped"], "2030-05-20")
        order.commitment_date = False
        expected = self.company._local_day(order.order_line._expected_date())
        self.assertEqual(self._planned(order.order_line)["shipped"], str(expected))

    def test_plan_edited(self):
        """What was entered stays when the promise moves; the rest follows. Emptied, it follows as well."""
        line = self._order(10).order_line
        self._promise(line, "2030-05-20")
        row = self._milestones(line)["produced"].with_user(self.assistant)
        row.date_planned = "2030-05-22"
        self.assertTrue(row.is_plan_edited and row.is_plan_late)
        self._promise(line, "2030-05-25")
        planned = self._planned(line)
        self.assertEqual((planned["produced"], planned["shipped"]), ("2030-05-22", "2030-05-25"))
        self.assertFalse(row.is_plan_late)
        row.date_planned = False
        self.assertEqual((self._planned(line)["produced"], row.is_plan_edited), ("2030-05-24", False))

    def test_impossible_date(self):
        row = self._milestones(self._order(10).order_line)["produced"]
        with self.assertRefused("cannot be meant"):
            row.with_user(self.assistant).date_planned = date(20, 5, 1)

    # === LATE === #

    def _shipped_at(self, moment):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        order = self._order(10)
        self._promise(order.order_line, "2026-03-31")
        picking = self._ship(order.picking_ids)
        self._done_on(picking.move_ids, moment)
        return self._milestones(order.order_line)["shipped"]

    def test_on_time_by_the_companys_day(self):
        """A8: promised for 31 March, done at 15:30 UTC, which is 23:30 in Shanghai: on time."""
        row = self._shipped_at("2026-03-31 15:30:00")
        self.assertEqual((str(row.date_actual), row.is_late), ("2026-03-31", False))

    def test_late_by_the_companys_day(self):
        """Half past midnight in Shanghai is the next day, although it is not in UTC."""
        row = self._shipped_at("2026-03-31 16:30:00")
        self.assertEqual((str(row.date_actual), row.is_late), ("2026-04-01", True))

    def test_late_from_midnight_where_the_company_is(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        line = self._order(10).order_line
        self._promise(line, "2026-03-31")
        row = self._milestones(line)["shipped"]
        for moment, is_late in (("2026-03-31 15:30:00", False), ("2026-03-31 16:30:00", True)):
            with freeze_time(moment):
                row.invalidate_recordset(["is_late"])
                self.assertEqual(row.is_late, is_late, moment)
                self.assertEqual(bool(self.Milestone.search([("is_late", "=", True), ("id", "=", row.id)])), is_late)

    def test_search_is_compute(self):
        late = self._order(10)
        self._promise(late.order_line, "2026-03-31")
        shipped = self._order(10)
        self._promise(shipped.order_line, "2026-03-31")
        self._ship(shipped.picking_ids)
        self._promise(self._order(10).order_line, self.company._local_today() + timedelta(days=90))
        self.Milestone._refresh_marked()
        rows = self.Milestone.search([])
        self.assertEqual(self.Milestone.search([("is_late", "=", True)]), rows.filtered("is_late"))
        self.assertEqual(self.Milestone.search([("is_late", "=", False)]), rows.filtered(lambda row: not row.is_late))
        self.assertTrue(rows.filtered("is_late"))

    # === TICKING === #

    def test_tick(self):
        line = self._order(10).order_line
        row = self._milestones(line)["production"]
        self._tick(row)
        self.assertMilestones(line, material=10, production=10)
        self.assertEqual(
            (row.is_manual, row.manual_user_id, row.date_actual), (True, self.assistant, self.company._local_today())
        )
        self.assertTrue(row.manual_moment)
        row.with_user(self.assistant).action_untick()
        self.assertMilestones(line)
        self.assertFalse(row.is_manual or row.manual_user_id)

    def test_tick_part_of_it(self):
        line = self._order(10).order_line
        day = self.company._local_today() - timedelta(days=2)
        self._tick(self._milestones(line)["produced"], date=day, quantity=4)
        self.assertMilestones(line, material=4, production=4, produced=4)
        self._tick(self._milestones(line)["produced"], date=day)
        self.assertEqual(self._milestones(line)["produced"].date_actual, day)

    def test_bad_ticks(self):
        order = self._order(10)
        rows = self._milestones(order.order_line)
        tomorrow = self.company._local_today() + timedelta(days=1)
        for kind, values, sentence in (
            ("produced", {"date": tomorrow}, "in the future"),
            ("produced", {"quantity": 11}, "at most 10"),
            ("produced", {"quantity": 0}, "more than nothing"),
            ("shipped", {}, "is read from transfers"),
            ("signed", {}, "only 0 .* were shipped"),
        ):
            with self.assertRefused(sentence):
                self._tick(rows[kind], **values)
        self._ship(order.picking_ids, {self.shaft: 4})
        self._tick(self._milestones(order.order_line)["signed"], quantity=4)
        self.assertEqual(self._milestones(order.order_line)["signed"].quantity_done, 4)

    def test_today_is_the_companys(self):
        """In the evening in UTC it is tomorrow in Shanghai already, and no future."""
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        row = self._milestones(self._order(10).order_line)["produced"]
        with freeze_time("2026-03-31 16:30:00"):
            self._tick(row, date=date(2026, 4, 1))
        self.assertEqual(row.date_actual, date(2026, 4, 1))

    def test_departments_tick_what_they_do(self):
        line = self._order(10).order_line
        rows = self._milestones(line)
        allowed = {
            "purchasing": {"material"},
            "production": {"production", "produced"},
            "quality": {"inspected"},
            "logistics": set(),
            "engineering": set(),
        }
        for department, kinds in allowed.items():
            user = self._create_role_user(f"milestone_{department}", f"group_review_{department}")
            for kind in ("material", "production", "produced", "inspected"):
                if kind in kinds:
                    self._tick(rows[kind], user)
                    self.assertEqual(rows[kind].manual_user_id, user)
                else:
                    with self.assertRaises(AccessError):
                        self._tick(rows[kind], user)

    def test_own_customers(self):
        line = self._order(10).order_line
        row = self._milestones(line)["produced"]
        self.assertFalse(row.with_user(self.manager2).search([("id", "=", row.id)]))
        with self.assertRaises(AccessError):
            self._tick(row, self.manager2)
        self._tick(row, self.manager1)

    def test_figures_are_the_systems(self):
        row = self._milestones(self._order(10).order_line)["produced"]
        for name, value in (("quantity_done", 10), ("date_actual", "2026-01-01"), ("state", "done"), ("is_system", 1)):
            with self.assertRefused("cannot be set by hand", AccessError):
                row.with_user(self.assistant).write({name: value})
        with self.assertRaises(AccessError):
            self.Milestone.with_user(self.assistant).create({"sale_line_id": row.sale_line_id.id, "kind": "stock"})
        with self.assertRaises(AccessError):
            row.with_user(self.assistant).unlink()

    def test_dialog(self):
        line = self._order(10).order_line
        rows = self._milestones(line)
        action = rows["produced"].with_user(self.assistant).action_open_tick()
        wizard = self.env[action["res_model"]].with_user(self.assistant).with_context(**action["context"]).create({})
        self.assertEqual((wizard.quantity, wizard.date), (10, self.company._local_today()))
        wizard.quantity = 4
        wizard.action_confirm()
        self.assertEqual(rows["produced"].quantity_done, 4)

    # === SCREENS === #

    def test_strip(self):
        order = self._order(10)
        self._tick(self._milestones(order.order_line)["material"])
        self.assertIn("Material Ready", order.with_user(self.manager1).milestone_strip)
        self.assertIn("text-bg-success", order.milestone_detail)
        self.assertIn("Shaft", order.milestone_detail)

    def test_strip_within_one_request(self):
        """What is saved and read at once is read as it was saved."""
        order = self._order(10)
        self.assertIn("0/1", order.milestone_strip)
        order.order_line = [Command.create({"product_id": self.gear.id, "product_uom_qty": 3})]
        order.invalidate_recordset(["milestone_strip"])
        self.assertIn("0/2", order.milestone_strip)

    def test_register(self):
        line = self._order(10).order_line
        self._milestones(line)
        columns = [column if isinstance(column, str) else column.name for column in self.Milestone._register_columns()]
        self.assertIn("date_planned", columns)

    def test_board_shows_each_line_once(self):
        lines = self._lines([1, 2, 3])
        self.Milestone._refresh_marked()
        board = self.env.ref("sales_dept_logistics.action_sale_order_milestone_board")
        self.assertIn("is_current", board.domain)
        rows = self.Milestone.search(Domain("is_current", "=", True) & Domain("sale_line_id", "in", lines.ids))
        self.assertEqual(rows.sale_line_id, lines)
        self.assertEqual(len(rows), 3)
