from odoo.tests import HttpCase, tagged

from .delivery_notice_common import DeliveryNoticeCommon


@tagged("post_install", "-at_install")
class TestDeliveryNoticeTour(DeliveryNoticeCommon, HttpCase):
    def test_from_orders_to_signature(self):
        """The assistant notices two orders, the warehouse ships a part, the customer signs for it."""
        self.portal_user.password = "portal_test"  # noqa: S105 # a login of this test
        first, second = self._order(10), self._order(5, self.gear)
        action = "sales_dept_logistics.action_delivery_notices"
        self.start_tour(f"/odoo/action-{action}/new", "sales_dept_delivery_notice_make", login="assistant_test")
        notice = self.env["sale.delivery.notice"].search([("order_ids", "in", first.ids)])
        self.assertEqual(notice.order_ids, first | second)
        self.assertEqual((notice.state, notice.line_ids.mapped("quantity")), ("issued", [10, 5]))

        worklist = "sales_dept_logistics.action_delivery_notice_worklist"
        self.start_tour(f"/odoo/action-{worklist}", "sales_dept_delivery_notice_ship", login="keeper_test")
        self.assertEqual(notice.state, "shipped")
        self.assertEqual(sorted(notice.line_ids.mapped("qty_shipped")), [0, 4])
        self.assertEqual(notice.left_behind_reason, "The truck is full")

        self.start_tour("/my/deliveries", "sales_dept_delivery_notice_sign", login="portal_test")
        self.assertEqual((notice.state, notice.signed_by), ("signed", "Zhao Min"))
        line = notice.line_ids.filtered("qty_shipped")
        self.assertEqual((line.qty_received, line.qty_damaged, line.sign_reason), (3, 1, "Wet carton"))


@tagged("post_install", "-at_install")
class TestDeliveryNoticePhone(DeliveryNoticeCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_warehouse_on_the_phone(self):
        """The worklist as cards, accepted, loaded and shipped without a desk."""
        order = self._order(10)
        notice = self._notice((order.order_line, 10), state="issued")
        order.picking_ids.move_ids.write({"quantity": 10, "picked": True})
        worklist = "sales_dept_logistics.action_delivery_notice_worklist"
        self.start_tour(f"/odoo/action-{worklist}", "sales_dept_delivery_notice_phone", login="keeper_test")
        self.assertEqual((notice.state, notice.accept_user_id), ("shipped", self.keeper))
        self.assertEqual((notice.line_ids.qty_loaded, notice.line_ids.qty_shipped), (10, 10))
