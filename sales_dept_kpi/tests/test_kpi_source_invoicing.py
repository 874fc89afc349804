from datetime import datetime

from odoo.fields import Command
from odoo.tests import tagged

from .kpi_common import KpiCommon
from .tax_invoice_common import TaxInvoiceCommon


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


@tagged("post_install", "-at_install")
class TestKpiSourceInvoicingByTaxInvoices(TaxInvoiceCommon):
    """Where the company uses tax-office invoices, it goes by their dates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_tax_invoices = True
        cls.order = cls._order(cls.manager1, 10)
        cls._ship(cls.order, 10, datetime(2026, 3, 10, 4))
        cls.move = cls._bill(cls.order, 10, "2026-03-20")

    def _of(self, now=None):
        return self._sums("invoicing", "2026-03-01", now).get(self.manager1, (0, 0, 0))

    def test_an_invoice_in_odoo_alone_is_none(self):
        """The counterfactual: without the setting it is in time."""
        self.assertEqual(self._of(), (0, 100, 0))
        self.company.sales_dept_tax_invoices = False
        self.assertEqual(self._of(), (100, 100, 0))

    def test_in_part(self):
        self._tax_invoice(60, "2026-03-31", moves={self.move: 60})
        self._tax_invoice(40, "2026-04-01", moves={self.move: 40})
        self.assertEqual(self._of(), (60, 100, 0))

    def test_before_the_invoice_in_odoo(self):
        """It may come first."""
        order = self._order(self.manager2, 10)
        self._ship(order, 10, datetime(2026, 3, 10, 4))
        late = self._bill(order, 10, "2026-04-10")
        self._tax_invoice(100, "2026-03-30", moves={late: 100})
        self.assertEqual(self._sums("invoicing", "2026-03-01")[self.manager2], (100, 100, 0))

    def test_thirds_are_a_whole(self):
        for amount in (33.33, 33.33, 33.34):
            self._tax_invoice(amount, "2026-03-25", moves={self.move: amount})
        self.assertEqual(self._of(), (100, 100, 0))
        self.assertEqual(self._of(now=datetime(2026, 3, 28)), (100, 100, 0), "and nothing of it is to come")
        evidence = [row["reason"] for row in self._evidence("invoicing", "2026-03-01", datetime(2026, 3, 28))]
        self.assertEqual(evidence, ["on_time"])

    def test_a_draft_is_none_and_a_red_letter_takes_back(self):
        blue = self._tax_invoice(100, "2026-03-20", moves={self.move: 100}, state="draft")
        self.assertEqual(self._of(), (0, 100, 0))
        blue.with_user(self.finance).action_issue()
        self.assertEqual(self._of(), (100, 100, 0))
        red = self._red(blue, 30, "2026-03-25", moves={self.move: -30}, state="draft")
        self.assertEqual(self._of(), (100, 100, 0))
        red.with_user(self.finance).action_issue()
        self.assertEqual(self._of(), (70, 100, 0))
        self._red(blue, 70, "2026-04-02", moves={self.move: -70})
        self.assertEqual(blue.state, "red_lettered")
        self.assertEqual(self._of(), (70, 100, 0), "what was taken back later was in time")

    def test_a_credit_note_counts_by_its_red_letter(self):
        blue = self._tax_invoice(100, "2026-03-20", moves={self.move: 100})
        note = self._bill(self.order, 4, "2026-03-22", kind="out_refund")
        self.assertEqual(self._of(), (100, 100, 0))
        self._red(blue, 40, "2026-03-25", moves={note: -40})
        self.assertEqual(self._of(), (60, 100, 0))

    def test_an_invoice_of_nothing_stands_on_none(self):
        """All of it was paid in advance: what was invoiced then stood on its own tax-office invoice."""
        order = self._order(self.manager2, 10)
        self._ship(order, 10, datetime(2026, 3, 10, 4))
        line = {"product_id": self.goods.id, "quantity": 10, "price_unit": 10, "tax_ids": []}
        self._invoice(
            self.manager2,
            0,
            "2026-03-20",
            invoice_line_ids=[
                Command.create({**line, "sale_line_ids": [Command.link(order.order_line.id)]}),
                Command.create({**line, "quantity": -10}),
            ],
        )
        self.assertEqual(self._sums("invoicing", "2026-03-01")[self.manager2], (100, 100, 0))
