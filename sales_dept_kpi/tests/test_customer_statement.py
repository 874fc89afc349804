from datetime import date, datetime
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.sales_dept_kpi.models.customer_statement.amounts import line_amounts

from .customer_statement_common import CustomerStatementCommon


@tagged("post_install", "-at_install")
class TestCustomerStatement(CustomerStatementCommon):
    """What stands on a statement, and how it is chained to the one before."""

    # === WHAT STANDS ON IT === #

    def test_adds_up(self):
        """Opening balance + shipments − returns ± adjustments − receipts = closing balance."""
        move = self._shipped(10, "2026-03-10")
        self._back(move, 3, "2026-03-12")
        self._receive(20, "2026-03-15")
        statement = self._statement(opening_balance=5)
        statement.with_user(self.assistant).line_ids = [
            Command.create({"name": "Freight", "date": "2026-03-20", "amount": 8})
        ]
        self.assertEqual(
            self._rows(statement),
            [("shipment", 10, 100), ("return", -3, -30), ("receipt", 0, -20), ("adjustment", 0, 8)],
        )
        self.assertEqual(
            (statement.shipped_total, statement.returned_total, statement.received_total, statement.adjusted_total),
            (100, 30, 20, 8),
        )
        self.assertEqual(statement.closing_balance, 63)
        self.assertAddsUp(statement)

    def test_increases_come_first_on_a_day(self):
        """B18: paid on the day of the shipment; the balance falls below nothing on no line."""
        self._receive(100, "2026-03-10")
        self._shipped(10, "2026-03-10")
        statement = self._statement()
        self.assertEqual(statement.line_ids.sorted("number").mapped("balance"), [100, 0])

    def test_in_the_currency_of_the_orders(self):
        """B17: a customer that is invoiced in another currency has a statement in it, and none of it elsewhere."""
        foreign = self.env.ref("base.EUR") if self.company.currency_id.name != "EUR" else self.env.ref("base.USD")
        foreign.active = True
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "rate": 0.5, "currency_id": foreign.id, "company_id": self.company.id}
        )
        pricelist = self.env["product.pricelist"].create({"name": "Abroad", "currency_id": foreign.id})
        self._shipped(10, "2026-03-10", pricelist_id=pricelist.id)
        self._shipped(1, "2026-03-11")
        self._receive(40, "2026-03-12", foreign)
        statement = self._statement(currency_id=foreign.id)
        self.assertEqual(self._rows(statement), [("shipment", 10, 100), ("receipt", 0, -40)])
        self.assertEqual(self._rows(self._statement()), [("shipment", 1, 10)])

    def test_the_day_is_the_companys(self):
        """B22: what left on 31 March at 16:30 UTC left on 1 April in Shanghai."""
        order = self._order(self.manager1, 5)
        self._ship(order, 5, datetime(2026, 3, 31, 16, 30))
        self.assertFalse(self._statement().line_ids)

    def test_price_as_agreed(self):
        """With and without tax, discounted: the price is the order's, and each line is rounded once."""
        taxes = self.env["account.tax"].create(
            [
                {
                    "name": f"13 {kind}",
                    "amount": 13,
                    "price_include_override": kind,
                    "company_id": self.company.id,
                    "tax_group_id": self._tax_group().id,
                    "country_id": self._tax_group().country_id.id or self.company.account_fiscal_country_id.id,
                }
                for kind in ("tax_included", "tax_excluded")
            ]
        )
        for tax, day in zip(taxes, ("2026-03-03", "2026-03-04"), strict=True):
            order = self._order(self.manager1, 3, price=11.11)
            order.order_line.write({"tax_ids": [Command.set(tax.ids)], "discount": 2.5})
            self._ship(order, 3, datetime.fromisoformat(f"{day} 04:00:00"))
        with_tax, without = self._statement().line_ids.sorted("number")
        for line, included in ((with_tax, True), (without, False)):
            expected = line_amounts(3, Decimal("10.83225"), included, 13, 0.01)
            self.assertEqual((line.price_unit, line.price_with_tax, line.tax_rate), (10.83225, included, 13))
            self.assertEqual(
                (line.amount_untaxed, line.amount_tax, line.amount), tuple(float(part) for part in expected)
            )
        self.assertEqual((with_tax.amount, without.amount_untaxed), (32.5, 32.5))

    @classmethod
    def _tax_group(cls):
        return cls.env["account.tax.group"].search([("company_id", "=", cls.company.id)], limit=1) or cls.env[
            "account.tax.group"
        ].create({"name": "VAT", "company_id": cls.company.id})

    def test_a_tax_that_is_no_percentage(self):
        """By quantity, as stated so as corrected; no rate is shown; mended as agreed, nothing is left."""
        tax = self.env["account.tax"].create(
            {
                "name": "0.5 a piece",
                "amount_type": "fixed",
                "amount": 0.5,
                "company_id": self.company.id,
                "tax_group_id": self._tax_group().id,
                "country_id": self._tax_group().country_id.id or self.company.account_fiscal_country_id.id,
            }
        )
        order = self._order(self.manager1, 10)
        order.order_line.tax_ids = tax
        move = self._ship(order, 10, datetime(2026, 3, 10, 4))
        statement = self._sent()
        line = statement.line_ids
        self.assertEqual((line.amount_untaxed, line.amount_tax, line.amount), (100, 5, 105))
        self.assertEqual(statement._printed_lines()[0]["rate"], "")
        self.assertNotIn("tax_rate", statement._sheet_rows()[0])
        words = {"quantity": 8, "price_unit": None, "remark": ""}
        correction = statement.sudo()._correct({line: words}, "Ms Zhao", "portal")
        self.assertEqual(correction.amount, -21)
        correction.with_user(self.manager1).action_accept()
        self.assertEqual(statement.closing_balance, 84)
        move.quantity = 8
        following = self._statement("2026-04-01")
        self.assertEqual((following.opening_balance, self._rows(following)), (84, []))

    def test_in_the_unit_of_the_order(self):
        order = self._order(self.manager1, 1, price=120.0)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.order_line.price_unit = 120.0
        self._ship(order, 12, datetime(2026, 3, 10, 4), uom=self.goods.uom_id)
        self.assertEqual(self._rows(self._statement()), [("shipment", 1, 120)])

    def test_an_exchange_counts_neither_way(self):
        """As Odoo counts what is delivered, and so what may be invoiced."""
        move = self._shipped(10, "2026-03-10")
        back = self._back(move, 4, "2026-03-11")
        back.to_refund = False
        self.assertEqual(self._rows(self._statement()), [("shipment", 10, 100)])

    def test_a_kit_is_shipped_with_its_last_component(self):
        """As Odoo says what of it is delivered, in one line; what is added later is the difference."""
        order = self._order(self.manager1, 5, price=20.0)
        line = order.order_line
        parts = self.env["product.product"].create([{"name": name, "type": "consu"} for name in ("Shaft", "Rim")])

        def ship(part, quantity, day):
            move = self.env["stock.move"].create(
                {
                    "product_id": part.id,
                    "product_uom_qty": quantity,
                    "quantity": quantity,
                    "picked": True,
                    "sale_line_id": line.id,
                    "location_id": self.stock.id,
                    "location_dest_id": self.client.id,
                }
            )
            move._action_done()
            move.date = self._noon(day)

        ship(parts[0], 5, "2026-02-10")
        ship(parts[1], 4, "2026-02-11")
        line.qty_delivered = 4
        first = self._sent("2026-02-28")
        self.assertEqual(self._rows(first), [("shipment", 4, 80)])
        self.assertEqual(first.line_ids.date, date(2026, 2, 11))
        ship(parts[1], 1, "2026-03-12")
        line.qty_delivered = 5
        self.assertEqual(self._rows(self._statement()), [("shipment", 1, 20)])

    def test_number_and_part_of_the_customer(self):
        move = self._shipped(10, "2026-03-10")
        move.sale_line_id.order_id.client_order_ref = "PO-7"
        line = self._statement().line_ids
        self.assertEqual((line.customer_order_number, line.unit), ("PO-7", "Units"))

    def test_part_number_as_it_is_kept(self):
        """Of goods that left without a delivery notice; what is kept later changes no line."""
        part = self.env["sales.customer.part"].create(
            {
                "partner_id": self.customer.id,
                "product_tmpl_id": self.goods.product_tmpl_id.id,
                "part_number": "PN-1",
                "company_id": False,
            }
        )
        self._shipped(10, "2026-03-10")
        statement = self._sent()
        part.part_number = "PN-2"
        self.assertEqual(statement.line_ids.customer_part_number, "PN-1")
        rows = statement._sheet_rows()
        self.assertEqual(rows[0]["customer_part_number"], "PN-1")

    # === CHAINED === #

    def test_opens_with_what_the_last_one_closed_with(self):
        """Whatever is cancelled, credited or paid later: it stands on the next one."""
        self._shipped(10, "2026-02-10")
        first = self._sent("2026-02-28")
        self._shipped(4, "2026-03-10")
        paid = self._receive(100, "2026-03-11")
        second = self._sent()
        self.assertEqual((second.previous_id, second.date_from), (first, date(2026, 3, 1)))
        self.assertEqual((first.closing_balance, second.opening_balance, second.closing_balance), (100, 100, 40))
        paid.button_draft()
        paid.button_cancel()
        self.assertEqual((first.closing_balance, second.closing_balance), (100, 40))
        with self.assertRaises(UserError):
            second.with_user(self.assistant).opening_balance = 0

    def test_by_the_closing_day(self):
        self.customer.customer_file_closing_day = 25
        self._shipped(1, "2026-03-25")
        self._shipped(2, "2026-03-26")
        statement = self.Statement.create({"partner_id": self.customer.id})
        self.assertEqual((statement.date_from, statement.date_to), (date(2026, 2, 26), date(2026, 3, 25)))
        self.assertEqual(self._rows(statement), [("shipment", 1, 10)])

    def test_no_two_for_a_day(self):
        first = self._sent("2026-03-20")
        with self.assertRaises(UserError):
            self._statement("2026-03-20")
        second = self._statement()
        self.assertEqual(second.date_from, date(2026, 3, 21))
        # Past all checks, the database refuses it.
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.cr.execute("UPDATE customer_statement SET date_from = '2026-03-20' WHERE id = %s", [second.id])
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.cr.execute(
                "UPDATE customer_statement SET previous_id = NULL, previous_date_to = NULL WHERE id = %s", [second.id]
            )
        self.assertEqual(second.previous_id, first)

    def test_a_draft_is_sent_before_the_next_one(self):
        self._statement("2026-02-28")
        with self.assertRaises(UserError):
            self._statement()

    def test_cancelled_and_made_anew(self):
        self._shipped(10, "2026-03-10")
        statement = self._sent()
        statement.with_user(self.assistant).action_cancel()
        again = self._statement()
        self.assertEqual((self._rows(again), again.previous_id), ([("shipment", 10, 100)], self.Statement))

    def test_one_that_is_followed_is_not_cancelled(self):
        first = self._sent("2026-02-28")
        self._statement()
        with self.assertRaises(UserError):
            first.with_user(self.assistant).action_cancel()

    def test_merged_customers(self):
        """The chains of both go on as one, and no statement is lost with the contact."""
        self._shipped(10, "2026-02-10")
        own = self._sent("2026-02-28")
        other_customer = self.customer.copy({"name": "Merged Ltd", "email": self.customer.email})
        kept, self.__class__.customer = self.customer, other_customer
        self._shipped(7, "2026-02-11")
        other = self._sent("2026-02-28")
        self.__class__.customer = kept
        self.env["base.partner.merge.automatic.wizard"]._merge((kept | other_customer).ids, kept)
        self.env.invalidate_all()
        self.assertEqual(other.partner_id, kept)
        following = self._statement()
        self.assertEqual((following.previous_id, other.taken_over_by_id), (own, following))
        self.assertEqual(self._rows(following), [("adjustment", 0, 70)])
        self.assertEqual(following.closing_balance, 170)
        following.with_user(self.assistant).action_collect()
        self.assertEqual(following.closing_balance, 170)

    # === LATE === #

    def test_entered_late(self):
        """A shipment of February that was entered in March stands on March's statement, coloured."""
        self._sent("2026-02-28")
        self._shipped(10, "2026-02-10")
        line = self._statement().line_ids
        # Before the first day of all there is only the opening balance.
        self.assertEqual((line.date, line.is_late), (date(2026, 2, 10), True))

    def test_corrected_afterwards(self):
        """What was stated and changed since is stated once more, as the difference alone."""
        move = self._shipped(10, "2026-02-10")
        first = self._sent("2026-02-28")
        move.quantity = 8
        second = self._sent()
        self.assertEqual(self._rows(first), [("shipment", 10, 100)])
        self.assertEqual(self._rows(second), [("shipment", -2, -20)])
        self.assertTrue(second.line_ids.is_difference)
        self.assertEqual(second.closing_balance, 80)

    def test_priced_anew_afterwards(self):
        move = self._shipped(10, "2026-02-10")
        self._sent("2026-02-28")
        move.sale_line_id.price_unit = 9
        second = self._statement()
        self.assertEqual(self._rows(second), [("shipment", 0, -10)])
        self.assertIn("10 × 10 → 10 × 9", second.line_ids.reason)

    def test_a_receipt_that_was_taken_back(self):
        """A dishonoured draft: what was received is owed again, on the next one."""
        self._shipped(10, "2026-02-10")
        received = self._receive(60, "2026-02-20")
        first = self._sent("2026-02-28")
        self.assertEqual(first.closing_balance, 40)
        self._receive(-60, "2026-03-05")
        received.button_draft()
        second = self._statement()
        # The first one is a booking of its own, the second one the receipt that is no more.
        self.assertEqual(sorted(self._rows(second)), [("receipt", 0, 60), ("receipt", 0, 60)])
        self.assertEqual(second.received_total, -120)

    def test_nothing_twice(self):
        move = self._shipped(10, "2026-03-10")
        statement = self._statement()
        statement.with_user(self.assistant).action_collect()
        self.assertEqual(self._rows(statement), [("shipment", 10, 100)])
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.cr.execute(
                "INSERT INTO customer_statement_line (statement_id, kind, name, date, move_id, in_force, is_difference,"
                " is_kit) VALUES (%s, 'shipment', 'x', '2026-03-10', %s, TRUE, FALSE, FALSE)",
                [statement.id, move.id],
            )

    def test_entered_adjustments_are_numbered_among_the_others(self):
        """What is collected is stored with its number; what was entered before has to find its place between."""
        self._shipped(10, "2026-03-10")
        statement = self._statement()
        values = {"statement_id": statement.id, "name": "Agreed", "date": "2026-03-12", "amount": -7}
        adjustment = self.env["customer.statement.line"].with_user(self.assistant).create(values)
        self._shipped(3, "2026-03-15")
        statement.with_user(self.assistant).action_collect()
        lines = statement.line_ids.sorted("number")
        self.assertEqual(lines.mapped("number"), [1, 2, 3])
        self.assertEqual(lines[1], adjustment)
        self.assertEqual(lines.mapped("balance"), [100, 93, 123])
        self.assertEqual(statement.closing_balance, 123)
        self.assertEqual(statement.lines_digest, statement._digest_lines())

    # === FROZEN === #

    def test_what_was_sent_stays(self):
        self._shipped(10, "2026-03-10")
        statement = self._sent().with_user(self.assistant)
        for change in (
            {"note": "x"},
            {"opening_balance": 1},
            {"date_to": "2026-03-30"},
            {"line_ids": [Command.create({"name": "x", "amount": 1})]},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                statement.write(change)
        for refused in (
            lambda: statement.line_ids.write({"amount": 1}),
            lambda: statement.line_ids.unlink(),
            lambda: statement.action_collect(),
            lambda: statement.unlink(),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                refused()
        for forged in ({"closing_balance": 1}, {"confirmed_date": "2026-03-31"}, {"state": "validated"}):
            with self.assertRaises(AccessError), self.cr.savepoint():
                statement.write(forged)

    def test_lines_of_a_draft_are_no_ones_to_change(self):
        self._shipped(10, "2026-03-10")
        statement = self._statement().with_user(self.assistant)
        with self.assertRaises(UserError):
            statement.line_ids.write({"amount": 1})
        with self.assertRaises(AccessError):
            statement.line_ids.write({"quantity": 1})
        with self.assertRaises(AccessError):
            self.env["customer.statement.line"].with_user(self.assistant).create(
                {"statement_id": statement.id, "name": "x", "kind": "shipment", "quantity": 1}
            )

    # === MANY === #

    def test_made_for_all(self):
        others = self.env["res.partner"].create(
            [{"name": f"C{number}", "is_company": True, "user_id": self.manager2.id} for number in range(3)]
        )
        kept = self.customer
        for partner in others:
            self.__class__.customer = partner
            self._shipped(2, "2026-03-10")
        self.__class__.customer = kept
        self._shipped(1, "2026-03-11")
        wizard = self.env["customer.statement.make"]
        own = wizard.with_user(self.manager1).create({"until": "2026-03-31"}).action_make()
        mine = self.Statement.search(own["domain"])
        self.assertEqual((mine.partner_id, mine.closing_balance), (kept, 10))
        due = self.env["res.partner"].search([("is_statement_due", "=", True)])
        self.assertEqual(due & (others | kept), others)
        rest = wizard.with_user(self.assistant).create({"until": "2026-03-31"}).action_make()
        made = self.Statement.search(rest["domain"])
        self.assertEqual(made.filtered(lambda one: one.partner_id in others).mapped("closing_balance"), [20, 20, 20])
        with self.assertRaises(UserError):
            wizard.with_user(self.assistant).create({"until": "2026-03-31"}).action_make()

    def _queries_of_making(self, make, numbers):
        """How many queries `make` costs of new customers that were shipped something, for each of `numbers` of them.

        Given the model and the customers, it returns their statements.
        """
        counts, kept = [], self.customer
        # Else the user's zone is read, or is known still of an environment that nobody has cleared away.
        Statement = self.Statement.with_context(tz="UTC")
        for number in numbers:
            partners = self.env["res.partner"].create([{"name": f"C{at}", "is_company": True} for at in range(number)])
            for partner in partners:
                self.__class__.customer = partner
                self._shipped(2, "2026-03-10")
            self.__class__.customer = kept
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            made = make(Statement, partners)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(made.mapped("closing_balance"), [20] * number)
        return counts

    def test_no_query_per_customer(self):
        # The first one reads what is read once for all.
        counts = self._queries_of_making(
            lambda Statement, partners: Statement._make(self.company, date(2026, 3, 31), partners), (1, 2, 6)
        )
        self.assertEqual(counts[2], counts[1], "six customers cost as many queries as two")

    def test_no_query_per_customer_of_statements_by_hand(self):
        """As files that are imported make them: customers, and what lies between."""
        counts = self._queries_of_making(
            lambda Statement, partners: Statement.create(
                [{"partner_id": partner.id, "date_to": "2026-03-31"} for partner in partners]
            ),
            (1, 2, 6),
        )
        self.assertEqual(counts[2], counts[1], "six customers cost as many queries as two")

    def test_the_cron_makes_what_is_due(self):
        self._shipped(1, "2026-03-11")
        self.Statement._cron_make()
        self.assertFalse(self.Statement.search([("partner_id", "=", self.customer.id)]))
        self.company.sales_dept_customer_statement = True
        self.Statement._cron_make()
        self.assertEqual(self.Statement.search([("partner_id", "=", self.customer.id)]).closing_balance, 10)

    def test_opening_from_the_account(self):
        self._invoice(self.manager1, 70, "2026-02-10")
        statement = self._statement(opening_note=False)
        with self.assertRaises(UserError):
            statement.with_user(self.assistant).action_send()
        statement.with_user(self.assistant).action_propose_opening()
        self.assertEqual(statement.opening_balance, 70)
        statement.with_user(self.assistant).action_send()
        self.assertEqual(statement.state, "sent")
