from datetime import datetime

from odoo.tests import tagged

from .kpi_common import KpiCommon


@tagged("post_install", "-at_install")
class TestKpiSourceInvoicing(KpiCommon):
    """What left in March 2026, and was invoiced by the customer's closing day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_books()
        cls._keep_stock()

    def _of(self, user, now=None, day="2026-03-01"):
        return self._sums("invoicing", day, now).get(user, (0, 0, 0))

    def test_invoiced_in_part(self):
        order = self._order(self.manager1, 10)
        self._ship(order, 10, datetime(2026, 3, 10, 4))
        self._bill(order, 6, "2026-03-31")
        self._bill(order, 4, "2026-04-01")
        self.assertEqual(self._of(self.manager1), (60, 100, 0))

    def test_what_was_never_invoiced_counts_too(self):
        """By shipments, not by invoices, which would hide it."""
        self._ship(self._order(self.manager1, 10), 10, datetime(2026, 3, 10, 4))
        self.assertEqual(self._of(self.manager1), (0, 100, 0))

    def test_a_draft_is_no_invoice(self):
        order = self._order(self.manager1, 10)
        self._ship(order, 10, datetime(2026, 3, 10, 4))
        self._bill(order, 10, "2026-03-20").button_draft()
        self.assertEqual(self._of(self.manager1), (0, 100, 0))

    def test_first_shipped_is_first_invoiced(self):
        """Two shipments of 10: 12 invoiced by then are all of the first and 2 of the second."""
        order = self._order(self.manager1, 20)
        self._ship(order, 10, datetime(2026, 2, 10, 4))
        self._ship(order, 10, datetime(2026, 3, 10, 4))
        self._bill(order, 12, "2026-02-28")
        self.assertEqual(self._of(self.manager1, day="2026-02-01"), (100, 100, 0))
        self.assertEqual(self._of(self.manager1), (20, 100, 0))

    def test_by_the_customers_closing_day(self):
        """Closing on the 25th: what leaves on the 26th is for the next one; day 31 is the month's last day."""
        self.customer.customer_file_closing_day = 25
        first, second = (self._order(self.manager1, 10) for _number in range(2))
        self._ship(first, 10, datetime(2026, 3, 25, 4))
        self._ship(second, 10, datetime(2026, 3, 26, 4))
        self._bill(first, 10, "2026-03-26")
        self._bill(second, 10, "2026-04-25")
        self.assertEqual(self._of(self.manager1), (100, 200, 0))
        self.customer.customer_file_closing_day = 31
        third = self._order(self.manager2, 10)
        self._ship(third, 10, datetime(2026, 2, 10, 4))
        self._bill(third, 10, "2026-02-28")
        self.assertEqual(self._of(self.manager2, day="2026-02-01"), (100, 100, 0))

    def test_what_came_back_was_not_shipped(self):
        """A4: a return of a return counts again."""
        order = self._order(self.manager1, 10)
        shipped = self._ship(order, 10, datetime(2026, 3, 10, 4))
        self._ship(order, 4, datetime(2026, 3, 12, 4), origin=shipped)
        self.assertEqual(self._of(self.manager1), (0, 60, 0))
        self._ship(order, 4, datetime(2026, 3, 14, 4))
        self.assertEqual(self._of(self.manager1), (0, 100, 0))

    def test_a_credit_note_takes_back_what_was_invoiced(self):
        order = self._order(self.manager1, 10)
        self._ship(order, 10, datetime(2026, 3, 10, 4))
        self._bill(order, 10, "2026-03-11")
        self._bill(order, 4, "2026-03-12", kind="out_refund")
        self.assertEqual(self._of(self.manager1), (60, 100, 0))

    def test_the_day_is_the_companys(self):
        """B22: what left on 31 March at 16:30 UTC left on 1 April in Shanghai."""
        self._ship(self._order(self.manager1, 10), 10, datetime(2026, 3, 31, 16, 30))
        self.assertEqual(self._of(self.manager1), (0, 0, 0))
        self.assertEqual(self._of(self.manager1, day="2026-04-01"), (0, 100, 0))

    def test_in_the_companys_currency_at_the_orders_rate(self):
        order = self._order(self.manager1, 10)
        self.env.flush_all()
        # As Odoo stores it: units of the order's currency for one of the company's.
        self.env.cr.execute("UPDATE sale_order SET currency_rate = 0.5 WHERE id = %s", [order.id])
        self._ship(order, 10, datetime(2026, 3, 10, 4))
        self.assertEqual(self._of(self.manager1), (0, 200, 0))

    def test_in_another_unit(self):
        """A dozen ordered, 12 pieces shipped, 12 pieces invoiced."""
        order = self._order(self.manager1, 1, price=120.0)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.order_line.price_unit = 120.0
        self._ship(order, 12, datetime(2026, 3, 10, 4), uom=self.goods.uom_id)
        self.assertEqual(self._of(self.manager1), (0, 120, 0))
        self._bill(order, 12, "2026-03-20")
        self.assertEqual(self._of(self.manager1), (120, 120, 0))

    def test_until_the_closing_day_it_is_not_decided(self):
        order = self._order(self.manager1, 10)
        self._ship(order, 10, datetime(2026, 3, 10, 4))
        self._bill(order, 4, "2026-03-11")
        self.assertEqual(self._of(self.manager1, now=datetime(2026, 3, 31, 15)), (40, 40, 60))
        self.assertEqual(self._of(self.manager1, now=datetime(2026, 3, 31, 16)), (40, 100, 0))
