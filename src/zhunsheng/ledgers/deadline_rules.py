"""The register of deadlines (时限登记): which period runs for a matter, by date, area and class of entity.

A rule has dated versions, because the law changes; a version may hold only in an area or for a class of entities;
a notice may move a fixed day for one year. What is not known is null, and to ask for it is an error.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zhunsheng.kernel.citation import UNSOURCED, Citation
from zhunsheng.kernel.deadline import Due, Extension, Pause, Period, PeriodUnit, due_day, due_time
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.kernel.work_calendar import CalendarMissing, WorkCalendar

NO_SUCH_RULE = Kind(
    "DEAD-001",
    Severity.ERROR,
    "时限登记中没有这条规则",
    "用 zhunsheng deadline list 查看可用的规则；一条规则有几个期限时写成“规则.期限”。",
)
NO_VERSION = Kind(
    "DEAD-002", Severity.ERROR, "该日期、地区和主体类别没有适用的规定", "核对日期；需要时补充旧规定的版本。"
)
UNKNOWN_LENGTH = Kind(
    "DEAD-003", Severity.ERROR, "该期限尚不清楚，不能推算", "查明规定的期限后写入时限定义，并注明出处。"
)
NO_CALENDAR = Kind(
    "DEAD-004", Severity.ERROR, "所需年份没有工作日历", "国务院办公厅公布放假安排后补充该年的日历文件。"
)
OTHER_KIND = Kind(
    "DEAD-005",
    Severity.ERROR,
    "该期限不能这样计算",
    "小时和分钟按钟点计算，提前的期限倒着计算；规则没有规定的扣除和延长不能使用。",
)

_DAY = timedelta(days=1)
_CLOCK = frozenset({PeriodUnit.HOURS, PeriodUnit.MINUTES})


class DeadlineError(LookupError):
    """A deadline cannot be told; the message says why, in Chinese."""

    kind: Kind = OTHER_KIND

    def problem(self, place: Place) -> Problem:
        """The same as a problem at the place where the deadline was asked for."""
        return self.kind.at(place, str(self))


class UnknownRule(DeadlineError):  # noqa: N818 - named by what it is, as the other errors here
    """There is no rule, or no period of a rule, of that name."""

    kind = NO_SUCH_RULE


class NoVersion(DeadlineError):  # noqa: N818
    """No version of the rule holds on that day, in that area, for that class."""

    kind = NO_VERSION


class UnknownLength(DeadlineError):  # noqa: N818
    """The law has a period, but how long it is is not known."""

    kind = UNKNOWN_LENGTH


class NoCalendar(DeadlineError):  # noqa: N818
    """A year that is needed has no calendar of working days."""

    kind = NO_CALENDAR


class OtherKind(DeadlineError):  # noqa: N818
    """The period runs the other way, by the clock, or without the pause or extension that was given."""


@dataclass(frozen=True, slots=True)
class FixedDay:
    """The same day every year (6 月 30 日).

    Attributes:
        years_after: how many years after the year of the event.
    """

    month: int
    day: int
    years_after: int

    def of(self, event: date) -> date:
        """The day that follows from an event."""
        return date(event.year + self.years_after, self.month, self.day)


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """By how much a period may be extended, in its own unit; a length of None is for those who decide."""

    length: int | None
    condition: str


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """A period of a rule.

    Attributes:
        name: identifier, unique in the version; the code of the rule alone means the main one.
        starts_at: the starting event, in Chinese; of a period that runs backwards, the event before which it ends.
        applies_to: the kind or severity it is for, in Chinese; "" when it is for all.
        length: None while it is not known, or when there is a fixed day.
        earliest: of a time window, how long must have passed before it opens; None when there is no such limit.
        before: the period ends before the event instead of beginning with it.
    """

    name: str
    label: str
    starts_at: str
    unit: PeriodUnit
    length: int | None = None
    applies_to: str = ""
    earliest: int | None = None
    before: bool = False
    fixed: FixedDay | None = None
    extension: ExtensionRule | None = None


@dataclass(frozen=True, slots=True)
class Applicability:
    """Where and for whom something holds; nothing named means everywhere and everyone.

    Attributes:
        areas: beginnings of area codes, such as `31`.
        entity_classes: codes such as `IND`.
    """

    areas: tuple[str, ...] = ()
    entity_classes: tuple[str, ...] = ()

    def rank(self, area: str | None, entity_class: str | None) -> tuple[int, int] | None:
        """How closely it fits, the closer the greater: by area first, then by class; None when it does not."""
        near = [len(each) for each in self.areas if area is not None and area.startswith(each)]
        if (self.areas and not near) or (self.entity_classes and entity_class not in self.entity_classes):
            return None
        return max(near, default=0), int(bool(self.entity_classes))

    def overlaps(self, other: "Applicability") -> bool:
        """Whether something fits both equally closely."""
        areas = bool(set(self.areas) & set(other.areas)) or not (self.areas or other.areas)
        classes = bool(set(self.entity_classes) & set(other.entity_classes)) or not (
            self.entity_classes or other.entity_classes
        )
        return areas and classes


@dataclass(frozen=True, slots=True)
class Notice:
    """A fixed day moved for one year (延期通知).

    Attributes:
        year: the year of the day that is moved.
    """

    year: int
    holds: Applicability
    month: int
    day: int
    source: Citation = UNSOURCED


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A rule as it stands for some time.

    Attributes:
        first: first day of events it is for; None when no earlier rule is known.
        last: last day of events; None while it holds.
        main: name of the period meant by the code of the rule alone; "" when one must be named.
        not_counted: reasons for which the clock stands still.
        note: what the text says besides, in Chinese.
    """

    first: date | None
    last: date | None
    holds: Applicability
    periods: tuple[PeriodRule, ...]
    main: str
    not_counted: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    note: str = ""
    source: Citation = UNSOURCED

    def covers(self, event: date) -> bool:
        """Whether an event of that day falls under it."""
        return (self.first is None or self.first <= event) and (self.last is None or event <= self.last)

    def notice(self, year: int, area: str | None, entity_class: str | None) -> Notice | None:
        """The notice that moves the fixed day of a year, the one that fits most closely; None when there is none."""
        fitting = [
            (rank, each)
            for each in self.notices
            if each.year == year and (rank := each.holds.rank(area, entity_class)) is not None
        ]
        return max(fitting, key=lambda each: each[0])[1] if fitting else None

    def period(self, name: str) -> PeriodRule | None:
        """A period by name; with no name the main one."""
        wanted = name or self.main
        return next((each for each in self.periods if each.name == wanted), None)


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """A rule of the register.

    Attributes:
        code: such as `CMP-2`.
        label: the matter, in Chinese.
    """

    code: str
    label: str
    label_en: str
    description: str
    versions: tuple[RuleVersion, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The period that applies to an event."""

    rule: DeadlineRule
    version: RuleVersion
    period: PeriodRule

    @property
    def shown(self) -> str:
        """Its name in messages."""
        named = "" if len(self.version.periods) == 1 else f".{self.period.name}"
        return f"{self.rule.code}{named}（{self.period.label}）"


@dataclass(frozen=True)
class DeadlineRegister:
    """All rules, by code.

    Every question takes the name of a rule (`CMP-1`) or of one of its periods (`MED-2.serious`), the day of the
    event, and, where known, the code of the area and the class of the entity. The version is chosen by the day,
    then by the nearest area, then by the class.
    """

    rules: Mapping[str, DeadlineRule]

    def choose(
        self, name: str, event: date, area: str | None = None, entity_class: str | None = None
    ) -> Chosen:
        """The period that applies.

        Raises:
            UnknownRule: there is no such rule or period, or the rule has several and none is named.
            NoVersion: the rule does not hold on that day, there, for them.
        """
        code, _, period_name = name.partition(".")
        rule = self.rules.get(code)
        if rule is None:
            raise UnknownRule(f"没有时限规则“{code}”")
        fitting = [
            (rank, each)
            for each in rule.versions
            if each.covers(event) and (rank := each.holds.rank(area, entity_class)) is not None
        ]
        if not fitting:
            raise NoVersion(f"时限规则 {code}（{rule.label}）没有适用于 {event} 的规定")
        _, version = max(fitting, key=lambda each: each[0])
        period = version.period(period_name)
        if period is None:
            known = "、".join(
                f"{code}.{each.name}（{each.applies_to or each.label}）" for each in version.periods
            )
            what = f"没有期限“{period_name}”" if period_name else "有几个期限，须指明其一"
            raise UnknownRule(f"时限规则 {code} {what}：{known}")
        return Chosen(rule, version, period)

    def due(
        self,
        rule: str,
        event: date,
        calendar: WorkCalendar,
        area: str | None = None,
        entity_class: str | None = None,
        pauses: Sequence[Pause] = (),
        extensions: Sequence[Extension] = (),
    ) -> Due:
        """The last day.

        Raises:
            DeadlineError: one of its kinds, when the last day cannot be told.
        """
        chosen = self.choose(rule, event, area, entity_class)
        _check_allowed(chosen, pauses, extensions)
        fixed = chosen.period.fixed
        if fixed is not None:
            day = fixed.of(event)
            notice = chosen.version.notice(day.year, area, entity_class)
            return Due(day if notice is None else date(day.year, notice.month, notice.day))
        if chosen.period.before:
            raise OtherKind(f"时限 {chosen.shown}在事项之前，没有此后的最后一日；请计算最迟日期")
        if chosen.period.unit in _CLOCK:
            raise OtherKind(f"时限 {chosen.shown}按钟点计算，须给出时刻")
        period = Period(_length(chosen), chosen.period.unit)
        try:
            return due_day(event, period, calendar, pauses, extensions)
        except CalendarMissing as missing:
            raise NoCalendar(f"时限 {chosen.shown}：{missing}") from missing

    def due_at(
        self, rule: str, event: datetime, area: str | None = None, entity_class: str | None = None
    ) -> datetime:
        """The end of a period in hours or minutes, by the clock.

        Raises:
            DeadlineError: there is no such period, or it is counted in days.
        """
        chosen = self.choose(rule, event.date(), area, entity_class)
        if chosen.period.unit not in _CLOCK:
            raise OtherKind(f"时限 {chosen.shown}按日计算，没有钟点")
        return due_time(event, Period(_length(chosen), chosen.period.unit))

    def earliest(
        self,
        rule: str,
        event: date,
        calendar: WorkCalendar,
        area: str | None = None,
        entity_class: str | None = None,
    ) -> date | None:
        """The first day of a time window that opens some time after the event; None when it is open at once.

        Raises:
            DeadlineError: one of its kinds.
        """
        chosen = self.choose(rule, event, area, entity_class)
        if chosen.period.earliest is None:
            return None
        # the window opens when the time is over; there is nothing to do on that day, so a day off moves nothing
        length = chosen.period.earliest
        if chosen.period.unit is PeriodUnit.WORKING_DAYS:
            try:
                return calendar.after(event, length) + _DAY
            except CalendarMissing as missing:
                raise NoCalendar(f"时限 {chosen.shown}：{missing}") from missing
        return _shifted(event, length, chosen.period.unit) + _DAY

    def latest_start(
        self,
        rule: str,
        event: date,
        calendar: WorkCalendar,
        area: str | None = None,
        entity_class: str | None = None,
    ) -> date:
        """The last day on which something may be done that must be done some time before an event.

        The day of the event is not counted. A day off is not moved: earlier is always allowed.

        Raises:
            DeadlineError: one of its kinds, also when the period does not run backwards.
        """
        chosen = self.choose(rule, event, area, entity_class)
        if not chosen.period.before:
            raise OtherKind(f"时限 {chosen.shown}自事项之日起算，不是提前的期限")
        length = _length(chosen)
        if chosen.period.unit is not PeriodUnit.WORKING_DAYS:
            return _shifted(event, -length, chosen.period.unit)
        day = event
        try:
            while length:
                day -= _DAY
                length -= calendar.is_workday(day)
        except CalendarMissing as missing:
            raise NoCalendar(f"时限 {chosen.shown}：{missing}") from missing
        return day

    def last_day(
        self, calendar: WorkCalendar, area: str | None = None, entity_class: str | None = None
    ) -> Callable[[date, str], date]:
        """The register as expressions want it: the last day from the day of the event and the name of a rule.

        The function raises a `DeadlineError` where the last day cannot be told.
        """

        def due(event: date, rule: str) -> date:
            day = self.due(rule, event, calendar, area, entity_class).day
            if day is None:
                raise OtherKind(f"时限 {rule} 停止计算，没有最后一日")
            return day

        return due


def _length(chosen: Chosen) -> int:
    if chosen.period.length is None:
        note = f"：{chosen.version.note}" if chosen.version.note else ""
        raise UnknownLength(f"时限 {chosen.shown}的长度尚不清楚{note}")
    return chosen.period.length


def _check_allowed(chosen: Chosen, pauses: Sequence[Pause], extensions: Sequence[Extension]) -> None:
    for each in pauses:
        if each.reason not in chosen.version.not_counted:
            allowed = "、".join(chosen.version.not_counted) or "无"
            raise OtherKind(f"时限 {chosen.shown}不能因“{each.reason}”扣除（可扣除：{allowed}）")
    if extensions and chosen.period.extension is None:
        raise OtherKind(f"时限 {chosen.shown}不能延长")


def _shifted(event: date, length: int, unit: PeriodUnit) -> date:
    """A day so many days, months or years away; a month without the day ends on its last."""
    if unit is PeriodUnit.CALENDAR_DAYS:
        return event + timedelta(days=length)
    months = length * 12 if unit is PeriodUnit.YEARS else length
    years, month = divmod(event.year * 12 + event.month - 1 + months, 12)
    return date(years, month + 1, min(event.day, monthrange(years, month + 1)[1]))
