from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .report_common import ReportCommon

TABLES = (
    "sales.monthly.report",
    "sales.monthly.report.line",
    "sales.monthly.report.figure",
    "sales.monthly.report.item",
)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-02 04:00:00")
class TestMonthlyReportRights(ReportCommon):
    """A report is read by its writer and by those who lead; a colleague sees nothing of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_books()
        cls._invoice(cls.manager1, 500, "2026-08-01")
        cls._measured(cls.manager1, 95, 100)
        cls.report = cls._submitted(cls._make()).with_env(cls.env)

    def test_who_reads(self):
        for user in (self.manager1, self.director, self.gm):
            for model in TABLES:
                records = self.env[model].with_user(user).search([("user_id", "=", self.manager1.id)])
                with self.subTest(user=user.login, model=model):
                    self.assertTrue(records)

    def test_who_does_not(self):
        for user in (self.manager2, self.assistant, self.finance, self.engineering, self.outsider):
            for model in TABLES:
                with self.subTest(user=user.login, model=model):
                    self.assertFalse(self.env[model].with_user(user).search([("user_id", "=", self.manager1.id)]))
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.report.with_user(user).read(["results"])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.report.sudo().approval_ids.with_user(user).read(["terms_text"])

    def test_department_is_for_those_who_lead(self):
        department = self._department()
        for user in (self.director, self.gm):
            self.assertTrue(department.with_user(user).read(["member_ids"]))
            self.assertTrue(self.env["sales.monthly.report.member"].with_user(user).search([]))
        with self.assertRaises(AccessError):
            self.report.with_user(self.manager1).read(["member_ids"])
        with self.assertRaises(AccessError):
            self.env["sales.monthly.report.member"].with_user(self.manager1).search([])

    def test_nobody_makes_the_systems_part(self):
        for user in (self.manager1, self.director, self.gm):
            for model in (*TABLES[:3], "sales.monthly.report.member"):
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).check_access("create")
            for name in ("line_ids", "figure_ids"):
                with self.subTest(user=user.login, name=name), self.assertRaises(AccessError):
                    self.report.with_user(user)[name].write({"name": "Else"})

    def test_leaders_read_but_do_not_write(self):
        report = self._make(self.manager2)
        for user in (self.director, self.gm):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                report.with_user(user).write({"results": "Nothing"})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["sales.monthly.report.item"].with_user(user).create({"report_id": report.id, "name": "More"})
        with self.assertRaises(AccessError):
            report.with_user(self.manager1).write({"results": "Nothing"})
        with self.assertRaises(AccessError):
            self.env["sales.monthly.report.item"].with_user(self.manager1).create(
                {"report_id": report.id, "name": "More"}
            )
        with self.assertRaises(AccessError):
            report.with_user(self.manager1).action_take_figures()
        report.with_user(self.director).action_take_figures()
        report.with_user(self.manager2).action_take_figures()

    def test_who_deletes(self):
        report = self._make(self.manager2)
        for user in (self.manager2, self.gm):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                report.with_user(user).unlink()
        report.with_user(self.director).unlink()

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        for user in (self.director, self.gm):
            user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
            for model in TABLES:
                with self.subTest(user=user.login, model=model):
                    self.assertFalse(self.env[model].with_user(user).search([("company_id", "=", self.company.id)]))

    def test_an_item_stays_with_its_person(self):
        """Neither can an answer be given to a colleague's plan, nor a plan be put into another's report."""
        with self.assertRaises(AccessError):
            self.report.item_ids.with_user(self.manager2).write({"outcome": "done"})
        other = self._make(self.manager2)
        item = self._write(other).item_ids
        with self.assertRaises(AccessError):
            item.write({"report_id": self.report.id})
        for vals in ({"answer_report_id": other.id}, {"user_id": self.manager1.id}, {"previous_id": item.id}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                item.write(vals)
