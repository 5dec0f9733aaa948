"""Deadlines (时限): when a period ends, and how a matter stands against it.

The day of the starting event is not counted. A period in calendar days, months or years that ends on a day
off ends on the next working day; hours and minutes run by the clock.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from zhunsheng.kernel.work_calendar import WorkCalendar

_DAY = timedelta(days=1)


class PeriodUnit(StrEnum):
    """What a period is counted in."""

    WORKING_DAYS = "wd"
    CALENDAR_DAYS = "cd"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time; at least one unit."""

    length: int
    unit: PeriodUnit

    def __post_init__(self) -> None:
        if self.length <= 0:
            raise ValueError("a period has at least one unit")


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that is not counted (检验、鉴定、公告……).

    Attributes:
        start: first day that is not counted.
        end: day from which the clock runs again; None while the pause lasts.
    """

    start: date
    end: date | None
    reason: str

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError("a pause ends after it begins")


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, in the unit of the period; it counts only if approved before the time was over."""

    length: int
    approved_on: date


@dataclass(frozen=True, slots=True)
class Due:
    """When a period ends.

    Attributes:
        day: the last day; None while a pause lasts that began in time.
        late_extensions: extensions approved after the time was over, which cure nothing.
    """

    day: date | None
    late_extensions: tuple[Extension, ...] = ()


class DeadlineOutcome(StrEnum):
    """How a matter stands against its deadline."""

    ON_TIME = "on_time"
    LATE = "late"
    RUNNING = "running"
    OVERDUE = "running_overdue"


def due_day(
    event: date,
    period: Period,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> Due:
    """The last day of a period that begins with an event.

    Args:
        event: the day of the starting event; it is not counted.
        period: in days, months or years.
        pauses: in any order; they may touch or overlap.
        extensions: in any order.

    Raises:
        CalendarMissing: a year that is needed has no calendar.
        ValueError: the period is in hours or minutes (see `due_time`).
    """
    length = period.length
    current = _end(event, length, period.unit, calendar, pauses)
    late: list[Extension] = []
    for extension in sorted(extensions, key=lambda each: each.approved_on):
        if current is not None and extension.approved_on > current:
            late.append(extension)
            continue
        length += extension.length
        current = _end(event, length, period.unit, calendar, pauses)
    return Due(current, tuple(late))


def due_time(event: datetime, period: Period) -> datetime:
    """The end of a period in hours or minutes, by the clock.

    Raises:
        ValueError: the period is in days or longer (see `due_day`).
    """
    if period.unit is PeriodUnit.HOURS:
        return event + timedelta(hours=period.length)
    if period.unit is PeriodUnit.MINUTES:
        return event + timedelta(minutes=period.length)
    raise ValueError("periods of days are counted by due_day")


def outcome(due: Due, completed_on: date | None, as_of: date) -> DeadlineOutcome:
    """How a matter stands at the end of a day.

    Args:
        due: the deadline.
        completed_on: when it was done; None or a day after `as_of` while it runs.
        as_of: the day at whose end the question is asked.
    """
    done = completed_on is not None and completed_on <= as_of
    if done and completed_on is not None:
        in_time = due.day is None or completed_on <= due.day
        return DeadlineOutcome.ON_TIME if in_time else DeadlineOutcome.LATE
    in_time = due.day is None or as_of <= due.day
    return DeadlineOutcome.RUNNING if in_time else DeadlineOutcome.OVERDUE


def _end(
    event: date, length: int, unit: PeriodUnit, calendar: WorkCalendar, pauses: Sequence[Pause]
) -> date | None:
    if unit in {PeriodUnit.HOURS, PeriodUnit.MINUTES}:
        raise ValueError("periods of hours and minutes are counted by due_time")
    skipped: set[date] = set()
    open_pause: date | None = None
    for pause in pauses:
        if pause.end is None:
            open_pause = pause.start if open_pause is None else min(open_pause, pause.start)
        else:
            skipped.update(each for each in _days(pause.start, pause.end) if each > event)
    if unit is PeriodUnit.WORKING_DAYS:
        last = calendar.after(event, length, skipped)
    else:
        last = event
        for day in _counted(event, _nominal(event, length, unit), skipped):
            last = day
    if open_pause is not None and open_pause <= last:
        return None
    return last if unit is PeriodUnit.WORKING_DAYS else calendar.on_or_after(last)


def _counted(event: date, nominal: date, skipped: set[date]) -> Iterator[date]:
    """The days of a period, as many as lie between event and nominal end, those skipped left out."""
    left = (nominal - event).days
    day = event
    while left:
        day += _DAY
        if day not in skipped:
            left -= 1
            yield day


def _nominal(event: date, length: int, unit: PeriodUnit) -> date:
    """The end without pauses; a month without the day of the event ends it on its last day."""
    if unit is PeriodUnit.CALENDAR_DAYS:
        return event + timedelta(days=length)
    months = length * 12 if unit is PeriodUnit.YEARS else length
    years, month = divmod(event.year * 12 + event.month - 1 + months, 12)
    return date(years, month + 1, min(event.day, monthrange(years, month + 1)[1]))


def _days(start: date, end: date) -> Iterator[date]:
    while start < end:
        yield start
        start += _DAY
