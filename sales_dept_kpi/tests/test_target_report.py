from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .target_common import TargetCommon


@tagged("post_install", "-at_install")
class TestTargetReport(TargetCommon):
    """Plan against actual: sums and ratios of sums, whatever they are grouped by."""

    def test_category_counts_its_children(self):
        """B2: a target for Parts, a sale of 80 in Gears below it: 80 of 100."""
        self._share(1200, self.manager1)
        self._share(1200, self.manager1, categ=self.parts)
        self._approve()
        self._invoice("2026-03-10", 80)
        other = self.env["product.category"].create({"name": "Parts of another kind"})
        self.product.categ_id = other
        self._invoice("2026-03-10", 5)
        march = [("date", "=", "2026-03-01")]
        self.assertEqual(self._report("categ_id", domain=march)[self.parts], (100, 0 + 0, -100, 0))
        self.product.categ_id = self.gears
        self.env.invalidate_all()
        rows = self._report("categ_id", domain=march)
        self.assertEqual(rows[self.parts], (100, 85, -15, 85))
        self.assertEqual(rows[self.env["product.category"]], (100, 85, -15, 85))

    def test_months_without_documents(self):
        """B3: a month with a target of 100 and no sale is 0 % and −100."""
        self._share(1200, self.manager1)
        self._approve()
        self._invoice("2026-01-10", 50)
        rows = self._report("date:month")
        self.assertEqual(rows[date(2026, 1, 1)], (100, 50, -50, 50))
        self.assertEqual(rows[date(2026, 2, 1)], (100, 0, -100, 0))

    def test_fiscal_year(self):
        """B5: a fiscal year from April 2026: a sale of March 2026 stays out, one of March 2027 is in."""
        target = self._target("2026-04-01")
        self.assertEqual(target.date_to, date(2027, 3, 31))
        self._share(1200, self.manager1, target=target)
        self._approve(target)
        self._invoice("2026-03-31", 999)
        self._invoice("2026-04-01", 10)
        self._invoice("2027-03-31", 20)
        self._invoice("2027-04-01", 999)
        self.assertEqual(self._report()[()], (1200, 30, -1170, 2.5))

    def test_only_the_months_that_are_asked_for_are_made(self):
        """Their figures are those that they have among all of them, whatever else the domain says."""
        following = self._target("2027-01-01")
        for target in (self.target, following):
            self._share(1200, self.manager1, target=target)
            self._approve(target)
        for day in ("2026-01-10", "2026-03-10", "2026-03-31", "2027-02-10"):
            self._invoice(day, 80)
        spans, documents = set(), self.registry["sales.basis"]._documents_sql

        def spy(basis, company, first, until):
            spans.add((first, until))
            return documents(basis, company, first, until)

        self.patch(self.registry["sales.basis"], "_documents_sql", spy)
        everything = self._report("date:month")
        start, end = date(2026, 1, 1), date(2028, 1, 1)
        self.assertEqual((len(everything), spans), (24, {(start, end)}))
        march, since = ("date", "=", "2026-03-01"), ("date", ">", "2026-02-15")
        for domain, wanted, first, until in (
            ([march], [3], date(2026, 3, 1), date(2026, 4, 1)),
            ([since, ("date", "<=", "2026-04-30")], [3, 4], date(2026, 2, 1), date(2026, 5, 1)),
            (["|", march, ("date", ">=", "2027-12-01")], [3, 24], date(2026, 3, 1), end),
            (["|", march, ("user_id", "=", self.manager1.id)], range(1, 25), start, end),
            (["!", march], {*range(1, 25)} - {3}, start, end),
            ([("date", "in", [False, "2026-03-01"])], [3], start, end),
        ):
            spans.clear()
            with self.subTest(domain=domain):
                found = self._report("date:month", domain=domain)
                months = {date(2026 + (number - 1) // 12, (number - 1) % 12 + 1, 1) for number in wanted}
                self.assertEqual(found, {month: row for month, row in everything.items() if month in months})
                self.assertEqual(spans, {(first, until)})

    def test_ratios_of_sums(self):
        """Σ actual ÷ Σ target, in each of several groupings that are read at once."""
        self._share(1200, self.manager1)
        self._share(120, self.manager2)
        self._approve()
        self._invoice("2026-01-10", 100)
        self._invoice("2026-01-10", 5, user=self.manager2)
        self._invoice("2026-02-10", 105, user=self.manager2)
        self.env.flush_all()
        report = self.env["sales.target.report"].with_user(self.director)
        sets = report.with_context(allowed_company_ids=self.company.ids)._read_grouping_sets(
            [("measure", "=", "sales"), ("date", "<", "2026-03-01")],
            [[], ["user_id"], ["user_id", "date:month"]],
            ["attainment:sum"],
        )
        self.assertAlmostEqual(sets[0][0][0], 100 * 210 / 220)
        self.assertEqual({row[0]: row[1] for row in sets[1]}, {self.manager1: 50, self.manager2: 550})
        by_month = {(user, month.month): share for user, month, share in sets[2]}
        self.assertEqual(by_month[self.manager2, 1], 50)
        self.assertEqual(by_month[self.manager2, 2], 1050)
        # The counterfactual: a sum of the rows' own ratios says something else.
        rows = report.search(
            [("measure", "=", "sales"), ("date", "<", "2026-03-01"), ("user_id", "=", self.manager2.id)]
        )
        self.assertEqual(sum(rows.mapped("attainment")), 1100)

    def test_other_companies(self):
        """Of another company's plan nobody sees a row, whatever companies a client claims."""
        self._share(1200, self.manager1)
        self._approve()
        other = self.env["res.company"].create({"name": "Another Company"})
        stranger = self._create_role_user("stranger_test", "group_general_manager")
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        report = self.env["sales.target.report"].with_user(stranger)
        self.assertFalse(report.with_context(allowed_company_ids=other.ids).search([]))
        with self.assertRaises(AccessError):
            report.with_context(allowed_company_ids=self.company.ids).search([])
        self.assertTrue(report.with_user(self.gm).with_context(allowed_company_ids=self.company.ids).search([]))

    def test_nothing_without_a_target(self):
        self._share(1200, self.manager1)
        self._invoice("2026-01-10", 100)
        self.assertFalse(self._report("user_id"))

    def test_new_customers_and_products(self):
        self._share(12, self.manager1, measure="new_customers")
        self._share(12, self.manager1, measure="new_products")
        self._share(500, team=self.team, measure="promotion")
        self._approve()
        self._invoice("2026-01-10", 100)
        self._invoice("2026-01-11", 100)
        january = [("date", "=", "2026-01-01")]
        for measure in ("new_customers", "new_products"):
            self.assertEqual(self._report("user_id", measure=measure, domain=january)[self.manager1], (1, 1, 0, 100))
        # What of a budget was spent nobody knows here: no figure, and no 0 %.
        (budget,) = self._report(measure="promotion").values()
        self.assertEqual(budget, (500, False, False, False))

    def test_forecast(self):
        """Orders in hand less what was invoiced of them, opportunities by probability, in the month they come."""
        today = self.company._local_today()
        target = self._target(today.replace(day=1))
        self._share(1200, self.manager1, target=target)
        self._approve(target)
        coming = fields.Datetime.to_datetime(today.replace(day=1)) + relativedelta(months=2, hours=4)
        order = self._order([(10, 100)], confirmed=fields.Datetime.now(), commitment_date=coming)
        deposit = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": 300})
        )
        deposit.create_invoices()
        order.invoice_ids.invoice_date = today
        # In the evening, by UTC, it is the company's next day.
        order.invoice_ids._post(soft=False)
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": name,
                    "type": "opportunity",
                    "user_id": self.manager1.id,
                    "team_id": self.team.id,
                    "company_id": self.company.id,
                    "expected_revenue": 1000,
                    "date_deadline": deadline,
                }
                for name, deadline in (
                    ("soon", today),
                    ("overdue", today.replace(year=today.year - 1)),
                    ("far", today.replace(year=today.year + 3, day=1)),
                )
            ]
        )
        leads.probability = 40
        self.env.flush_all()
        self.env.invalidate_all()
        amounts = [target[name] for name in ("actual_amount", "in_hand_amount", "pipeline_amount", "forecast_amount")]
        self.assertEqual(amounts, [300, 700, 800, 1800])
        rows = self.env["sales.target.report"].with_user(self.director).search([("in_hand", ">", 0)])
        self.assertEqual(rows.date, coming.date().replace(day=1))
        # A draft is no invoice.
        order._create_invoices()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(target.in_hand_amount, 700)
        self.company.sales_dept_sales_basis = "delivered"
        self.assertEqual(self._report()[()][1], 0)
        order.order_line.filtered(lambda line: not line.is_downpayment and not line.display_type).qty_delivered = 4
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(target.in_hand_amount, 600)
        self.company.sales_dept_sales_basis = "ordered"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((target.actual_amount, target.in_hand_amount), (1000, 0))
        # What is an order already is no opportunity any more.
        order.opportunity_id = leads[0]
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(target.pipeline_amount, 400)
