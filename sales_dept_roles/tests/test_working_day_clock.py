import doctest
import sys
from datetime import datetime, time, timedelta
from random import Random
from unittest.mock import patch

from pytz import timezone, utc

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.date_utils import float_to_time
from odoo.tools.intervals import Intervals

from ..models.clock import working_days


def _count_day_by_day(calendar, first, last, company):
    """Return ``{working date: its close}`` as Odoo's own intervals of all days from `first` to `last` have it."""
    zone = timezone(calendar.tz)
    closes = {}
    domain = [("time_type", "=", "leave"), ("company_id", "in", [False, company.id])]
    bounds = zone.localize(datetime.combine(first, time.min)), zone.localize(datetime.combine(last, time(23, 59, 59)))
    flexible = calendar.flexible_hours
    leaves = calendar._leave_intervals_batch(*bounds, domain=domain, tz=zone)[False]
    if flexible:
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        intervals = (
            Intervals(
                (
                    zone.localize(datetime.combine(day, time.min)),
                    zone.localize(datetime.combine(day, time(23, 59, 59))),
                    calendar.attendance_ids.browse(),
                )
                for day in days
                if day.weekday() < 5
            )
            - leaves
        )
    else:
        intervals = calendar._work_intervals_batch(*bounds, domain=domain, tz=zone)[False]
    for start, stop, _attendance in intervals:
        day = start.astimezone(zone).date()
        closes[day] = max(stop, closes.get(day, stop))
    ordinary = False if flexible else max(calendar.attendance_ids.mapped("hour_to"))
    general_first = calendar.env["resource.calendar.workday"].search(
        [("company_id", "=", company.id), ("calendar_id", "in", [False, calendar.id])], order="calendar_id NULLS FIRST"
    )
    for workday in general_first:
        hour = workday.hour_to or ordinary
        if hour or workday.date not in closes:
            close = float_to_time(hour) if hour else time(23, 59, 59)
            closes[workday.date] = zone.localize(datetime.combine(workday.date, close))
    return {day: close.astimezone(utc).replace(tzinfo=None) for day, close in closes.items()}


