from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .report_common import MONTH, ReportCommon


@tagged("post_install", "-at_install")
class TestMonthlyReportTelling(ReportCommon):
    """Who is late is seen, reminded once in their own language, and named to the director once."""

    @classmethod
    @freeze_time("2026-10-01 04:00:00")
    def setUpClass(cls):
        super().setUpClass()
        cls.reports = cls._make(cls.manager1 | cls.manager2 | cls.director)
        cls.one, cls.other, cls.own = cls.reports

    def _mails(self, work):
        """Subjects of the messages that `work` sends, by the person they go to."""
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        work()
        sent = self.env["mail.message"].search([("id", ">", before), ("message_type", "=", "user_notification")])
        return {(partner.name, message.subject) for message in sent for partner in message.partner_ids}

    def test_late(self):
        self.assertEqual(self.one.due_date, date(2026, 10, 5))
        late = [("is_late", "=", True), ("kind", "=", "person")]
        # 5 October 23:59 and 6 October 00:00 in Shanghai.
        with freeze_time("2026-10-05 15:59:00"):
            self.assertFalse(self.one.is_late)
            self.assertFalse(self.Report.search(late))
            self._submitted(self.other)
        with freeze_time("2026-10-05 16:00:00"):
            self.env.invalidate_all()
            self.assertEqual(self.Report.search(late), self.one | self.own)
            self.assertEqual(self.reports.filtered("is_late"), self.one | self.own)
            self._submitted(self.one)
            self.assertTrue(self.one.submitted_late)
        with freeze_time("2027-01-01"):
            self.env.invalidate_all()
            self.assertEqual(self.Report.search(late), self.one | self.own, "late once, late for ever")
            self.assertFalse(self.other.is_late)

    def test_reminded_once(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.manager2.lang = "zh_CN"
        with freeze_time("2026-10-03 04:00:00"):
            self.assertFalse(self._mails(self.Report._cron_remind), "not yet")
        with freeze_time("2026-10-04 04:00:00"):
            self._submitted(self.own)
            self.company.sales_dept_monthly_report = False
            self.assertFalse(self._mails(self.Report._cron_remind), "switched off")
            self.company.sales_dept_monthly_report = True
            mails = self._mails(self.Report._cron_remind)
            self.assertIn(("manager1_test", "Please write: Monthly report September 2026: manager1_test"), mails)
            self.assertEqual({name for name, _subject in mails}, {"manager1_test", "manager2_test", "director_test"})
            self.assertFalse(self._mails(self.Report._cron_remind))

    def test_director_is_told_once(self):
        self._submitted(self.one)
        with freeze_time("2026-10-05 04:00:00"):
            self._mails(self.Report._cron_remind)
        with freeze_time("2026-10-06 04:00:00"):
            mails = self._mails(self.Report._cron_remind)
            self.assertEqual(mails, {("director_test", "Monthly reports are late: September 2026")})
            message = self.env["mail.message"].search([("subject", "like", "reports are late")], limit=1)
            self.assertIn("manager2_test", message.body)
            self.assertNotIn("manager1_test", message.body)
            self.assertFalse(self._mails(self.Report._cron_remind))

    def test_to_dos(self):
        """Writing is a to-do of its writer until it is submitted."""

        def asked(report):
            kind = self.env.ref("sales_dept_kpi.mail_activity_monthly_report_write")
            activities = report.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == kind)
            return activities.user_id, set(activities.mapped("date_deadline"))

        self.assertEqual(asked(self.one), (self.manager1, {date(2026, 10, 5)}))
        self._submitted(self.one)
        self.assertFalse(asked(self.one)[0])
        self.one.with_user(self.director).action_approval_reject("Too short")
        self.assertEqual(asked(self.one)[0], self.manager1)
        self.one.with_user(self.manager1).action_approval_submit()
        self.one.with_user(self.director).action_approval_approve()
        self.assertFalse(self.one.sudo().activity_ids, "nothing is left to be done")

    def test_display_name_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.assertIn("2026年9月", self.one.with_context(lang="zh_CN").display_name)
        self.assertEqual(self.one.month_text, "September 2026")
        self.assertEqual(self.one.date_from, MONTH)
