from datetime import datetime, time, timedelta

from pytz import timezone

from odoo import models
from odoo.fields import Domain
from odoo.tools import ormcache
from odoo.tools.date_utils import float_to_time

from .working_days import END_OF_DAY, FIRST_DAY, WorkingDays, local_date
from .working_hours import WorkingHours


class ResourceCalendar(models.Model):
    """The working-day clock.

    A deadline of N working days is the close of the Nth working day after the local day of the
    start, in the schedule's time zone. A day counts when any of its working time is left after
    public holidays; make-up working days count whatever the week's pattern. Only holidays of the
    given company (or of none) matter, whoever computes. A schedule without fixed hours (flexible,
    or empty) stands for Monday to Friday, closing at the end of the day.
    """

    _inherit = "resource.calendar"

    def _working_day_deadlines(self, requests, company):
        """Return the deadline of each request, with one computation of the calendar for all.

        :param requests: ``[(start, days)]``: naive UTC datetime and number of working days; with 0
            days it is the close of the start day, or of the next working day
        :param company: whose public holidays count
        :return: naive UTC datetimes in the order of `requests`; False where no working day was found
        """
        if not requests:
            return []
        clock = self._working_days([start for start, _days in requests], company)
        deadlines = []
        for start, days in requests:
            day = clock.local_date(start)
            # With 0 days the start day counts, or the next working day.
            before = clock.count(day) if days else clock.count(day - timedelta(days=1))
            due = clock.number(before + max(days, 1))
            deadlines.append(clock.close(due) if due else False)
        return deadlines

    def _working_days_between(self, pairs, company):
        """Return how many working days lie between the two times of each pair.

        :param pairs: ``[(start, end)]`` as naive UTC datetimes
        :return: numbers of the working days after the local day of the start, up to and including
            that of the end; 0 on the same day
        """
        if not pairs:
            return []
        clock = self._working_days([start for start, _end in pairs], company)
        return [
            max(0, clock.count(clock.local_date(end)) - clock.count(clock.local_date(start))) for start, end in pairs
        ]

    @ormcache("self.id", "company.id", "day")
    def _working_days_from(self, company, day):
        """The clock of this schedule from the date `day` on; kept, as whoever opens an order that waits asks for it."""
        return self._working_days([datetime.combine(day, time.min)], company)

    def _working_hours_after(self, requests, company):
        """Return when so many working hours have run since the start of each request.

        :param requests: ``[(start, hours)]``: naive UTC datetime and number of hours, more than 0
        :param company: whose public holidays count
        :return: naive UTC datetimes in the order of `requests`; False where the schedule has no such time
        """
        if not requests:
            return []
        clock = self._working_days([start for start, _hours in requests], company, WorkingHours)
        return [clock.after(start, hours * 3600) or False for start, hours in requests]

    def _working_hours_between(self, pairs, company):
        """Return how many working hours lie between the two naive UTC datetimes of each of `pairs`."""
        if not pairs:
            return []
        clock = self._working_days([start for start, _end in pairs], company, WorkingHours)
        return [clock.elapsed(start, end) / 3600 for start, end in pairs]

    def _working_days(self, moments, company, clock=WorkingDays):
        """The clock of this schedule for what begins at any of the naive UTC datetimes `moments`."""
        # Make-up days and holidays count for whoever computes, whatever the reader may see.
        calendar = self.sudo()
        # A day before, for the time zone; one more, as with 0 days the day before is asked for.
        start = max(min(moments).date(), FIRST_DAY + timedelta(days=2)) - timedelta(days=2)
        return clock(
            calendar._clock_pattern(),
            self._clock_zone(company),
            start,
            calendar._clock_holidays(start, company),
            calendar._make_up_days(start, company),
        )

    def _clock_pattern(self):
        """The hours of each weekday in the two weeks that repeat, as :class:`WorkingDays` takes them."""
        if not self._has_fixed_hours():
            return ([[(time.min, END_OF_DAY)]] * 5 + [[], []]) * 2
        pattern = [[] for _slot in range(14)]
        for attendance in self.attendance_ids.filtered(lambda line: line._is_work_period()):
            weekday = int(attendance.dayofweek)
            hours = (float_to_time(attendance.hour_from), _time_to(attendance.hour_to))
            weeks = [int(attendance.week_type)] if self.two_weeks_calendar else [0, 1]
            for week in weeks:
                pattern[weekday + 7 * week].append(hours)
        return pattern

    def _clock_holidays(self, start, company):
        """Public holidays that end on the date `start` or later, as pairs of naive UTC datetimes."""
        # Odoo takes the holidays of every company that the user sees, and a cron sees them all.
        leaves = self.env["resource.calendar.leaves"].search_fetch(
            Domain("time_type", "=", "leave")
            & Domain("company_id", "in", [False, company.id])
            & Domain("calendar_id", "in", [False, *self.ids])
            & Domain("resource_id", "=", False)
            & Domain("date_to", ">=", start),
            ["date_from", "date_to"],
        )
        return [(leave.date_from, leave.date_to) for leave in leaves]

    def _has_fixed_hours(self):
        return bool(self and not self.flexible_hours and self.attendance_ids)

    def _make_up_days(self, start, company):
        """Return ``{date: time at which it closes}``; None for a schedule without fixed hours."""
        workdays = self.env["resource.calendar.workday"].search(
            Domain("company_id", "=", company.id)
            & Domain("calendar_id", "in", [False, *self.ids])
            & Domain("date", ">=", start),
            order="calendar_id NULLS FIRST",
        )
        ordinary = max(self.attendance_ids.mapped("hour_to"), default=0) if self._has_fixed_hours() else 0
        return {
            workday.date: _time_to(workday.hour_to or ordinary) if workday.hour_to or ordinary else None
            for workday in workdays
        }

    def _clock_zone(self, company):
        return timezone(self.tz or company.partner_id.tz or "UTC")

    def _local_dates(self, moments, company):
        zone = self._clock_zone(company)
        return [local_date(moment, zone) for moment in moments]

    # === CHANGES === #

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            self.env.registry.clear_cache()
        if vals.keys() & {"tz", "attendance_ids", "flexible_hours", "schedule_type", "two_weeks_calendar"}:
            self._working_days_changed()
        return result

    def _working_days_changed(self):
        """Bring stored deadlines up to date after working days of the schedules `self` changed."""
        self.env.registry.clear_cache()
        if self:
            self.env["sales.approval.task"]._recompute_open_deadlines(self)


def _time_to(hour):
    """The time of an hour at which work ends: 24:00 is the last second of the day."""
    return min(float_to_time(hour), END_OF_DAY)
