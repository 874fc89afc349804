from bisect import bisect_left, bisect_right
from datetime import datetime, time, timedelta

from dateutil.rrule import DAILY, FR, MO, TH, TU, WE, rrule
from pytz import timezone, utc

from odoo import models
from odoo.fields import Domain
from odoo.tools.date_utils import float_to_time
from odoo.tools.intervals import Intervals

# What a window of days may grow to while a deadline is looked for: a schedule that is closed for
# years on end is a mistake, and its deadlines are left empty.
LONGEST_WINDOW = timedelta(days=3660)
END_OF_DAY = time(23, 59, 59)


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
        starts = self._local_dates([start for start, _days in requests], company)
        most = max(days for _start, days in requests)
        last = max(starts)
        window = timedelta(days=2 * most + 14)
        dates, closes = self._working_days(min(starts), last + window, company)
        while len(dates) - bisect_right(dates, last) <= most and window < LONGEST_WINDOW:
            window *= 2
            dates, closes = self._working_days(min(starts), last + window, company)
        deadlines = []
        for start, (_start, days) in zip(starts, requests, strict=True):
            position = bisect_right(dates, start) + days - 1 if days else bisect_left(dates, start)
            deadlines.append(closes[position] if position < len(closes) else False)
        return deadlines

    def _working_days_between(self, pairs, company):
        """Return how many working days lie between the two times of each pair.

        :param pairs: ``[(start, end)]`` as naive UTC datetimes
        :return: numbers of the working days after the local day of the start, up to and including
            that of the end; 0 on the same day
        """
        if not pairs:
            return []
        starts = self._local_dates([start for start, _end in pairs], company)
        ends = self._local_dates([end for _start, end in pairs], company)
        dates, _closes = self._working_days(min(starts), max(ends), company)
        return [
            max(0, bisect_right(dates, end) - bisect_right(dates, start))
            for start, end in zip(starts, ends, strict=True)
        ]

    def _working_days(self, first, last, company):
        """Return the working dates from `first` to `last`, and the naive UTC close of each.

        :return: two lists of equal length, sorted
        """
        zone = self._clock_zone(company)
        close_of = {}
        for start, stop, _attendance in self._clock_intervals(first, last, company):
            day = start.astimezone(zone).date()
            close_of[day] = max(stop, close_of.get(day, stop))
        for day, hour in self._make_up_days(first, last, company).items():
            if hour is False and day in close_of:
                continue
            close = END_OF_DAY if hour is False or hour >= 24 else float_to_time(hour)
            close_of[day] = zone.localize(datetime.combine(day, close))
        dates = sorted(day for day in close_of if first <= day <= last)
        return dates, [close_of[day].astimezone(utc).replace(tzinfo=None) for day in dates]

    def _clock_intervals(self, first, last, company):
        """Working intervals of the days from `first` to `last`, public holidays taken off."""
        zone = self._clock_zone(company)
        start = zone.localize(datetime.combine(first, time.min))
        stop = zone.localize(datetime.combine(last, END_OF_DAY))
        # Odoo takes the holidays of every company that the user sees, and a cron sees them all.
        domain = [("time_type", "=", "leave"), ("company_id", "in", [False, company.id])]
        if self._has_fixed_hours():
            return self._work_intervals_batch(start, stop, domain=domain, tz=zone)[False]
        # Odoo fills a flexible week from the window's first day on, weekends included.
        leaves = self._leave_intervals_batch(start, stop, domain=domain, tz=zone)[False]
        no_attendance = self.env["resource.calendar.attendance"]
        weekdays = rrule(
            DAILY,
            dtstart=datetime.combine(first, time.min),
            until=datetime.combine(last, time.min),
            byweekday=(MO, TU, WE, TH, FR),
        )
        days = Intervals(
            (zone.localize(day), zone.localize(datetime.combine(day, END_OF_DAY)), no_attendance) for day in weekdays
        )
        return days - leaves

    def _has_fixed_hours(self):
        return bool(self and not self.flexible_hours and self.attendance_ids)

    def _make_up_days(self, first, last, company):
        """Return ``{date: hour at which it closes}``; False for a schedule without fixed hours."""
        workdays = (
            self.env["resource.calendar.workday"]
            .sudo()
            .search(
                Domain("company_id", "=", company.id)
                & Domain("calendar_id", "in", [False, *self.ids])
                & Domain("date", ">=", first)
                & Domain("date", "<=", last),
                order="calendar_id NULLS FIRST",
            )
        )
        ordinary = max(self.attendance_ids.mapped("hour_to"), default=False) if self._has_fixed_hours() else False
        return {workday.date: workday.hour_to or ordinary for workday in workdays}

    def _clock_zone(self, company):
        return timezone(self.tz or company.partner_id.tz or "UTC")

    def _local_dates(self, moments, company):
        zone = self._clock_zone(company)
        return [utc.localize(moment).astimezone(zone).date() for moment in moments]

    # === CHANGES === #

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"tz", "attendance_ids", "flexible_hours", "schedule_type", "two_weeks_calendar"}:
            self._working_days_changed()
        return result

    def _working_days_changed(self):
        """Bring stored deadlines up to date after working days of the schedules `self` changed."""
        if self:
            self.env["sales.approval.task"]._recompute_open_deadlines(self)
