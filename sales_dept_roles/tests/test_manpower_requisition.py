import doctest
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ..models.manpower_requisition import places
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
        # The day of hire is that of this moment.
        applicant.flush_recordset()
        return applicant

    # === APPROVAL === #

    def test_glance(self):
        requisition = self._requisition()
        requisition.action_approval_submit()
        shown = self.assertDialogSays(requisition, self.director, "Department", "Position", "Wanted By", "Reason")
        self.assertIn("Export Manager × 2", shown)

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
        with freeze_time("2026-11-02 12:00:00"):
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

    # === PLACES === #

    def _open(self, number=2, **vals):
        return self._grant(self._requisition(number_of_people=number, **vals))

    def test_closed_with_a_reason(self):
        first, second = self._open(3), self._open(1)
        job = first.opened_job_id
        self._hire(job)
        self.assertEqual(job.no_of_recruitment, 3)
        for reason in (False, "  "):
            with self.assertRefused("Say why"):
                first._close_requisition(reason)
        first._close_requisition("Budget cut")
        self.assertEqual((first.state, first.hired_count, first.filled_date), ("closed", 1, False))
        self.assertEqual((first.closed_by_id, first.close_reason), (self.manager1, "Budget cut"))
        self.assertEqual(job.no_of_recruitment, 1, "the two places given up are not recruited for")
        self.assertIn("Budget cut", str(job.message_ids.mapped("body")))
        with self.assertRefused("closed already"):
            first._close_requisition("Again")
        self._hire(job)
        self.assertEqual((first.hired_count, second.hired_count, second.state), (1, 1, "filled"))

    def test_closed_while_it_waits(self):
        requisition = self._requisition()
        requisition.action_approval_submit()
        requisition.with_user(self.director)._close_requisition("Not this year")
        approval = requisition.sudo().approval_ids
        self.assertEqual((requisition.state, approval.state), ("closed", "withdrawn"))
        self.assertIn("Not this year", approval.reason)
        self.assertFalse(requisition.sudo().activity_ids)
        with self.assertRefused("was closed"):
            requisition.action_approval_submit()
        self.assertEqual(requisition.number_given_up, 0, "no place was open yet")

    def test_who_closes(self):
        requisition = self._open()
        for user in (self.manager2, self.assistant, self.finance, self.recruiter):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                requisition.with_user(user)._close_requisition("No need")
            with self.subTest(user=user.login, door="button"), self.assertRaises(AccessError):
                requisition.with_user(user).action_open_close()
        for vals in (
            {"closed_date": "2030-01-01"},
            {"number_given_up": 1},
            {"needed_count": 1},
            {"opened_date": False},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                requisition.write(vals)
        requisition.with_user(self.gm)._close_requisition("No need")
        self.assertEqual(requisition.state, "closed")
        with self.assertRefused("is closed already"):
            requisition.with_user(self.gm).action_open_close()

    def test_lowered(self):
        requisition = self._open(5)
        job = requisition.opened_job_id
        self._hire(job)
        self._hire(job)
        for number in (5, 6, 1, 0):
            with self.subTest(number=number), self.assertRefused("from 2 to 4"):
                requisition._lower(number, "Fewer orders")
        requisition._lower(3, "Fewer orders")
        self.assertEqual((requisition.needed_count, requisition.state, job.no_of_recruitment), (3, "approved", 1))
        self.assertEqual(requisition.number_of_people, 5, "what was signed stays")
        self.assertEqual(requisition.approval_state, "approved")
        wizard = self.env["sales.manpower.requisition.close"].with_user(self.manager1)
        context = requisition.action_open_close()["context"]
        dialog = wizard.with_context(**context).create({"number": 2, "reason": "Enough"})
        dialog.action_close()
        self.assertEqual((requisition.state, requisition.hired_count, job.no_of_recruitment), ("closed", 2, 0))

    def test_hires_are_released(self):
        requisition = self._open(2)
        job = requisition.opened_job_id
        declined, leaves = self._hire(job), self._hire(job)
        employee = self.env["hr.employee"].create({"name": "New", "company_id": self.company.id})
        leaves.employee_id = employee
        self.assertEqual((requisition.state, job.no_of_recruitment), ("filled", 0))
        declined.write({"refuse_reason_id": self.env["hr.applicant.refuse.reason"].search([], limit=1).id})
        self.assertEqual((requisition.state, requisition.hired_count, job.no_of_recruitment), ("approved", 1, 1))
        self.assertFalse(requisition.filled_date)
        employee.active = False
        self.assertEqual((requisition.hired_count, job.no_of_recruitment), (0, 2))
        employee.active = True
        self.assertEqual((requisition.hired_count, job.no_of_recruitment), (1, 1))
        third = self._hire(job)
        self.assertEqual((requisition.state, job.no_of_recruitment), ("filled", 0))
        third.stage_id = self.env["hr.recruitment.stage"].search([("hired_stage", "=", False)], limit=1)
        self.assertEqual((requisition.hired_count, job.no_of_recruitment), (1, 1), "asked for once more, not twice")

    def test_who_leaves_after_the_trial_period_was_hired(self):
        requisition = self._open(1)
        employee = self.env["hr.employee"].create({"name": "New", "company_id": self.company.id})
        self._hire(requisition.opened_job_id).employee_id = employee
        employee.trial_date_end = "2030-06-30"
        employee.departure_date = "2030-07-01"
        employee.active = False
        self.assertEqual(requisition.state, "filled")
        employee.departure_date = "2030-06-30"
        employee.active = True
        employee.active = False
        self.assertEqual(requisition.state, "approved")

    def test_settled_when_closed(self):
        requisition = self._open(1)
        employee = self.env["hr.employee"].create({"name": "New", "company_id": self.company.id})
        self._hire(requisition.opened_job_id).employee_id = employee
        requisition._close_requisition("All hired")
        employee.active = False
        self.assertEqual((requisition.state, requisition.hired_count), ("filled", 1))

    def test_released_place_goes_to_the_first(self):
        first, second = self._open(1), self._open(1)
        job = first.opened_job_id
        one, _two = self._hire(job), self._hire(job)
        self.assertEqual((first.state, second.state), ("filled", "filled"))
        one.stage_id = self.env["hr.recruitment.stage"].search([("hired_stage", "=", False)], limit=1)
        self.assertEqual((first.state, second.state), ("filled", "approved"))

    def test_filled_on_the_day_of_the_company(self):
        """07:30 on 2 March in Shanghai is the evening of the 1st in UTC."""
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        with freeze_time("2030-03-01 20:00:00"):
            requisition = self._open(1)
        with freeze_time("2030-03-01 23:30:00"):
            self._hire(requisition.opened_job_id)
        self.assertEqual(requisition.filled_date.isoformat(), "2030-03-02")
        with freeze_time("2030-03-05 02:00:00"):
            self._hire(requisition.opened_job_id)
        self.assertEqual(requisition.filled_date.isoformat(), "2030-03-02")

    def test_position_by_any_name(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        job = self.env["hr.job"].create(
            {"name": "Sales Assistant", "department_id": self.department.id, "company_id": self.company.id}
        )
        job.with_context(lang="fr_FR").name = "Assistante des ventes"
        names = ("sales  ASSISTANT", " Sales Assistant ", "assistante des VENTES", "ｓales assistant")
        for name in names:
            with self.subTest(name=name):
                requisition = self._requisition(position=name).sudo()
                self.assertEqual(requisition._find_position(), job)
                self.assertEqual(requisition.with_context(lang="fr_FR")._find_position(), job)
        self.assertFalse(self._requisition(position="Sales Assistants").sudo()._find_position())

    def test_number_is_given_once(self):
        requisition = self._requisition()
        number = requisition.name
        with self.assertRaises(AccessError):
            requisition.write({"name": "MR/2000/0001"})
        with self.assertRaises(AccessError):
            self._requisition(name="MR/2000/0001")
        self.assertEqual(requisition.name, number)

    def test_examples(self):
        result = doctest.testmod(places)
        self.assertGreaterEqual(result.attempted, 3)
        self.assertEqual(result.failed, 0)

    def test_who_fills_which(self):
        """Moments are numbers: 4 is the second in which both were opened."""
        cases = [
            # hires, requisitions as (key, places, opened, hires before, closed), who fills them
            ([3], [("a", 1, 4, 0, None)], {"a": []}),
            ([4], [("a", 1, 4, 0, None)], {"a": [4]}),
            ([4], [("a", 1, 4, 1, None)], {"a": []}),
            ([4, 4], [("a", 1, 4, 1, None)], {"a": [4]}),
            # Up to the very moment in which it was closed.
            ([8], [("a", 1, 4, 0, 8)], {"a": [8]}),
            ([9], [("a", 1, 4, 0, 8)], {"a": []}),
            ([9], [("a", 1, 4, 0, 8), ("b", 1, 5, 0, None)], {"a": [], "b": [9]}),
            ([5, 6], [("a", 1, 4, 0, None), ("b", 1, 4, 0, None)], {"a": [5], "b": [6]}),
            ([5], [("a", 0, 4, 0, None)], {"a": []}),
        ]
        for hires, requisitions, expected in cases:
            with self.subTest(hires=hires, requisitions=requisitions):
                self.assertEqual(places.allot(hires, requisitions), expected)

    def test_recruiter_of_the_position(self):
        """Who is named for it recruits; where nobody is, whoever does so already goes on."""
        job = self._open(recruiter_id=self.recruiter.id).opened_job_id.sudo()
        self.assertEqual(job.user_id, self.recruiter)
        self._open(1)
        self.assertEqual(job.user_id, self.recruiter)
        self._open(1, recruiter_id=self.gm.id)
        self.assertEqual(job.user_id, self.gm)
        self.assertFalse(self._open(1, position="Driver").sudo().opened_job_id.user_id)

    def test_recruiters_and_personnel_release_places(self):
        """None of them reads requisitions, nor may everybody write positions: places follow all the same."""
        requisition = self._open(3)
        job = requisition.opened_job_id
        declined, archived, leaves = (self._hire(job).with_user(self.recruiter) for _number in range(3))
        officer = self._create_role_user("officer_test")
        officer.group_ids |= self.env.ref("hr.group_hr_user")
        leaves.sudo().employee_id = self.env["hr.employee"].create({"name": "New", "company_id": self.company.id})
        self.assertEqual((requisition.state, job.no_of_recruitment), ("filled", 0))
        archived.active = False
        self.assertEqual((requisition.hired_count, job.no_of_recruitment), (3, 0), "hired is hired")
        # The director interviews.
        reason = self.env["hr.applicant.refuse.reason"].search([], limit=1)
        declined.with_user(self.director).refuse_reason_id = reason
        self.assertEqual((requisition.hired_count, job.no_of_recruitment), (2, 1))
        leaves.sudo().employee_id.with_user(officer).active = False
        self.assertEqual((requisition.hired_count, job.no_of_recruitment), (1, 2))

    def test_trial_period_without_its_dates(self):
        """Who left, and nobody wrote down when, or until when the trial was, did not stay."""
        for vals in ({"trial_date_end": "2030-06-30"}, {"departure_date": "2030-07-01"}):
            requisition = self._open(1, position=f"P{vals}")
            employee = self.env["hr.employee"].create({"name": "New", "company_id": self.company.id})
            self._hire(requisition.opened_job_id).employee_id = employee
            employee.write({"trial_date_end": False, "departure_date": False, **vals})
            employee.active = False
            with self.subTest(vals=vals):
                self.assertEqual(requisition.state, "approved")

    def test_lowered_by_whom_and_when(self):
        waiting = self._requisition()
        with self.assertRefused("did not open a position yet"):
            waiting._lower(1, "Fewer orders")
        requisition = self._open(3)
        for reason in (False, "  "):
            with self.assertRefused("Say why"):
                requisition._lower(2, reason)
        for user in (self.manager2, self.assistant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                requisition.with_user(user)._lower(2, "Fewer orders")
        requisition.with_user(self.director)._lower(2, "Fewer orders")
        self.assertEqual(requisition.needed_count, 2)
        requisition._close_requisition("No need")
        with self.assertRefused("is closed already"):
            requisition._lower(1, "Fewer orders")

    def test_leaders_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        requisition = self._open(3)
        self.director.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for call in (
            lambda foreign: foreign._close_requisition("No need"),
            lambda foreign: foreign._lower(2, "No need"),
            lambda foreign: foreign.action_open_close(),
        ):
            with self.assertRaises(AccessError):
                call(requisition.with_user(self.director))
        self.assertEqual(requisition.state, "approved")

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
            # What a client sends along unchanged is no change.
            requisition.write({"requester_id": user.id, "reason_note": "Busy"})
            self.assertEqual((requisition.requester_id, requisition.reason_note), (user, "Busy"))
            requisition.sudo().requester_id = self.manager2
            self.assertEqual(requisition.sudo().requester_id, self.manager2, "as when somebody leaves")

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

    def test_one_thing_at_a_time(self):
        """Of all that is wrong the first is said, and what is mended is not said again."""
        requisition = self._requisition(duties=False, reason="replacement", wanted_date="2020-01-01")
        for vals, sentence in (
            ({}, "says nothing about the duties"),
            ({"duties": "<p>Sells</p>"}, "say whom it replaces"),
            ({"replaced_name": "Somebody"}, "a day that is past"),
        ):
            requisition.write(vals)
            with self.subTest(vals=vals), self.assertRefused(sentence):
                requisition.action_approval_submit()
        with freeze_time("2026-11-02 12:00:00"):
            opened = self._open(1, wanted_date="2026-12-01", reason="replacement", replaced_name="Somebody")
        with freeze_time("2026-12-02 12:00:00"):
            self.assertIn("opened its position already", opened._approval_submit_error_message())

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
