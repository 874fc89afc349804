import random

from odoo.tests import tagged

from .delivery_notice_common import DeliveryNoticeCommon


@tagged("post_install", "-at_install")
class TestGateRailGoods(DeliveryNoticeCommon):
    """What the rail says of a confirmed order: its delivery notice, its goods on their way out, its invoice."""

    def _rail(self, order, user=None):
        order.invalidate_recordset(["gate_rail", "gate_next", "gate_offers", "gate_stage"])
        order = order.with_user(user or self.manager1)
        return {step["key"]: step for step in order.gate_rail or []}, order.gate_next

    def _stock(self, product, quantity=1000):
        self.env["stock.quant"]._update_available_quantity(product, self.warehouse.lot_stock_id, quantity)

    def test_way_of_the_goods(self):
        order = self._order(10, confirm=False)
        rail, to_do = self._rail(order)
        self.assertEqual(list(rail), ["sent", "confirm", "delivery_notice", "shipped", "invoiced"])
        self.assertEqual(to_do, "action_quotation_send")
        order.action_quotation_sent()
        self.assertEqual(self._rail(order)[1], "action_confirm")
        order.action_confirm()
        rail, to_do = self._rail(order)
        self.assertEqual((rail["delivery_notice"]["state"], to_do), ("open", "action_delivery_notice"))
        self.assertEqual(rail["shipped"]["state"], "later", "goods leave against a notice")
        notice = self._notice((order.order_line, 10), state="draft")
        rail, to_do = self._rail(order)
        self.assertIn(notice.name, rail["delivery_notice"]["sentence"])
        self.assertEqual(to_do, "action_view_delivery_notices", "it is to be issued, and no second one made")
        notice.action_issue()
        rail, to_do = self._rail(order)
        self.assertEqual(rail["delivery_notice"]["state"], "waiting")
        self.assertEqual(rail["delivery_notice"]["turn"], "Warehouse")
        notice.with_user(self.keeper).action_accept()
        rail, to_do = self._rail(order)
        self.assertEqual((rail["delivery_notice"]["state"], rail["shipped"]["state"]), ("passed", "waiting"))
        self._ship(order.picking_ids, {self.shaft: 4})
        self.assertIn("A part", self._rail(order)[0]["shipped"]["sentence"])
        self._ship(order.picking_ids.filtered(lambda picking: picking.state != "done"))
        rail, to_do = self._rail(order)
        self.assertEqual(rail["shipped"]["state"], "passed")
        self.assertEqual(order.gate_stage, "invoiced")
        order.sudo()._create_invoices().action_post()
        self.assertEqual(self._rail(order)[0]["invoiced"]["state"], "passed")
        self.assertEqual(order.gate_stage, "done")

    def test_sent_back(self):
        order = self._order(10)
        notice = self._notice((order.order_line, 10), state="issued")
        notice.with_user(self.keeper)._write_protected({"state": "sent_back"})
        rail, to_do = self._rail(order)
        self.assertEqual((rail["delivery_notice"]["state"], rail["delivery_notice"]["word"]), ("held", "sent back"))
        self.assertEqual(to_do, "action_view_delivery_notices")

    def test_policy_off(self):
        self.company.sales_dept_delivery_notice = False
        order = self._order(10)
        self.assertEqual(self._rail(order), ({}, False))
        self.company.sales_dept_agreement = True
        self.assertNotIn("delivery_notice", self._rail(order)[0])

    def test_lists_say_what_the_rail_says(self):
        chance = random.Random(1130)
        orders = self.env["sale.order"]
        for _number in range(16):
            order = self._order(chance.choice([1, 10]), confirm=chance.random() < 0.9)
            orders |= order
            if order.state != "sale" or chance.random() < 0.2:
                continue
            state = chance.choice(["draft", "issued", "accepted", "accepted"])
            self._notice((order.order_line, chance.choice([1, order.order_line.product_uom_qty])), state=state)
            if state == "accepted" and chance.random() < 0.7:
                self._ship(order.picking_ids, {self.shaft: 1})
            if chance.random() < 0.3 and order.invoice_status == "to invoice":
                order.sudo()._create_invoices().action_post()
        service = self._order(1, self.product)
        orders |= service
        self.env.flush_all()
        self.env.invalidate_all()
        expected = {}
        for order in orders:
            rail, _next = self._rail(order)
            expected[order] = next((key for key, step in rail.items() if not step["is_done"]), "done")
        self.assertEqual({order: order.gate_stage for order in orders}, expected)
        self.assertLessEqual({"sent", "delivery_notice", "shipped", "invoiced"}, set(expected.values()))
