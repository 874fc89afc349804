from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .freight_statement_common import FreightStatementCommon

FEBRUARY_END, MARCH_END = date(2031, 2, 28), date(2031, 3, 31)


@tagged("post_install", "-at_install")
class TestFreightAccrual(FreightStatementCommon):
    """What left by a month's end and was not billed by then: counted, booked once, and taken back by Odoo itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_books()
        cls.expense = cls.env["account.account"].search([("code", "=", "F60001")])
        (cls.sf | cls.truck).product_id.property_account_expense_id = cls.expense
        cls.liability = cls.env["account.account"].create(
            {"name": "Accrued Freight", "code": "F20002", "account_type": "liability_current"}
        )
        cls.journal = cls.env["account.journal"].create({"name": "Accruals", "code": "FRA", "type": "general"})
        cls.company.write(
            {
                "sales_dept_freight_accrual_journal_id": cls.journal.id,
                "sales_dept_freight_accrual_account_id": cls.liability.id,
            }
        )

    def _accrual(self, day=MARCH_END, user=None, **values):
        return self.env["freight.accrual"].with_user(user or self.finance).create({"date": day, **values})

    def _billed(self, *references):
        """A statement with lines of 100 for `references`, signed and billed."""
        statement = self._statement(*({"reference": reference} for reference in references))
        statement.line_ids.filtered("is_exception").with_user(self.assistant).action_accept()
        statement.sudo()._write_protected({"signed_date": "2031-03-31 10:00:00"})
        statement.with_user(self.finance).action_create_bill()
        return statement

    # === COUNTING === #

    def test_what_left_by_the_month_end(self):
        self._shipped(1, shipped_date=FEBRUARY_END, fuel=12)
        self._shipped(2, shipped_date=date(2031, 3, 1))
        self._shipped(3, shipped_date=date(2030, 2, 28))
        self._shipped(4, shipped_date=FEBRUARY_END, freight=None)
        self._shipped("T1", carrier=self.truck, shipped_date=date(2031, 1, 5), freight=40)
        accrual = self._accrual(FEBRUARY_END)
        self.assertEqual((accrual.date_from, accrual.waybill_count, accrual.amount), (date(2030, 3, 1), 2, 152))
        self.assertEqual(
            [(line.carrier_id, line.kind_id, line.waybill_count, line.amount) for line in accrual.line_ids],
            [(self.sf, self.freight, 1, 100), (self.sf, self.fuel, 1, 12), (self.truck, self.freight, 1, 40)],
        )
        action = accrual.action_open_waybills()
        found = self.env[action["res_model"]].with_user(self.finance).search(action["domain"])
        self.assertEqual(sorted(found.mapped("name")), ["SF00000001", "T1"])
        accrual.date_from = date(2030, 2, 1)
        self.assertEqual((accrual.waybill_count, accrual.amount), (3, 252))

    def test_what_was_billed_by_then(self):
        """Billed in the month, or cancelled, or billed after it: the bill's date says it."""
        self._shipped(1)
        self._shipped(2)
        accrual = self._accrual()
        self.assertEqual(accrual.amount, 200)
        statement = self._billed("SF00000001")
        accrual.action_count()
        self.assertEqual(accrual.amount, 100)
        bill = statement.bill_ids.move_id
        bill.date = date(2031, 4, 2)
        accrual.action_count()
        self.assertEqual(accrual.amount, 200)
        bill.date = MARCH_END
        accrual.action_count()
        self.assertEqual(accrual.amount, 100)
        bill.button_cancel()
        accrual.action_count()
        self.assertEqual(accrual.amount, 200)

    def test_line_that_is_signed_and_not_billed(self):
        self._shipped(1)
        self._statement({"reference": "SF00000001"})
        self.assertEqual(self._accrual().amount, 100)

    def test_other_currency_at_the_rate_of_the_month_end(self):
        other = self.env["res.currency"].create(
            {
                "name": "TST",
                "symbol": "T",
                "rate_ids": [
                    (0, 0, {"name": "2031-01-01", "rate": 7.0}),
                    (0, 0, {"name": "2031-03-31", "rate": 8.0}),
                ],
            }
        )
        for number in (1, 2):
            waybill = self._shipped(number, freight=50.05)
            waybill.charge_ids.currency_id = other
        accrual = self._accrual()
        self.assertRecordValues(
            accrual.line_ids, [{"amount_currency": 100.10, "amount": 12.51, "currency_id": other.id}]
        )
        accrual.action_book()
        self.assertEqual(
            [(line.currency_id, line.amount_currency, line.balance) for line in accrual.sudo().move_id.line_ids],
            [(other, 100.10, 12.51), (other, -100.10, -12.51)],
        )

    def test_tax_in_the_price_is_no_cost(self):
        self.sf.freight_tax_id = self.env["account.tax"].create(
            {
                "name": "9 % in the price",
                "amount": 9,
                "type_tax_use": "purchase",
                "price_include_override": "tax_included",
            }
        )
        self._shipped(1, freight=109)
        self.assertEqual(self._accrual().amount, 100)

    def test_days_are_the_companys(self):
        """23:30 on 30 March in Shanghai is before the month's end; an hour later it has come."""
        with freeze_time("2031-03-30 15:30:00"), self.assertRefused("The month ends on"):
            self._accrual()
        with freeze_time("2031-03-30 16:30:00"):
            self.assertTrue(self._accrual())
            self.assertEqual(self.env["freight.accrual"].default_get(["date"])["date"], FEBRUARY_END)

    def test_set_based(self):
        """More waybills take no more queries."""

        def queries():
            accrual = self._accrual()
            accrual.action_count()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            accrual.action_count()
            self.env.flush_all()
            count = self.env.cr.sql_log_count - before
            accrual.unlink()
            return count

        for number in range(1, 4):
            self._shipped(number)
        few = queries()
        for number in range(4, 20):
            self._shipped(number)
        self.assertEqual(queries(), few)

    # === BOOKING === #

    def test_booked_and_taken_back(self):
        self._shipped(1, fuel=12)
        analytic = self.env["account.analytic.account"].create(
            {"name": "Freight", "plan_id": self.env["account.analytic.plan"].create({"name": "Costs"}).id}
        )
        self.fuel.analytic_account_id = analytic
        accrual = self._accrual()
        accrual.action_book()
        move, reversal = accrual.sudo().move_id, accrual.sudo().reversal_id
        self.assertEqual((move.state, move.date, move.journal_id), ("posted", MARCH_END, self.journal))
        self.assertEqual(
            [(line.account_id, line.balance, line.analytic_distribution) for line in move.line_ids],
            [
                (self.expense, 100, False),
                (self.liability, -100, False),
                (self.expense, 12, {str(analytic.id): 100}),
                (self.liability, -12, False),
            ],
        )
        self.assertEqual((reversal.reversed_entry_id, reversal.date), (move, date(2031, 4, 1)))
        self.assertEqual(reversal.line_ids.mapped("balance"), [-100, 100, -12, 12])
        # It is posted on its day, as Odoo does with what lies ahead.
        self.assertEqual((reversal.state, reversal.auto_post), ("draft", "at_date"))
        with freeze_time("2031-04-01 04:00:00"):
            reversal._post()
        self.assertEqual(reversal.state, "posted")

    def test_booked_once(self):
        self._shipped(1)
        accrual = self._accrual()
        accrual.action_book()
        self._shipped(2)
        for change in (
            lambda: accrual.action_book(),
            lambda: accrual.action_count(),
            lambda: accrual.write({"date_from": date(2031, 3, 1)}),
            lambda: accrual.unlink(),
        ):
            with self.assertRefused("it is booked as FRA"):
                change()
        self.assertEqual(accrual.amount, 100)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self._accrual()
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self._accrual(date(2031, 3, 30))
        # An entry that finance cancelled is none.
        accrual.sudo().move_id.button_draft()
        accrual.sudo().move_id.button_cancel()
        accrual.invalidate_recordset()
        self.assertFalse(accrual.is_booked)
        accrual.action_book()
        self.assertEqual(accrual.amount, 200)

    def test_nothing_without_a_journal_and_an_account(self):
        self._shipped(1)
        accrual = self._accrual()
        for name in ("sales_dept_freight_accrual_journal_id", "sales_dept_freight_accrual_account_id"):
            kept = self.company[name]
            self.company[name] = False
            with self.assertRefused("Choose a journal and an account"):
                accrual.action_book()
            self.company[name] = kept
        self.sf.product_id.property_account_expense_id = False
        self.sf.product_id.categ_id.property_account_expense_categ_id = False
        self.company.expense_account_id = False
        with self.assertRefused("has no expense account"):
            accrual.action_book()
        self.assertFalse(accrual.is_booked)

    def test_nothing_to_accrue(self):
        accrual = self._accrual()
        self.assertEqual((accrual.waybill_count, accrual.amount), (0, 0))
        with self.assertRefused("there is nothing to accrue"):
            accrual.action_book()

    # === WHO === #

    def test_who_may(self):
        self._shipped(1)
        for user in (self.assistant, self.manager1, self.logistics, self.outsider, self.director, self.gm):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._accrual(user=user)
        accrual = self._accrual()
        for user in (self.director, self.gm):
            self.assertEqual(accrual.with_user(user).amount, 100)
            with self.assertRaises(AccessError):
                accrual.with_user(user).action_book()
        for user in (self.assistant, self.manager1, self.logistics, self.outsider):
            with self.assertRaises(AccessError):
                accrual.with_user(user).read(["amount"])

    def test_nothing_is_written_past_the_buttons(self):
        self._shipped(1)
        accrual = self._accrual()
        move = self.env["account.move"].create({"move_type": "entry"})
        for values in ({"amount": 5}, {"waybill_count": 3}, {"move_id": move.id}, {"reversal_id": move.id}):
            with self.assertRaises(AccessError):
                accrual.write(values)
        with self.assertRaises(AccessError):
            accrual.line_ids.write({"amount": 5})
