"""Working days as arithmetic: a fortnight that repeats, and the days that differ from it."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from itertools import accumulate

from pytz import utc

END_OF_DAY = time(23, 59, 59)
# Days on which the clock runs: none of them leaves Python's calendar in any time zone.
FIRST_DAY, LAST_DAY = date(2, 1, 1), date(9998, 12, 31)
FORTNIGHT = 14
# A schedule that is closed for years on end is a mistake: there the clock stops.
LONGEST_CLOSURE = 3660


def local_date(moment, zone):
    """The date of a naive UTC datetime in a time zone (pytz), also at the ends of the calendar."""
    day = min(max(moment.date(), FIRST_DAY), LAST_DAY)
    moment = moment if day == moment.date() else datetime.combine(day, moment.time())
    return utc.localize(moment).astimezone(zone).date()


class WorkingDays:
    """The working days from one date on, of one schedule in one time zone.

    It is made once for any number of questions. What it costs goes by the holidays and the make-up
    days that are recorded, and not by how far ahead a question looks.

    :param pattern: 14 lists of ``(from, to)``, naive local times: the hours of each weekday in the
        first and the second week, counted as Odoo does from Monday, 1 January of the year 1
    :param zone: the time zone (pytz) of the pattern and of all dates
    :param start: the first date that will be asked for
    :param holidays: ``[(start, stop)]``, naive UTC datetimes, in any order
    :param make_up_days: ``{date: close of work}``: days that are worked at any rate, with the naive local
        time; None: until the end of the day, or until a holiday begins on it
    """

    def __init__(self, pattern, zone, start, holidays=(), make_up_days=()):
        self.zone = zone
        self.pattern = [[(begin, end) for begin, end in hours if begin < end] for hours in pattern]
        # Positions of the working days in a fortnight, and how many lie before each position.
        self.positions = [slot for slot, hours in enumerate(self.pattern) if hours]
        self.before = [0, *accumulate(int(bool(hours)) for hours in self.pattern)]
        start = min(max(start, FIRST_DAY), LAST_DAY)
        self.closes, closures = self._exceptions(start, union(holidays), dict(make_up_days))
        self._set_segments(start.toordinal(), closures)

    def local_date(self, moment):
        """The local date of a naive UTC datetime."""
        return local_date(moment, self.zone)

    def count(self, day):
        """How many working days there are from the start up to and including `day`."""
        ordinal = day.toordinal()
        index = bisect_right(self.firsts, ordinal) - 1
        if index < 0:
            return 0
        first, last, kind = self.segments[index]
        if kind != "pattern":
            return self.counts[index] + (kind == "worked")
        return self.counts[index] + self._in_pattern(min(ordinal, last)) - self._in_pattern(first - 1)

    def number(self, number):
        """The working day with that number, counted from 1; None where the clock has stopped before."""
        if not 0 < number <= self.counts[-1]:
            return None
        index = bisect_left(self.counts, number) - 1
        first, _last, kind = self.segments[index]
        if kind != "pattern":
            return date.fromordinal(first)
        fortnights, position = divmod(
            self._in_pattern(first - 1) + number - self.counts[index] - 1, len(self.positions)
        )
        return date.fromordinal(fortnights * FORTNIGHT + self.positions[position] + 1)

    def between(self, first, last):
        """The working days from `first` to `last`, both included, in order."""
        before = self.count(first - timedelta(days=1)) if first > FIRST_DAY else 0
        return [self.number(number) for number in range(before + 1, self.count(last) + 1)]

    def close(self, day):
        """When work closes on the working day `day`, as naive UTC datetime."""
        return self.closes.get(day) or self._utc(day, self._ordinary_close(day))

    # === PARTS === #

    def _exceptions(self, start, holidays, make_up_days):
        """Return ``{date: its close, or None where no work is left}``, and the ranges of ordinals that are closed."""
        touched, closures = defaultdict(list), []
        for begin, end in holidays:
            first, last = self.local_date(begin), self.local_date(end)
            if last >= start:
                closures.append((first.toordinal() + 1, last.toordinal() - 1))
                for day in {first, last}:
                    touched[day].append((begin, end))
        closes = {day: self._close_after(day, away) for day, away in touched.items() if day >= start}
        for day, close in make_up_days.items():
            if start <= day <= LAST_DAY:
                ordinary = closes.get(day) if close is None else None
                closes[day] = ordinary or self._utc(day, close or END_OF_DAY)
        return closes, closures

    def _close_after(self, day, holidays):
        """When the last working time of `day` ends that none of `holidays` takes away; None: nothing is left."""
        closes = []
        for begin, end in self._hours(day):
            begin, end = self._utc(day, begin), self._utc(day, end)
            for away_begin, away_end in holidays:
                if away_begin < end <= away_end:
                    end = away_begin
            if begin < end:
                closes.append(end)
        return max(closes, default=None)

    def _set_segments(self, ordinal, closures):
        """Part the days from `ordinal` on into single days, closed ranges and runs of the pattern."""
        singles = {day.toordinal(): "worked" if close else "closed" for day, close in self.closes.items()}
        exceptions = sorted(
            [*((day, day, kind) for day, kind in singles.items()), *_without(closures, sorted(singles))]
        )
        self.segments, self.counts = [], [0]
        for first, last, kind in exceptions:
            self._add(ordinal, first - 1, "pattern")
            if last - first >= LONGEST_CLOSURE:
                break
            self._add(max(first, ordinal), last, kind)
            ordinal = max(ordinal, last + 1)
        else:
            self._add(ordinal, LAST_DAY.toordinal(), "pattern")
        self.firsts = [first for first, _last, _kind in self.segments]

    def _add(self, first, last, kind):
        if first <= last:
            days = self._in_pattern(last) - self._in_pattern(first - 1) if kind == "pattern" else int(kind == "worked")
            self.segments.append((first, last, kind))
            self.counts.append(self.counts[-1] + days)

    def _in_pattern(self, ordinal):
        """How many working days the pattern has from the year 1 up to and including the ordinal."""
        fortnights, days = divmod(ordinal, FORTNIGHT)
        return fortnights * len(self.positions) + self.before[days]

    def _hours(self, day):
        return self.pattern[(day.toordinal() - 1) % FORTNIGHT]

    def _ordinary_close(self, day):
        return max((end for _begin, end in self._hours(day)), default=None)

    def _utc(self, day, hour):
        return self.zone.localize(datetime.combine(day, hour)).astimezone(utc).replace(tzinfo=None)


def _without(ranges, days):
    """Yield the `ranges` of ordinals without the sorted `days`, as closed segments."""
    for first, last in ranges:
        inside = days[bisect_left(days, first) : bisect_right(days, last)]
        for begin, end in zip([first, *(day + 1 for day in inside)], [*(day - 1 for day in inside), last], strict=True):
            if begin <= end:
                yield begin, end, "closed"


def union(intervals):
    """The intervals sorted, those that meet made one.

    >>> union([(5, 6), (1, 3), (2, 4), (4, 5), (8, 8)])
    [(1, 6)]
    """
    united = []
    for begin, end in sorted(intervals):
        if begin >= end:
            continue
        if united and begin <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((begin, end))
    return united
