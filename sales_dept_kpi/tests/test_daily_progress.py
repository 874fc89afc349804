import random
from collections import defaultdict
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command, Date
from odoo.tests import tagged

from odoo.addons.sales_dept_kpi.models.daily_progress.asked import Days

from .daily_progress_common import FIGURES, DailyProgressCommon


@tagged("post_install", "-at_install")
class TestDailyProgress(DailyProgressCommon):
    """What was ordered, shipped, invoiced and paid, per person, of a day and of the month so far."""

    def _planned(self, *plans):
        """An approved target of 2031: ``(person, team, amount of each month)``."""
        target = self.env["sales.target"].create({"date_from": "2031-01-01", "spread": "even"})
        for person, team, amount in plans:
            values = {"user_id": person and person.id, "team_id": team and team.id, "measure": "sales"}
            self.env["sales.target.share"].create({**values, "target_id": target.id, "amount": amount * 12})
        target._write_protected({"approved_date": "2030-12-31 04:00:00"})
        return target

    # === FIGURES === #

    def test_day_and_month_so_far(self):
        """Four figures of one person: of the day, and from the first of the month to the day; nothing later."""
        for day, factor in (("2031-02-28", 64), ("2031-03-03", 1), ("2031-03-05", 2), ("2031-03-06", 16)):
            order = self._ordered(day, 100 * factor, self.manager1)
            self._shipped(order, day)
            invoice = self._invoiced(day, 10 * factor, self.manager1)
            self._paid(day, 5 * factor, invoice)
        row = self._row("2031-03-05", self.manager1)
        self.assertEqual(self._figures(row, "day"), [200, 200, 20, 10])
        self.assertEqual(self._figures(row, "month"), [300, 300, 30, 15])
        self.assertEqual(row.team_id, self.team)
        self.assertEqual(self._figures(self._row("2031-03-04", self.manager1), "day"), [0, 0, 0, 0])

    def test_returns_and_credit_notes_are_netted(self):
        order = self._ordered("2031-03-03", 300, self.manager1, quantity=3)
        self._shipped(order, "2031-03-03", 3)
        self._shipped(order, "2031-03-05", 1, back=True)
        self._invoiced("2031-03-03", 300, self.manager1)
        self._invoiced("2031-03-05", 100, self.manager1, kind="out_refund")
        self._paid("2031-03-05", -100)
        row = self._row("2031-03-05", self.manager1)
        self.assertEqual(self._figures(row, "day"), [0, -100, -100, 0])
        self.assertEqual(self._figures(row, "month"), [300, 200, 200, 0])

    def test_only_what_is_confirmed_posted_and_done(self):
        """Quotations, cancelled orders, draft invoices and open transfers are nothing yet, or not any more."""
        self._create_quotation(self.director, user_id=self.manager1.id, date_order="2031-03-05 04:00:00")
        cancelled = self._ordered("2031-03-05", 100, self.manager1)
        cancelled._action_cancel()
        draft = self._invoiced("2031-03-05", 100, self.manager1)
        draft.button_draft()
        self.assertEqual(self._figures(self._row("2031-03-05", self.manager1), "month"), [0, 0, 0, 0])

    def test_the_day_is_the_companys(self):
        """B22: 1 April 00:30 in Shanghai is April, although it is March in UTC."""
        order = self._ordered("2031-03-31 16:30:00", 100, self.manager1)
        self._shipped(order, "2031-03-31 16:30:00")
        self.assertFalse(any(self._figures(self._row("2031-03-31", self.manager1), "month")))
        self.assertEqual(self._figures(self._row("2031-04-01", self.manager1), "day"), [100, 100, 0, 0])

    def test_currencies_by_the_documents_own_rate(self):
        """An order keeps the rate of its day, whatever the rate is now."""
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "¤", "rounding": 0.01})
        rate = self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2031-03-01", "rate": 0.125, "company_id": self.company.id}
        )
        pricelist = self.env["product.pricelist"].create({"name": "Test", "currency_id": currency.id})
        with freeze_time("2031-03-05 04:00:00"):
            order = self._ordered("2031-03-05", 100, self.manager1, pricelist_id=pricelist.id)
            self._shipped(order, "2031-03-05")
            self._invoiced("2031-03-05", 100, self.manager1, currency_id=currency.id)
            self.env.flush_all()
        rate.rate = 0.5
        self.assertEqual(self._figures(self._row("2031-03-05", self.manager1), "day"), [800, 800, 800, 0])

    def test_a_receipt_goes_to_whose_invoices_it_pays(self):
        """Shared by the invoices; what is over goes with the greatest part, an advance to the customer's manager."""
        self.customer.user_id = self.manager2
        first = self._invoiced("2031-03-03", 70, self.manager1)
        second = self._invoiced("2031-03-03", 20, self.manager2)
        self._paid("2031-03-05", 100, first, second)
        self.assertEqual(self._row("2031-03-05", self.manager1).receipt_day, 80)
        self.assertEqual(self._row("2031-03-05", self.manager2).receipt_day, 20)
        self._paid("2031-03-06", 40)
        self.assertEqual(self._row("2031-03-06", self.manager2).receipt_day, 40)

    def test_what_is_nobodys_is_its_teams(self):
        """So the rows add up to the company."""
        self._ordered("2031-03-05", 100, self.manager1)
        self._ordered("2031-03-05", 30, team_id=self.other_team.id)
        sheet = self._sheet("2031-03-05")
        nobody = sheet.filtered(lambda row: not row.user_id)
        self.assertEqual((nobody.team_id, nobody.order_day), (self.other_team, 30))
        self.assertEqual(sum(sheet.mapped("order_day")), 130)
        action = nobody.with_context(progress_figure="order").action_open_documents()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]).mapped("amount"), [30])

    def test_who_left_keeps_what_they_sold(self):
        self._ordered("2031-03-05", 100, self.manager1)
        self.manager1.active = False
        self.assertEqual(self._row("2031-03-05", self.manager1).order_day, 100)

    def test_everybody_who_sells_has_a_row(self):
        sheet = self._sheet("2031-03-05")
        self.assertLessEqual(self.manager1 | self.manager2 | self.director, sheet.user_id)
        self.assertNotIn(self.finance, sheet.user_id)

    # === THE PLAN === #

    def test_plan_by_working_days(self):
        """March 2031 has 21 working days, of which 3 are over on Wednesday the 5th, and on the 8th, a Saturday, 5."""
        self._invoiced("2031-03-03", 90, self.manager1)
        self.assertEqual(self._row("2031-03-05", self.manager1).plan_month, 0, "nobody planned anything")
        self.env.invalidate_all()
        target = self._planned((self.manager1, self.team, 1000))
        row = self._row("2031-03-05", self.manager1)
        self.assertEqual((row.plan_month, row.plan_day, row.reached), (1000, 142.86, 90))
        self.assertAlmostEqual(row.share, 100 * 90 / 142.86)
        self.assertEqual(self._row("2031-03-08", self.manager1).plan_day, 238.10)
        self.assertEqual(self._row("2031-03-31", self.manager1).plan_day, 1000)
        self.env.invalidate_all()
        target._write_protected({"superseded_date": "2031-01-01 04:00:00"})
        self.assertEqual(self._row("2031-03-05", self.manager1).plan_month, 0, "the target was replaced")

    def test_a_teams_own_plan_stands_with_the_team(self):
        self._planned((self.manager1, self.team, 100), (None, self.team, 50))
        sheet = self._sheet("2031-03-31").filtered(lambda row: row.team_id == self.team and row.plan_month)
        self.assertEqual(
            {row.user_id: row.plan_month for row in sheet}, {self.manager1: 100, sheet.user_id.browse(): 50}
        )

    def test_share_of_a_group_is_that_of_its_sums(self):
        """90 of 100 and 1 of 900 are 9.1 % together, not 45 %; with grouping sets too, as pivots ask."""
        self._invoiced("2031-03-03", 90, self.manager1)
        self._invoiced("2031-03-03", 1, self.manager2)
        self._planned((self.manager1, self.team, 100), (self.manager2, self.other_team, 900))
        progress = self.env["sales.daily.progress"].with_user(self.director)
        domain = [("date", "=", "2031-03-31"), ("plan_month", "!=", 0)]
        self.assertEqual(progress._read_group(domain, [], ["share:avg"]), [(9.1,)])
        by_team, total = progress._read_grouping_sets(domain, [["team_id"], []], ["share:avg"])
        shares = {team: round(share, 2) for team, share in by_team}
        self.assertEqual(shares, {self.team: 90, self.other_team: 0.11})
        self.assertEqual(total, [(9.1,)])

    def test_reached_is_what_the_targets_count(self):
        """By the company's basis; as the KPI of sales attainment has it, with the credit of an order shared."""
        order = self._ordered("2031-03-05", 100, self.manager1)
        self.env["sales.credit.split"].with_user(self.director).create(
            [
                {"order_id": order.id, "user_id": self.manager2.id, "share": 40, "kind": "revenue"},
                {"order_id": order.id, "user_id": self.director.id, "share": 50, "kind": "overlay"},
            ]
        )
        self._invoiced("2031-03-05", 7, self.manager1)
        self.assertEqual(self._row("2031-03-05", self.manager1).reached, 7)
        self.env.invalidate_all()
        self.company.sales_dept_sales_basis = "ordered"
        sheet = self._sheet("2031-03-05")
        reached = {row.user_id: row.reached for row in sheet if row.reached}
        self.assertEqual(reached, {self.manager1: 60, self.manager2: 40})
        month = self.env["sales.kpi.month"]._of(self.company, date(2031, 3, 1)).sudo()
        month.action_compute()
        results = month.result_ids.filtered(lambda result: result.kpi_id.source == "sales_attainment")
        self.assertEqual({result.user_id: result.numerator for result in results if result.numerator}, reached)

    # === WHICH DAYS === #

    def test_today_unless_a_day_is_asked_for(self):
        with freeze_time("2031-03-04 20:00:00"):
            sheet = self.env["sales.daily.progress"].with_user(self.director).search([])
        self.assertEqual(set(sheet.mapped("date")), {date(2031, 3, 5)})

    def test_rows_are_read_by_their_ids(self):
        """A form, or the register, asks for ids alone, perhaps of several days."""
        self._ordered("2031-03-05", 100, self.manager1)
        row = self._row("2031-03-05", self.manager1) | self._row("2031-02-27", self.manager1)
        self.env.invalidate_all()
        self.assertEqual(row.browse(row.ids).mapped("order_day"), [100, 0])
        self.assertEqual(row.search([("id", "in", row.ids)]), row)
        self.assertEqual(row.exists(), row)

    def test_several_days(self):
        """Each day has its rows; without end, or over a year, it says what to ask for."""
        self._ordered("2031-03-05", 100, self.manager1)
        progress = self.env["sales.daily.progress"].with_user(self.manager1)
        rows = progress.search([("date", ">=", "2031-03-04"), ("date", "<", "2031-03-07")], order="date")
        self.assertEqual(rows.mapped("order_month"), [0, 100, 100])
        groups = progress._read_group([("date", "in", ["2031-03-04", "2031-03-05"])], ["date:day"], ["order_day:sum"])
        self.assertEqual(groups, [(date(2031, 3, 4), 0), (date(2031, 3, 5), 100)])
        for domain in (
            [("date", ">", "2031-03-04")],
            [("date", "!=", False)],
            [("date", ">=", "2029-01-01"), ("date", "<=", "2031-01-01")],
        ):
            with self.assertRefused("say from which day to which"):
                progress.search(domain)

    def test_other_days_by_buttons(self):
        progress = self.env["sales.daily.progress"].with_context(progress_day="2031-03-01")
        action = progress.with_context(progress_step=-1).action_open_day()
        self.assertEqual(action["context"]["search_default_date"], "2031-02-28")
        again = progress.with_context(**action["context"], progress_step=1).action_open_day()
        self.assertEqual(again["context"]["search_default_date"], "2031-03-01")

    # === DOWN TO THE DOCUMENTS === #

    def test_every_figure_opens_its_documents(self):
        """A history by chance (seeded): each figure is the sum of its documents, and what a naive count says."""
        expected = self._history(random.Random(11), 25)
        days = [date(2031, 3, 1) + timedelta(days=offset) for offset in range(0, 31, 5)]
        for day in days:
            for row in self._sheet(day):
                for figure in FIGURES:
                    for span, first in (("day", day), ("month", day.replace(day=1))):
                        amount = row[f"{figure}_{span}"]
                        naive = sum(
                            value
                            for (person, of_figure, on), value in expected.items()
                            if (person, of_figure) == (row.user_id, figure) and first <= on <= day
                        )
                        self.assertAlmostEqual(amount, naive, msg=f"{row.user_id.name} {figure} {span} {day}")
                        context = {"progress_figure": figure, "progress_span": span}
                        action = row.with_context(**context).action_open_documents()
                        documents = self.env[action["res_model"]].with_user(self.director).search(action["domain"])
                        self.assertAlmostEqual(sum(documents.mapped("amount")), amount)

    def _history(self, chance, count):
        """Make documents by chance; return ``{(person, figure, day): amount}``, added up one by one."""
        expected = defaultdict(float)
        people = [self.manager1, self.manager2]
        for _number in range(count):
            person, amount = chance.choice(people), chance.randint(1, 9) * 10.0
            day = date(2031, 2, 20) + timedelta(days=chance.randint(0, 38))
            order = self._ordered(Date.to_string(day), amount * 2, person, quantity=2)
            expected[person, "order", day] += amount * 2
            later = day + timedelta(days=chance.randint(0, 5))
            back = chance.random() < 0.3
            self._shipped(order, Date.to_string(later), 1, back=back)
            expected[person, "shipment", later] += -amount if back else amount
            kind = chance.choice(["out_invoice", "out_invoice", "out_refund"])
            other = chance.choice(people)
            invoice = self._invoiced(Date.to_string(later), amount, other, kind=kind)
            expected[other, "invoice", later] += amount if kind == "out_invoice" else -amount
            if chance.random() < 0.7:
                part = amount if chance.random() < 0.5 else amount / 2
                part = part if kind == "out_invoice" else -part
                self._paid(Date.to_string(later), part, invoice)
                expected[other, "receipt", later] += part
        return expected

    def test_invoices_are_read_without_their_lines(self):
        """Where no credit is split: Odoo has added them up; the figures are those of the lines."""
        self._invoiced("2031-03-05", 100, self.manager1)
        self._invoiced("2031-03-05", 30, self.manager1, kind="out_refund")
        order = self._ordered("2031-03-04", 100, self.director)

        def lines_read():
            self.env.flush_all()
            days, company = Days(date(2031, 3, 5), date(2031, 3, 5)), self.company
            query = self.env["sales.progress.document"]._sales_sql("invoice", days, company)
            return "account_move_line" in query.code, self._row("2031-03-05", self.manager1).invoice_day

        self.assertEqual(lines_read(), (False, 70))
        self.env["sales.credit.split"].create(
            {"order_id": order.id, "user_id": self.manager2.id, "share": 10, "kind": "revenue"}
        )
        self.assertEqual(lines_read(), (True, 70), "to whom a line belongs is said by its order")

    def test_documents_open(self):
        order = self._ordered("2031-03-05", 100, self.manager1)
        documents = self.env["sales.progress.document"].with_user(self.manager1)
        row = documents.search([("date", "=", "2031-03-05")])
        self.env.invalidate_all()
        self.assertEqual(row.browse(row.ids).name, order.name)
        action = row.action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("sale.order", order.id))

    def test_a_day_or_something_else(self):
        """What is of that day, or of that person on any day."""
        self._ordered("2031-03-05", 100, self.manager1)
        self._ordered("2031-03-09", 30, self.manager2)
        self._ordered("2031-03-09", 7, self.manager1)
        documents = self.env["sales.progress.document"].with_user(self.director)
        found = documents.search(["|", ("date", "=", "2031-03-05"), ("user_id", "=", self.manager2.id)])
        self.assertEqual(sorted(found.mapped("amount")), [30, 100])

    def test_queries_do_not_grow(self):
        """As many for ten people as for two."""
        self._ordered("2031-03-05", 100, self.manager1)

        def read():
            self.env.invalidate_all()
            sheet = self.env["sales.daily.progress"].with_user(self.director)
            before = self.env.cr.sql_log_count
            sheet.search_read([("date", "=", "2031-03-05")], ["order_day", "user_id"])
            return self.env.cr.sql_log_count - before

        read()
        few = read()
        for number in range(8):
            self._ordered("2031-03-05", 100, self._create_role_user(f"seller{number}", "group_account_manager"))
        read()
        self.assertEqual(read(), few)

    # === WHO SEES WHAT === #

    def test_account_managers_see_their_own(self):
        self._ordered("2031-03-05", 100, self.manager1)
        self._ordered("2031-03-05", 30, self.manager2)
        self.assertEqual(self._sheet("2031-03-05", self.manager1).user_id, self.manager1)
        documents = self.env["sales.progress.document"].with_user(self.manager1)
        self.assertEqual(documents.search([("date", "=", "2031-03-05")]).mapped("amount"), [100])
        groups = (
            self.env["sales.daily.progress"]
            .with_user(self.manager1)
            ._read_group([("date", "=", "2031-03-05")], [], ["order_day:sum"])
        )
        self.assertEqual(groups, [(100,)])
        theirs = self._row("2031-03-05", self.manager2)
        with self.assertRaises(AccessError):
            theirs.with_user(self.manager1).read(["order_day"])
        for user in (self.director, self.gm, self.assistant, self.finance):
            self.assertLessEqual(self.manager1 | self.manager2, self._sheet("2031-03-05", user).user_id)
        with self.assertRaises(AccessError):
            self._sheet("2031-03-05", self.outsider)

    def test_companies_apart(self):
        """A company's rows are in its own currency; whoever works for it alone sees no others."""
        self._ordered("2031-03-05", 100, self.manager1)
        other = self.env["res.company"].create({"name": "Another Company"})
        stranger = self._create_role_user("stranger_test", "group_director")
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        sheet = self._sheet("2031-03-05", stranger, other)
        self.assertEqual((sheet.company_id, sum(sheet.mapped("order_day"))), (other, 0))
        self.director.company_ids |= other
        both = self.env["sales.daily.progress"].with_user(self.director)
        both = both.with_context(allowed_company_ids=[self.company.id, other.id]).search([("date", "=", "2031-03-05")])
        self.assertEqual(both.company_id, self.company | other)
        self.assertEqual(sum(both.mapped("order_day")), 100)

    # === XLSX === #

    def test_register_of_the_day_that_is_shown(self):
        self._ordered("2031-03-05", 100, self.manager1)
        progress = self.env["sales.daily.progress"].with_user(self.director)
        params = progress.with_context(progress_day="2031-03-05").action_export_register()["params"]
        rows = progress._register_records(params["ids"])
        self.assertEqual(set(rows.mapped("date")), {date(2031, 3, 5)})
        self.assertTrue(rows._register_file().read(4))


