import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

from freezegun import freeze_time
from openpyxl import load_workbook
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import format_date, mute_logger

from ..models.collection.sales_receivable_ageing import AMOUNTS
from .collection_common import CollectionCommon

NOW = "2026-06-10 04:00:00"
END = date(2026, 4, 30)


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestReceivableAgeing(CollectionCommon):
    def _take(self, day=END):
        self.Ageing._take(self.company, day)
        return self.Ageing.search([("company_id", "=", self.company.id), ("date", "=", day)])

    def _sums(self, rows):
        return {name: sum(rows.mapped(name)) for name in AMOUNTS if sum(rows.mapped(name))}

    def test_adds_up_to_the_balance(self):
        """B7: at 30 April 100,000 not due, 50,000 overdue and a payment on account of 1,000 are 149,000."""
        late = self._invoice(self.manager1, 50000, "2026-03-01", due="2026-03-31")
        soon = self._invoice(self.manager1, 100000, "2026-04-15", due="2026-05-15")
        self._credit(1000, "2026-04-30")
        # Paid in May: on 30 April it was open.
        self._pay(self._due(late), 50000, "2026-05-04")
        self._pay(self._due(soon), 60000, "2026-05-20")
        rows = self._take()
        self.assertEqual(sorted(rows.mapped("total")), [-1000, 50000, 100000])
        self.assertEqual(self._sums(rows), {"not_due": 99000, "days_1_30": 50000})
        self.assertEqual(Decimal(str(sum(rows.mapped("total")))), self._balance(END))

    def test_each_instalment_by_its_own_day(self):
        """B6: 90,000 at 30/30/40 % is aged as 27, 27 and 36 thousand."""
        terms = self._terms((30, 10), (30, 40), (40, 70))
        self._invoice(self.manager1, 90000, "2026-03-01", invoice_payment_term_id=terms.id)
        self.assertEqual(self._sums(self._take()), {"not_due": 36000, "days_1_30": 27000, "days_31_60": 27000})

    def test_settled_leaves_no_row(self):
        """B8: an invoice of 100 that is paid 60 + 40 has no row, neither 0 nor -0."""
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        for amount in (60, 40):
            self._pay(self._due(invoice), amount, "2026-04-02")
        self.assertFalse(self._take())

    def test_edges_of_the_columns(self):
        """B14: due on the day itself is not overdue; 30, 31, 60, 61, 90 and 91 days stand in their own columns."""
        for days in (0, 1, 30, 31, 60, 61, 90, 91):
            due = END - timedelta(days=days)
            self._invoice(self.manager1, 1 + days, "2026-01-01", due=due)
        self.assertEqual(
            self._sums(self._take()),
            {"not_due": 1, "days_1_30": 33, "days_31_60": 93, "days_61_90": 153, "days_over_90": 92},
        )

    def test_disputed_stays_in_it(self):
        """B12: what is disputed is still owed."""
        line = self._due(self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31"))
        self._dispute(line)
        self.assertEqual(self._take().total, 100)

    def test_cancelled_is_not_in_it(self):
        """B15: neither a cancelled credit note nor a draft counts."""
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        self._invoice(self.manager1, 30, "2026-03-01", kind="out_refund").button_cancel()
        self._invoice(self.manager1, 50, "2026-03-01", due="2026-03-31").button_draft()
        self.assertEqual(self._take().mapped("total"), [100])

    def test_foreign_currency(self):
        """B17: an invoice of 100 EUR at 7 is aged as 100 EUR and 700; paid in part at another rate it still adds up."""
        euro = self._euro()
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31", currency=euro)
        self._pay(self._due(invoice), 40, "2026-04-15", currency=euro)
        row = self._take()
        self.assertEqual((row.currency_id, row.amount, row.total), (euro, 60, 420))
        self.assertEqual(Decimal(str(sum(row.mapped("total")))), self._balance(END))

    def _euro(self):
        euro = self.env["res.currency"].create({"name": "KEU", "symbol": "K€", "rounding": 0.01})
        euro.rate_ids = [
            Command.create({"name": "2026-01-01", "rate": 1 / 7, "company_id": self.company.id}),
            Command.create({"name": "2026-04-10", "rate": 1 / 6.5, "company_id": self.company.id}),
        ]
        return euro

    def test_it_stays(self):
        """Taken once: what is booked into that month later, or un-reconciled, does not rewrite it."""
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        rows = self._take()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env.cr.execute(self.Ageing._insert_sql(self.company, END))
        self._invoice(self.manager1, 50, "2026-04-01", due="2026-04-02")
        self._pay(self._due(invoice), 100, "2026-04-20")
        self.assertEqual(self._take(), rows)
        self.assertEqual(rows.total, 100)
        with self.assertRaises(AccessError):
            rows.write({"total": 1})
        for operation in ("write", "create", "unlink"):
            self.assertFalse(rows.with_user(self.director).has_access(operation))

    def test_the_job_takes_the_last_month_once(self):
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        self.Ageing._cron_month_end()
        self.assertFalse(self.Ageing.search([("company_id", "=", self.company.id)]), "it is off")
        self.company.sales_dept_collection = True
        self.Ageing._cron_month_end()
        self.Ageing._cron_month_end()
        self.assertEqual(self.Ageing.search([("company_id", "=", self.company.id)]).date, date(2026, 5, 31))

    def test_on_demand(self):
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        Make = self.env["sales.receivable.ageing.make"]
        Make.with_user(self.finance).create({"date": "2026-04-03"}).action_take()
        self.assertEqual(self.Ageing.search([("date", "=", END)]).total, 100)
        with self.assertRefused("not over yet"):
            Make.with_user(self.director).create({"date": "2026-06-01"}).action_take()
        with self.assertRaises(AccessError):
            Make.with_user(self.manager1).create({"date": "2026-04-03"})

    def test_own_only(self):
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        self._invoice(self.manager2, 30, "2026-03-01", due="2026-03-31")
        rows = self._take()
        seen = {user: rows.with_user(user).search([("date", "=", END)]).mapped("total") for user in self._readers()}
        self.assertEqual(
            [sorted(seen[user]) for user in self._readers()], [[100], [30], [30, 100], [30, 100], [30, 100]]
        )

    def _readers(self):
        return [self.manager1, self.manager2, self.assistant, self.gm, self.finance]

    def test_xlsx(self):
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        rows = self._take().with_user(self.director)
        sheet = load_workbook(BytesIO(rows._register_file().read())).active
        *head, _empty, heading, first = sheet.iter_rows(values_only=True)
        self.assertEqual(first[heading.index("1–30 Days")], 100)
        self.assertEqual([label for label, *_texts in head], ["Company", "Period", "As Of"])
        self.assertEqual(head[1][1], format_date(self.env, END), "the day that it is of, not that of the download")
        self.assertIn(format_date(self.env, fields.Date.today()), head[2][1], "when it was taken")

    def test_xlsx_of_open_items(self):
        """They are of the moment in which they are downloaded, by the company's clock."""
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        items = self.env["sales.receivable.item"].with_user(self.director).search([])
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        with freeze_time("2026-04-30 16:30:00"):
            sheet = load_workbook(BytesIO(items._register_file().read())).active
        rows = dict(row[:2] for row in sheet.iter_rows(max_row=2, values_only=True))
        self.assertEqual(rows, {"Company": self.company.name, "As Of": "05/01/2026 12:30:00 AM (Asia/Shanghai)"})

    def test_random_history(self):
        """Random invoices in instalments, credit notes, payments and un-reconciliations: ageing and plan lines are
        those of a naive reference, and the rows add up to the balance on each day.
        """
        dice = random.Random(20260430)
        euro = self._euro()
        terms = self._terms((50, 10), (50, 45))
        reference = []
        for _ in range(12):
            day = date(2026, 2, 1) + timedelta(days=dice.randrange(80))
            invoice = self._invoice(
                dice.choice([self.manager1, self.manager2]),
                dice.randrange(100, 900),
                day,
                due=day + timedelta(days=dice.randrange(60)),
                currency=dice.choice([None, None, euro]),
                **({"invoice_payment_term_id": terms.id} if dice.random() < 0.4 else {}),
            )
            for line in self._due(invoice):
                reference.append(line)
                if dice.random() < 0.6:
                    paid_on = day + timedelta(days=dice.randrange(70))
                    share = dice.choice([1, 1, 0.5])
                    self._pay(line, round(line.amount_currency * share, 2), str(paid_on), currency=line.currency_id)
                    if dice.random() < 0.15:
                        line.remove_move_reconcile()
        refund = self._invoice(self.manager1, 55, "2026-04-03", kind="out_refund")
        (self._due(refund) | reference[0].filtered(lambda line: line.currency_id == refund.currency_id)).reconcile()
        self._credit(77, "2026-04-11")
        for day in (date(2026, 3, 31), END, date(2026, 5, 31)):
            rows = self._take(day)
            self.assertEqual(Decimal(str(round(sum(rows.mapped("total")), 2))), self._balance(day), day)
            self.assertEqual(self._as_dict(rows), self._naive(day), day)
            self.assertFalse(rows.filtered(lambda row: abs(sum(row[name] for name in AMOUNTS) - row.total) > 0.001))
        for user in (self.manager1, self.manager2):
            plan = self._plan("2026-06-01", user)
            self.assertEqual(
                sorted(plan.line_ids.mapped(lambda line: (line.move_line_id.id, round(line.amount, 2)))),
                sorted(
                    (line.id, round(line.amount_residual_currency, 2))
                    for line in reference
                    if line.amount_residual_currency > 0
                    and line.date_maturity <= date(2026, 6, 30)
                    and line.move_id.invoice_user_id == user
                ),
            )

    def _as_dict(self, rows):
        return {row.move_line_id.id: (round(row.amount, 2), round(row.total, 2), row.days_overdue) for row in rows}

    def _naive(self, day):
        """What was open at the end of `day`, item by item, with the ORM."""
        open_items = {}
        lines = self.env["account.move.line"].search(
            [
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("company_id", "=", self.company.id),
                ("date", "<=", day),
            ]
        )
        for line in lines:
            amounts = defaultdict(float, currency=line.amount_currency, company=line.balance)
            for partial in line.matched_credit_ids.filtered(lambda partial: partial.max_date <= day):
                amounts["currency"] -= partial.debit_amount_currency
                amounts["company"] -= partial.amount
            for partial in line.matched_debit_ids.filtered(lambda partial: partial.max_date <= day):
                amounts["currency"] += partial.credit_amount_currency
                amounts["company"] += partial.amount
            rest = round(amounts["currency"], 2), round(amounts["company"], 2)
            if any(rest):
                days = max((day - (line.date_maturity or line.date)).days, 0)
                open_items[line.id] = (*rest, days)
        return open_items

    def test_queries_do_not_grow(self):
        counts = []
        for day in (date(2026, 2, 28), date(2026, 3, 31), END):
            for _ in range(4):
                self._invoice(self.manager1, 10, "2026-02-01", due="2026-02-20")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.Ageing._take(self.company, day)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCollectionFigures(CollectionCommon):
    """CEI, DSO, days to pay."""

    def test_cei_and_dso(self):
        """Open before 300, invoiced 200, open at the end 150 of which 100 not due: CEI 350/400, DSO 150 / (500/89)."""
        old = self._invoice(self.manager1, 300, "2026-03-01", due="2026-03-31")
        new = self._invoice(self.manager1, 200, "2026-04-10", due="2026-05-10")
        self._pay(self._due(old), 250, "2026-04-12")
        self._pay(self._due(new), 100, "2026-04-20")
        for day in (date(2026, 3, 31), END):
            self.Ageing._take(self.company, day)
        self.env.flush_all()
        march, april = self.env["sales.collection.figure"].search([("user_id", "=", self.manager1.id)], order="date")
        self.assertEqual((april.opening, april.billed, april.closing, april.closing_not_due), (300, 200, 150, 100))
        self.assertAlmostEqual(april.cei, 87.5)
        # 1 February to 30 April: 89 days, in which 500 were invoiced.
        self.assertAlmostEqual(april.dso, 150 / (500 / 89))
        self.assertFalse(march.cei, "nothing is known of the month before")
        self.assertFalse(self.env["sales.collection.figure"].with_user(self.manager2).search([]))

    def test_ratios_of_a_group_are_those_of_its_sums(self):
        for user, amount, paid in ((self.manager1, 100, 100), (self.manager2, 900, 0)):
            invoice = self._invoice(user, amount, "2026-04-01", due="2026-04-10")
            if paid:
                self._pay(self._due(invoice), paid, "2026-04-20")
        # So that something is known of the month before.
        self._invoice(self.manager2, 10, "2026-03-01", due="2026-12-31")
        for day in (date(2026, 3, 31), END):
            self.Ageing._take(self.company, day)
        self.env.flush_all()
        ((cei,),) = self.env["sales.collection.figure"]._read_group(
            [("date", "=", "2026-04-01"), ("company_id", "=", self.company.id)], [], ["cei:avg"]
        )
        self.assertAlmostEqual(cei, 10.0)

    def test_who_collected_all_counts_too(self):
        """300 of one are paid, 100 of the other are not: 75 % of what could be, and 100 in days of all invoices."""
        paid = self._invoice(self.manager1, 300, "2026-03-01", due="2026-03-31")
        self._invoice(self.manager2, 100, "2026-03-01", due="2026-03-31")
        self._pay(self._due(paid), 300, "2026-04-10")
        for day in (date(2026, 3, 31), END):
            self.Ageing._take(self.company, day)
        self.env.flush_all()
        Figure = self.env["sales.collection.figure"]
        april = [("date", "=", "2026-04-01"), ("company_id", "=", self.company.id)]
        of_person = {figure.user_id: figure for figure in Figure.search(april)}
        self.assertEqual(of_person[self.manager1].cei, 100)
        self.assertEqual((of_person[self.manager1].closing, of_person[self.manager1].dso), (0, 0))
        self.assertEqual(of_person[self.manager2].cei, 0)
        ((cei, dso),) = Figure._read_group(april, [], ["cei:avg", "dso:avg"])
        self.assertAlmostEqual(cei, 75)
        self.assertAlmostEqual(dso, 100 / (400 / 89))

    def test_on_time_is_the_kpis(self):
        invoice = self._invoice(self.manager1, 100, "2026-04-01", due="2026-04-20")
        self._invoice(self.manager1, 100, "2026-04-01", due="2026-04-30")
        self._pay(self._due(invoice), 100, "2026-04-20")
        self._compute("2026-04-01")
        self.Ageing._take(self.company, END)
        self.env.flush_all()
        figure = self.env["sales.collection.figure"].search([("user_id", "=", self.manager1.id)])
        self.assertEqual((figure.on_time, figure.fell_due, figure.on_time_share), (100, 200, 50))

    def test_days_to_pay(self):
        """100 after 10 days and 300 after 50 days are 40 days; older than a year, credited or unpaid does not count."""
        for amount, day, paid in ((100, "2026-03-01", "2026-03-11"), (300, "2026-03-01", "2026-04-20")):
            self._pay(self._due(self._invoice(self.manager1, amount, day)), amount, paid)
        self._pay(self._due(self._invoice(self.manager1, 999, "2025-01-01")), 999, "2025-06-01")
        self._invoice(self.manager1, 500, "2026-03-01")
        credited = self._invoice(self.manager1, 70, "2026-03-01")
        (self._due(credited) | self._due(self._invoice(self.manager1, 70, "2026-05-01", kind="out_refund"))).reconcile()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.customer.with_user(self.manager1).collection_days_to_pay, 40)
        self.assertEqual(self._customer("New").collection_days_to_pay, 0)

    def test_partner_amounts(self):
        self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-20")
        self._invoice(self.manager1, 60, "2026-03-01", due="2026-12-20")
        self._invoice(self.manager2, 5, "2026-03-01", due="2026-03-20")
        self.env.flush_all()
        self.env.invalidate_all()
        partner = self.customer.with_user(self.manager1)
        self.assertEqual((partner.collection_open_amount, partner.collection_overdue_amount), (160, 100))
        with self.assertRaises(AccessError):
            self.customer.with_user(self.engineering).read(["collection_open_amount"])
        action = partner.action_open_receivable_items()
        self.assertEqual(len(self.Item.with_user(self.manager1).search(action["domain"])), 2)
