from datetime import date
from decimal import Decimal

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .sales_basis_common import SalesBasisCommon

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)


@tagged("post_install", "-at_install")
class TestSalesBasis(SalesBasisCommon):
    """What counts as a sale: each definition beside its figure worked out by hand."""

    def _of(self, user, date_from=APRIL, date_to=MAY):
        return self._sales(date_from, date_to).get(user, (0, 0))[0]

    def test_invoices_less_credit_notes(self):
        self._invoice("2026-04-10", [100, 50.5])
        self._invoice("2026-04-20", 30, move_type="out_refund")
        self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-04-11",
                "invoice_user_id": self.manager1.id,
                "invoice_line_ids": [Command.create({"name": "a draft", "price_unit": 999, "tax_ids": False})],
            }
        )
        self.assertEqual(self._of(self.manager1), Decimal("120.5"))
        self.assertEqual(self._of(self.manager1, MARCH, APRIL), 0)

    def test_ends_of_the_month(self):
        """Half-open: the first day is in, the first of the next month is not."""
        self._invoice("2026-04-01", 1)
        self._invoice("2026-04-30", 2)
        self._invoice("2026-03-31", 10)
        self._invoice("2026-05-01", 20)
        self.assertEqual(self._of(self.manager1), 3)

    def test_deposit_and_final_invoice(self):
        """A deposit counts when it is invoiced, the final invoice with what is left: the order once in all."""
        order = self._order([(10, 100)], confirmed="2026-03-05 02:00:00")
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 30})
        )
        wizard.create_invoices()
        deposit = order.invoice_ids
        deposit.invoice_date = "2026-03-06"
        deposit._post()
        self._bill(order, "2026-04-06")
        self.assertEqual(self._of(self.manager1, MARCH, APRIL), 300)
        self.assertEqual(self._of(self.manager1), 700)

    def test_currency_of_the_document(self):
        """USD 100 at 0.125 are 800; a rate of today, or one entered afterwards, changes nothing."""
        self._invoice("2026-04-10", 100, currency_id=self.usd.id)
        self._rate("2026-04-09", 0.2)
        self.assertEqual(self._of(self.manager1), 800)
        self.company.sales_dept_sales_basis = "ordered"
        pricelist = self.env["product.pricelist"].create({"name": "USD", "currency_id": self.usd.id})
        order = self._order([(1, 100)], confirmed="2026-04-20 02:00:00", pricelist_id=pricelist.id)
        self.assertAlmostEqual(self._of(self.manager1), Decimal(repr(round(100 / order.currency_rate, 2))))

    def test_month_is_the_companys(self):
        """B22: an order confirmed on 1 April at 00:30 in Shanghai is April's, though it is 31 March in UTC."""
        self.company.sales_dept_sales_basis = "ordered"
        self._order([(1, 70)], confirmed="2026-03-31 16:30:00")
        self._order([(1, 5)], confirmed="2026-03-31 15:30:00")
        self.assertEqual(self._of(self.manager1), 70)
        self.assertEqual(self._of(self.manager1, MARCH, APRIL), 5)
        (row,) = self._rows(self.env["sales.basis"]._documents_sql(self.company, APRIL, MAY))
        self.assertEqual(row["date"], date(2026, 4, 1))

    def test_ordered_without_quotations_and_down_payments(self):
        self.company.sales_dept_sales_basis = "ordered"
        order = self._order([(2, 100)], confirmed="2026-04-05 02:00:00")
        self._order([(1, 999)])
        order.order_line = [Command.create({"name": "Deposit", "is_downpayment": True, "price_unit": 60})]
        self._order([(1, 40)], confirmed="2026-04-05 02:00:00")._action_cancel()
        self.assertEqual(self._of(self.manager1), 200)

    def test_reassigned_and_archived(self):
        """A document is its own salesperson's, whoever has the customer now; who left keeps what they sold."""
        order = self._order([(1, 100)], confirmed="2026-04-05 02:00:00")
        self._bill(order, "2026-04-06")
        order.user_id = self.manager2
        self.customer.user_id = self.manager2
        self.manager1.active = False
        self.assertEqual(self._of(self.manager1), 100)
        self.assertFalse(self._of(self.manager2))

    def test_two_companies(self):
        other = self._make_company("Sister Ltd")
        self._invoice("2026-04-10", 100)
        self._invoice("2026-04-10", 7, company=other)
        self.assertEqual(self._of(self.manager1), 100)
        self.assertEqual(self._sales(APRIL, MAY, other)[self.manager1][0], 7)

    def test_a_kit_leaves_by_its_components(self):
        """Of a kit each component is a part: half of one of two is a quarter of the line."""
        self.company.sales_dept_sales_basis = "delivered"
        order = self._order([(1, 400)], confirmed="2026-04-01 02:00:00")
        stock = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1).lot_stock_id
        bolts, nuts = self.env["product.product"].create([{"name": name} for name in ("Bolt", "Nut")])
        moves = self.env["stock.move"].create(
            [
                {
                    "product_id": product.id,
                    "product_uom_qty": 4,
                    "quantity": quantity,
                    "picked": True,
                    "company_id": self.company.id,
                    "location_id": stock.id,
                    "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                    "sale_line_id": order.order_line.id,
                }
                for product, quantity in ((bolts, 2), (nuts, 0))
            ]
        )
        moves[0]._action_done()
        moves[0].date = "2026-04-10 02:00:00"
        self.assertEqual(self._of(self.manager1), 100)

    # === SPLITS === #

    def test_shares_count_as_parts(self):
        """B1: one order of 5 alone and one of 10 at 50 % are 10, not 15; the company's total is each once."""
        self._bill(self._order([(1, 5)], confirmed="2026-04-01 02:00:00"), "2026-04-02")
        shared = self._order([(1, 10)], user=self.manager2, confirmed="2026-04-01 02:00:00")
        self._split(shared, self.manager1, 50)
        self._bill(shared, "2026-04-03")
        sales = self._sales(APRIL, MAY)
        self.assertEqual(sales, {self.manager1: (10, 0), self.manager2: (5, 0)})

    def test_credit_beside_it(self):
        order = self._order([(1, 100)], confirmed="2026-04-01 02:00:00")
        self._split(order, self.manager2, 20, "overlay")
        self._bill(order, "2026-04-03")
        self.assertEqual(self._sales(APRIL, MAY), {self.manager1: (100, 0), self.manager2: (0, 20)})

    def test_shares_add_up_to_the_cent(self):
        """0.10 in three shares: 0.03, 0.04, 0.03; and nothing is the salesperson's who gave all of it away."""
        order = self._order([(1, 0.10)], confirmed="2026-04-01 02:00:00")
        third = self._create_role_user("third_test", "group_account_manager")
        third.write({"company_ids": [Command.set(self.company.ids)], "company_id": self.company.id})
        self._split(order, self.manager2, 33.33)
        self._split(order, third, 33.33)
        self._split(order, self.director, 33.34)
        self._bill(order, "2026-04-03")
        sales = {user: sums[0] for user, sums in self._sales(APRIL, MAY).items()}
        self.assertEqual(sum(sales.values()), Decimal("0.10"))
        self.assertEqual(sorted(sales.values()), [0, Decimal("0.03"), Decimal("0.03"), Decimal("0.04")])
        self.assertEqual(sales[self.manager1], 0)
        self.assertEqual(order.salesperson_share, 0)

    def test_given_to_a_colleague_who_shares_it(self):
        """The new salesperson has what the others leave, as one figure; given on, they have their share again."""
        self.company.sales_dept_sales_basis = "ordered"
        order = self._order([(1, 0.07)], confirmed="2026-04-01 02:00:00")
        self._split(order, self.manager2, 33.33)
        self._split(order, self.director, 10)
        cents = Decimal("0.01")
        before = {self.manager1: (4 * cents, 0), self.manager2: (2 * cents, 0), self.director: (1 * cents, 0)}
        self.assertEqual(self._sales(APRIL, MAY), before)
        order.user_id = self.manager2
        self.assertEqual(self._sales(APRIL, MAY), {self.manager2: (6 * cents, 0), self.director: (1 * cents, 0)})
        self.assertEqual(order.salesperson_share, 90)
        # What sleeps is not given away a second time.
        with self.assertRefused("add up to 143.33 %", ValidationError):
            self._split(order, self.manager1, 100)
        order.user_id = self.manager1
        self.assertEqual(self._sales(APRIL, MAY), before)
        self.assertAlmostEqual(order.salesperson_share, 56.67)

    def test_who_has_all_of_it_shares_it_with_nobody(self):
        self.company.sales_dept_sales_basis = "ordered"
        order = self._order([(1, 100)], confirmed="2026-04-01 02:00:00")
        self._split(order, self.manager2, 30)
        self.assertEqual([row["is_split"] for row in self._documents()], [True, True])
        order.user_id = self.manager2
        self.assertEqual([(row["user_id"], row["is_split"]) for row in self._documents()], [(self.manager2.id, False)])

    def _documents(self):
        self.env.flush_all()
        return self._rows(self.env["sales.basis"]._documents_sql(self.company, APRIL, MAY))

    def test_refund_takes_the_shares_back(self):
        order = self._order([(1, 100)], confirmed="2026-04-01 02:00:00")
        self._split(order, self.manager2, 30)
        invoice = self._bill(order, "2026-04-03")
        refund = invoice._reverse_moves([{"invoice_date": "2026-04-20"}])
        refund._post()
        self.assertEqual(self._sales(APRIL, MAY), {self.manager1: (0, 0), self.manager2: (0, 0)})

    def test_shares_are_bounded(self):
        order = self._order()
        self._split(order, self.manager2, 60)
        with self.assertRefused("add up to 110.00 %", ValidationError):
            self._split(order, self.director, 50)
        with self.assertRefused("is the salesperson of", ValidationError):
            self._split(order, self.manager1, 10)
        # Beside it, others may have credit however much.
        self._split(order, self.director, 100, "overlay")

    def test_who_may_split(self):
        order = self._order()
        order.with_user(self.director).credit_split_ids = [Command.create({"user_id": self.manager2.id, "share": 30})]
        split = order.credit_split_ids
        self.assertEqual(order.salesperson_share, 70)
        for user in (self.manager1, self.assistant):
            with self.assertRaises(AccessError):
                order.with_user(user).credit_split_ids = [Command.update(split.id, {"share": 1})]
        # Whoever has a share sees it, also of a colleague's order.
        self.assertTrue(split.with_user(self.manager2).has_access("read"))
        self.assertTrue(split.with_user(self.manager1).has_access("read"))
        self.assertFalse(order.copy().credit_split_ids)

    # === CUSTOMERS === #

    def _first(self, date_from=APRIL, date_to=MAY):
        rows = self._rows(self.env["sales.basis"]._first_sales_sql(self.company, date_from, date_to))
        return {row["partner_id"]: row["user_id"] for row in rows}

    def test_first_sale_ever(self):
        """A customer is new once: by its first invoice with something on it, as a company with all its contacts."""
        contact = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        old = self._make_customer("Old")
        self._invoice("2026-03-31", 5, partner_id=old.id)
        self._invoice("2026-04-02", 5, partner_id=old.id)
        self._invoice("2026-04-01", 9, move_type="out_refund", user=self.manager2)
        self._invoice("2026-04-02", 0, user=self.manager2)
        self._invoice("2026-04-20", 5, user=self.manager2)
        self._invoice("2026-04-10", 5, partner_id=contact.id)
        self.assertEqual(self._first(), {self.customer.id: self.manager1.id})
        self.assertEqual(self._first(MARCH, APRIL), {old.id: self.manager1.id})

    def test_first_sale_by_orders_and_archived(self):
        for basis in ("ordered", "delivered"):
            self.company.sales_dept_sales_basis = basis
            self.assertFalse(self._first())
        self.company.sales_dept_sales_basis = "ordered"
        self._order(confirmed="2026-04-05 02:00:00")
        self._order(confirmed="2026-05-05 02:00:00")
        self.customer.active = False
        self.assertEqual(self._first(), {self.customer.id: self.manager1.id})
        self.assertFalse(self._first(MAY, date(2026, 6, 1)))
