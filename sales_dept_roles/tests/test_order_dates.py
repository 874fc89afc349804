from odoo.exceptions import AccessError
from odoo.fields import Command, Date, Datetime
from odoo.tests import tagged

from .common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestOrderDates(SalesDeptCommon):
    """When goods are wanted, promised and planned for: days of the company, not of who looks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.manager1.tz = "America/Phoenix"
        cls.shaft, cls.gear = cls.env["product.product"].create(
            [{"name": name, "type": "consu", "is_storable": True} for name in ("Shaft", "Gear")]
        )

    def _order(self, *products, wanted="2030-03-25 04:00:00", **vals):
        return self._create_quotation(
            commitment_date=wanted,
            order_line=[
                Command.create({"product_id": product.id, "product_uom_qty": 2})
                for product in products or (self.shaft, self.gear)
            ],
            **vals,
        )

    def _confirmed(self, *products, **vals):
        order = self._order(*products, **vals)
        order.action_confirm()
        return order

    def _promise(self, line, day):
        line._write_protected({"promised_date": day})
        line.order_id._apply_promised_dates()

    # === WANTED === #

    def test_wanted_on_the_company_s_day(self):
        # 17:00 in UTC is 01:00 of the next day in Shanghai, and 10:00 of the same day in Phoenix.
        for zone, day in (("Asia/Shanghai", "2030-03-15"), ("America/Phoenix", "2030-03-14")):
            self.company.resource_calendar_id.tz = zone
            with self.subTest(zone=zone):
                order = self._order(wanted="2030-03-14 17:00:00")
                self.assertEqual(order.order_line.mapped("wanted_date"), [Date.to_date(day)] * 2)

    def test_wanted_follows_the_order_until_it_is_promised(self):
        order = self._order()
        order.order_line = [Command.create({"display_type": "line_note", "name": "In wooden cases"})]
        shaft, gear, note = order.order_line
        self.assertFalse(note.wanted_date)
        gear.wanted_date = "2030-03-20"
        shaft._write_protected({"promised_date": "2030-03-28"})
        # By a program: what a person writes there is the customer's new wish.
        order.sudo().commitment_date = "2030-04-02 04:00:00"
        self.assertEqual(shaft.wanted_date, Date.to_date("2030-03-25"), "the order's date may be the promise now")
        self.assertEqual(gear.wanted_date, Date.to_date("2030-04-02"))
        order.sudo().commitment_date = False
        self.assertEqual(gear.wanted_date, Date.to_date("2030-04-02"), "without a date the wish stays")
        self.assertFalse(note.wanted_date)

    # === PROMISED === #

    def test_nobody_types_a_promise(self):
        order = self._order()
        line = order.order_line[0].with_user(self.manager1)
        for value in ("2030-03-20", False):
            with self.subTest(value=value), self.assertRefused("cannot be set by hand", AccessError):
                line.promised_date = value
        made = line.with_context(default_promised_date="2030-03-20").create(
            {"order_id": order.id, "product_id": self.gear.id, "promised_date": False}
        )
        made |= line.with_context(default_promised_date="2030-03-20").create(
            {"order_id": order.id, "product_id": self.gear.id}
        )
        self.assertEqual(made.mapped("promised_date"), [False, False])

    def test_latest_promise_is_the_order_s_date(self):
        order = self._confirmed()
        shaft, gear = order.order_line
        before = gear.move_ids.date_deadline
        self._promise(shaft, "2030-03-20")
        self.assertEqual(order.commitment_date, Datetime.to_datetime("2030-03-25 04:00:00"), "the gear comes then")
        # 17:00 in Shanghai.
        self.assertEqual(shaft.move_ids.date_deadline, Datetime.to_datetime("2030-03-20 09:00:00"))
        self.assertEqual(gear.move_ids.date_deadline, before, "nobody promised it: it stays as planned")
        self._promise(gear, "2030-03-22")
        self.assertEqual(order.commitment_date, Datetime.to_datetime("2030-03-22 09:00:00"))
        self.assertEqual(gear.move_ids.date_deadline, Datetime.to_datetime("2030-03-22 09:00:00"))
        self._promise(shaft, "2030-04-01")
        self.assertEqual(order.commitment_date, Datetime.to_datetime("2030-04-01 09:00:00"))
        self.assertEqual(gear.move_ids.date_deadline, Datetime.to_datetime("2030-03-22 09:00:00"))
        self.assertEqual(order.order_line.mapped("wanted_date"), [Date.to_date("2030-03-25")] * 2)

    def test_without_a_promise_nothing_changes(self):
        order = self._confirmed()
        deadlines = order.order_line.move_ids.mapped("date_deadline")
        order._apply_promised_dates()
        self.assertEqual(order.commitment_date, Datetime.to_datetime("2030-03-25 04:00:00"))
        self.assertEqual(order.order_line.move_ids.mapped("date_deadline"), deadlines)

    def test_what_is_not_delivered_any_more_does_not_count(self):
        """Services, what was delivered, and what is no product have no date that the others wait for."""
        order = self._confirmed(self.shaft, self.gear, self.product)
        order.order_line = [Command.create({"display_type": "line_section", "name": "Spare parts"})]
        shaft, gear = order.order_line[:2]
        move = gear.move_ids
        move.write({"quantity": 2, "picked": True})
        move._action_done()
        self.assertEqual(gear.qty_delivered, 2)
        done = move.date_deadline
        self._promise(shaft, "2030-03-20")
        self.assertEqual(order.commitment_date, Datetime.to_datetime("2030-03-20 09:00:00"))
        self.assertEqual(move.date_deadline, done)

    def test_down_payment_waits_for_nothing(self):
        order = self._confirmed(self.shaft)
        self.env["sale.order.line"].sudo().create(
            {"order_id": order.id, "product_id": self.gear.id, "is_downpayment": True, "product_uom_qty": 1}
        )
        self._promise(order.order_line[0], "2030-03-20")
        self.assertEqual(order.commitment_date, Datetime.to_datetime("2030-03-20 09:00:00"))

    def test_order_without_a_date(self):
        """What nobody promised is planned for the day that Odoo expects."""
        self.gear.sale_delay = 40
        order = self._confirmed(wanted=False)
        shaft, gear = order.order_line
        self._promise(shaft, Date.today())
        self.assertEqual(order.commitment_date, gear._expected_date())
        self.assertGreater(order.commitment_date.date(), shaft.promised_date)

    def test_promised_before_it_is_confirmed(self):
        order = self._order()
        shaft, gear = order.order_line
        shaft._write_protected({"promised_date": "2030-03-20"})
        order.action_confirm()
        self.assertEqual(shaft.move_ids.date_deadline, Datetime.to_datetime("2030-03-20 09:00:00"))
        self.assertNotEqual(gear.move_ids.date_deadline, shaft.move_ids.date_deadline)

    def test_last_move_of_a_chain(self):
        """What leaves the house is due then; what is picked for it keeps its own time."""
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        warehouse.delivery_steps = "pick_ship"
        order = self._confirmed(self.shaft)
        line = order.order_line
        self._promise(line, "2030-03-20")
        leaving = line.move_ids.filtered(lambda move: move.location_dest_id.usage == "customer")
        due = leaving or line.move_ids.filtered(lambda move: not move.move_dest_ids)
        self.assertEqual(set(due.mapped("date_deadline")), {Datetime.to_datetime("2030-03-20 09:00:00")})
