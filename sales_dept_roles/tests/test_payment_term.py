from datetime import date, datetime, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, tagged

from odoo.addons.sales_dept_roles.models.payment_term.due_dates import (
    closing_days_due,
    closing_months_due,
    example_days,
)

from .test_agreement import AgreementCommon

# Base date, cut-off day, months, grace days, due date.
MONTHS = [
    (date(2026, 1, 31), 0, 1, 0, date(2026, 2, 28)),
    (date(2026, 3, 10), 0, 2, 0, date(2026, 5, 31)),
    (date(2025, 12, 15), 0, 2, 0, date(2026, 2, 28)),
    (date(2026, 1, 31), 0, 3, 0, date(2026, 4, 30)),
    (date(2026, 3, 10), 0, 0, 0, date(2026, 3, 31)),
    (date(2024, 1, 31), 0, 1, 0, date(2024, 2, 29)),
    (date(2026, 1, 31), 31, 1, 0, date(2026, 2, 28)),
    (date(2026, 3, 25), 25, 1, 0, date(2026, 4, 30)),
    (date(2026, 3, 26), 25, 1, 0, date(2026, 5, 31)),
    (date(2025, 12, 26), 25, 1, 0, date(2026, 2, 28)),
    (date(2026, 2, 28), 30, 1, 0, date(2026, 3, 31)),
    (date(2026, 1, 31), 0, 1, 5, date(2026, 3, 5)),
]
# Base date, cut-off day, days, grace days, due date.
DAYS = [
    (date(2026, 3, 10), 0, 30, 0, date(2026, 5, 1)),
    (date(2026, 3, 31), 0, 30, 0, date(2026, 5, 1)),
    (date(2026, 4, 1), 0, 30, 0, date(2026, 5, 31)),
    (date(2026, 12, 15), 0, 0, 0, date(2027, 1, 1)),
    (date(2026, 3, 25), 25, 30, 0, date(2026, 4, 25)),
    (date(2026, 3, 26), 25, 30, 0, date(2026, 5, 26)),
    (date(2026, 3, 10), 0, 30, 3, date(2026, 5, 4)),
]


@tagged("post_install", "-at_install")
class TestDueDates(TransactionCase):
    """Payment by the month (月结), with its three meanings in trade."""

    def test_months(self):
        for day, cut_off_day, months, grace, due in MONTHS:
            with self.subTest(day=day, cut_off_day=cut_off_day, months=months):
                self.assertEqual(closing_months_due(day, cut_off_day, months, grace), due)

    def test_days(self):
        for day, cut_off_day, days, grace, due in DAYS:
            with self.subTest(day=day, cut_off_day=cut_off_day, days=days):
                self.assertEqual(closing_days_due(day, cut_off_day, days, grace), due)

    def test_terms_say_the_same(self):
        term = self.env["account.payment.term"].create({"name": "By the month"})
        for kind, cases in (("closing_months", MONTHS), ("closing_days", DAYS)):
            for day, cut_off_day, count, grace, due in cases:
                term.line_ids.write(
                    {
                        "delay_type": kind,
                        "nb_days": count,
                        "sales_dept_cut_off_day": cut_off_day,
                        "sales_dept_grace_days": grace,
                    }
                )
                self.assertEqual(term._due_dates(day), [due])

    def test_of_odoo_s_own_delay_types_none_gives_the_four_dates(self):
        """What the table wants and Odoo has not: with our own taken away, no number of days is right for all four."""
        term = self.env["account.payment.term"].create({"name": "As Odoo has it"})
        line = term.line_ids
        for kind in ("days_after", "days_after_end_of_month", "days_after_end_of_next_month"):
            # Days for each month that is wanted.
            for days in range(25, 36):
                line.delay_type = kind
                right = 0
                for day, _cut_off_day, months, _grace, due in MONTHS[:4]:
                    line.nb_days = days * months
                    right += line._get_due_date(day) == due
                self.assertLess(right, 4, (kind, days))

    def test_our_fields_do_not_count_for_odoo_s_delay_types(self):
        term = self.env["account.payment.term"].create({"name": "Thirty days"})
        term.line_ids.write({"nb_days": 30, "sales_dept_cut_off_day": 25, "sales_dept_grace_days": 9})
        self.assertEqual(term._due_dates(date(2026, 3, 26)), [date(2026, 4, 25)])

    def test_examples(self):
        today = date(2026, 11, 30)
        self.assertEqual(example_days(0, today), [date(2026, 11, 10), date(2026, 11, 30), date(2026, 12, 1)])
        self.assertEqual(example_days(25, today), [date(2026, 11, 10), date(2026, 11, 25), date(2026, 11, 26)])
        self.assertEqual(example_days(5, today), [date(2026, 11, 20), date(2026, 12, 5), date(2026, 12, 6)])

    def test_form_shows_examples_while_typing(self):
        with Form(self.env["account.payment.term"]) as form:
            form.name = "By the month"
            self.assertFalse(form.sales_dept_by_month)
            with form.line_ids.edit(0) as line:
                line.delay_type = "closing_months"
                line.nb_days = 2
            self.assertTrue(form.sales_dept_by_month)
            self.assertEqual(form.sales_dept_example_dates.count("→"), 3)
            before = form.sales_dept_example_dates
            with form.line_ids.edit(0) as line:
                line.sales_dept_cut_off_day = 25
            self.assertNotEqual(form.sales_dept_example_dates, before)

    def test_what_cannot_be_meant(self):
        term = self.env["account.payment.term"].create({"name": "By the month"})
        for values, sentence in (
            ({"sales_dept_cut_off_day": 32}, "no day 32 to close a month on"),
            ({"sales_dept_cut_off_day": -1}, "no day -1"),
            ({"sales_dept_grace_days": -1}, "-1 grace days"),
            ({"nb_days": -1}, "-1 after the closing"),
            ({"nb_days": 61}, "0 to 60 months"),
        ):
            with self.assertRaisesRegex(ValidationError, sentence), self.env.cr.savepoint():
                term.line_ids.write({"delay_type": "closing_months", **values})

    def test_when_the_addon_goes(self):
        """The nearest that Odoo has; of days from the closing the same dates."""
        term = self.env["account.payment.term"].create({"name": "By the month"})
        line = term.line_ids
        line.write({"delay_type": "closing_days", "nb_days": 30})
        line._leave_closing_days()
        self.assertEqual(term._due_dates(date(2026, 3, 10)), [date(2026, 5, 1)])
        line.write({"delay_type": "closing_months", "nb_days": 2})
        line._leave_closing_months()
        self.assertEqual(term._due_dates(date(2026, 3, 10)), [date(2026, 5, 30)])


