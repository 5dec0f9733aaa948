"""The last day of a period: the vectors of the handbook, worked out there with the holiday notices."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.kernel.deadline import (
    DeadlineOutcome,
    Due,
    Extension,
    Pause,
    Period,
    PeriodUnit,
    due_day,
    due_time,
    outcome,
)
from zhunsheng.kernel.work_calendar import CalendarMissing
from zhunsheng.store.calendar_files import load_calendar

CALENDAR, PROBLEMS = load_calendar()
WD, CD, MONTHS = PeriodUnit.WORKING_DAYS, PeriodUnit.CALENDAR_DAYS, PeriodUnit.MONTHS


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_the_calendars_are_sound_and_the_years_follow_one_another() -> None:
    assert PROBLEMS == ()
    assert sorted(CALENDAR.years) == list(range(2018, 2027))


@pytest.mark.parametrize(
    ("event", "length", "unit", "expected"),
    [
        ("2023-09-27", 7, WD, "2023-10-12"),
        ("2023-09-27", 15, WD, "2023-10-24"),
        ("2023-09-27", 45, WD, "2023-12-05"),
        ("2021-04-28", 15, WD, "2021-05-21"),
        ("2021-09-29", 20, WD, "2021-11-02"),
        ("2023-07-05", 90, CD, "2023-10-07"),
        ("2023-08-07", 60, CD, "2023-10-07"),
        # a month without a 31st ends the period on its last day
        ("2024-01-31", 1, MONTHS, "2024-02-29"),
        # the second ends on a Saturday and so on the Monday after it
        ("2022-04-11", 36, MONTHS, "2025-04-11"),
        ("2022-04-12", 36, MONTHS, "2025-04-14"),
    ],
)
def test_the_last_day(event: str, length: int, unit: PeriodUnit, expected: str) -> None:
    assert due_day(day(event), Period(length, unit), CALENDAR).day == day(expected)


def test_an_extension_counts_only_when_approved_in_time() -> None:
    period = Period(90, CD)
    in_time, late = Extension(30, day("2023-09-28")), Extension(30, day("2023-10-08"))
    assert due_day(day("2023-07-05"), period, CALENDAR, (), [in_time]).day == day("2023-11-02")
    found = due_day(day("2023-07-05"), period, CALENDAR, (), [late])
    assert (found.day, found.late_extensions) == (day("2023-10-07"), (late,))
    # approved after the first end but before the extended one
    both = due_day(day("2023-07-05"), period, CALENDAR, (), [in_time, Extension(10, day("2023-11-01"))])
    assert both.day == day("2023-11-13")  # 130 days: 12 November, a Sunday


def test_paused_days_are_not_counted() -> None:
    """7 working days from Monday 2023-03-06; Wednesday 8 to Friday 10 stand still: the 15th becomes the 20th."""
    pause = Pause(day("2023-03-08"), day("2023-03-11"), "检验")
    assert due_day(day("2023-03-06"), Period(7, WD), CALENDAR).day == day("2023-03-15")
    assert due_day(day("2023-03-06"), Period(7, WD), CALENDAR, [pause]).day == day("2023-03-20")
    # 10 calendar days: the 16th becomes the 19th, a Sunday, so Monday
    assert due_day(day("2023-03-06"), Period(10, CD), CALENDAR, [pause]).day == day("2023-03-20")
    twice = due_day(day("2023-03-06"), Period(7, WD), CALENDAR, [pause, pause]).day
    assert twice == day("2023-03-20")


def test_while_a_pause_lasts_there_is_no_last_day() -> None:
    lasting = Pause(day("2023-03-08"), None, "鉴定")
    assert due_day(day("2023-03-06"), Period(7, WD), CALENDAR, [lasting]).day is None
    too_late = Pause(day("2023-03-16"), None, "鉴定")
    assert due_day(day("2023-03-06"), Period(7, WD), CALENDAR, [too_late]).day == day("2023-03-15")


def test_hours_run_by_the_clock() -> None:
    begun = datetime(2023, 9, 30, 22, 30)  # noqa: DTZ001 - the clock of the place
    assert due_time(begun, Period(4, PeriodUnit.HOURS)) == begun + timedelta(hours=4)
    assert due_time(begun, Period(30, PeriodUnit.MINUTES)) == begun + timedelta(minutes=30)
    with pytest.raises(ValueError, match="due_day"):
        due_time(begun, Period(1, WD))
    with pytest.raises(ValueError, match="due_time"):
        due_day(begun.date(), Period(4, PeriodUnit.HOURS), CALENDAR)


@pytest.mark.parametrize(
    ("completed", "as_of", "expected"),
    [
        ("2023-10-12", "2023-12-31", DeadlineOutcome.ON_TIME),
        ("2023-10-13", "2023-12-31", DeadlineOutcome.LATE),
        (None, "2023-10-12", DeadlineOutcome.RUNNING),
        (None, "2023-10-13", DeadlineOutcome.OVERDUE),
        ("2023-10-20", "2023-10-12", DeadlineOutcome.RUNNING),
    ],
)
def test_outcomes(completed: str | None, as_of: str, expected: DeadlineOutcome) -> None:
    done = None if completed is None else day(completed)
    assert outcome(Due(day("2023-10-12")), done, day(as_of)) is expected


def test_a_year_without_a_calendar_is_never_guessed() -> None:
    with pytest.raises(CalendarMissing, match="缺少 2027 年的工作日历"):
        due_day(day("2026-12-28"), Period(7, WD), CALENDAR)
    with pytest.raises(CalendarMissing):
        CALENDAR.is_workday(day("2017-12-31"))


DAYS = st.dates(date(2018, 1, 1), date(2025, 6, 1))


@given(event=DAYS, length=st.integers(1, 200))
def test_working_days_agree_with_a_count_day_by_day(event: date, length: int) -> None:
    last = due_day(event, Period(length, WD), CALENDAR).day
    assert last is not None
    between = [event + timedelta(days=each) for each in range(1, (last - event).days + 1)]
    assert sum(CALENDAR.is_workday(each) for each in between) == length
    assert CALENDAR.is_workday(last)


@given(event=DAYS, length=st.integers(1, 200), more=st.integers(1, 30))
def test_more_time_never_ends_earlier(event: date, length: int, more: int) -> None:
    for unit in (WD, CD):
        short = due_day(event, Period(length, unit), CALENDAR).day
        long = due_day(event, Period(length + more, unit), CALENDAR).day
        assert short is not None
        assert long is not None
        assert short <= long
