import doctest
from datetime import datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ..models.department_leave import adjoining
from .test_department_leave import DepartmentLeaveCommon


@tagged("post_install", "-at_install")
class TestDepartmentLeaveAdjoining(DepartmentLeaveCommon):
    """The limit of one day is not passed by splitting. 2031-03-07 is a Friday."""

    def _holiday(self, day):
        return (
            self.env["resource.calendar.leaves"]
            .sudo()
            .create(
                {
                    "name": "Holiday",
                    "date_from": datetime.fromisoformat(f"{day} 00:00:00"),
                    "date_to": datetime.fromisoformat(f"{day} 23:59:59"),
                    "calendar_id": self.calendar.id,
                    "company_id": self.company.id,
                }
            )
        )

    def test_table_of_runs(self):
        failed, tried = doctest.testmod(adjoining)
        self.assertFalse(failed)
        self.assertGreaterEqual(tried, 4)

    def test_halves_of_one_day_are_one(self):
        """In whatever order, and what follows adjoins the half that is taken to the end."""
        working = [5, 6, 9, 10, 11, 12]
        morning, afternoon = ("a", 6, 6, True, False), ("b", 6, 6, False, True)
        monday = ("c", 9, 9, True, True)
        for spans in ([morning, afternoon, monday], [afternoon, morning, monday]):
            (run,) = adjoining.runs(spans, working)
            self.assertEqual(sorted(run), ["a", "b", "c"])
        self.assertEqual(adjoining.runs([morning, monday], working), [["a"], ["c"]])
        # One that lies within another does not end it.
        week, within = ("a", 5, 9, True, False), ("b", 6, 6, True, True)
        tuesday = ("c", 10, 10, True, True)
        self.assertEqual(adjoining.runs([week, within, tuesday], working), [["a", "b"], ["c"]])

    def test_split_leave_is_one(self):
        whole, morning, afternoon = ("am", "pm"), ("am", "am"), ("pm", "pm")
        for first, second, is_one in [
            (("2031-03-04", whole), ("2031-03-05", whole), True),
            (("2031-03-07", whole), ("2031-03-10", whole), True),
            (("2031-03-10", whole), ("2031-03-07", whole), True),
            (("2031-03-07", afternoon), ("2031-03-10", whole), True),
            (("2031-03-07", morning), ("2031-03-10", whole), False),
            (("2031-03-07", whole), ("2031-03-10", afternoon), False),
            (("2031-03-06", whole), ("2031-03-10", whole), False),
        ]:
            with self.subTest(first=first, second=second), self.cr.savepoint() as savepoint:
                leaves = [self._leave(day, periods=periods) for day, periods in (first, second)]
                roles = ["director", "gm"] if is_one else ["director"]
                # The first one too: it waits still, and became part of a longer leave.
                self.assertEqual([self._roles(leave) for leave in leaves], [roles, roles])
                savepoint.rollback()

    def test_hours_adjoin_at_the_ends_of_the_working_day(self):
        """Friday is worked until 17:00, Monday from 8:00 on."""
        for friday, monday, is_one in [
            ((13, 17), (8, 12), True),
            ((13, 15), (8, 12), False),
            ((13, 17), (10, 12), False),
        ]:
            with self.subTest(friday=friday, monday=monday), self.cr.savepoint() as savepoint:
                leaves = [
                    self._leave(day, kind="hour", request_hour_from=hours[0], request_hour_to=hours[1])
                    for day, hours in (("2031-03-07", friday), ("2031-03-10", monday))
                ]
                own = [leave.number_of_days for leave in leaves]
                self.assertEqual([leave.department_leave_days for leave in leaves], [sum(own)] * 2 if is_one else own)
                savepoint.rollback()

    def test_friday_without_an_afternoon(self):
        """Who takes the morning has taken the day, also where its lunch break still stands in the schedule."""
        friday = self.calendar.attendance_ids.filtered(lambda hours: hours.dayofweek == "4")
        friday.filtered(lambda hours: hours.day_period == "afternoon").unlink()
        if not friday.exists().filtered(lambda hours: hours.day_period == "lunch"):
            values = {"name": "Lunch", "dayofweek": "4", "day_period": "lunch", "hour_from": 12, "hour_to": 13}
            self.calendar.attendance_ids = [Command.create(values)]
        monday = self._leave("2031-03-10")
        for kind, values in (
            ("hr", {"periods": ("am", "am")}),
            ("hour", {"request_hour_from": 8, "request_hour_to": 12}),
        ):
            with self.subTest(kind=kind), self.cr.savepoint() as savepoint:
                leave = self._leave("2031-03-07", kind=kind, **values)
                self.assertEqual(leave._department_leave_runs()[leave.sudo()], leave.sudo() | monday.sudo())
                savepoint.rollback()

    def test_found_by_its_days(self):
        long, short = self._leave("2031-03-04", "2031-03-05"), self._leave("2031-03-11")
        leaves = long | short
        for operator, days, found in (
            ("=", 2, long),
            ("!=", 2, short),
            ("<", 2, short),
            ("<=", 1, short),
            ("<=", 2, leaves),
            (">", 1, long),
            (">=", 1, leaves),
            (">=", 2, long),
        ):
            with self.subTest(operator=operator, days=days):
                domain = [("department_leave_days", operator, days), ("id", "in", leaves.ids)]
                self.assertEqual(self.env["hr.leave"].search(domain), found)

    def test_holiday_parts_nothing_and_a_make_up_day_does(self):
        holiday = self._holiday("2031-03-06")
        first, second = self._leave("2031-03-05"), self._leave("2031-03-07")
        self.assertEqual(second.department_leave_days, 2)
        self.assertEqual(self._roles(second), ["director", "gm"])
        third = self._leave("2031-03-10")
        self.assertEqual(third.department_leave_days, 3)
        self.env["resource.calendar.workday"].create(
            {"name": "Made up", "date": "2031-03-08", "company_id": self.company.id}
        )
        third.invalidate_recordset()
        self.assertEqual(third.department_leave_days, 1, "Saturday was worked")
        holiday.unlink()
        first.invalidate_recordset()
        self.assertEqual(first.department_leave_days, 1)

    def test_of_one_person_only_and_only_what_counts(self):
        self._leave("2031-03-10", user=self.director, employee=self.employee_director)
        refused = self._leave("2031-03-11")
        refused.with_user(self.director).action_approval_reject("No")
        leave = self._leave("2031-03-10")
        self.assertEqual(self._roles(leave), ["director"])
        # Found by conditions too.
        found = self.env["hr.leave"].search([("department_leave_days", ">", 1), ("id", "in", (leave | refused).ids)])
        self.assertFalse(found)

    def test_the_part_between_is_cancelled(self):
        first, between, last = (self._leave(f"2031-03-0{day}") for day in (4, 5, 6))
        self.assertEqual(self._roles(first), ["director", "gm"])
        between.unlink()
        self.assertEqual([self._roles(first), self._roles(last)], [["director"], ["director"]])

    def test_after_the_first_was_granted(self):
        first = self._leave("2031-03-04")
        first.with_user(self.director).action_approval_approve()
        self.assertEqual(first.state, "validate")
        second = self._leave("2031-03-05")
        self.assertEqual(self._roles(second), ["director", "gm"])
        self.assertEqual((first.state, first.approval_state), ("validate", "approved"))

    def test_without_the_rule_two_halves_pass(self):
        """Counterfactual: judged by its own days, the second day needs the director alone."""
        self.env.ref("sales_dept_roles.approval_flow_leave_short").domain = "[('number_of_days', '<=', 1)]"
        self._leave("2031-03-04")
        self.assertEqual(self._roles(self._leave("2031-03-05")), ["director"])

    # === DAYS THAT GROW === #

    def test_holiday_taken_back_asks_for_the_missing_signature(self):
        holiday = self._holiday("2031-03-05")
        leave = self._leave("2031-03-04", "2031-03-05")
        self.assertEqual((leave.number_of_days, self._roles(leave)), (1, ["director"]))
        leave.with_user(self.director).action_approval_approve()
        self.assertEqual(leave.state, "validate")
        holiday.unlink()
        self.assertEqual((leave.number_of_days, leave.state, leave.approval_state), (2, "confirm", "pending"))
        self.assertEqual(self._roles(leave), ["gm"], "the director signed these dates already")
        leave.with_user(self.gm).action_approval_approve()
        self.assertEqual((leave.state, leave.approval_state), ("validate", "approved"))
        notes = str(leave.sudo().message_ids.mapped("body"))
        self.assertIn(f"signed by {self.director.name}, {self.gm.name}", notes)

    def test_leave_that_is_over_stays(self):
        with freeze_time("2031-03-01 08:00:00"):
            holiday = self._holiday("2031-03-05")
            leave = self._leave("2031-03-04", "2031-03-05")
            leave.with_user(self.director).action_approval_approve()
        with freeze_time("2031-04-01 08:00:00"):
            holiday.unlink()
        self.assertEqual((leave.state, leave.approval_state), ("validate", "approved"))

    # === ZONES === #

    def test_another_time_zone_changes_nothing(self):
        leave = self._leave("2031-03-04")
        leave.with_user(self.director).action_approval_approve()
        waiting = self._leave("2031-03-11")
        for zone in ("Asia/Shanghai", "America/Los_Angeles"):
            self.employee1.tz = self.calendar.tz = self.manager1.tz = zone
            self.assertEqual((leave.state, leave.approval_state), ("validate", "approved"))
            self.assertFalse(leave._department_leave_held(), zone)
            leave.with_user(self.hr_manager).action_back_to_approval()
            leave.with_user(self.hr_manager).action_approve()
            self.assertEqual(leave.state, "validate", zone)
            self.assertEqual(waiting.approval_state, "pending")
        waiting.with_user(self.director).action_approval_approve()
        self.assertEqual(waiting.state, "validate")

    # === COST === #

    def test_queries_do_not_grow_with_leaves(self):
        leaves = self.env["hr.leave"]
        counts = []
        for month in ("03", "05", "07"):
            for day in ("03", "06", "11", "14"):
                leaves |= self._leave(f"2031-{month}-{day}")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(leaves.mapped("department_leave_days")), len(leaves))
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
