from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestControlledForm(SalesDeptCommon):
    """Papers carry the number and version of the register that are in force on their own date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"
        cls.report = cls.env.ref("sales_dept_roles.action_report_product_quotation")
        cls.Form = cls.env["sales.controlled.form"]

    def _enter(self, number, version, day, user=None, **values):
        return self.Form.with_user(user or self.gm).create(
            {"report_id": self.report.id, "number": number, "version": version, "date_from": day, **values}
        )

    def _paper(self, order, user=None):
        Report = self.env["ir.actions.report"].with_user(user or self.manager1)
        return Report._render_qweb_html(self.report, order.ids)[0].decode()

    def test_nothing_until_filled(self):
        self.assertFalse(self.Form.search([]))
        self.assertNotIn("Form No.", self._paper(self._create_quotation()))

    def test_paper_carries_what_is_in_force(self):
        order = self._create_quotation(date_order="2026-03-05 04:00:00")
        later = self._create_quotation(date_order="2026-04-05 04:00:00")
        self._enter("QR-SAL-01", "A/1", "2026-03-01")
        self._enter("QR-SAL-01", "A/2", "2026-04-01")
        for paper, version, other in ((self._paper(order), "A/1", "A/2"), (self._paper(later), "A/2", "A/1")):
            self.assertIn("QR-SAL-01", paper)
            self.assertIn(version, paper)
            self.assertNotIn(other, paper)
        before = self._create_quotation(date_order="2026-02-28 04:00:00")
        self.assertNotIn("QR-SAL-01", self._paper(before))

    def test_days_are_the_companys(self):
        """At 20:00 UTC it is the next day in Shanghai."""
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        self._enter("QR-SAL-01", "A/1", "2026-03-06")
        self.assertNotIn("QR-SAL-01", self._paper(self._create_quotation(date_order="2026-03-05 12:00:00")))
        self.assertIn("QR-SAL-01", self._paper(self._create_quotation(date_order="2026-03-05 20:00:00")))

    def test_other_forms_and_companies(self):
        other = self.env["res.company"].create({"name": "Another Company"})
        self._enter("QR-OTHER", "B", "2020-01-01", user=self.env.user, company_id=other.id)
        review = self.env.ref("sales_dept_roles.action_report_order_review")
        self._enter("QR-REVIEW", "C", "2020-01-01", report_id=review.id)
        paper = self._paper(self._create_quotation())
        self.assertNotIn("QR-OTHER", paper)
        self.assertNotIn("QR-REVIEW", paper)

    def test_one_in_force_per_day(self):
        self._enter("QR-SAL-01", "A/1", "2026-03-01")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._enter("QR-SAL-02", "A/1", "2026-03-01")
        self._enter("QR-SAL-02", "A/1", "2026-03-02")
        in_force = self.Form._in_force(self.report, self.company, date(2026, 3, 2))
        self.assertEqual(in_force.number, "QR-SAL-02")

    def test_dates_that_cannot_be_meant(self):
        with self.assertRaises(ValidationError):
            self._enter("QR-SAL-01", "A/1", "0026-03-01")

    def test_rights(self):
        form = self._enter("QR-SAL-01", "A/1", "2026-03-01")
        form.with_user(self.director).version = "A/2"
        for user in (self.manager1, self.assistant, self.finance, self.engineering, self.outsider):
            with self.subTest(user=user.login):
                self.assertEqual(form.with_user(user).version, "A/2")
                for attempt in (
                    lambda user=user: form.with_user(user).write({"version": "B"}),
                    lambda user=user: self._enter("X", "1", "2026-05-01", user=user),
                    lambda user=user: form.with_user(user).unlink(),
                ):
                    with self.assertRaises(AccessError):
                        attempt()
        with self.assertRaises(AccessError):
            form.with_user(self.portal_user).read(["number"])
        form.with_user(self.gm).unlink()

    def test_every_paper_is_in_the_register(self):
        """Each report with the department's layout can have a number, and nothing else can."""
        papers = self.env["ir.actions.report"].search([("is_sales_dept_paper", "=", True)])
        self.assertGreaterEqual(len(papers), 9)
        for report in self.env["ir.actions.report"].search([("report_name", "=like", "sales_dept_%")]):
            self.assertIn(report, papers, report.report_name)

    def test_number_stays_when_the_next_one_comes(self):
        """A version that begins tomorrow changes nothing that is printed today."""
        today = self.company._local_today()
        self._enter("QR-SAL-01", "A/1", today)
        order = self._create_quotation()
        before = self._paper(order)
        self._enter("QR-SAL-01", "A/2", today + timedelta(days=1))
        self.assertEqual(self._paper(order), before)
