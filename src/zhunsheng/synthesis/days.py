"""Days as whole numbers since 1970-01-01: working days, seasons, business hours, periods counted for whole columns."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from zhunsheng.kernel.work_calendar import WorkCalendar
from zhunsheng.synthesis.amounts import EMPTY, Array, split

EPOCH = date(1970, 1, 1)
DAY_SECONDS = 86400
_FIRST_YEAR = 2018
_HOUR = 3600


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


@dataclass(frozen=True)
class YearDays:
    """The days of a year and the working days around it."""

    year: int
    calendar: WorkCalendar

    @cached_property
    def first(self) -> int:
        """1 January."""
        return day_number(date(self.year, 1, 1))

    @cached_property
    def last(self) -> int:
        """31 December."""
        return day_number(date(self.year, 12, 31))

    @cached_property
    def count(self) -> int:
        """Number of days."""
        return self.last - self.first + 1

    @cached_property
    def month_starts(self) -> Array:
        """The first day of each month and of the month after the year."""
        starts = [day_number(date(self.year, month, 1)) for month in range(1, 13)]
        return np.array([*starts, self.last + 1], dtype=np.int64)

    @cached_property
    def _base(self) -> int:
        return day_number(date(max(_FIRST_YEAR, self.year - 3), 1, 1))

    @cached_property
    def _works(self) -> Array:
        last = day_number(date(min(self.year + 4, max(self.calendar.years)), 12, 31))
        days = range(self._base, last + 1)
        return np.array([self.calendar.is_workday(EPOCH + timedelta(days=each)) for each in days])

    @cached_property
    def _worked(self) -> Array:
        return np.flatnonzero(self._works) + self._base

    @cached_property
    def _number_until(self) -> Array:
        return np.cumsum(self._works)

    def is_workday(self, days: Array) -> Array:
        """Whether days are worked."""
        found: Array = self._works[np.asarray(days) - self._base]
        return found

    def workdays_after(self, days: Array, counts: Array | int) -> Array:
        """The `counts`-th working day after each day; a count of 0 gives the day itself."""
        days = np.asarray(days, dtype=np.int64)
        counts = np.asarray(counts, dtype=np.int64)
        place = self._number_until[days - self._base] + counts - 1
        found = self._worked[np.minimum(np.maximum(place, 0), len(self._worked) - 1)]
        return np.where(counts > 0, found, days)

    def worked_on_or_after(self, days: Array) -> Array:
        """Each day itself if it is worked, otherwise the next working day."""
        days = np.asarray(days, dtype=np.int64)
        return np.where(self.is_workday(days), days, self.workdays_after(days, 1))

    def years_after(self, days: Array, years: int) -> Array:
        """The same day so many years later, or the next working day."""
        moved = [(EPOCH + timedelta(days=int(each))) for each in np.asarray(days)]
        later = [
            each.replace(year=each.year + years, day=min(each.day, 28) if each.month == 2 else each.day)
            for each in moved
        ]
        wanted = np.array([day_number(each) for each in later], dtype=np.int64)
        known = wanted <= self._base + len(self._works) - 1
        return np.where(known, self.worked_on_or_after(np.where(known, wanted, self.first)), wanted)

    # how much happens on each day of the year

    @cached_property
    def office(self) -> Array:
        """Weights of acts of offices: on working days only, a little less around holidays."""
        days = np.arange(self.first, self.last + 1)
        return np.where(self.is_workday(days), 1.0, 0.0) * self._season(0.12)

    @cached_property
    def online(self) -> Array:
        """Weights of what people do online: every day, half on days off."""
        days = np.arange(self.first, self.last + 1)
        return np.where(self.is_workday(days), 1.0, 0.5) * self._season(0.10)

    @cached_property
    def every_day(self) -> Array:
        """Weights of what goes on every day alike."""
        return np.ones(self.count) * self._season(0.04)

    def _season(self, depth: float) -> Array:
        """A slow start, a summer, a busy fourth quarter; February is short of working days anyway."""
        month = self.month_of(np.arange(self.first, self.last + 1))
        shape = np.array([-1.0, -1.2, 0.3, 0.4, 0.2, 0.6, 0.1, 0.1, 0.4, -0.2, 0.7, 0.9])
        found: Array = 1.0 + depth * shape[month]
        return found

    def month_of(self, days: Array) -> Array:
        """The month (0 to 11) of days of this year."""
        found: Array = np.searchsorted(self.month_starts, np.asarray(days), side="right") - 1
        return found

    def monthly(self, total: int, weights: Array) -> Array:
        """A year's total by month."""
        month = self.month_of(np.arange(self.first, self.last + 1))
        return split(total, np.bincount(month, weights=weights, minlength=12))

    def draw(
        self, random: np.random.Generator, count: int, weights: Array, month: int | None = None
    ) -> Array:
        """Days of the year (or of a month, 0 to 11), in order, so many as asked, by weights."""
        if count == 0:
            return np.zeros(0, dtype=np.int64)
        start = 0 if month is None else int(self.month_starts[month]) - self.first
        end = self.count if month is None else int(self.month_starts[month + 1]) - self.first
        part = np.asarray(weights[start:end], dtype=np.float64)
        counts = random.multinomial(count, part / part.sum())
        return np.repeat(np.arange(start, end, dtype=np.int64) + self.first, counts)

    def day(self, month: int, day: int, years: int = 0) -> int:
        """A day of this year, or of one so many years later."""
        return day_number(date(self.year + years, month, day))


def office_hours(random: np.random.Generator, days: Array) -> Array:
    """Seconds since 1970 at a time between 8:30 and 17:30."""
    size = len(days)
    seconds = 8.5 * _HOUR + random.beta(1.6, 1.8, size) * 9 * _HOUR
    return np.asarray(days, dtype=np.int64) * DAY_SECONDS + seconds.astype(np.int64)


def any_hour(random: np.random.Generator, days: Array) -> Array:
    """Seconds since 1970 at any time, mostly by day and in the evening."""
    size = len(days)
    seconds = (random.beta(2.4, 1.7, size) * DAY_SECONDS * 0.999).astype(np.int64)
    return np.asarray(days, dtype=np.int64) * DAY_SECONDS + seconds


def optional(values: Array, present: Array) -> Array:
    """The values where they are present, empty elsewhere."""
    return np.where(present, values, EMPTY)
