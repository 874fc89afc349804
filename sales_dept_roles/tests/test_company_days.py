from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestCompanyDays(SalesDeptCommon):
    """A day is the company's day, wherever its reader sits and whatever day it is in UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.west = cls.env["res.company"].create({"name": "West"})
        cls.west.resource_calendar_id.tz = "America/Los_Angeles"
        cls.department = cls.env["hr.department"].create({"name": "Sales"})
        # Neither of the two is the reader's zone.
        for user in cls.manager1 | cls.gm | cls.director:
            user.tz = "Pacific/Auckland"

    def test_today_and_moments(self):
        with freeze_time("2027-03-01 23:30:00"):
            self.assertEqual(self.company._local_today(), date(2027, 3, 2))
            self.assertEqual(self.west._local_today(), date(2027, 3, 1))
        self.assertEqual(self.company._local_day(datetime(2027, 3, 1, 15, 59)), date(2027, 3, 1))
        self.assertEqual(self.company._local_day(datetime(2027, 3, 1, 16, 0)), date(2027, 3, 2), "midnight begins it")
        self.assertIs(self.company._local_day(False), False)
        self.assertEqual(self.company._moment_of(date(2027, 3, 2)), datetime(2027, 3, 2, 4, 0))
        # Summer time there.
        self.assertEqual(self.west._moment_of(date(2027, 7, 2)), datetime(2027, 7, 2, 19, 0))

    def test_without_a_schedule(self):
        self.company.resource_calendar_id.sudo().tz = False
        self.company.partner_id.tz = "Asia/Tokyo"
        self.assertEqual(self.company._local_day(datetime(2027, 3, 1, 15, 30)), date(2027, 3, 2))
        self.company.partner_id.tz = False
        self.assertEqual(self.company._local_day(datetime(2027, 3, 1, 23, 30)), date(2027, 3, 1), "UTC")

    def test_sql_says_the_same(self):
        moments = [datetime(2027, month, 1, hour, 30) for month in (1, 7) for hour in (0, 6, 7, 8, 15, 16, 23)]
        companies = self.company | self.west
        different = 0
        for moment in moments:
            day = self.env["res.company"]._local_day_sql(moment, SQL("company.id"))
            rows = dict(
                self.env.execute_query(
                    SQL("SELECT company.id, %s FROM res_company company WHERE company.id IN %s", day, companies._ids)
                )
            )
            self.assertEqual(rows, {company.id: company._local_day(moment) for company in companies})
            different += len(set(rows.values())) > 1
        self.assertGreater(different, 4)

    def test_sql_of_a_company_made_since(self):
        """The companies that are there are remembered: not beyond the next one, nor is there one without a day."""
        Company = self.env["res.company"]
        moment = datetime(2027, 3, 1, 15, 30)
        Company._local_day_sql(moment, SQL("company.id"))
        east = Company.create({"name": "East"})
        east.resource_calendar_id.sudo().tz = False
        east.partner_id.tz = "Asia/Tokyo"
        for company, day in ((SQL("%s", east.id), date(2027, 3, 2)), (SQL("NULL::int"), date(2027, 3, 1))):
            rows = self.env.execute_query(SQL("SELECT %s", Company._local_day_sql(moment, company)))
            self.assertEqual(rows, [(day,)])
        self.assertEqual(east._local_day(moment), date(2027, 3, 2))

    def test_requisition_filled_in_the_morning(self):
        requisition = (
            self.env["sales.manpower.requisition"]
            .with_user(self.manager1)
            .create(
                {
                    "position": "Turner of Shafts",
                    "department_id": self.department.id,
                    "number_of_people": 1,
                    "wanted_date": "2099-01-01",
                    "duties": "<p>Turns</p>",
                }
            )
        )
        requisition.action_approval_submit()
        requisition.with_user(self.director).action_approval_approve()
        requisition.with_user(self.gm).action_approval_approve()
        applicant = self.env["hr.applicant"].create({"partner_name": "A", "job_id": requisition.opened_job_id.id})
        # 07:30 on 2 March in Shanghai.
        with freeze_time("2027-03-01 23:30:00"):
            applicant.stage_id = self.env["hr.recruitment.stage"].search([("hired_stage", "=", True)], limit=1)
            self.assertEqual(requisition.filled_date, date(2027, 3, 2))

    def test_requisition_wanted_today(self):
        values = {"position": "Turner", "duties": "<p>Turns</p>", "department_id": self.department.id}
        Requisition = self.env["sales.manpower.requisition"].with_user(self.manager1)
        # 2 March in Shanghai; for the reader in Auckland it is 3 March from 11:00 on.
        with freeze_time("2027-03-02 12:00:00"):
            self.assertFalse(
                Requisition.create({**values, "wanted_date": "2027-03-02"})._approval_submit_error_message()
            )
            late = Requisition.create({**values, "wanted_date": "2027-03-01"})
            self.assertIn("is past", late._approval_submit_error_message())

    def test_paper_expires_with_the_company(self):
        Paper = self.env["res.partner.paper"]
        west = self.env["res.partner"].create({"name": "West Customer", "company_id": self.west.id})
        papers = Paper.create(
            [
                {"partner_id": self.customer.id, "expiry_date": "2027-03-01"},
                {"partner_id": west.id, "expiry_date": "2027-03-01"},
            ]
        )
        with freeze_time("2027-03-01 23:30:00"):
            papers.invalidate_recordset(["is_expired"])
            self.assertEqual(papers.mapped("is_expired"), [True, False])
            found = Paper.search([("is_expired", "=", True), ("id", "in", papers.ids)])
            self.assertEqual(found, papers[0])

    def test_wanted_date_of_an_order(self):
        order = self._create_quotation(order_line=[Command.create({"product_id": self.product.id})])
        # 07:30 on 2 March in Shanghai, where it is still 1 March in UTC.
        order.commitment_date = "2027-03-01 23:30:00"
        self.assertEqual(order.order_line.wanted_date, date(2027, 3, 2))

    def test_pivots_group_by_what_goes_by_days(self):
        """Odoo keeps what it groups by in a set: nothing in that SQL is a list."""
        for model, name in (("calendar.event", "visit_state"), ("sales.agreement", "state")):
            groups = self.env[model].formatted_read_grouping_sets([], [[name], []], ["__count"])
            self.assertEqual(len(groups), 2)
            self.assertTrue(groups[1])
