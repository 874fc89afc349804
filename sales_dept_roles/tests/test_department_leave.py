from datetime import datetime
from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import SalesDeptCommon


class DepartmentLeaveCommon(SalesDeptCommon):
    """A sales department with an account manager and the director, and an employee elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.company.resource_calendar_id
        cls.calendar.tz = "UTC"
        cls.department, cls.other_department = cls.env["hr.department"].create([{"name": "Sales"}, {"name": "Works"}])
        cls.team = cls.env["hr.department"].create({"name": "Export", "parent_id": cls.department.id})
        cls.employee1 = cls._create_employee(cls.manager1, cls.team)
        cls.employee_director = cls._create_employee(cls.director, cls.department)
        cls.employee_other = cls._create_employee(cls.outsider, cls.other_department)
        cls.company.write({"sales_dept_department_id": cls.department.id, "sales_dept_leave": True})
        cls.officer = cls._create_hr_user("officer_test", "group_hr_holidays_user")
        cls.hr_manager = cls._create_hr_user("hr_manager_test", "group_hr_holidays_manager")
        cls.types = {
            key: cls.env["hr.leave.type"].create(
                {
                    "name": f"Leave {key}",
                    "requires_allocation": False,
                    "request_unit": unit,
                    "leave_validation_type": validation,
                    "company_id": cls.company.id,
                }
            )
            for key, unit, validation in [
                ("hr", "half_day", "hr"),
                ("both", "half_day", "both"),
                ("manager", "half_day", "manager"),
                ("none", "half_day", "no_validation"),
                ("day", "day", "hr"),
                ("hour", "hour", "hr"),
            ]
        }

    @classmethod
    def _create_employee(cls, user, department):
        return cls.env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "department_id": department.id,
                "company_id": cls.company.id,
                "resource_calendar_id": cls.calendar.id,
                "tz": "UTC",
            }
        )

    @classmethod
    def _create_hr_user(cls, login, group):
        user = cls._create_role_user(login)
        user.group_ids |= cls.env.ref(f"hr_holidays.{group}")
        return user

    def _leave(self, first, last=None, kind="hr", user=None, employee=None, periods=("am", "pm"), context=None, **vals):
        """Leave of `employee` from `first` to `last`, asked by `user`; by default the account manager's own."""
        return (
            self.env["hr.leave"]
            .with_user(user or self.manager1)
            .with_context(**(context or {}))
            .create(
                {
                    "employee_id": (employee or self.employee1).id,
                    "holiday_status_id": self.types[kind].id,
                    "request_date_from": first,
                    "request_date_to": last or first,
                    "request_date_from_period": periods[0],
                    "request_date_to_period": periods[1],
                    **vals,
                }
            )
        )

    def _roles(self, leave):
        """Who is asked to sign `leave`, in order."""
        roles = {
            self.env.ref("sales_dept_roles.group_director"): "director",
            self.env.ref("sales_dept_roles.group_general_manager"): "gm",
        }
        approval = leave.sudo()._approval_in_force()
        return [roles[task.group_id] for task in approval.task_ids.sorted("sequence")]