@tagged("post_install", "-at_install")
class TestWorkingDayClock(TransactionCase):
    """Expected dates were counted on a paper calendar, not computed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Clock Company"})
        cls.env["resource.calendar.leaves"].search([]).unlink()
        cls.calendar = cls._create_calendar("Shanghai week", "Asia/Shanghai")
        cls.company.resource_calendar_id = cls.calendar

    @classmethod
    def _create_calendar(cls, name, tz, weekdays="01234", **vals):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": tz,
                "company_id": cls.company.id,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": f"{weekday} {period}",
                            "dayofweek": weekday,
                            "hour_from": hour_from,
                            "hour_to": hour_to,
                            "day_period": period,
                        }
                    )
                    for weekday in weekdays
                    for period, hour_from, hour_to in (("morning", 8, 12), ("afternoon", 13, 17))
                ],
                **vals,
            }
        )

    @classmethod
    def _create_leave(cls, first, last, company=None, tz="Asia/Shanghai", **vals):
        zone = timezone(tz)
        bounds = [
            zone.localize(datetime.fromisoformat(text)).astimezone(utc).replace(tzinfo=None) for text in (first, last)
        ]
        # The company of a general leave is the one at work when it is made.
        return (
            cls.env["resource.calendar.leaves"]
            .with_company(company or cls.company)
            .create(
                {
                    "name": "Holiday",
                    "calendar_id": False,
                    "date_from": bounds[0],
                    "date_to": bounds[1],
                    **vals,
                }
            )
        )

    def _create_national_day(self):
        self._create_leave("2026-10-01 00:00:00", "2026-10-07 23:59:59")
        self.env["resource.calendar.workday"].create(
            [
                {"name": "For National Day", "date": date, "company_id": self.company.id}
                for date in ("2026-09-27", "2026-10-10")
            ]
        )

    def _due(self, start, days, calendar=None):
        """Local time at which a deadline falls, from a local time."""
        calendar = self.calendar if calendar is None else calendar
        zone = timezone(calendar.tz or self.company.partner_id.tz or "UTC")
        start = zone.localize(datetime.fromisoformat(start)).astimezone(utc).replace(tzinfo=None)
        (due,) = calendar._working_day_deadlines([(start, days)], self.company)
        return due and utc.localize(due).astimezone(zone).strftime("%Y-%m-%d %H:%M")

    def test_close_of_the_day_not_its_noon(self):
        # Monday + 4: Tuesday, Wednesday, Thursday, Friday.
        self.assertEqual(self._due("2026-11-02 09:00:00", 4), "2026-11-06 17:00")

    def test_start_day_does_not_count_at_any_hour(self):
        for hour in ("00:01:00", "07:00:00", "12:30:00", "16:59:00", "23:59:00"):
            self.assertEqual(self._due(f"2026-11-02 {hour}", 1), "2026-11-03 17:00")

    def test_weekend_extends(self):
        self.assertEqual(self._due("2026-11-05 10:00:00", 4), "2026-11-11 17:00")
        self.assertEqual(self._due("2026-11-07 10:00:00", 1), "2026-11-09 17:00", "asked on a Saturday")

    def test_zero_days(self):
        self.assertEqual(self._due("2026-11-05 10:00:00", 0), "2026-11-05 17:00")
        self.assertEqual(self._due("2026-11-07 10:00:00", 0), "2026-11-09 17:00")

    def test_national_day_with_make_up_days(self):
        self._create_national_day()
        self.assertEqual(self._due("2026-09-25 10:00:00", 4), "2026-09-30 17:00", "Sunday 27 is worked")
        self.assertEqual(self._due("2026-09-28 10:00:00", 4), "2026-10-09 17:00")
        self.assertEqual(self._due("2026-09-29 10:00:00", 4), "2026-10-10 17:00", "Saturday 10 is worked")
        self.assertEqual(self._due("2026-09-30 10:00:00", 4), "2026-10-12 17:00")

    def test_make_up_day_closes_at_its_own_hour(self):
        self._create_national_day()
        self.env["resource.calendar.workday"].search([("date", "=", "2026-10-10")]).hour_to = 12
        self.assertEqual(self._due("2026-10-09 10:00:00", 1), "2026-10-10 12:00")

    def test_make_up_day_inside_a_holiday(self):
        self._create_national_day()
        self.env["resource.calendar.workday"].create(
            {"name": "Stocktaking", "date": "2026-10-05", "company_id": self.company.id}
        )
        self.assertEqual(self._due("2026-09-30 10:00:00", 1), "2026-10-05 17:00")

    def test_make_up_day_of_another_schedule(self):
        other = self._create_calendar("Other", "Asia/Shanghai")
        self.env["resource.calendar.workday"].create(
            {"name": "Theirs", "date": "2026-11-07", "company_id": self.company.id, "calendar_id": other.id}
        )
        self.assertEqual(self._due("2026-11-06 10:00:00", 1), "2026-11-09 17:00")
        self.assertEqual(self._due("2026-11-06 10:00:00", 1, other), "2026-11-07 17:00")

    def test_make_up_day_of_another_company(self):
        other = self.env["res.company"].create({"name": "Another Clock Company"})
        values = {"name": "Theirs", "date": "2026-11-07"}
        self.env["resource.calendar.workday"].create({**values, "company_id": other.id})
        self.assertEqual(self._due("2026-11-06 10:00:00", 1), "2026-11-09 17:00")
        self.env["resource.calendar.workday"].create({**values, "company_id": self.company.id})
        self.assertEqual(self._due("2026-11-06 10:00:00", 1), "2026-11-07 17:00", "ours does count")

    def test_make_up_day_is_the_first_or_the_last_looked_at(self):
        self.env["resource.calendar.workday"].create(
            {"name": "Saturday", "date": "2026-11-07", "company_id": self.company.id}
        )
        self.assertEqual(self._due("2026-11-07 10:00:00", 0), "2026-11-07 17:00")
        # Friday noon to Saturday noon in Shanghai, and Saturday to Sunday.
        friday, saturday, sunday = (datetime(2026, 11, day, 4) for day in (6, 7, 8))
        pairs = [(friday, saturday), (saturday, sunday)]
        self.assertEqual(self.calendar._working_days_between(pairs, self.company), [1, 0])

    def test_make_up_day_until_midnight(self):
        """Where no hour says when it closes, or the last of the day, it is worked until the day's end."""
        workday = self.env["resource.calendar.workday"].create(
            {"name": "Saturday", "date": "2026-11-07", "company_id": self.company.id, "hour_to": 24}
        )
        self.assertEqual(self._due("2026-11-06 10:00:00", 1), "2026-11-07 23:59")
        workday.hour_to = 0
        flexible = self._create_calendar("Flexible", "Asia/Shanghai", schedule_type="flexible")
        self.assertEqual(self._due("2026-11-06 10:00:00", 1, flexible), "2026-11-07 23:59")
        workday.hour_to = 12
        self.assertEqual(self._due("2026-11-06 10:00:00", 1, flexible), "2026-11-07 12:00")

    def test_midnight_in_two_zones(self):
        """Either side of midnight in the schedule's zone, wherever the server's midnight is."""
        los_angeles = self._create_calendar("LA", "America/Los_Angeles")
        for calendar in (self.calendar, los_angeles):
            with self.subTest(zone=calendar.tz):
                self.assertEqual(self._due("2026-11-02 23:59:59", 1, calendar), "2026-11-03 17:00")
                self.assertEqual(self._due("2026-11-03 00:00:00", 1, calendar), "2026-11-04 17:00")
                self.assertEqual(self._due("2026-11-03 00:00:00", 0, calendar), "2026-11-03 17:00")

    def test_holiday_of_another_company(self):
        """Crons see every company: theirs must not shift ours."""
        other = self.env["res.company"].create({"name": "Abroad"})
        self._create_leave("2026-11-03 00:00:00", "2026-11-03 23:59:59", company=other)
        self.assertTrue(self.env.su)
        self.assertEqual(self._due("2026-11-02 10:00:00", 1), "2026-11-03 17:00")

    def test_holiday_of_a_person(self):
        resource = self.env["resource.resource"].create({"name": "Someone", "calendar_id": self.calendar.id})
        self._create_leave("2026-11-03 00:00:00", "2026-11-03 23:59:59", resource_id=resource.id)
        self.assertEqual(self._due("2026-11-02 10:00:00", 1), "2026-11-03 17:00")

    def test_half_day_holiday_leaves_a_working_day(self):
        self._create_leave("2026-11-03 12:30:00", "2026-11-03 23:59:59")
        self.assertEqual(self._due("2026-11-02 10:00:00", 1), "2026-11-03 12:00")
        self._create_leave("2026-11-04 00:00:00", "2026-11-04 12:30:00")
        self.assertEqual(self._due("2026-11-02 10:00:00", 2), "2026-11-04 17:00")

    def test_training_is_no_holiday(self):
        self._create_leave("2026-11-03 00:00:00", "2026-11-03 23:59:59", time_type="other")
        self.assertEqual(self._due("2026-11-02 10:00:00", 1), "2026-11-03 17:00")

    def test_flexible_schedule_rests_at_weekends(self):
        flexible = self.env["resource.calendar"].create(
            {"name": "Flexible", "tz": "Asia/Shanghai", "company_id": self.company.id, "flexible_hours": True}
        )
        self.assertEqual(self._due("2026-11-05 10:00:00", 2, flexible), "2026-11-09 23:59")
        self._create_leave("2026-11-09 00:00:00", "2026-11-09 23:59:59")
        self.assertEqual(self._due("2026-11-05 10:00:00", 2, flexible), "2026-11-10 23:59")

    def test_empty_and_missing_schedule(self):
        empty = self._create_calendar("Empty", "Asia/Shanghai", weekdays="")
        self.assertEqual(self._due("2026-11-05 10:00:00", 2, empty), "2026-11-09 23:59")
        self.company.partner_id.tz = "Asia/Shanghai"
        self.assertEqual(self._due("2026-11-05 10:00:00", 2, self.env["resource.calendar"]), "2026-11-09 23:59")

    def test_schedule_closed_for_years(self):
        self._create_leave("2026-11-03 00:00:00", "2046-11-03 23:59:59")
        self.assertFalse(self._due("2026-11-02 10:00:00", 1))

    def test_two_week_schedule(self):
        self.calendar.switch_calendar_type()
        weeks = self.calendar.attendance_ids.filtered(lambda line: not line.display_type)
        # In one of the two weeks, Friday is off.
        weeks.filtered(lambda line: line.week_type == "0" and line.dayofweek == "4").unlink()
        fridays = [self._due(f"{thursday} 10:00:00", 1) for thursday in ("2026-11-05", "2026-11-12", "2026-11-19")]
        self.assertIn(
            fridays,
            (
                ["2026-11-06 17:00", "2026-11-16 17:00", "2026-11-20 17:00"],
                ["2026-11-09 17:00", "2026-11-13 17:00", "2026-11-23 17:00"],
            ),
        )

    def test_time_zone_decides_the_day(self):
        # 2 November, 17:00 UTC is 3 November in Shanghai and still the 2nd in Los Angeles.
        start = datetime(2026, 11, 2, 17, 0)
        (due,) = self.calendar._working_day_deadlines([(start, 1)], self.company)
        self.assertEqual(due, datetime(2026, 11, 4, 9, 0), "4 November 17:00 in Shanghai")
        los_angeles = self._create_calendar("LA", "America/Los_Angeles")
        (due,) = los_angeles._working_day_deadlines([(start, 1)], self.company)
        self.assertEqual(due, datetime(2026, 11, 4, 1, 0), "3 November 17:00 in Los Angeles, winter time")

    def test_change_to_summer_time(self):
        berlin = self._create_calendar("Berlin", "Europe/Berlin")
        # Friday 27 March 2026 is winter time (UTC+1), Monday 30 March summer time (UTC+2).
        deadlines = berlin._working_day_deadlines(
            [(datetime(2026, 3, 26, 9, 0), 1), (datetime(2026, 3, 26, 9, 0), 2)], self.company
        )
        self.assertEqual(deadlines, [datetime(2026, 3, 27, 16, 0), datetime(2026, 3, 30, 15, 0)])

    def test_days_between(self):
        self._create_national_day()
        # Local noon in Shanghai.
        noon = {
            day: datetime.fromisoformat(f"{day} 04:00:00")
            for day in ("2026-09-28", "2026-09-30", "2026-10-08", "2026-10-10", "2026-10-12")
        }
        pairs = [
            (noon["2026-09-28"], noon["2026-09-28"]),
            (noon["2026-09-28"], noon["2026-09-30"]),
            (noon["2026-09-30"], noon["2026-10-08"]),
            (noon["2026-10-08"], noon["2026-10-12"]),
            (noon["2026-10-12"], noon["2026-10-08"]),
        ]
        self.assertEqual(self.calendar._working_days_between(pairs, self.company), [0, 2, 1, 3, 0])

    def test_bulk_equals_single(self):
        self._create_national_day()
        start = datetime(2026, 9, 20, 1, 0)
        requests = [(start + timedelta(hours=7 * number), number % 9) for number in range(100)]
        bulk = self.calendar._working_day_deadlines(requests, self.company)
        single = [self.calendar._working_day_deadlines([request], self.company)[0] for request in requests]
        self.assertEqual(bulk, single)
        self.assertEqual(self.calendar._working_day_deadlines([], self.company), [])
        self.assertEqual(self.calendar._working_days_between([], self.company), [])

    def _create_random_calendar(self, random, tz):
        """A schedule of one or two weeks, with holidays of all lengths and make-up days, some on the same dates."""
        self.env["resource.calendar.leaves"].search([]).unlink()
        self.env["resource.calendar.workday"].search([]).unlink()
        calendar = self._create_calendar("Random", tz, "".join(random.sample("0123456", random.randint(1, 6))))
        if random.random() < 0.5:
            calendar.switch_calendar_type()
            lines = calendar.attendance_ids.filtered(lambda line: not line.display_type)
            lines.browse(random.sample(lines.ids, len(lines) // 3)).unlink()
        for line in calendar.attendance_ids.filtered(lambda line: line.day_period == "afternoon"):
            line.hour_to = random.choice([13.5, 16, 17.25, 20, 23.5])
        if random.random() < 0.2:
            calendar.schedule_type = "flexible"
        start = datetime(2025, 12, 20)
        for _number in range(random.randint(0, 25)):
            start += timedelta(minutes=random.choice([1, 200, 1440, 30000]))
            if random.random() < 0.5:
                start = start.replace(hour=0, minute=0) + timedelta(days=1)
            end = start + timedelta(minutes=random.choice([240, 1439, 1440, 4000, 15000, 60000]))
            self._create_leave(str(start), str(end), tz=tz)
            start = end
        days = {datetime(2026, 1, 1).date() + timedelta(days=random.randint(0, 500)) for _number in range(12)}
        self.env["resource.calendar.workday"].create(
            [
                {
                    "name": "Made up",
                    "date": day,
                    "company_id": self.company.id,
                    "hour_to": random.choice([0, 12, 18.5]),
                    "calendar_id": random.choice([False, calendar.id]),
                }
                for day in days
            ]
        )
        return calendar

    def test_equals_counting_day_by_day(self):
        """The clock calculates what counting one day after the other finds."""
        random = Random(20261107)
        zones = ["Asia/Shanghai", "America/Los_Angeles", "Europe/Berlin", "Pacific/Auckland", "UTC"] * 5
        for number, tz in enumerate(zones):
            calendar = self._create_random_calendar(random, tz)
            first, last = datetime(2025, 12, 1).date(), datetime(2027, 9, 1).date()
            closes = _count_day_by_day(calendar, first, last, self.company)
            dates = sorted(closes)
            self.assertGreater(len(dates), 20)
            requests, expected = [], []
            for _number in range(60):
                start = datetime(2025, 12, 2) + timedelta(minutes=random.randint(0, 60 * 24 * 550))
                days = random.randint(0, 15)
                local = utc.localize(start).astimezone(timezone(tz)).date()
                later = [day for day in dates if (day > local if days else day >= local)]
                if len(later) > days:
                    requests.append((start, days))
                    expected.append(closes[later[max(days, 1) - 1]])
            self.assertGreater(len(requests), 20)
            with self.subTest(number=number, tz=tz):
                self.assertEqual(calendar._working_day_deadlines(requests, self.company), expected)
                pairs = [(start, due) for (start, days), due in zip(requests, expected, strict=True) if days]
                self.assertEqual(
                    calendar._working_days_between(pairs, self.company),
                    [days for _start, days in requests if days],
                )

    def test_cost_does_not_grow_with_the_distance(self):
        self._create_national_day()

        def cost(days, end):
            start = datetime(2026, 9, 20, 1, 0)
            calls = []
            trace = sys.getprofile()
            sys.setprofile(lambda _frame, event, _argument: calls.append(event))
            try:
                (due,) = self.calendar._working_day_deadlines([(start, days)], self.company)
                (between,) = self.calendar._working_days_between([(start, end)], self.company)
            finally:
                sys.setprofile(trace)
            return len(calls), due, between

        cost(1, datetime(2026, 9, 30))
        near, _due, _between = cost(30, datetime(2026, 10, 30))
        far, due, between = cost(1_000_000, datetime(5000, 1, 1))
        self.assertGreater(due.year, 5800)
        self.assertGreater(between, 700_000)
        self.assertLess(far, 1.5 * near)

    def test_ends_of_the_calendar(self):
        """No moment that a form takes throws the clock out of Python's calendar, in any time zone."""
        moments = [datetime.min, datetime(1, 1, 2), datetime(9999, 12, 31, 23, 59, 59), datetime.max]
        self._create_leave("0001-01-03 00:00:00", "0001-01-05 23:59:59")
        for tz in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
            calendar = self._create_calendar(tz, tz)
            with self.subTest(tz=tz):
                self.assertEqual(len(calendar._working_day_deadlines([(at, 3) for at in moments], self.company)), 4)
                (days,) = calendar._working_days_between([(datetime.min, datetime.max)], self.company)
                self.assertGreater(days, 2_600_000)
                self.assertFalse(calendar._working_day_deadlines([(moments[-1], 1)], self.company)[0])

    def test_holiday_until_the_last_second_of_a_day_that_is_worked_until_midnight(self):
        self.calendar.attendance_ids.filtered(lambda line: line.day_period == "afternoon").hour_to = 24
        self.assertEqual(self._due("2026-11-02 10:00:00", 1), "2026-11-03 23:59")
        self._create_leave("2026-11-03 00:00:00", "2026-11-03 23:59:59")
        self.assertEqual(self._due("2026-11-02 10:00:00", 1), "2026-11-04 23:59")

    def test_examples(self):
        found = doctest.testmod(working_days)
        self.assertEqual((found.failed, found.attempted), (0, 1))

    def test_make_up_day_within_a_long_closure(self):
        self._create_leave("2026-11-03 00:00:00", "2027-02-03 23:59:59")
        self.env["resource.calendar.workday"].create(
            {"name": "Stocktaking", "date": "2026-12-31", "company_id": self.company.id}
        )
        self.assertEqual(self._due("2026-11-02 10:00:00", 1), "2026-12-31 17:00")
        self.assertEqual(self._due("2026-11-02 10:00:00", 2), "2027-02-04 17:00")
        self.assertEqual(self._due("2026-12-31 10:00:00", 1), "2027-02-04 17:00")

    def test_holidays_of_which_the_reader_sees_nothing(self):
        """A deadline is the same for everybody."""
        other = self.env["res.company"].create({"name": "Abroad"})
        reader = new_test_user(
            self.env, "clock_abroad", "base.group_user", company_id=other.id, company_ids=[(6, 0, other.ids)]
        )
        self._create_national_day()
        request = [(datetime(2026, 9, 30, 2, 0), 1)]
        self.env.invalidate_all()
        mine = self.calendar._working_day_deadlines(request, self.company)
        theirs = self.calendar.with_user(reader)._working_day_deadlines(request, self.company.with_user(reader).sudo())
        self.assertEqual(mine, theirs)
        self.assertEqual(mine, [datetime(2026, 10, 8, 9, 0)])

    def test_queries_do_not_grow(self):
        def queries(count):
            start = datetime(2026, 9, 20, 1, 0)
            requests = [(start + timedelta(minutes=number), 4) for number in range(count)]
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.calendar._working_day_deadlines(requests, self.company)
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(10), queries(1000))

    def test_open_deadlines_follow_the_calendar(self):
        Task = self.registry["sales.approval.task"]
        workday = self.env["resource.calendar.workday"].create(
            {"name": "Made up", "date": "2026-11-07", "company_id": self.company.id}
        )
        holiday = self._create_leave("2026-11-19 00:00:00", "2026-11-19 23:59:59")
        new_calendar = self._create_calendar("New", "Asia/Shanghai")
        changes = {
            "make-up day made": lambda: workday.copy({"date": "2026-11-08"}),
            "make-up day moved": lambda: workday.write({"date": "2026-11-14"}),
            "make-up day deleted": lambda: workday.unlink(),
            "holiday": lambda: self._create_leave("2026-11-03 00:00:00", "2026-11-03 23:59:59"),
            "holiday moved": lambda: holiday.write({"date_to": "2026-11-20 15:59:59"}),
            "holiday deleted": lambda: holiday.unlink(),
            "attendance": lambda: self.calendar.attendance_ids[:1].unlink(),
            "hours": lambda: self.calendar.attendance_ids[:1].write({"hour_to": 11}),
            "time zone": lambda: self.calendar.write({"tz": "Europe/Berlin"}),
            "flexible": lambda: self.calendar.write({"schedule_type": "flexible"}),
            "schedule": lambda: self.company.write({"resource_calendar_id": new_calendar.id}),
        }
        for name, change in changes.items():
            with self.subTest(change=name), patch.object(Task, "_recompute_open_deadlines") as recompute:
                change()
                self.env.flush_all()
                self.assertTrue(recompute.called)
        resource = self.env["resource.resource"].create({"name": "Someone", "calendar_id": self.calendar.id})
        with patch.object(Task, "_recompute_open_deadlines") as recompute:
            self._create_leave("2026-11-03 00:00:00", "2026-11-03 23:59:59", resource_id=resource.id)
            self.company.name = "Renamed"
            self.calendar.name = "Renamed"
            self.assertFalse(recompute.called, "a person's own leave moves nothing, nor does a name")

    def test_schedules_that_a_general_holiday_concerns(self):
        other = self.env["res.company"].create({"name": "Another Clock Company"})
        theirs = self._create_calendar("Theirs", "Asia/Shanghai", company_id=other.id)
        shared = self._create_calendar("Shared", "Asia/Shanghai", company_id=False)
        with patch.object(self.registry["sales.approval.task"], "_recompute_open_deadlines") as recompute:
            self._create_leave("2026-11-03 00:00:00", "2026-11-03 23:59:59")
        moved = recompute.call_args.args[0]
        self.assertLessEqual(self.calendar | shared, moved)
        self.assertNotIn(theirs, moved)
        with patch.object(self.registry["sales.approval.task"], "_recompute_open_deadlines") as recompute:
            self._create_leave("2026-11-05 00:00:00", "2026-11-05 23:59:59", calendar_id=shared.id)
        self.assertEqual(recompute.call_args.args[0], shared)

    def test_rights(self):
        user = new_test_user(self.env, "clock_user", "base.group_user")
        director = new_test_user(self.env, "clock_director", "base.group_user,sales_dept_roles.group_director")
        workday = (
            self.env["resource.calendar.workday"].with_user(director).create({"name": "Made up", "date": "2026-11-07"})
        )
        workday.with_user(user).read(["name"])
        for attempt in (
            lambda: workday.with_user(user).write({"name": "Mine"}),
            lambda: workday.with_user(user).unlink(),
            lambda: workday.with_user(user).copy({"date": "2026-11-08"}),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_bad_input(self):
        Workday = self.env["resource.calendar.workday"]
        Workday.create({"name": "Once", "date": "2026-11-07", "company_id": self.company.id})
        with self.assertRaises(Exception) as caught, mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            Workday.create({"name": "Twice", "date": "2026-11-07", "company_id": self.company.id})
        self.assertIn("date", str(caught.exception))
        with self.assertRaises(Exception) as caught, mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            Workday.create({"name": "Late", "date": "2026-11-08", "company_id": self.company.id, "hour_to": 25})
        self.assertIn("hour", str(caught.exception))
