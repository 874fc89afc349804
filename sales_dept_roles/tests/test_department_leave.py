from datetime import date

from odoo.tests import tagged

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

    def _leave(self, first, last=None, kind="hr", user=None, employee=None, periods=("am", "pm"), **vals):
        """Leave of `employee` from `first` to `last`, asked by `user`; by default the account manager's own."""
        return (
            self.env["hr.leave"]
            .with_user(user or self.manager1)
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
    # Mondays; no make-up days nor holidays of the database near them.
    MONDAY = date(2031, 3, 3)

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
