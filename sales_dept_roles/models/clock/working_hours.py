"""Working hours as arithmetic: when work is done on the working days, and how much of it lies between two moments."""

from datetime import datetime, time, timedelta

from pytz import utc

from .working_days import END_OF_DAY, WorkingDays, union


class WorkingHours(WorkingDays):
    """The working hours from one date on, of one schedule in one time zone.

    Takes what :class:`WorkingDays` takes. A make-up day has the hours of the pattern's first working day, until its
    own close; public holidays do not touch it, as they do not touch it there.
    """

    def __init__(self, pattern, zone, start, holidays=(), make_up_days=()):
        super().__init__(pattern, zone, start, holidays, make_up_days)
        self.away = union(holidays)
        self.make_up_days = set(dict(make_up_days))

    def after(self, moment, seconds):
        """When `seconds` of working time have run since `moment`; None where the clock has stopped before.

        :param moment: naive UTC datetime, as is what is returned
        :param seconds: more than 0
        """
        number = self.count(self.local_date(moment) - timedelta(days=1)) + 1
        while day := self.number(number):
            for begin, end in self.intervals(day):
                left = (end - max(begin, moment)).total_seconds()
                if left >= seconds:
                    return max(begin, moment) + timedelta(seconds=seconds)
                seconds -= max(left, 0)
            number += 1
        return None

    def elapsed(self, start, end):
        """How many seconds of working time lie between the naive UTC datetimes `start` and `end`."""
        return sum(
            max((min(stop, end) - max(begin, start)).total_seconds(), 0)
            for day in self.between(self.local_date(start), self.local_date(end))
            for begin, stop in self.intervals(day)
        )

    def intervals(self, day):
        """When work is done on the working day `day`: sorted pairs of naive UTC datetimes."""
        if day in self.make_up_days:
            return self._make_up_intervals(day)
        worked = []
        for begin, end in self._in_utc(day, self._hours(day)):
            for away_from, away_to in self.away:
                if away_from < end and away_to > begin:
                    worked.append((begin, away_from))
                    begin = max(begin, away_to)
            worked.append((begin, end))
        return [(begin, end) for begin, end in worked if begin < end]

    def _make_up_intervals(self, day):
        close = self.close(day)
        hours = self._in_utc(day, next(filter(None, self.pattern), []))
        worked = [(begin, min(end, close)) for begin, end in hours if begin < close]
        if worked:
            worked[-1] = (worked[-1][0], max(worked[-1][1], close))
        return worked

    def _in_utc(self, day, hours):
        return [(self._utc(day, begin), self._end(day, end)) for begin, end in sorted(hours)]

    def _end(self, day, hour):
        """The naive UTC datetime of an hour at which work ends; the last second of a day stands for its end."""
        if hour != END_OF_DAY:
            return self._utc(day, hour)
        midnight = datetime.combine(day + timedelta(days=1), time.min)
        return self.zone.localize(midnight).astimezone(utc).replace(tzinfo=None)