@tagged("post_install", "-at_install")
class TestDailyProgressMail(DailyProgressCommon):
    """The day's sheet by mail: off until somebody wants it, once a day, after work, in the reader's language."""

    def setUp(self):
        super().setUp()
        self.company.sales_dept_daily_mail = True
        people = self.env["sales.daily.progress"]._mail_readers(self.company)
        (people - self.director).sales_dept_daily_mail = False

    def _mails(self, moment):
        """What the director gets at the UTC `moment`."""
        domain = [("partner_ids", "in", self.director.partner_id.ids), ("subject", "like", "2031")]
        before = self.env["mail.message"].search(domain)
        with freeze_time(moment):
            self.env["sales.daily.progress"]._cron_mail()
        return self.env["mail.message"].search(domain) - before

    def test_after_work_once_a_day(self):
        self._ordered("2031-03-05", 100, self.manager1)
        self.assertFalse(self._mails("2031-03-05 08:30:00"), "16:30 in Shanghai: they are at work")
        mail = self._mails("2031-03-05 09:30:00")
        self.assertEqual(len(mail), 1)
        self.assertIn("manager1_test", mail.body)
        self.assertIn("100.00", mail.body)
        self.assertFalse(self._mails("2031-03-05 10:00:00"), "they know it")
        self.assertFalse(self._mails("2031-03-08 10:00:00"), "Saturday")
        self.assertTrue(self._mails("2031-03-10 10:00:00"))

    def test_off_by_default(self):
        self.assertFalse(self.env["res.company"].create({"name": "New"}).sales_dept_daily_mail)
        self.company.sales_dept_daily_mail = False
        self.assertFalse(self._mails("2031-03-05 09:30:00"))

    def test_only_who_wants_it(self):
        self.director.with_user(self.director).sales_dept_daily_mail = False
        self.assertFalse(self._mails("2031-03-05 09:30:00"))
        readers = self.env["sales.daily.progress"]._mail_readers(self.company)
        self.assertFalse(readers & (self.manager1 | self.assistant | self.director))

    def test_of_the_company_alone(self):
        """It is sent by the system, which sees all companies."""
        self._ordered("2031-03-05", 100, self.manager1)
        other = self.env["res.company"].create({"name": "Another Company", "sales_dept_daily_mail": True})
        self.director.company_ids |= other
        mails = self._mails("2031-03-05 12:00:00") | self._mails("2031-03-05 23:30:00")
        told = {mail.subject.rpartition(": ")[2]: "manager1_test" in mail.body for mail in mails}
        self.assertEqual(told, {self.company.name: True, "Another Company": False})


@tagged("post_install", "-at_install")
class TestDailyProgressHarm(DailyProgressCommon):
    """Nobody writes what is counted."""

    def test_nothing_is_written(self):
        row = self._row("2031-03-05", self.manager1)
        for user in (self.gm, self.director, self.manager1):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"order_day": 1})
