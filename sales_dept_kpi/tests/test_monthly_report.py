from datetime import date, datetime
from io import BytesIO
from unittest.mock import patch

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from ..models.monthly_report.sales_monthly_report import SalesMonthlyReport
from .report_common import MONTH, ReportCommon

# Noon in Shanghai.
OCTOBER_2 = "2026-10-02 04:00:00"


@tagged("post_install", "-at_install")
@freeze_time(OCTOBER_2)
class TestMonthlyReport(ReportCommon):
    """A person's report: made, written, submitted, confirmed or sent back; what was submitted stays as it is."""

    # === MAKING === #

    def test_who_writes_one(self):
        self.assertEqual(self.company._monthly_report_writers(), self.writers)
        post = self.env["sales.dept.role"].create(
            {"name": "Researcher", "assigned_user_ids": [Command.set(self.outsider.ids)]}
        )
        self.assertNotIn(self.outsider, self.company._monthly_report_writers())
        post.writes_monthly_report = True
        self.assertIn(self.outsider, self.company._monthly_report_writers())
        post.write(
            {"assigned_user_ids": [Command.clear()], "group_id": self.finance.group_ids.filtered("privilege_id").id}
        )
        self.assertIn(self.finance, self.company._monthly_report_writers(), "who has the post's role")
        post.company_id = self.env["res.company"].create({"name": "Other"})
        self.assertNotIn(self.finance, self.company._monthly_report_writers(), "a post of another company")
        self.manager2.active = False
        self.assertNotIn(self.manager2, self.company._monthly_report_writers())

    def test_cron_makes_them_once(self):
        self.company.sales_dept_monthly_report = False
        self.Report._cron_month_end()
        self.assertFalse(self.Report.search([("date_from", "=", MONTH)]), "nothing until it is switched on")
        self.company.sales_dept_monthly_report = True
        self.Report._cron_month_end()
        reports = self.Report.search([("company_id", "=", self.company.id)])
        self.assertEqual(set(reports.mapped("date_from")), {MONTH})
        self.assertEqual(reports.filtered(lambda report: report.kind == "person").user_id, self.writers)
        self.assertEqual(reports.filtered(lambda report: report.kind == "department").user_id, self.director)
        self.Report._cron_month_end()
        self.assertEqual(self.Report.search([("company_id", "=", self.company.id)]), reports)
        reports.filtered(lambda report: report.user_id == self.manager2).unlink()
        self.Report._cron_month_end()
        self.assertIn(self.manager2, self.Report.search([("date_from", "=", MONTH)]).user_id, "made again")

    def test_month_is_the_companys(self):
        """B22: the month goes by the company's day: 1 October 00:30 in Shanghai is October."""
        for moment, month in (("2026-09-30 16:30:00", MONTH), ("2026-09-30 15:30:00", date(2026, 8, 1))):
            with freeze_time(moment):
                self.assertEqual(self.Report._last_month_of(self.company), month)

    def test_due_on_a_working_day(self):
        """The third working day of the next month, holidays and make-up days counted."""
        report = self._make()
        self.assertEqual(report.due_date, date(2026, 10, 5), "Thursday, Friday, Monday")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "National Day",
                "date_from": "2026-09-30 16:00:00",
                "date_to": "2026-10-07 15:59:59",
                "company_id": self.company.id,
                "calendar_id": False,
            }
        )
        self.assertEqual(self.company._monthly_report_due(MONTH), date(2026, 10, 12), "8, 9 and 12 October")
        self.env["resource.calendar.workday"].create(
            {"name": "Make-up day", "date": "2026-10-10", "company_id": self.company.id}
        )
        self.assertEqual(self.company._monthly_report_due(MONTH), date(2026, 10, 10))
        self.company.sales_dept_monthly_report_days = 1
        self.assertEqual(self.company._monthly_report_due(MONTH), date(2026, 10, 8))
        self.assertEqual(report.due_date, date(2026, 10, 5), "of a report that is there it stays")

    def test_by_hand(self):
        wizard = self.env["sales.monthly.report.make"].with_user(self.director)
        with Form(wizard) as form:
            self.assertEqual(form.date, date(2026, 9, 30))
            form.date = date(2026, 8, 17)
        made = form.record
        self.assertEqual(made.user_ids, self.writers)
        action = made.action_make()
        reports = self.Report.search(action["domain"])
        self.assertEqual(set(reports.mapped("date_from")), {date(2026, 8, 1)})
        with self.assertRefused("have a report of that month already"):
            made.action_make()
        made.date = date(2026, 11, 1)
        with self.assertRefused("still to come"):
            made.action_make()
        with self.assertRaises(AccessError):
            wizard.with_user(self.manager1).create({"date": MONTH})

    def test_query_count(self):
        """Twice as many people want no more queries."""
        people = [self._create_role_user(f"writer{number}_test", "group_account_manager") for number in range(12)]
        self._make(people[0])
        counts = []
        for users in (people[1:4], people[4:12]):
            users = self.env["res.users"].union(*users)
            reports = self.Report.create([self.Report._prepare_values("person", self.company, MONTH, u) for u in users])
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            reports._take_figures()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        # Writes go row by row in places; reading does not.
        self.assertLess(counts[1] - counts[0], 10)
        reports = self.Report.search([("date_from", "=", MONTH), ("kind", "=", "person")])
        asked = []
        for of_some in (reports[:2], reports):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            of_some._adopt_plans()
            asked.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*asked)

    # === WRITING AND SUBMITTING === #

    def test_what_is_missing(self):
        report = self._make().with_user(self.manager1)
        with self.assertRefused("says nothing about the results"):
            report.action_approval_submit()
        report.results = "Two new customers"
        with self.assertRefused("no plan for the next month"):
            report.action_approval_submit()
        report.item_ids = [Command.create({"name": "Visit Ruifeng"})]
        with self.assertRefused("“Visit Ruifeng” .* wants a measure and a date"):
            report.action_approval_submit()
        report.item_ids.write({"measure": "Show the new line", "date": "2026-10-20"})
        report.action_approval_submit()
        self.assertEqual(report.state, "waiting")
        self.assertEqual(report.submitted_date, datetime(2026, 10, 2, 4))
        self.assertFalse(report.is_late)

    def test_confirmed(self):
        report = self._submitted(self._make())
        self.assertEqual(report.approval_ids.waiting_for, "Sales Director")
        report.with_user(self.director).action_approval_approve("Good")
        self.assertEqual((report.state, report.confirmed_date), ("confirmed", datetime(2026, 10, 2, 4)))
        report.action_approval_submit()
        self.assertEqual((report.state, len(report.approval_ids)), ("confirmed", 1), "asking again changes nothing")

    def test_sent_back(self):
        report = self._submitted(self._make())
        report.with_user(self.director).action_approval_reject("Say why the shafts are late")
        self.assertEqual(report.state, "sent_back")
        activity = report.activity_ids.filtered(lambda activity: activity.user_id == self.manager1)
        self.assertEqual(activity.activity_type_id, self.env.ref("sales_dept_kpi.mail_activity_monthly_report_write"))
        with freeze_time("2026-10-20 04:00:00"):
            report.causes = "The bar stock came late"
            report.action_approval_submit()
        self.assertFalse(report.submitted_late, "it was submitted in time, and is only mended")
        report.with_user(self.director).action_approval_approve()
        self.assertEqual(report.state, "confirmed")

    def test_directors_own_goes_to_the_general_manager(self):
        report = self._submitted(self._make(self.director))
        self.assertEqual(report.approval_ids.waiting_for, "General Manager")
        with self.assertRaises(AccessError):
            report.with_user(self.director).action_approval_approve()
        report.with_user(self.gm).action_approval_approve()
        self.assertEqual(report.state, "confirmed")

    def test_only_its_writer_submits(self):
        report = self._write(self._make())
        for user in (self.director, self.gm, self.manager2):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                report.with_user(user).action_approval_submit()
        with self.assertRefused("submitted by manager1_test"):
            report.with_env(self.env).action_approval_submit()

    def test_what_was_submitted_stays(self):
        """Neither its text nor its plan, its figures or its documents change, whatever happens to those."""
        self._keep_books()
        invoice = self._invoice(self.manager1, 500, "2026-08-01")
        report = self._submitted(self._make())
        director = report.with_user(self.director)
        for change in (
            lambda: report.write({"results": "Ten"}),
            lambda: report.write({"item_ids": [Command.create({"name": "More"})]}),
            lambda: report.item_ids.write({"name": "Else"}),
            lambda: report.item_ids.write({"report_id": self._make(day=date(2026, 8, 1)).id}),
            lambda: report.item_ids.unlink(),
            lambda: report.action_take_figures(),
            lambda: director.action_take_figures(),
        ):
            with self.assertRefused("was submitted: what stands in it stays"):
                change()
        with self.assertRefused("stays on record"):
            director.unlink()
        for vals in (
            {"state": "draft"},
            {"collection_amount": 0},
            {"due_date": "2030-01-01"},
            {"submitted_date": False},
            {"user_id": self.manager2.id},
            {"date_from": "2026-01-01"},
            {"line_ids": [Command.clear()]},
            {"figure_ids": [Command.clear()]},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                report.write(vals)
        self._pay(self._due(invoice), 500, "2026-10-02")
        invoice.partner_id.name = "Renamed"
        self.env.invalidate_all()
        line = report.line_ids
        self.assertEqual((line.name, line.amount, line.partner_name), (invoice.name, 500, "Test Customer Ltd"))
        self.assertEqual(report.approval_state, "pending", "and what was signed still stands")
        with patch.object(SalesMonthlyReport, "_check_open", lambda report: None):
            report.write({"results": "Ten"})
        self.assertEqual(report.approval_state, "stale", "without the rule it would have changed")

    def test_withdrawn(self):
        report = self._submitted(self._make())
        report.action_approval_withdraw()
        self.assertEqual(report.state, "draft")
        report.results = "Three new customers"

    # === THE PLAN === #

    def _planned(self):
        """August's plan, and September's report that asks about it."""
        august = self._confirmed(self._make(day=date(2026, 8, 1)))
        return august.item_ids, self._make().with_user(self.manager1)

    def test_plan_is_asked_in_the_next_report(self):
        item, report = self._planned()
        self.assertEqual(report.answered_ids, item)
        self._write(report)
        with self.assertRefused("Say of “Visit Ruifeng”, planned last month, whether it is done"):
            report.action_approval_submit()
        item.outcome = "not_done"
        with self.assertRefused("why “Visit Ruifeng”"):
            report.action_approval_submit()
        item.remark = "The customer was away"
        report.action_approval_submit()
        with self.assertRefused("was submitted"):
            item.outcome = "done"

    def test_plan_that_is_not_submitted_is_not_asked(self):
        self._write(self._make(day=date(2026, 8, 1)))
        report = self._make()
        self.assertFalse(report.answered_ids)

    def test_plan_submitted_after_the_next_report_was_made(self):
        august = self._write(self._make(day=date(2026, 8, 1)))
        report = self._make()
        august.action_approval_submit()
        self.assertEqual(report.answered_ids, august.item_ids)

    def test_plan_of_a_colleague_is_none_of_ours(self):
        self._planned()
        self.assertFalse(self._make(self.manager2).answered_ids)

    def test_moved(self):
        item, report = self._planned()
        item.write({"outcome": "moved", "moved_date": "2026-11-05", "remark": "The customer was away"})
        moved = report.item_ids
        self.assertEqual((moved.name, moved.date, moved.previous_id), ("Visit Ruifeng", date(2026, 11, 5), item))
        item.moved_date = "2026-11-09"
        self.assertEqual(moved.date, date(2026, 11, 9))
        with self.assertRefused("was moved here from last month's plan"):
            moved.unlink()
        item.outcome = "done"
        self.assertFalse(moved.exists())
        item.outcome = "moved"
        item.moved_date = False
        with self.assertRefused("Say until when"):
            self._write(report).action_approval_submit()

    def test_answers_come_with_the_next_report(self):
        report = self._write(self._make())
        with self.assertRefused("said in the next month's report"):
            report.item_ids.outcome = "done"
        with self.assertRefused("said in the next month's report"):
            report.item_ids = [Command.create({"name": "Done already", "outcome": "done"})]

    # === PAPERS === #

    def test_paper(self):
        self._measured(self.manager1, 89.999, 100)
        report = self._submitted(self._make(), help_needed="A sample by Friday")
        name = "sales_dept_kpi.report_monthly_report"
        html = self.env["ir.actions.report"].with_user(self.director)._render_qweb_html(name, report.ids)[0].decode()
        for text in ("Two new customers", "A sample by Friday", "Visit Ruifeng", "Calls answered", "89.9 %", "Missed"):
            self.assertIn(text, html)
        self.assertNotIn("SHA-256", html)
        report.with_user(self.director).action_approval_approve("Well done")
        html = self.env["ir.actions.report"].with_user(self.gm)._render_qweb_html(name, report.ids)[0].decode()
        self.assertIn(report.sudo().approval_ids.digest, html)
        self.assertIn("Well done", html)

    # === WHAT COULD NOT BE COMPUTED === #

    def _broken(self):
        """The query of a KPI does not run, as that of a team's KPI after a change of its table."""
        Source = type(self.env["sales.kpi.source.order_review"])
        return patch.object(Source, "_kpi_evidence_sql", lambda source, period: SQL("SELECT wrong FROM nowhere"))

    def _reviewed(self):
        """A review of the month, received in time."""
        return self._review(self.manager1, datetime(2026, 9, 10, 4), datetime(2026, 9, 10, 4))

    def test_a_kpi_that_fails_is_named(self):
        """Its report says so, on screen, on paper and as XLSX; the other figures stand in it."""
        self._month(MONTH, "open")
        self._reviewed()
        kpi = self.env.ref("sales_dept_kpi.kpi_order_review")
        with freeze_time("2026-09-20 04:00:00"):
            self.assertFalse(self.env["sales.kpi.month"]._of(self.company, MONTH)._compute())
        with self._broken(), mute_logger("odoo.sql_db"):
            report = self._make()
        report.invalidate_recordset()
        failed = report.figure_ids.filtered(lambda figure: figure.kpi_id == kpi)
        self.assertEqual((failed.verdict, failed.has_value, failed.value), ("failed", True, 100), "what it said last")
        self.assertEqual(failed.computed_date, datetime(2026, 9, 20, 4))
        self.assertEqual(
            report.failed_text,
            "Could not be computed when the figures were taken: “Order Reviews on Time”. What is shown of them is "
            "what they said last, and is not judged.",
        )
        self.assertEqual((report.kpi_count, report.kpi_met_count), (0, 0), "it is not judged")
        department = self._department()
        self.assertIn("“Order Reviews on Time”", department.failed_text)
        name = "sales_dept_kpi.report_monthly_report"
        html = self.env["ir.actions.report"].with_user(self.director)._render_qweb_html(name, report.ids)[0].decode()
        self.assertIn(report.failed_text, html)
        sheet = self._sheet(report.figure_ids.with_user(self.director))
        self.assertIn("Could Not Be Computed", [cell for row in sheet for cell in row])

        # What was submitted says so for good, the one that was taken again does not.
        own = self._submitted(report)
        department.with_user(self.director).action_take_figures()
        self.assertIn("“Order Reviews on Time”", own.failed_text)
        self.assertFalse(department.failed_text)
        self.assertEqual(department.figure_ids.filtered(lambda figure: figure.kpi_id == kpi).verdict, "met")

    def test_a_kpi_that_never_was_computed_is_named(self):
        """Also where it failed in every turn before, so that the month has no older figure of it."""
        self._month(MONTH, "open")
        self._reviewed()
        with self._broken(), mute_logger("odoo.sql_db"):
            with freeze_time("2026-10-01 04:00:00"):
                self.assertTrue(self.env["sales.kpi.month"]._of(self.company, MONTH)._compute())
            report = self._make()
        failed = report.figure_ids.filtered(lambda figure: figure.verdict == "failed")
        self.assertEqual((failed.name, failed.result_text), ("Order Reviews on Time", "–"))
        self.assertIn("“Order Reviews on Time”", report.failed_text)

    def test_what_counts_how_things_stand_is_no_failure(self):
        """Once the month is over it keeps what it counted last: that it is older is as it should be."""
        self._month(MONTH, "open")
        kpi = self.env.ref("sales_dept_kpi.kpi_erp_upkeep")
        kpi.active = True
        self._create_quotation(self.manager1)
        with freeze_time("2026-09-20 04:00:00"):
            self.env["sales.kpi.month"]._of(self.company, MONTH)._compute()
        self.assertFalse(self._make().failed_text)

    # === XLSX === #

    def _sheet(self, register):
        """The rows of a register."""
        self.env.flush_all()
        return list(load_workbook(BytesIO(register._register_file().read())).active.iter_rows(values_only=True))

    def test_registers_say_what_they_are(self):
        """Company, month, as of when by the company's clock, and what state the reports are in."""
        self._measured(self.manager1, 95, 100)
        report = self._submitted(self._make())
        self._make(self.manager2)
        register = self.env["sales.monthly.report.figure"].with_user(self.director)
        sheet = self._sheet(register.search([("report_id", "=", report.id)]))
        self.assertEqual(
            [row[:2] for row in sheet[:5]],
            [
                ("Company", self.company.name),
                ("Period", "September 2026"),
                ("As Of", "10/02/2026 12:00:00 PM (Asia/Shanghai)"),
                ("Status", "Waiting for Confirmation"),
                (None, None),
            ],
        )
        self.assertEqual(sheet[5][:2], ("Month", "Report Of"), "then the table")
        reports = self.env["sales.monthly.report"].with_user(self.director)
        self._make(day=date(2026, 8, 1))
        sheet = self._sheet(reports.search([("kind", "=", "person")]))
        self.assertEqual(sheet[0][:2], ("Company", self.company.name))
        self.assertEqual(sheet[1][0], "September 2026")
        self.assertIn("Waiting for Confirmation: 1", sheet[1][1])
        self.assertIn("To Be Written: 1", sheet[1][1])
        self.assertEqual(sheet[2][:2], ("August 2026", "To Be Written, as of 10/02/2026 12:00:00 PM (Asia/Shanghai)"))
        self.env["res.lang"]._activate_lang("zh_CN")
        chinese = self._sheet(report.with_user(self.director).with_context(lang="zh_CN"))
        self.assertEqual([row[0] for row in chinese[:4]], ["公司", "期间", "截至", "状态"])
        self.assertEqual(chinese[1][1], "2026年9月")

    def test_registers(self):
        self._measured(self.manager1, 95, 100)
        self._keep_books()
        self._invoice(self.manager1, 500, "2026-08-01")
        self._submitted(self._make())
        for model, wanted in (
            ("sales.monthly.report", "Two new customers"),
            ("sales.monthly.report.line", "Test Customer Ltd"),
            ("sales.monthly.report.figure", "Calls answered"),
            ("sales.monthly.report.item", "Visit Ruifeng"),
        ):
            register = self.env[model].with_user(self.manager1)
            sheet = load_workbook(BytesIO(register._register_records([])._register_file().read())).active
            self.assertIn(wanted, [cell for row in sheet.iter_rows(values_only=True) for cell in row])