@tagged("post_install", "-at_install")
class TestDepartmentLeave(DepartmentLeaveCommon):
    def test_told_once(self):
        """Of each decision the employee gets one message: Odoo's own would be a second, in the signer's words."""
        Message = self.env["mail.message"].sudo()
        mine = [("partner_ids", "in", self.manager1.partner_id.ids)]
        for day, decide, verb in (
            ("2031-03-03", lambda leave: leave.action_approval_approve(), "approved"),
            ("2031-03-05", lambda leave: leave.action_approval_reject("Too many are away"), "refused"),
        ):
            leave = self._leave(day)
            before = Message.search(mine)
            decide(leave.with_user(self.director))
            told = Message.search(mine) - before
            self.assertEqual(told.mapped("subject"), [f"Leave {leave._approval_document_name()} {verb}"])

    # 2031-03-03 is a Monday.

    def test_who_asks_is_not_written(self):
        """One's own leave is not decided by pretending that somebody else asked for it."""
        leave = self._leave("2026-12-07", user=self.director, employee=self.employee_director)
        for name, value in {"user_id": self.manager1.id, "employee_company_id": False}.items():
            with self.subTest(field=name), self.assertRefused("cannot be set", AccessError):
                leave.with_user(self.director).write({name: value})
        with self.assertRaises(AccessError):
            leave.with_user(self.director).action_approval_approve()
        others = self._leave("2026-12-07", user=self.officer, employee=self.employee_other)
        others.with_user(self.officer).write({"user_id": self.manager1.id})
        self.assertEqual(others.user_id, self.manager1, "leave of others is as in Odoo")

    def test_who_signs(self):
        for first, last, periods, days, roles in [
            ("2031-03-03", "2031-03-03", ("am", "am"), 0.5, ["director"]),
            ("2031-03-04", "2031-03-04", ("am", "pm"), 1.0, ["director"]),
            ("2031-03-05", "2031-03-06", ("am", "am"), 1.5, ["director", "gm"]),
            # Friday and Monday: the weekend between does not count.
            ("2031-03-07", "2031-03-10", ("am", "pm"), 2.0, ["director", "gm"]),
            # Friday afternoon to Monday morning.
            ("2031-03-14", "2031-03-17", ("pm", "am"), 1.0, ["director"]),
        ]:
            with self.subTest(first=first, days=days):
                leave = self._leave(first, last, periods=periods)
                self.assertEqual(leave.number_of_days, days)
                self.assertEqual(leave.state, "confirm")
                self.assertEqual(leave.approval_state, "pending")
                self.assertEqual(self._roles(leave), roles)
                self.assertEqual(leave.sudo().approval_ids.requester_id, self.manager1)

    def test_handbook(self):
        self.company.write({"sales_dept_leave": False, "sales_dept_order_review": "off"})
        self.company.action_sales_dept_apply_handbook()
        self.assertTrue(self.company.sales_dept_leave)
        self.assertEqual(self.company.sales_dept_order_review, "all")

    # === WHO SIGNS === #

    def test_public_holiday_counts_no_day(self):
        """Three days, one of them a public holiday, are two."""
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "date_from": datetime(2031, 3, 18, 0, 0),
                "date_to": datetime(2031, 3, 18, 23, 59),
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
            }
        )
        long = self._leave("2031-03-17", "2031-03-19")
        self.assertEqual(long.number_of_days, 2)
        self.assertEqual(self._roles(long), ["director", "gm"])
        short = self._leave("2031-03-17", "2031-03-18", employee=self.employee_director, user=self.officer)
        self.assertEqual(short.number_of_days, 1)

    def test_hours_and_whole_days(self):
        hours = self._leave("2031-03-03", kind="hour", request_hour_from=8, request_hour_to=10)
        self.assertEqual(hours.number_of_days, 0.25)
        self.assertEqual(self._roles(hours), ["director"])
        self.assertEqual(self._roles(self._leave("2031-03-04", kind="day")), ["director"])
        self.assertEqual(self._roles(self._leave("2031-03-05", "2031-03-06", kind="day")), ["director", "gm"])

    def test_director_own_leave(self):
        for first, last in [("2031-03-03", "2031-03-03"), ("2031-03-04", "2031-03-06")]:
            leave = self._leave(first, last, user=self.director, employee=self.employee_director)
            self.assertEqual(self._roles(leave), ["gm"])
            with self.assertRaises(AccessError):
                leave.with_user(self.director).action_approval_approve()
            leave.with_user(self.gm).action_approval_approve()
            self.assertEqual(leave.state, "validate")

    def test_officer_asks_for_the_employee(self):
        """The employee asked, whoever typed it in: so a director who is an officer too may decide."""
        self.director.group_ids |= self.env.ref("hr_holidays.group_hr_holidays_user")
        leave = self._leave("2031-03-03", user=self.director)
        self.assertEqual(leave.sudo().approval_ids.requester_id, self.manager1)
        leave.with_user(self.director).action_approval_approve()
        self.assertEqual(leave.state, "validate")

    def test_employee_without_login(self):
        worker = self.env["hr.employee"].create(
            {"name": "Worker", "department_id": self.team.id, "company_id": self.company.id, "tz": "UTC"}
        )
        leave = self._leave("2031-03-03", user=self.officer, employee=worker)
        self.assertEqual(leave.sudo().approval_ids.requester_id, self.officer)
        self.assertEqual(self._roles(leave), ["director"])
        self.director.group_ids |= self.env.ref("hr_holidays.group_hr_holidays_user")
        leave = self._leave("2031-03-04", user=self.director, employee=worker)
        self.assertEqual(self._roles(leave), ["gm"], "the director asked, so somebody else decides")

    def test_general_manager_is_exempt(self):
        employee = self._create_employee(self.gm, self.department)
        leave = self._leave("2031-03-03", "2031-03-05", user=self.gm, employee=employee)
        self.assertEqual(leave.approval_state, "none")
        leave.with_user(self.officer).action_approve()
        self.assertEqual(leave.state, "validate")
        leave = self._leave("2031-03-10", kind="none", user=self.gm, employee=employee)
        self.assertEqual(leave.state, "validate", "as Odoo does for a type without validation")

    def test_limit_of_the_company(self):
        self.env.ref("sales_dept_roles.approval_flow_leave_short").domain = "[('number_of_days', '<=', 3)]"
        self.assertEqual(self._roles(self._leave("2031-03-03", "2031-03-05")), ["director"])
        self.assertEqual(self._roles(self._leave("2031-03-10", "2031-03-13")), ["director", "gm"])

    # === GRANTED, REFUSED === #

    def test_director_alone(self):
        for kind in ("hr", "both", "manager", "none"):
            with self.subTest(validation=kind):
                day = {"hr": "03", "both": "05", "manager": "07", "none": "11"}[kind]
                leave = self._leave(f"2031-03-{day}", kind=kind)
                self.assertEqual(leave.state, "confirm")
                leave.with_user(self.director).action_approval_approve("Enjoy it")
                self.assertEqual(leave.state, "validate")
                self.assertEqual(leave.sudo().first_approver_id, self.employee_director)
                self.assertTrue(self._resource_leave(leave))
                signed = leave.sudo().message_ids.filtered(lambda message: "Validated: signed by" in message.body)
                self.assertIn("director_test", signed.body)
                self.assertEqual(signed.author_id, self.director.partner_id)

    def _resource_leave(self, leave):
        return self.env["resource.calendar.leaves"].search([("holiday_id", "=", leave.id)])

    def test_director_then_general_manager(self):
        leave = self._leave("2031-03-03", "2031-03-04")
        with self.assertRaises(AccessError):
            leave.with_user(self.gm).action_approval_approve()
        leave.with_user(self.director).action_approval_approve()
        self.assertEqual(leave.state, "confirm")
        with self.assertRaises(AccessError):
            leave.with_user(self.director).action_approval_approve()
        leave.with_user(self.gm).action_approval_approve()
        self.assertEqual(leave.state, "validate")
        self.assertEqual(len(self._resource_leave(leave)), 1)

    def test_same_click_twice(self):
        leave = self._leave("2031-03-03")
        leave.with_user(self.director).action_approval_approve()
        with self.assertRefused("is not waiting for approval"):
            leave.with_user(self.director).action_approval_approve()
        self.assertEqual(len(self._resource_leave(leave)), 1)

    def test_others_may_not_sign(self):
        leave = self._leave("2031-03-03")
        for user in (self.manager1, self.manager2, self.assistant, self.finance, self.officer, self.hr_manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                leave.with_user(user).action_approval_approve()
        self.assertEqual(leave.state, "confirm")

    def test_refused_with_reason(self):
        leave = self._leave("2031-03-03", "2031-03-04")
        leave.with_user(self.director).action_approval_reject("The exhibition is that week")
        self.assertEqual(leave.state, "refuse")
        self.assertEqual(leave.approval_state, "rejected")
        self.assertTrue(any("The exhibition" in body for body in leave.sudo().message_ids.mapped("body")))
        with self.assertRefused("The exhibition is that week"):
            leave.with_user(self.officer).action_approve()
        with self.assertRefused("The exhibition is that week"):
            leave.with_user(self.hr_manager).write({"state": "validate"})
        # An officer may open it again: then it is asked for anew.
        leave.with_user(self.officer).write({"state": "confirm"})
        self.assertEqual(leave.approval_state, "pending")

    # === THE GATE === #

    def _paths(self, leave):
        return {
            "button": lambda user: leave.with_user(user).action_approve(),
            "button without checks": lambda user: leave.with_user(user).action_approve(check_state=False),
            "write": lambda user: leave.with_user(user).write({"state": "validate"}),
            "first approval": lambda user: leave.with_user(user).write({"state": "validate1"}),
            "quiet write": lambda user: (
                leave.with_user(user)
                .with_context(leave_fast_create=True, leave_skip_state_check=True)
                .write({"state": "validate"})
            ),
            "private": lambda user: leave.with_user(user)._action_validate(check_state=False),
            "superuser": lambda user: leave.with_user(SUPERUSER_ID).write({"state": "validate"}),
        }

    def test_nobody_validates_it_otherwise(self):
        for kind in ("hr", "both", "manager", "none"):
            leave = self._leave(
                {"hr": "2031-03-03", "both": "2031-03-04"}.get(kind, f"2031-03-{10 + len(kind)}"), kind=kind
            )
            for path, validate in self._paths(leave).items():
                for user in (self.officer, self.hr_manager):
                    if path == "first approval" and kind != "both":
                        continue
                    with (
                        self.subTest(kind=kind, path=path, user=user.login),
                        self.assertRefused("waits for the signature of: Sales Director"),
                    ):
                        validate(user)
                    self.assertEqual(leave.state, "confirm")
                    self.assertFalse(self._resource_leave(leave))

    def test_import_is_gated(self):
        leave = self._leave("2031-03-03")
        result = leave.with_user(self.hr_manager).load([".id", "state"], [[str(leave.id), "validate"]])
        self.assertIn("signature", str(result["messages"]))
        self.assertEqual(leave.state, "confirm")

    def test_created_as_validated(self):
        for state in ("validate", "validate1"):
            for context in (
                {"leave_skip_state_check": True},
                {"leave_skip_state_check": True, "leave_fast_create": True},
            ):
                with self.subTest(state=state, context=context), self.assertRefused("has not been signed off"):
                    self._leave(
                        "2031-03-03",
                        kind="both",
                        user=self.hr_manager,
                        context=context,
                        state=state,
                    )
        with self.assertRefused("has not been signed off"):
            self.env["hr.leave"].with_user(self.hr_manager).with_context(
                default_state="validate", leave_skip_state_check=True
            ).create(
                {
                    "employee_id": self.employee1.id,
                    "holiday_status_id": self.types["hr"].id,
                    "request_date_from": "2031-03-03",
                    "request_date_to": "2031-03-03",
                }
            )

    def test_counterfactual(self):
        """Without the gate's one method, the paths are open: nothing else stopped the officer."""
        HrLeave = self.registry["hr.leave"]
        for number, path in enumerate(["button", "write", "quiet write", "private", "superuser"]):
            leave = self._leave(f"2031-03-{10 + number}")
            with (
                self.subTest(path=path),
                patch.object(HrLeave, "_department_leave_held", lambda self: self.browse()),
            ):
                self._paths(leave)[path](self.hr_manager)
                self.assertEqual(leave.state, "validate")

    def test_type_without_validation(self):
        leave = self._leave("2031-03-03", kind="none")
        self.assertEqual(leave.state, "confirm")
        self.assertEqual(leave.approval_state, "pending")
        bodies = leave.sudo().message_ids.mapped("body")
        self.assertFalse(any("automatically approved" in body for body in bodies))
        # In one batch with others, each in its place.
        values = [
            {
                "employee_id": employee.id,
                "holiday_status_id": self.types["none"].id,
                "request_date_from": "2031-03-10",
                "request_date_to": "2031-03-10",
            }
            for employee in (self.employee_other, self.employee1, self.employee_director)
        ]
        leaves = self.env["hr.leave"].with_user(self.officer).create(values)
        self.assertEqual(leaves.mapped("state"), ["validate", "confirm", "confirm"])
        self.assertEqual(leaves.employee_id.ids, [value["employee_id"] for value in values])

    def test_generated_by_an_officer(self):
        """Others' leave is validated at once, the department's becomes requests."""
        wizard = (
            self.env["hr.leave.generate.multi.wizard"]
            .with_user(self.hr_manager)
            .create(
                {
                    "holiday_status_id": self.types["day"].id,
                    "allocation_mode": "employee",
                    "employee_ids": (self.employee1 | self.employee_other).ids,
                    "company_id": self.company.id,
                    "date_from": "2031-03-03",
                    "date_to": "2031-03-04",
                }
            )
        )
        wizard.action_generate_time_off()
        leaves = self.env["hr.leave"].search([("holiday_status_id", "=", self.types["day"].id)])
        mine = leaves.filtered(lambda leave: leave.employee_id == self.employee1)
        other = leaves - mine
        self.assertEqual((other.state, other.approval_state), ("validate", "none"))
        self.assertTrue(self._resource_leave(other))
        self.assertEqual((mine.state, mine.approval_state), ("confirm", "pending"))
        self.assertFalse(self._resource_leave(mine))
        self.assertEqual(mine.number_of_days, 2)
        self.assertEqual(self._roles(mine), ["director", "gm"])

    def test_protected_fields(self):
        leave = self._leave("2031-03-03")
        for user in (self.manager1, self.hr_manager):
            for vals in ({"approval_state": "approved"}, {"department_leave_waived": True}):
                with self.subTest(user=user.login, vals=vals), self.assertRaises(AccessError):
                    leave.with_user(user).write(vals)
                with self.subTest(create=vals), self.assertRaises(AccessError):
                    self._leave("2031-03-10", user=user, **vals)
        leave = self._leave("2031-03-10", context={"default_department_leave_waived": True})
        self.assertFalse(leave.department_leave_waived)

    # === CHANGES === #

    def test_changed_while_it_waits(self):
        """Another number of days, another way: it is asked for anew by itself."""
        leave = self._leave("2031-03-03")
        self.assertEqual(self._roles(leave), ["director"])
        leave.write({"request_date_to": "2031-03-05"})
        self.assertEqual(leave.number_of_days, 3)
        self.assertEqual(leave.approval_state, "pending")
        self.assertEqual(self._roles(leave), ["director", "gm"])
        self.assertEqual(
            leave.sudo().approval_ids.sorted("id").mapped("state"),
            ["superseded", "pending"],
            "the first stays on record",
        )
        leave.write({"request_date_to": "2031-03-03"})
        self.assertEqual(self._roles(leave), ["director"])

    def test_false_number_of_days(self):
        """The number of days is the calendar's, whatever a client writes there."""
        leave = self._leave("2031-03-03", "2031-03-07", number_of_days=0.5)
        self.assertEqual(leave.number_of_days, 5)
        self.assertEqual(self._roles(leave), ["director", "gm"])
        leave.write({"number_of_days": 1})
        self.assertEqual(leave.number_of_days, 5)
        self.assertEqual(self._roles(leave), ["director", "gm"])
        part_time = self.calendar.copy()
        part_time.attendance_ids.filtered(lambda attendance: attendance.dayofweek != "0").unlink()
        leave.write({"resource_calendar_id": part_time.id})
        self.assertEqual(leave.number_of_days, 5)

    def test_moment_beyond_the_signed_days(self):
        leave = self._leave("2031-03-03")
        leave.with_context(leave_fast_create=True).write({"date_to": "2031-03-07 16:00:00"})
        self.assertEqual(str(leave.date_to.date()), "2031-03-03")
        leave.with_user(self.director).action_approval_approve()
        with self.assertRefused("was changed after"):
            leave.with_user(self.hr_manager).with_context(leave_fast_create=True, leave_skip_state_check=True).write(
                {"date_to": "2031-03-07 16:00:00"}
            )

    def test_changed_after_it_was_signed(self):
        leave = self._leave("2031-03-03")
        leave.with_user(self.director).action_approval_approve()
        officer = leave.with_user(self.hr_manager)
        for vals in ({"request_date_to": "2031-03-07"}, {"holiday_status_id": self.types["both"].id}):
            with self.subTest(vals=vals), self.assertRefused("was changed after"):
                officer.with_context(leave_skip_state_check=True).write(vals)
        officer.action_back_to_approval()
        self.assertEqual((leave.state, leave.approval_state), ("confirm", "approved"))
        officer.action_approve()
        self.assertEqual(leave.state, "validate", "what is signed as it stands may be validated again")
        officer.action_back_to_approval()
        officer.write({"request_date_to": "2031-03-07"})
        self.assertEqual(leave.approval_state, "pending")
        self.assertEqual(self._roles(leave), ["director", "gm"])

    def test_holiday_decided_later(self):
        """A public holiday shortens what was signed, or what waits; neither is stopped by it."""
        signed = self._leave("2031-03-03", "2031-03-05")
        signed.with_user(self.director).action_approval_approve()
        signed.with_user(self.gm).action_approval_approve()
        waiting = self._leave("2031-03-04", "2031-03-05", employee=self.employee_director, user=self.officer)
        self.company.sales_dept_leave = False
        before = self._leave("2031-03-04", user=self.outsider, employee=self.employee_other)
        before.with_user(self.officer).action_approve()
        self.employee_other.department_id = self.team
        self.company.sales_dept_leave = True
        self.assertEqual(before.state, "validate")
        self.assertTrue(before.department_leave_waived)
        self.env["resource.calendar.leaves"].with_user(self.hr_manager).sudo().create(
            {
                "name": "Holiday",
                "date_from": datetime(2031, 3, 5, 0, 0),
                "date_to": datetime(2031, 3, 5, 23, 59),
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual((signed.state, signed.number_of_days, signed.approval_state), ("validate", 2, "approved"))
        self.assertEqual((before.state, before.number_of_days), ("validate", 1))
        self.assertEqual((waiting.state, waiting.number_of_days, waiting.approval_state), ("confirm", 1, "pending"))

    def test_no_working_day(self):
        leave = self._leave("2031-03-08", "2031-03-09", kind="day")
        self.assertEqual((leave.number_of_days, leave.approval_state), (0, "none"))
        with self.assertRefused("holds no working day"):
            leave.action_approval_submit()
        with self.assertRefused("holds no working day"):
            leave.with_user(self.officer).action_approve()
        leave.write({"request_date_to": "2031-03-10"})
        self.assertEqual(leave.approval_state, "pending")

    def test_cancelled_or_refused_is_withdrawn(self):
        # Days between are worked: each is a leave of its own.
        leaves = [self._leave("2031-03-03"), self._leave("2031-03-05"), self._leave("2031-03-07")]
        approvals = [leave.sudo().approval_ids for leave in leaves]
        leaves[0].with_user(self.officer).action_refuse()
        leaves[1].sudo()._force_cancel("No need any more")
        leaves[2].unlink()
        self.assertEqual([approval.state for approval in approvals], ["withdrawn"] * 3)
        self.assertFalse(self.env["sales.approval"].with_user(self.director).search([("can_decide", "=", True)]))

    def test_employee_withdraws(self):
        leave = self._leave("2031-03-03")
        leave.action_approval_withdraw()
        self.assertEqual((leave.state, leave.approval_state), ("confirm", "none"))
        with self.assertRefused("Submit it for approval by: Sales Director"):
            leave.with_user(self.officer).action_approve()
        leave.action_approval_submit()
        self.assertEqual(leave.approval_state, "pending")

    # === WHOM IT CONCERNS === #

    def test_others_are_untouched(self):
        leave = self._leave("2031-03-03", "2031-03-05", user=self.outsider, employee=self.employee_other)
        self.assertEqual(leave.approval_state, "none")
        self.assertFalse(leave.department_leave_required)
        with self.assertRefused("needs no signature"):
            leave.action_approval_submit()
        leave.with_user(self.officer).action_approve()
        self.assertEqual(leave.state, "validate")
        at_once = self._leave("2031-03-10", kind="none", user=self.outsider, employee=self.employee_other)
        self.assertEqual(at_once.state, "validate")

    def test_policy_off_or_no_department(self):
        for vals in ({"sales_dept_leave": False}, {"sales_dept_department_id": False}):
            self.company.write({"sales_dept_department_id": self.department.id, "sales_dept_leave": True})
            day = "2031-03-03" if "sales_dept_leave" in vals else "2031-03-04"
            waiting = self._leave(day)
            self.company.write(vals)
            self.assertEqual(waiting.sudo().approval_ids.state, "withdrawn")
            waiting.with_user(self.officer).action_approve()
            self.assertEqual(waiting.state, "validate")

    def test_policy_switched_on(self):
        """What waits then is asked for; what was validated stays."""
        self.company.sales_dept_leave = False
        waiting = self._leave("2031-03-03")
        half = self._leave("2031-03-05", kind="both")
        half.with_user(self.officer).write({"state": "validate1"})
        validated = self._leave("2031-03-07")
        validated.with_user(self.officer).action_approve()
        self.company.sales_dept_leave = True
        self.assertEqual(waiting.approval_state, "pending")
        self.assertEqual((half.state, half.approval_state), ("validate1", "pending"))
        with self.assertRefused("waits for the signature"):
            half.with_user(self.hr_manager).action_approve()
        half.with_user(self.director).action_approval_approve()
        self.assertEqual(half.state, "validate")
        self.assertEqual((validated.state, validated.approval_state), ("validate", "none"))
        # Once it was refused, it is leave like any other.
        validated.with_user(self.officer).action_refuse()
        with self.assertRefused("has not been signed off"):
            validated.with_user(self.hr_manager).write({"state": "validate"})

    def test_trial_is_what_happens(self):
        """What the checklist counts before the policy is on is what is refused once it is."""
        self.company.sales_dept_leave = False
        theirs = self._leave("2031-03-03")
        others = self._leave("2031-03-03", user=self.outsider, employee=self.employee_other)
        checklist = self.env["sales.dept.checklist"].create({})
        line = checklist.policy_ids.filtered(lambda line: line.policy == "sales_dept_leave")
        action = line.action_view_held()
        held = theirs.browse(action.get("res_id") or []) or theirs.search(action["domain"])
        self.assertEqual(line.held_count, len(held))
        self.assertEqual(held & (theirs | others), theirs)
        line.action_switch_on()
        self.assertTrue(self.company.sales_dept_leave)
        others.with_user(self.officer).action_approve()
        self.assertEqual(others.state, "validate")
        with self.assertRefused("waits for the signature"):
            theirs.with_user(self.officer).action_approve()

    def test_closure_in_the_midst_of_signed_leave(self):
        """What is left of it on both sides is asked for anew, and the closure is entered for everybody."""
        leave = self._leave("2031-03-03", "2031-03-07")
        approval = leave.sudo().approval_ids
        approval.with_user(self.director).action_approve()
        approval.with_user(self.gm).action_approve()
        self.assertEqual(leave.state, "validate")
        rest = leave.sudo()._split_leaves(fields.Date.to_date("2031-03-05"), fields.Date.to_date("2031-03-06"))
        self.assertEqual((str(leave.request_date_to), str(rest.request_date_from)), ("2031-03-04", "2031-03-06"))
        for part in leave | rest:
            self.assertEqual((part.state, part.approval_state), ("confirm", "pending"))

    def test_closure_at_an_end_of_signed_leave(self):
        """What is left of it is asked for anew, at whichever end it was cut; what lies within the closure is not."""
        cases = {
            "start": ("2031-03-03", "2031-03-04", ("2031-03-04", "2031-03-07")),
            "end": ("2031-03-07", "2031-03-08", ("2031-03-03", "2031-03-06")),
            "all but the last day": ("2031-03-03", "2031-03-07", ("2031-03-07", "2031-03-07")),
            "all but the first day": ("2031-03-04", "2031-03-08", ("2031-03-03", "2031-03-03")),
        }
        for name, (first, until, left) in cases.items():
            with self.subTest(closure=name):
                leave = self._leave("2031-03-03", "2031-03-07")
                approval = leave.sudo().approval_ids
                approval.with_user(self.director).action_approve()
                approval.with_user(self.gm).action_approve()
                self.assertEqual(leave.state, "validate")
                rest = leave.sudo()._split_leaves(fields.Date.to_date(first), fields.Date.to_date(until))
                parts = (leave | rest).filtered(lambda part: part.state != "cancel")
                self.assertEqual([(str(part.request_date_from), str(part.request_date_to)) for part in parts], [left])
                self.assertEqual((parts.state, parts.approval_state), ("confirm", "pending"))
                parts.sudo().unlink()
        covered = self._leave("2031-03-03", "2031-03-04")
        approval = covered.sudo().approval_ids
        approval.with_user(self.director).action_approve()
        if approval.state == "pending":
            approval.with_user(self.gm).action_approve()
        self.assertEqual(covered.state, "validate")
        covered.sudo()._split_leaves(fields.Date.to_date("2031-03-03"), fields.Date.to_date("2031-03-05"))
        self.assertEqual((covered.state, approval.state), ("validate", "approved"), "no part of it is left over")

    def test_entered_by_the_general_manager(self):
        """For an employee without a login: who typed it in does not decide, so the director does alone."""
        self.gm.group_ids |= self.env.ref("hr_holidays.group_hr_holidays_manager")
        nobody = self.env["hr.employee"].create(
            {"name": "No Login", "department_id": self.team.id, "company_id": self.company.id}
        )
        leave = self._leave("2031-03-03", "2031-03-05", user=self.gm, employee=nobody)
        self.assertEqual(self._roles(leave), ["director"])
        leave.sudo().approval_ids.with_user(self.director).action_approve()
        self.assertEqual(leave.state, "validate")

    def test_company_is_not_written(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        leave = self._leave("2031-03-03")
        with self.assertRaises(AccessError):
            leave.with_user(self.officer).write({"company_id": other.id})

    def test_waiver_ends_with_a_change(self):
        self.company.sales_dept_leave = False
        leave = self._leave("2031-03-05")
        leave.with_user(self.officer).action_approve()
        self.company.sales_dept_leave = True
        officer = leave.with_user(self.hr_manager)
        officer.action_back_to_approval()
        officer.write({"request_date_to": "2031-03-14"})
        self.assertFalse(leave.department_leave_waived)
        self.assertEqual(leave.approval_state, "pending")
        with self.assertRefused("waits for the signature"):
            officer.action_approve()

    def test_moved_to_another_department(self):
        leave = self._leave("2031-03-03")
        self.employee1.department_id = self.other_department
        self.assertEqual(leave.sudo().approval_ids.state, "withdrawn")
        # The department on the leave may be written by its owner: it is the employee's that counts.
        leave = self._leave("2031-03-04", user=self.outsider, employee=self.employee_other)
        self.employee1.department_id = self.team
        other = self._leave("2031-03-05")
        other.write({"department_id": self.other_department.id})
        self.assertEqual(other.approval_state, "pending")
        with self.assertRefused("waits for the signature"):
            other.with_user(self.officer).action_approve()

    def test_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        department = self.env["hr.department"].create({"name": "Sales there", "company_id": other.id})
        employee = self.env["hr.employee"].create(
            {"name": "There", "department_id": department.id, "company_id": other.id, "tz": "UTC"}
        )
        kind = self.env["hr.leave.type"].create(
            {"name": "Any", "requires_allocation": False, "leave_validation_type": "hr", "company_id": False}
        )
        self.hr_manager.company_ids |= other
        Leaves = self.env["hr.leave"].with_user(self.hr_manager).with_context(allowed_company_ids=other.ids)
        values = {"employee_id": employee.id, "holiday_status_id": kind.id}
        leave = Leaves.create({**values, "request_date_from": "2031-03-03", "request_date_to": "2031-03-03"})
        leave.action_approve()
        self.assertEqual(leave.state, "validate")
        other.write({"sales_dept_department_id": department.id, "sales_dept_leave": True})
        leave = Leaves.create({**values, "request_date_from": "2031-03-06", "request_date_to": "2031-03-06"})
        self.assertEqual(leave.sudo().approval_ids.company_id, other)
        with self.assertRaises(AccessError):
            leave.with_user(self.director).action_approval_approve()
        self.director.company_ids |= other
        leave.with_user(self.director).action_approval_approve()
        self.assertEqual(leave.state, "validate")

    def test_no_flow(self):
        """Nobody is kept from asking; the sentence says what is wrong."""
        self.env["sales.approval.flow"].search([("res_model", "=", "hr.leave")]).active = False
        leave = self._leave("2031-03-03")
        self.assertEqual(leave.approval_state, "none")
        with self.assertRefused("no approval flow applies"):
            leave.with_user(self.officer).action_approve()
        with self.assertRefused("No approval flow has a step"):
            leave.action_approval_submit()

    # === SCREENS === #

    def test_glance(self):
        """Before it is decided: why, what is left of it then, and who else of the department is away."""
        counted = self.types["day"].copy({"name": "Counted", "requires_allocation": True})
        allocation = self.env["hr.leave.allocation"].create(
            {
                "name": "2031",
                "employee_id": self.employee1.id,
                "holiday_status_id": counted.id,
                "number_of_days": 5,
                "date_from": "2031-01-01",
            }
        )
        if allocation.state != "validate":
            allocation.action_approve()
        colleague = self._create_employee(self.manager2, self.team)
        self._leave("2031-03-04", user=self.manager2, employee=colleague)
        leave = self._leave("2031-03-03", "2031-03-04", name="Wedding", holiday_status_id=counted.id)
        shown = self.assertDialogSays(leave, self.director, "Duration", "Reason", "Left after It", "Also Away")
        for text in ("Wedding", "Left after It 3.0", colleague.name):
            self.assertIn(text, shown)

    def test_inbox_of_the_director(self):
        leave = self._leave("2031-03-03", "2031-03-04")
        Approval = self.env["sales.approval"].with_user(self.director)
        approval = Approval.search([("can_decide", "=", True)])
        self.assertEqual(approval.kind, "Leave")
        self.assertEqual(approval.res_name, leave._department_leave_name())
        self.assertIn("manager1_test", approval.res_name)
        self.assertEqual(
            (approval.leave_type_name, str(approval.leave_date_from), str(approval.leave_date_to), approval.leave_days),
            ("Leave hr", "2031-03-03", "2031-03-04", 2),
        )
        self.assertIn("Leave hr", approval.terms_text)
        self.assertIn("2", approval.terms_text)
        for silent in ("Hour", "Period", "Morning"):
            self.assertNotIn(silent, approval.terms_text, "said of halves of days and of hours only")
        with self.assertRaises(AccessError):
            leave.with_user(self.director).read(["state"])
        self.assertEqual(approval.action_open_document()["res_model"], "sales.approval")
        with Form(approval):
            pass
        # The manager whom Odoo lets read it opens the leave itself.
        self.employee1.leave_manager_id = self.director
        self.assertEqual(approval.action_open_document()["res_model"], "hr.leave")
        approval.action_approve()
        approval.with_user(self.gm).action_approve()
        self.assertEqual(leave.state, "validate")

    def test_terms_say_halves_and_hours_where_there_are_any(self):
        hours = {"request_hour_from": 8, "request_hour_to": 10}
        for kind, values, said, silent in (
            ("hr", {"periods": ("pm", "pm")}, ("Afternoon",), ("Hour",)),
            ("hr", {}, (), ("Morning", "Afternoon", "Hour")),
            ("day", {}, (), ("Morning", "Afternoon", "Hour")),
            ("hour", hours, ("Hour",), ("Morning", "Afternoon")),
            ("hour", {**hours, "periods": ("pm", "pm")}, ("Hour",), ("Morning", "Afternoon")),
        ):
            with self.subTest(kind=kind, values=values), self.cr.savepoint() as savepoint:
                self.types[kind].name = "Leave"
                text = self._leave("2031-03-04", kind=kind, **values).sudo().approval_ids.terms_text
                for word in said:
                    self.assertIn(word, text)
                for word in silent:
                    self.assertNotIn(word, text)
                savepoint.rollback()

    def test_who_sees_the_request(self):
        """Leave is nobody's business but of those concerned, though most see all documents of sales."""
        approval = self._leave("2031-03-03").sudo().approval_ids
        for user in (self.manager1, self.director, self.gm):
            self.assertTrue(approval.with_user(user).has_access("read"), user.login)
            self.assertTrue(approval.task_ids.with_user(user).has_access("read"), user.login)
        for user in (self.assistant, self.manager2, self.finance, self.engineering, self.officer):
            self.assertFalse(approval.with_user(user).has_access("read"), user.login)
            self.assertFalse(approval.task_ids.with_user(user).has_access("read"), user.login)
        self._approve(approval)
        self.assertFalse(approval.decision_ids.with_user(self.assistant).has_access("read"))
        self.assertTrue(approval.decision_ids.with_user(self.gm).has_access("read"))

    def _approve(self, approval):
        approval.with_user(self.director).action_approve()

    def test_lists_of_requests(self):
        """One query for the terms of all, and none on other documents."""
        order = self._create_quotation()
        order.action_approval_submit()
        self.assertFalse(order.sudo().approval_ids.leave_type_name)
        for day in range(3, 8):
            self._leave(f"2031-03-0{day}")
        approvals = self.env["sales.approval"].search([("res_model", "=", "hr.leave")])
        counts = []
        for batch in (approvals[:1], approvals[:2], approvals[:4]):
            self.env.flush_all()
            self.env.invalidate_all()
            batch = batch.browse(batch.ids)
            before = self.env.cr.sql_log_count
            batch.with_user(self.gm).web_read({"leave_type_name": {}, "leave_days": {}, "waiting_for": {}})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])

    def test_summary_of_later_steps(self):
        leave = self._leave("2031-03-03", "2031-03-04")
        self.assertIn("asked afterwards", leave.approval_summary)
        self.assertNotIn("nobody can sign", leave.approval_summary)

    def test_form(self):
        leave = self._leave("2031-03-03")
        form = Form(leave, "hr_holidays.hr_leave_view_form")
        self.assertTrue(form.department_leave_required)
        self.assertIn("director_test", form.approval_summary)
        form = Form(leave.with_user(self.officer), "hr_holidays.hr_leave_view_form_manager")
        self.assertFalse(form.can_validate, "what would be refused is not offered")
        self._approve(leave.sudo().approval_ids)
        self.assertIn("fa-check", Form(leave, "hr_holidays.hr_leave_view_form").approval_summary)

    def test_time_off_asks_nobody_else(self):
        """Odoo's own requests to validate would end in a refusal."""
        self.types["hr"].responsible_ids = self.officer
        leave = self._leave("2031-03-03")
        self.assertEqual(leave.sudo().activity_ids.user_id, self.director)
        other = self._leave("2031-03-03", user=self.outsider, employee=self.employee_other)
        self.assertEqual(other.sudo().activity_ids.user_id, self.officer)

    def test_query_count(self):
        """Creating leave of others costs the same for each, and the department's check is per batch."""

        def create(employees, first):
            return self.env["hr.leave"].create(
                [
                    {
                        "employee_id": employee.id,
                        "holiday_status_id": self.types["hr"].id,
                        "request_date_from": first,
                        "request_date_to": first,
                    }
                    for employee in employees
                ]
            )

        employees = self.env["hr.employee"].create(
            [{"name": f"E{number}", "department_id": self.other_department.id, "tz": "UTC"} for number in range(20)]
        )
        leaves = create(employees, "2031-03-03")
        counts = []
        for batch in (leaves[:10], leaves):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch._department_leave_held()
            batch._department_leave_follow()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        employees.department_id = self.team
        leaves.invalidate_recordset()
        leaves._department_leave_follow()
        self.assertEqual(set(leaves.mapped("approval_state")), {"pending"})
        counts = []
        for batch in (leaves[:10], leaves):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch._department_leave_held()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_settings(self):
        with Form(self.env["res.config.settings"]) as form:
            form.sales_dept_leave = True
            form.sales_dept_department_id = self.team
        form.record.execute()
        self.assertEqual(self.company.sales_dept_department_id, self.team)
        for user in (self.director, self.manager1):
            with self.assertRaises(AccessError):
                self.company.with_user(user).sales_dept_leave = False

    def test_bad_condition(self):
        with self.assertRaises(UserError):
            self.env.ref("sales_dept_roles.approval_flow_leave_short").domain = "[('no_such_field', '<=', 1)]"
