from odoo.fields import Command
from odoo.tests import tagged

from .customer_statement_common import CustomerStatementCommon


@tagged("post_install", "-at_install")
class TestCustomerStatementPrice(CustomerStatementCommon):
    """Prices that change after they were stated: the difference is invoiced or credited, once, and says of what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods.invoice_policy = "delivery"
        cls.move = cls._shipped(10, "2026-03-10")
        cls.line = cls.move.sale_line_id
        cls.first = cls._validated()

    def _invoice_it(self, statement):
        statement.with_user(self.assistant).action_make_invoices()
        return statement.invoice_ids

    def _changed(self, price, date_to="2026-04-01"):
        """The statement after the price of the order was changed."""
        self.line.price_unit = price
        return self._validated(date_to)

    def _billed(self):
        moves = (self.first | self.first.next_ids | self.first.next_ids.next_ids).invoice_ids
        return sum(moves.mapped("amount_untaxed_signed"))

    def test_less_is_credited_once(self):
        self._invoice_it(self.first).action_post()
        second = self._changed(9)
        self.assertEqual(self._rows(second), [("shipment", 0, -10)])
        self.assertEqual(second.to_invoice_total, -10)
        credit = self._invoice_it(second)
        self.assertEqual((credit.move_type, credit.amount_untaxed), ("out_refund", 10))
        self.assertIn(second.name, credit.invoice_line_ids.name)
        self.assertIn("Gear", credit.invoice_line_ids.name)
        self.assertEqual((second.to_invoice_total, second.invoiced_total), (0, -10))
        self.assertEqual(self._invoice_it(second), credit, "Pressed again it opens what is there")
        self.assertEqual(self.line.qty_invoiced, 10, "It is about no quantity")
        self.assertEqual(self._billed(), 90)

    def test_more_is_invoiced_once(self):
        self._invoice_it(self.first).action_post()
        second = self._changed(12)
        invoice = self._invoice_it(second)
        self.assertEqual((invoice.move_type, invoice.amount_untaxed), ("out_invoice", 20))
        self.assertFalse(invoice.invoice_line_ids.product_id, "Nothing leaves the stock")
        self.assertEqual(self._billed(), second.closing_balance)

    def test_invoiced_by_hand_at_the_new_price(self):
        """Whoever invoiced the order at its new price has invoiced the difference, too."""
        second = self._changed(9)
        self.line.order_id._create_invoices().action_post()
        self.assertEqual(self.line.order_id.invoice_ids.amount_untaxed, 90)
        self.assertEqual((self.first.to_invoice_total, second.to_invoice_total), (0, 0))

    def test_stated_at_the_old_price_and_invoiced_late(self):
        """Each statement is invoiced as it says, the difference with the one that says it."""
        second = self._changed(9)
        self.assertEqual(self._invoice_it(self.first).amount_untaxed, 100)
        self.assertEqual(self._invoice_it(second).amount_untaxed_signed, -10)
        self.assertEqual(self._billed(), 90)

    def test_with_the_next_shipment(self):
        """New goods at the new price, and the difference of the old ones, on one invoice."""
        self._invoice_it(self.first).action_post()
        self.line.product_uom_qty = 15
        self._ship(self.line.order_id, 5, self._noon("2026-04-01"))
        second = self._changed(9)
        self.assertEqual(second.to_invoice_total, 35)
        invoice = self._invoice_it(second)
        self.assertEqual((len(invoice), invoice.amount_untaxed), (1, 35))
        self.assertEqual(self._billed(), 135)

    def test_several_orders_on_one_credit_note(self):
        other = self._shipped(4, "2026-04-01")
        self._invoice_it(self.first).action_post()
        second = self._validated("2026-04-01")
        self._invoice_it(second).action_post()
        other.sale_line_id.price_unit = 8
        self.line.price_unit = 9
        third = self._validated("2026-04-02")
        credit = self._invoice_it(third)
        self.assertEqual((len(credit), credit.amount_untaxed, len(credit.invoice_line_ids)), (1, 18, 2))

    def test_credit_note_taken_back(self):
        """What a credit note of Odoo's takes back is not invoiced, and so it is invoiced again."""
        self._invoice_it(self.first).action_post()
        second = self._changed(12)
        invoice = self._invoice_it(second)
        invoice.action_post()
        invoice._reverse_moves([{"invoice_date": "2026-04-02"}], cancel=True)
        self.assertEqual(second.to_invoice_total, 20)

    def test_an_invoice_altered_by_hand(self):
        """What finance agreed on an invoice of its own is not claimed by the next statement."""
        draft = self._invoice_it(self.first)
        draft.invoice_line_ids.price_unit = 9
        self._shipped(1, "2026-04-01")
        second = self._validated("2026-04-01")
        self.assertEqual(second.to_invoice_total, 10)

    def test_price_with_tax(self):
        tax = self.env["account.tax"].create(
            {
                "name": "VAT 13 %",
                "amount": 13,
                "price_include_override": "tax_included",
                "company_id": self.company.id,
                "tax_group_id": self.env["account.tax.group"].create({"name": "G", "company_id": self.company.id}).id,
            }
        )
        self.line.order_id.order_line.tax_ids = [Command.clear()]
        move = self._shipped(3, "2026-04-01", price=113)
        move.sale_line_id.tax_ids = tax
        second = self._validated("2026-04-01")
        self._invoice_it(second)
        self.assertEqual(second.invoice_ids.amount_total, 339)
        move.sale_line_id.price_unit = 100
        third = self._validated("2026-04-02")
        credit = self._invoice_it(third)
        self.assertEqual((credit.move_type, credit.amount_total, third.to_invoice_total), ("out_refund", 39, 0))