@tagged("post_install", "-at_install")
class TestPaymentBase(AgreementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls._closing_term(1)
        Account = cls.env["account.account"]
        cls.income = Account.create({"name": "Sales", "code": "PT6001", "account_type": "income"})
        cls.receivable = Account.create(
            {"name": "Receivable", "code": "PT1122", "account_type": "asset_receivable", "reconcile": True}
        )
        cls.journal = cls.env["account.journal"].create(
            {"name": "Sales", "code": "PTSA", "type": "sale", "default_account_id": cls.income.id}
        )
        cls.customer.property_account_receivable_id = cls.receivable
        cls.goods = cls.env["product.product"].create(
            {"name": "Gear", "type": "consu", "list_price": 10.0, "taxes_id": False}
        )
        cls.goods.property_account_income_id = cls.income

    @classmethod
    def _closing_term(cls, months, **vals):
        line = {"value": "percent", "value_amount": 100, "delay_type": "closing_months", "nb_days": months, **vals}
        return cls.env["account.payment.term"].create({"name": "By the month", "line_ids": [Command.create(line)]})

    def _invoice(self, day="2026-03-10", **vals):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "journal_id": self.journal.id,
                "invoice_date": day,
                "invoice_payment_term_id": self.term.id,
                "invoice_line_ids": [
                    Command.create({"product_id": self.goods.id, "quantity": 1, "price_unit": 100, "tax_ids": []})
                ],
                **vals,
            }
        )

    def _dues(self, invoice):
        lines = invoice.line_ids.filtered(lambda line: line.account_id == self.receivable)
        return lines.sorted("date_maturity").mapped("date_maturity")

    def _shipped_order(self, moment):
        order = self._create_quotation(
            self.director,
            payment_term_id=self.term.id,
            order_line=[Command.create({"product_id": self.goods.id, "product_uom_qty": 5, "price_unit": 10})],
        ).sudo()
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 5, "picked": True})
        picking._action_done()
        picking.move_ids.date = moment
        return order

    # === INVOICES === #

    def test_invoice_counts_from_its_base(self):
        invoice = self._invoice()
        self.assertEqual(self._dues(invoice), [date(2026, 4, 30)], "without a base as Odoo does it")
        invoice._count_terms_from(date(2026, 1, 31))
        self.assertEqual(self._dues(invoice), [date(2026, 2, 28)])
        self.assertEqual(invoice.invoice_date_due, date(2026, 2, 28))
        self.assertEqual(invoice.invoice_date, date(2026, 3, 10))
        invoice.sales_dept_base_date = False
        self.assertEqual(self._dues(invoice), [date(2026, 4, 30)])

    def test_instalments_that_meet_on_one_day_part_again(self):
        """1 and 2 months from the invoice, both counted anew: amounts stay, and so does their sum."""
        self.term = self.env["account.payment.term"].create(
            {
                "name": "In two parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 30, "nb_days": 0}),
                    Command.create(
                        {"value": "percent", "value_amount": 70, "delay_type": "closing_months", "nb_days": 0}
                    ),
                ],
            }
        )
        invoice = self._invoice("2026-03-31")
        self.assertEqual(self._dues(invoice), [date(2026, 3, 31)])
        invoice._count_terms_from(date(2026, 3, 10))
        self.assertEqual(self._dues(invoice), [date(2026, 3, 10), date(2026, 3, 31)])
        lines = invoice.line_ids.filtered(lambda line: line.account_id == self.receivable).sorted("date_maturity")
        self.assertEqual(lines.mapped("balance"), [30, 70])

    def test_a_base_from_a_client_s_context_is_none(self):
        invoice = self._invoice()
        hacked = invoice.with_context(sales_dept_base_date="2020-01-31")
        hacked.invoice_line_ids.price_unit = 90
        self.assertEqual(self._dues(invoice), [date(2026, 4, 30)])

    def test_posted_invoices_stand(self):
        invoice = self._invoice(sales_dept_base_date="2026-01-31")
        invoice.action_post()
        self.assertEqual(self._dues(invoice), [date(2026, 2, 28)])
        with self.assertRefused("is posted: its due dates stand"):
            invoice.sales_dept_base_date = "2026-02-28"
        invoice.sales_dept_base_date = "2026-01-31"
        invoice.button_draft()
        invoice.sales_dept_base_date = "2026-02-28"
        self.assertEqual(self._dues(invoice), [date(2026, 3, 31)])

    # === AGREEMENTS === #

    def test_expected_due_date(self):
        agreement = self._create_agreement(payment_term_id=self.term.id, payment_base="shipment")
        self.assertEqual(agreement._expected_due_date(date(2026, 1, 31)), date(2026, 2, 28))
        self.assertEqual(agreement.payment_example_dates.count("→"), 3)
        agreement.payment_term_id = False
        self.assertEqual(agreement._expected_due_date(date(2026, 1, 31)), date(2026, 1, 31))

    def test_base_is_signed_and_renewed(self):
        agreement = self._create_signed(payment_term_id=self.term.id, payment_base="statement")
        with self.assertRefused("its terms stand as they are"):
            agreement.payment_base = "invoice"
        self.assertEqual(agreement.state, "in_force")
        self.term.sudo().line_ids.sales_dept_grace_days = 10
        self.assertEqual(agreement.sudo().approval_state, "stale", "grace days are part of what was signed")
        self.term.sudo().line_ids.sales_dept_grace_days = 0
        self.assertEqual(agreement.sudo().approval_state, "approved")
        agreement.action_renew()
        self.assertEqual(agreement.successor_id.payment_base, "statement")

    def test_existing_agreements_count_as_before(self):
        """Nothing was agreed about it, and nothing changes: the invoice's own date."""
        self._create_signed(payment_term_id=self.term.id)
        order = self._shipped_order(datetime(2026, 1, 31, 4))
        invoice = order._create_invoices()
        self.assertFalse(invoice.sales_dept_base_date)

    def test_invoice_of_an_order_counts_from_the_shipment(self):
        """At 16:30 UTC it is the next day in Shanghai; goods that come back later change nothing."""
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        self._create_signed(payment_term_id=self.term.id, payment_base="shipment")
        order = self._shipped_order(datetime(2026, 1, 30, 16, 30))
        invoice = order._create_invoices()
        self.assertEqual(invoice.sales_dept_base_date, date(2026, 1, 31))
        self.assertEqual(self._dues(invoice), [date(2026, 2, 28)])

    def test_not_of_an_agreement_that_ended_or_says_otherwise(self):
        for vals in (
            {"payment_base": "invoice"},
            {"payment_base": "shipment", "payment_term_id": self._closing_term(2).id},
            {"payment_base": "shipment", "date_end": self.today - timedelta(days=1)},
        ):
            with self.subTest(vals=vals):
                agreement = self._create_signed(**{"payment_term_id": self.term.id, **vals})
                invoice = self._shipped_order(datetime(2026, 1, 31, 4))._create_invoices()
                self.assertFalse(invoice.sales_dept_base_date, agreement.state)
                if agreement.state != "expired":
                    agreement.with_user(self.director)._terminate(self.today, "Test")

    def test_whoever_invoices_need_not_read_the_agreement(self):
        self._create_signed(payment_term_id=self.term.id, payment_base="shipment")
        order = self._shipped_order(datetime(2026, 1, 31, 4))
        biller = self._create_users(
            self._prepare_user(
                "biller_test", "sales_team.group_sale_salesman_all_leads", "account.group_account_invoice"
            )
        )
        self.assertFalse(self.Agreement.with_user(biller).has_access("read"))
        invoice = order.with_user(biller)._create_invoices()
        self.assertEqual(invoice.sales_dept_base_date, date(2026, 1, 31))
        with self.assertRaises(UserError):
            order.with_user(biller)._create_invoices()
