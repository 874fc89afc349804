from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import SalesDeptCommon


@tagged("post_install", "-at_install")
class TestManpowerRequisition(SalesDeptCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.department = cls.env["hr.department"].create({"name": "Sales", "company_id": cls.company.id})
        cls.company.sales_dept_department_id = cls.department
        cls.recruiter = cls._create_role_user("recruiter_test")
        cls.recruiter.group_ids |= cls.env.ref("hr_recruitment.group_hr_recruitment_user")
        cls.hired_stage = cls.env["hr.recruitment.stage"].search([("hired_stage", "=", True)], limit=1)

    def _requisition(self, user=None, **vals):
        return (
            self.env["sales.manpower.requisition"]
            .with_user(user or self.manager1)
            .create(
                {
                    "position": "Export Manager",
                    "number_of_people": 2,
                    "wanted_date": "2099-01-01",
                    "duties": "<p>Finds customers abroad</p>",
                    "requirements": "English",
                    "salary_min": 8000,
                    "salary_max": 12000,
                    "interviewer_ids": self.director.ids,
                    **vals,
                }
            )
        )

    def test_company_is_signed_too(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        shared = self.env["hr.department"].create({"name": "Everywhere", "company_id": False})
        requisition = self._requisition(department_id=shared.id)
        requisition.action_approval_submit()
        requisition.sudo().company_id = other
        self.assertEqual(requisition.approval_state, "stale")

    def _grant(self, requisition):
        requisition.action_approval_submit()
        if requisition.requester_id != self.director:
            requisition.with_user(self.director).action_approval_approve()
        requisition.with_user(self.gm).action_approval_approve()
        return requisition

    def _hire(self, job, name="Applicant"):
        applicant = self.env["hr.applicant"].create({"partner_name": name, "job_id": job.id})
        applicant.stage_id = self.hired_stage
        return applicant

    # === APPROVAL === #

    def test_director_then_general_manager(self):
        requisition = self._requisition()
        self.assertTrue(requisition.name.startswith("MR/"))
        self.assertEqual((requisition.state, requisition.department_id), ("draft", self.department))
        requisition.action_approval_submit()
        self.assertEqual(requisition.state, "waiting")
        with self.assertRaises(AccessError):
            requisition.with_user(self.gm).action_approval_approve()
        requisition.with_user(self.director).action_approval_approve()
        self.assertFalse(requisition.opened_job_id)
        requisition.with_user(self.gm).action_approval_approve()
        self.assertEqual(requisition.state, "approved")
        job = requisition.opened_job_id
        self.assertEqual(job.name, "Export Manager")
        self.assertEqual(job.no_of_recruitment, 2)
        self.assertEqual(job.department_id, self.department)
        self.assertEqual(job.sudo().interviewer_ids, self.director)
        self.assertIn("abroad", job.description)
        self.assertEqual(job.sudo().requirements, "English")
        self.assertEqual(job.with_user(self.gm).requisition_ids, requisition)
        self.assertEqual(job.with_user(self.director).requisition_count, 1)

    def test_director_asks(self):
        requisition = self._requisition(self.director)
        requisition.action_approval_submit()
        with self.assertRaises(AccessError):
            requisition.action_approval_approve()
        requisition.with_user(self.gm).action_approval_approve()
        self.assertEqual(requisition.state, "approved")

    def test_refused(self):
        requisition = self._requisition()
        requisition.action_approval_submit()
        requisition.with_user(self.director).action_approval_reject("Not this year")
        self.assertEqual(requisition.state, "refused")
        self.assertFalse(requisition.opened_job_id)
        requisition.number_of_people = 1
        requisition.action_approval_submit()
        self.assertEqual(requisition.state, "waiting")

    def test_changed_while_it_waits(self):
        requisition = self._requisition()
        requisition.action_approval_submit()
        requisition.number_of_people = 20
        self.assertEqual((requisition.approval_state, requisition.state), ("stale", "draft"))
        with self.assertRefused("was changed after"):
            requisition.with_user(self.director).action_approval_approve()

    def test_others_may_not_sign(self):
        requisition = self._requisition()
        requisition.action_approval_submit()
        for user in (self.manager1, self.manager2, self.assistant, self.finance, self.recruiter):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                requisition.with_user(user).action_approval_approve()

    # === THE POSITION === #

    def test_position_that_is_there(self):
        job = self.env["hr.job"].create(
            {
                "name": "Assistant",
                "department_id": self.department.id,
                "no_of_recruitment": 1,
                "interviewer_ids": self.manager2.ids,
                "company_id": self.company.id,
            }
        )
        with Form(self.env["sales.manpower.requisition"].with_user(self.manager1)) as form:
            form.job_id = job
            form.number_of_people = 3
            form.wanted_date = "2099-01-01"
            form.duties = "<p>Follows orders</p>"
            form.interviewer_ids.add(self.director)
        chosen = form.record
        self.assertEqual(chosen.position, "Assistant")
        self._grant(chosen)
        self.assertEqual(chosen.opened_job_id, job)
        self.assertEqual(job.no_of_recruitment, 4)
        self.assertEqual(job.interviewer_ids, self.manager2 | self.director)
        job.active = False
        named = self._grant(self._requisition(position="Assistant", number_of_people=1))
        self.assertEqual(named.opened_job_id, job, "found by its name")
        self.assertTrue(job.active)
        self.assertEqual(job.no_of_recruitment, 5)

    def test_opened_once(self):
        requisition = self._grant(self._requisition())
        job = requisition.opened_job_id
        with self.assertRefused("is not waiting for approval"):
            requisition.with_user(self.gm).action_approval_approve()
        with self.assertRefused("opened its position already"):
            requisition.write({"number_of_people": 9})
        requisition.action_approval_submit()
        requisition.sudo()._on_approval_granted(requisition.sudo().approval_ids)
        self.assertEqual(job.no_of_recruitment, 2)
        self.assertEqual(self.env["hr.job"].search_count([("name", "=", "Export Manager")]), 1)
        # Without the guard the second grant would open it a second time.
        Requisition = self.registry["sales.manpower.requisition"]
        with patch.object(Requisition, "opened_job_id", False):
            requisition.sudo()._find_position().write(
                requisition.sudo()._prepare_position_update_values(requisition.sudo()._find_position())
            )
        self.assertEqual(job.no_of_recruitment, 4)

    def test_filled_by_hiring(self):
        requisition = self._grant(self._requisition())
        job = requisition.opened_job_id
        self._hire(job)
        self.assertEqual((requisition.hired_count, requisition.state), (1, "approved"))
        second = self._hire(job)
        self.assertEqual((requisition.hired_count, requisition.state), (2, "filled"))
        self.assertEqual(requisition.filled_date, Date.today())
        second.stage_id = self.env["hr.recruitment.stage"].search([("hired_stage", "=", False)], limit=1)
        self.assertEqual((requisition.hired_count, requisition.state, requisition.filled_date), (1, "approved", False))

    def test_filled_once(self):
        """The day on which it was filled stays, however many are hired for the position later."""
        requisition = self._grant(self._requisition(number_of_people=1))
        with freeze_time("2026-11-10 12:00:00"):
            self._hire(requisition.opened_job_id)
            self.env.flush_all()
        self.assertEqual((requisition.state, requisition.filled_date), ("filled", Date.to_date("2026-11-10")))
        with freeze_time("2026-12-15 12:00:00"):
            self._hire(requisition.opened_job_id, "Later")
            self.env.flush_all()
            self.env.invalidate_all()
        self.assertEqual(requisition.sudo().opened_job_id.no_of_hired_employee, 2)
        self.assertEqual(requisition.filled_date, Date.to_date("2026-11-10"))

    def test_wanted_today(self):
        for zone in ("Asia/Shanghai", "America/Los_Angeles"):
            self.company.resource_calendar_id.tz = zone
            self.manager1.tz = zone
            # Noon in UTC, when it is the same day in both.
            with self.subTest(zone=zone), freeze_time("2026-11-10 12:00:00"):
                requisition = self._requisition(wanted_date="2026-11-10")
                requisition.action_approval_submit()
                self.assertEqual(requisition.state, "waiting")
                with self.assertRefused("a day that is past"):
                    self._requisition(wanted_date="2026-11-09").action_approval_submit()

    def test_hired_before_do_not_count(self):
        """Two requisitions for one position: whoever comes first fills the earlier one."""
        first = self._grant(self._requisition(number_of_people=2))
        job = first.opened_job_id
        self._hire(job)
        second = self._grant(self._requisition(number_of_people=1))
        self.assertEqual(second.opened_job_id, job)
        self.assertEqual((first.state, second.state), ("approved", "approved"))
        self._hire(job)
        self.assertEqual((first.state, second.state), ("filled", "approved"))
        self._hire(job)
        self.assertEqual((first.hired_count, second.hired_count), (2, 1))
        self.assertEqual(second.state, "filled")

    def test_recruitment_goes_on(self):
        """A job that nobody requested here is recruited for as ever."""
        job = self.env["hr.job"].with_user(self.recruiter).create({"name": "Turner", "no_of_recruitment": 1})
        self._hire(job)
        self.assertEqual(job.no_of_recruitment, 0)
        self.assertEqual(job.no_of_hired_employee, 1)
        requested = self._grant(self._requisition()).opened_job_id.with_user(self.recruiter)
        requested.no_of_recruitment = 5
        self.assertEqual(requested.no_of_recruitment, 5)

    def test_interviewer_sees_applicants(self):
        requisition = self._grant(self._requisition(interviewer_ids=(self.director | self.manager2).ids))
        applicant = self.env["hr.applicant"].create({"partner_name": "A", "job_id": requisition.opened_job_id.id})
        for user in (self.director, self.manager2):
            self.assertTrue(applicant.with_user(user).has_access("read"), user.login)
        self.assertFalse(applicant.with_user(self.manager1).has_access("read"))
        self.assertEqual(requisition.application_count, 1)
        action = requisition.with_user(self.director).action_open_applicants()
        self.assertEqual(self.env["hr.applicant"].with_user(self.director).search(action["domain"]), applicant)

    # === RIGHTS === #

    def test_who_may_ask(self):
        for user in (self.manager1, self.assistant, self.director):
            self.assertEqual(self._requisition(user).requester_id, user)
        for user in (self.gm, self.finance, self.engineering, self.outsider, self.recruiter):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._requisition(user)

    def test_who_reads(self):
        requisition = self._requisition()
        for user in (self.manager1, self.director, self.gm):
            read = requisition.with_user(user).read(["position", "salary_min", "salary_max"])
            self.assertEqual(read[0]["salary_max"], 12000, user.login)
        for user in (self.manager2, self.assistant, self.finance, self.engineering, self.outsider, self.recruiter):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                requisition.with_user(user).read(["position"])

    def test_who_sees_the_request(self):
        """Its terms hold the salary."""
        requisition = self._requisition()
        requisition.action_approval_submit()
        approval = requisition.sudo().approval_ids
        for user in (self.manager1, self.director, self.gm):
            self.assertIn("12,000", approval.with_user(user).terms_text)
        for user in (self.manager2, self.assistant, self.finance, self.recruiter):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                approval.with_user(user).read(["terms_text"])

    def test_leaders_read_but_do_not_edit(self):
        requisition = self._requisition()
        for user in (self.director, self.gm):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                requisition.with_user(user).write({"number_of_people": 5})
            with self.subTest(unlink=user.login), self.assertRaises(AccessError):
                requisition.with_user(user).unlink()

    def test_in_ones_own_name(self):
        for user in (self.manager1, self.director):
            with self.assertRaises(AccessError):
                self._requisition(user, requester_id=self.manager2.id)
            requisition = self._requisition(user)
            with self.assertRaises(AccessError):
                requisition.write({"requester_id": self.manager2.id})

    def test_protected_fields(self):
        job = self.env["hr.job"].create({"name": "Any"})
        requisition = self._requisition()
        for vals in (
            {"state": "approved"},
            {"approval_state": "approved"},
            {"opened_job_id": job.id},
            {"hired_before": 5},
            {"hired_count": 2},
            {"filled_date": "2030-01-01"},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                requisition.write(vals)
            with self.subTest(create=vals), self.assertRaises(AccessError):
                self._requisition(**vals)
        Requisition = self.env["sales.manpower.requisition"].with_user(self.manager1)
        result = Requisition.load(["position", "wanted_date", "state"], [["Driver", "2099-01-01", "approved"]])
        self.assertIn("cannot be set", str(result["messages"]))
        requisition = Requisition.with_context(default_state="approved", default_opened_job_id=job.id).create(
            {"position": "Driver", "wanted_date": "2099-01-01"}
        )
        self.assertEqual((requisition.state, requisition.opened_job_id.id), ("draft", False))

    def test_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        department = self.env["hr.department"].create({"name": "There", "company_id": other.id})
        with self.assertRaises(UserError):
            self._requisition(department_id=department.id)
        self.manager1.company_ids |= other
        requisition = (
            self.env["sales.manpower.requisition"]
            .with_user(self.manager1)
            .with_context(allowed_company_ids=other.ids)
            .create(
                {
                    "position": "Export Manager",
                    "wanted_date": "2099-01-01",
                    "duties": "<p>Sells</p>",
                    "department_id": department.id,
                    "company_id": other.id,
                }
            )
        )
        requisition.action_approval_submit()
        with self.assertRaises(AccessError):
            requisition.with_user(self.director).read(["position"])
        with self.assertRaises(AccessError):
            requisition.with_user(self.director).action_approval_approve()
        for user in (self.director, self.gm):
            user.company_ids |= other
            requisition.with_user(user).with_context(allowed_company_ids=other.ids).action_approval_approve()
        self.assertEqual(requisition.opened_job_id.company_id, other)

    # === BAD INPUT === #

    def test_what_is_missing(self):
        for vals, sentence in [
            ({"duties": False}, "says nothing about the duties"),
            ({"duties": "<p><br></p>"}, "says nothing about the duties"),
            ({"reason": "replacement"}, "say whom it replaces"),
            ({"wanted_date": "2020-01-01"}, "a day that is past"),
        ]:
            with self.subTest(vals=vals), self.assertRefused(sentence):
                self._requisition(**vals).action_approval_submit()

    def test_impossible_values(self):
        for vals in ({"number_of_people": 0}, {"salary_min": 9000, "salary_max": 5000}, {"salary_min": -1}):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self._requisition(**vals)
        self.assertTrue(self._requisition(salary_min=9000, salary_max=0), "an open upper end")

    def test_deleted_before_it_opened(self):
        requisition = self._requisition()
        requisition.action_approval_submit()
        approval = requisition.sudo().approval_ids
        requisition.unlink()
        self.assertEqual(approval.state, "withdrawn")
        requisition = self._grant(self._requisition())
        with self.assertRefused("stays as a record"):
            requisition.unlink()

    # === SCREENS === #

    def test_form(self):
        with Form(self.env["sales.manpower.requisition"].with_user(self.assistant)) as form:
            form.position = "Merchandiser"
            form.wanted_date = "2099-01-01"
            form.reason = "replacement"
            form.replaced_name = "Somebody"
            form.duties = "<p>Follows orders</p>"
        requisition = form.record
        requisition.action_approval_submit()
        self.assertIn("director_test", Form(requisition).approval_summary)

    def test_printed_form(self):
        requisition = self._requisition()
        report = self.env["ir.actions.report"]
        name = "sales_dept_roles.report_manpower_requisition"
        html = report.with_user(self.manager1)._render_qweb_html(name, requisition.ids)[0].decode()
        self.assertIn("Export Manager", html)
        self.assertNotIn("SHA-256", html)
        self._grant(requisition)
        html = report.with_user(self.gm)._render_qweb_html(name, requisition.ids)[0].decode()
        self.assertIn("director_test", html)
        self.assertIn(requisition.sudo().approval_ids.digest, html)

    def test_query_count(self):
        counts = []
        # The first reads what the cache keeps.
        for number in (1, 5, 10):
            requisitions = self.env["sales.manpower.requisition"].browse()
            for position in range(number):
                requisitions |= self._requisition(position=f"P{position}-{number}")
            self.env.flush_all()
            self.env.invalidate_all()
            requisitions = requisitions.browse(requisitions.ids)
            before = self.env.cr.sql_log_count
            requisitions.with_user(self.gm).web_read(
                {"name": {}, "position": {}, "state": {}, "hired_count": {}, "application_count": {}}
            )
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
