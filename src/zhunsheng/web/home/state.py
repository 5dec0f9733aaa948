"""The state of a year in one picture: score, money against time, indicators by state, warnings."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.urls import reverse

from zhunsheng.kernel.money import Money
from zhunsheng.kernel.rounding import half_up, plain
from zhunsheng.plans.choices import ActualStatus
from zhunsheng.store.database.models import StoredCase
from zhunsheng.web.home.due import days_late
from zhunsheng.web.home.gathering import Gathered, Scored


@dataclass(frozen=True, slots=True)
class Bar:
    """A share of a whole, to be drawn: where it begins and how wide it is, in hundredths of the whole."""

    label: str
    state: str
    count: int
    start: str
    width: str


@dataclass(frozen=True, slots=True)
class YearState:
    """The picture of a year.

    Attributes:
        executed: expenditure against budget in per cent, to be read; "" when it is not known.
        executed_bar: the same at most 100, to be drawn.
        elapsed: how much of the year has passed, in per cent.
        late: values that are missing although their day has passed.
        remarks: that are not settled.
    """

    case: StoredCase
    scored: Scored | None
    executed: str
    executed_bar: str
    elapsed: str
    money: tuple[Money | None, Money | None]
    bars: tuple[Bar, ...]
    indicators: int
    late: int
    remarks: int

    @property
    def urls(self) -> dict[str, str]:
        """The pages its numbers come from."""
        names = ("case", "plan", "collect", "evaluation", "report")
        return {name: reverse(name, args=[self.case.code]) for name in names}

    @property
    def warnings(self) -> int:
        """How many things need attention."""
        at_risk = self.scored is not None and self.scored.at_risk not in {"", "0", "0.00"}
        return self.late + self.remarks + int(at_risk)


def elapsed_percent(year: int, today: date) -> Decimal:
    """How much of a fiscal year has passed at the end of a day, in per cent with one decimal."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = min(max((today - first).days + 1, 0), (last - first).days + 1)
    return half_up(Fraction(days * 100, (last - first).days + 1), 1)


def executed_percent(executed: Money | None, planned: Money | None) -> Decimal | None:
    """Expenditure against budget in per cent with two decimals; None when it cannot be told."""
    if executed is None or planned is None or planned.yuan <= 0:
        return None
    return half_up(Fraction(executed.yuan) * 100 / Fraction(planned.yuan), 2)


def states_of(found: Gathered, today: date) -> list[YearState]:
    """The pictures of the years that are shown."""
    return [_state(found, each, today) for each in found.shown]


def _state(found: Gathered, case: StoredCase, today: date) -> YearState:
    money = found.spent.get(case.pk, (None, None))
    percent = executed_percent(*money)
    statuses = found.statuses.get(case.pk, {})
    late = sum(1 for each in found.owed if each.case.pk == case.pk and days_late(each.due, today))
    return YearState(
        case=case,
        scored=found.scored.get(case.pk),
        executed="" if percent is None else plain(percent),
        executed_bar="0" if percent is None else plain(min(max(percent, Decimal(0)), Decimal(100))),
        elapsed=plain(elapsed_percent(case.fiscal_year, today)),
        money=money,
        bars=_bars(statuses),
        indicators=found.indicators.get(case.pk, 0),
        late=late,
        remarks=sum(1 for each in found.remarks if each.case_id == case.pk),
    )


def _bars(statuses: dict[str, int]) -> tuple[Bar, ...]:
    whole = sum(statuses.values())
    bars, before = [], 0
    for status in ActualStatus:
        count = statuses.get(status.value, 0)
        if count:
            start, width = Fraction(before * 100, whole), Fraction(count * 100, whole)
            texts = (plain(half_up(start, 3)), plain(half_up(width, 3)))
            bars.append(Bar(status.label, status.value, count, *texts))
            before += count
    return tuple(bars)
