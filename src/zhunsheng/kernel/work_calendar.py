"""Working days (工作日): which days are worked, by the yearly holiday notice; a year without one is an error."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)
_SATURDAY = 5


class CalendarMissing(LookupError):  # noqa: N818 - it says what is missing, not what went wrong
    """There is no calendar for a year; guessing from weekdays would be wrong by several days."""

    def __init__(self, year: int) -> None:
        super().__init__(f"缺少 {year} 年的工作日历")
        self.year = year


@dataclass(frozen=True, slots=True)
class WorkYear:
    """The holiday notice of one year.

    Attributes:
        days_off: all days of the notice on which nobody works, weekends among them included.
        make_up_days: Saturdays and Sundays that are worked.
    """

    year: int
    days_off: frozenset[date]
    make_up_days: frozenset[date]

    def works(self, day: date) -> bool:
        """Whether a day of this year is worked."""
        if day in self.make_up_days:
            return True
        return day not in self.days_off and day.weekday() < _SATURDAY


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of several years."""

    years: Mapping[int, WorkYear]

    def is_workday(self, day: date) -> bool:
        """Whether a day is worked.

        Raises:
            CalendarMissing: the year has no calendar.
        """
        year = self.years.get(day.year)
        if year is None:
            raise CalendarMissing(day.year)
        return year.works(day)

    def on_or_after(self, day: date) -> date:
        """The day itself if it is worked, otherwise the next working day.

        Raises:
            CalendarMissing: a year that is needed has no calendar.
        """
        while not self.is_workday(day):
            day += _DAY
        return day

    def after(self, day: date, count: int, skipped: Collection[date] = ()) -> date:
        """The `count`-th working day after a day; the day itself is not counted, nor are those skipped.

        Raises:
            CalendarMissing: a year that is needed has no calendar.
            ValueError: the count is not positive.
        """
        if count <= 0:
            raise ValueError("a period has at least one day")
        while count:
            day += _DAY
            if day not in skipped and self.is_workday(day):
                count -= 1
        return day
