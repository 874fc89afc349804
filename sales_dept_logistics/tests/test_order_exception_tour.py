from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .order_exception_common import OrderExceptionCommon


@tagged("post_install", "-at_install")
class TestOrderExceptionTour(OrderExceptionCommon, HttpCase):
    def test_told_in_advance(self):
        """Production enters it by the order's number, the account manager accepts the date and tells the customer."""
        order = self._promised(30)
        order.name = "S-TOUR-1"
        self.start_tour("/odoo/order-exceptions", "sales_dept_order_exception_enter", login="production_test")
        exception = self.Exceptions.search([("order_id", "=", order.id)])
        self.assertEqual((exception.cause, exception.state), ("production", "handled"))
        exception.with_user(self.production).date_new = self._day(40)
        self.start_tour(
            f"/odoo/order-exceptions/{exception.id}", "sales_dept_order_exception_tell", login="manager1_test"
        )
        self.assertEqual(exception.state, "closed")
        self.assertTrue(exception.is_in_advance)
        self.assertIn("We are sorry", exception.told_text)
        self.assertEqual(order.order_line.promised_date, self._day(40))
        self.assertEqual(exception.date_promised, self._day(30))
        self.assertLess(exception.date_told, exception.date_in_advance_until - timedelta(days=27))
