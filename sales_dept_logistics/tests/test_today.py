from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Datetime
from odoo.tests import tagged

from .delivery_notice_common import DeliveryNoticeCommon


@tagged("post_install", "-at_install")
class TestToday(DeliveryNoticeCommon):
    """The morning screen: counts that lead to lists, each by the rights of who looks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ready = cls.env.ref("sales_dept_logistics.today_goods_ready")
        cls.to_issue = cls.env.ref("sales_dept_logistics.today_notices_to_issue")
        cls.stock = cls.warehouse.lot_stock_id
        cls.shaft.is_storable = True

    def _stock_up(self, quantity, product=None):
        self.env["stock.quant"]._update_available_quantity(product or self.shaft, self.stock, quantity)

    def _ready(self, orders):
        return self.env["sale.order"].search([("id", "in", orders.ids), ("has_goods_ready", "=", True)])

    def _reserved(self, order):
        order.picking_ids.action_assign()
        return order

    def test_goods_wait_for_a_notice(self):
        order = self._order(10)
        self.assertFalse(self._ready(self._reserved(order)), "there are none yet")
        self._stock_up(6)
        self._reserved(order)
        self.assertEqual(self._ready(order), order)
        self.assertTrue(order.has_goods_ready)
        line = order.order_line
        self._notice((line, 5), state="issued")
        self.assertEqual(self._ready(order), order, "one of them is on no notice")
        self._notice((line, 1), state="issued")
        self.assertFalse(self._ready(order))
        self._stock_up(4)
        self._reserved(order)
        self.assertEqual(self._ready(order), order)

    def test_draft_notice_asks_for_nothing(self):
        self._stock_up(10)
        order = self._reserved(self._order(10))
        self._notice((order.order_line, 10), state="draft")
        self.assertEqual(self._ready(order), order)

    def test_units(self):
        """Two dozen ordered, twelve pieces reserved, one dozen noticed."""
        self._stock_up(12)
        order = self._order(2, confirm=False)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        self._reserved(order)
        self.assertEqual(self._ready(order), order)
        self._notice((order.order_line, 1), state="issued")
        self.assertFalse(self._ready(order))

    def test_steps_count_once(self):
        """What was picked is reserved for the last step, the rest for the first."""
        self.warehouse.delivery_steps = "pick_ship"
        self._stock_up(10)
        order = self._reserved(self._order(10))
        first = order.picking_ids.filtered(lambda picking: picking.picking_type_id == self.warehouse.pick_type_id)
        self.assertEqual(self._ready(order), order, "picked or not, they are there")
        self._notice((order.order_line, 10), state="issued")
        self.assertFalse(self._ready(order))
        self._ship(first, {self.shaft: 4})
        self._reserved(order)
        self.assertFalse(self._ready(order))

    def test_shipped_and_cancelled(self):
        self._stock_up(20)
        shipped = self._reserved(self._order(10))
        self._notice((shipped.order_line, 10))
        self._ship(shipped.picking_ids)
        cancelled = self._reserved(self._order(10))
        cancelled._action_cancel()
        self.assertFalse(self._ready(shipped | cancelled))

    def test_each_sees_what_is_theirs(self):
        line = self._order(10).order_line
        self._notice((line, 1), state="draft")
        other = self._order(10, user=self.manager2).order_line
        notice = self._notice((other, 1), state="draft", user=self.manager2, user_id=self.manager2.id)
        before = self.to_issue.with_user(self.manager2).waiting_count
        notice.with_user(self.manager2).action_issue()
        self.env.invalidate_all()
        self.assertEqual(self.to_issue.with_user(self.manager2).waiting_count, before - 1)
        self.assertEqual(self.to_issue.with_user(self.manager1).waiting_count, 1)
        self.assertGreaterEqual(self.to_issue.with_user(self.director).waiting_count, 1)

    def test_card_names_the_first_and_leads_to_all(self):
        line = self._order(10).order_line
        notices = [self._notice((line, 1), state="draft") for _number in range(4)]
        card = self.to_issue.with_user(self.manager1)
        self.assertEqual(card.waiting_count, 4)
        self.assertEqual(
            card.first_names.split("\n"), [f"{notice.name} · {self.customer.name}" for notice in notices[:3]]
        )
        action = card.action_open()
        found = self.env[action["res_model"]].with_user(self.manager1).search(action["domain"])
        self.assertEqual(found.ids, [notice.id for notice in notices])

    def _waiting(self, name):
        self.env["sale.order.milestone"]._refresh_marked()
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env.ref(f"sales_dept_logistics.today_{name}").with_user(self.assistant).waiting_count

    def check_card(self, name, begin, end):
        """`begin` brings something that waits on the card `name`, `end` is the answer to it."""
        before = self._waiting(name)
        begin()
        self.assertEqual(self._waiting(name), before + 1, name)
        end()
        self.assertEqual(self._waiting(name), before, name)

    def test_cards_of_notices(self):
        line = self._order(10).order_line
        notice = self._notice((line, 4), state="issued")
        keeper = notice.with_user(self.keeper)
        self.check_card("notices_sent_back", lambda: keeper.action_send_back("No pallets"), notice.action_issue)
        yesterday = self.company._local_today() - timedelta(days=1)
        late = self._notice((line, 6), state="draft", wanted_date=yesterday)
        self.check_card("notices_late", late.action_issue, late.action_cancel)

    def test_card_of_exceptions(self):
        order = self._order(10)
        exceptions = self.env["sale.order.exception"].with_user(self.manager1)

        def enter():
            values = {"order_id": order.id, "sale_line_id": order.order_line.id, "cause": "production"}
            exception = exceptions.create(values)
            exception.sudo()._write_protected({"date_opened": Datetime.now() - timedelta(hours=1)})

        def tell():
            order.with_user(self.manager1).message_post(
                body="A week later, sorry",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=self.customer.ids,
            )

        self.check_card("exceptions_untold", enter, tell)

    def test_card_of_what_is_not_in_stock(self):
        """Promised within seven days, not later; and gone when the goods are there."""
        self.company.sales_dept_milestones = True
        self.shaft.milestone_supply = "stock"

        def promise(days):
            day = self.company._local_today() + timedelta(days=days)
            return self._order(10, commitment_date=self.company._moment_of(day))

        before = self._waiting("not_in_stock")
        promise(9)
        self.assertEqual(self._waiting("not_in_stock"), before)
        orders = []

        def arrive():
            self._stock_up(10)
            self._reserved(orders[0])

        self.check_card("not_in_stock", lambda: orders.append(promise(6)), arrive)

    def test_card_of_papers(self):
        service = self.env["product.product"].create({"name": "Freight", "type": "service"})
        carrier = self.env["delivery.carrier"].create({"name": "Carrier", "product_id": service.id})
        waybills = []

        def leave():
            waybills.append(self.env["freight.waybill"].create({"name": "SF0001", "carrier_id": carrier.id}))

        def attach():
            values = {"name": "scan.pdf", "raw": b"scan", "res_model": "freight.waybill", "res_id": waybills[0].id}
            self.env["ir.attachment"].create(values)

        self.check_card("without_paper", leave, attach)

    def test_nothing_waits(self):
        card = self.to_issue.with_user(self.manager1)
        self.assertEqual((card.waiting_count, card.first_names), (0, False))

    def test_cards_of_what_one_may_not_see_are_left_out(self):
        cards = self.env["sales.dept.today"].with_user(self.manager1)
        self.assertIn(self.to_issue, cards.search([("is_usable", "=", True)]))
        self.to_issue.action_id.group_ids = self.env.ref("stock.group_stock_manager")
        self.env.invalidate_all()
        self.assertNotIn(self.to_issue, cards.search([("is_usable", "=", True)]))

    def test_cards_are_the_administrators(self):
        for user in (self.manager1, self.assistant, self.director):
            with self.assertRaises(AccessError):
                self.to_issue.with_user(user).hint = "Mine"
            self.assertTrue(self.to_issue.with_user(user).name)
        with self.assertRaises(AccessError):
            self.to_issue.with_user(self.keeper).read(["name"])

    def test_screen_of_nothing_but_counts(self):
        """It costs as many queries for many records as for few."""
        line = self._order(100).order_line

        def queries(count):
            for _number in range(count):
                self._notice((line, 1), state="draft")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cards = self.env["sales.dept.today"].with_user(self.manager1).search([("is_usable", "=", True)])
            cards.read(["name", "waiting_count", "first_names"])
            return self.env.cr.sql_log_count - before

        queries(3)
        self.assertLessEqual(queries(20), queries(1))
