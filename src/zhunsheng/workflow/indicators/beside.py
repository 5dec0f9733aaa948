"""What a year says of its indicators: target, adopted and stated value, who answers for it, and how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhunsheng.kernel.quantity import Quantity
from zhunsheng.kernel.written import parse_date, parse_quantity
from zhunsheng.measures.figure import Figure, FigureStatus
from zhunsheng.measures.stated import Compared, held_against
from zhunsheng.plans.case import Actual, Indicator
from zhunsheng.plans.choices import ActualStatus, Sign, Tier
from zhunsheng.scores.indicator_scoring import shown_actual, shown_target
from zhunsheng.store.database.case_content import SECTION_OF, record_of
from zhunsheng.store.database.case_rows import ROW_MODELS
from zhunsheng.store.database.models import StoredCase
from zhunsheng.workflow.collecting.items import is_computed
from zhunsheng.workflow.evaluating.computing import lineage_for


class Standing(StrEnum):
    """How a value stands to its target."""

    REACHED = "reached"
    MISSED = "missed"
    UNCLEAR = "unclear"
    NO_VALUE = "no_value"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {
            "reached": "达到目标",
            "missed": "未达目标",
            "unclear": "须人工判断",
            "no_value": "没有完成值",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Beside:
    """An indicator of a year.

    Attributes:
        actual: the adopted value; None while there is none.
        stated: what people reported, as it can be read; "" when nothing was.
        task, division: of the key task it belongs to; "" without one.
    """

    indicator: Indicator
    actual: Actual | None
    stated: str
    task: str
    division: str

    @property
    def target(self) -> str:
        """The target as people read it."""
        return shown_target(self.indicator)

    @property
    def shown(self) -> str:
        """The adopted value as people read it; "" while there is none."""
        return "" if self.actual is None else shown_actual(self.actual)

    @property
    def is_computed(self) -> bool:
        """Whether the adopted value comes from records."""
        return self.actual is not None and is_computed(self.actual)

    @property
    def standing(self) -> Standing:
        """How the adopted value stands to the target."""
        if self.actual is None or self.actual.status is not ActualStatus.REPORTED:
            return Standing.NO_VALUE
        if self.actual.tier and not self.actual.value:
            return {Tier.REACHED: Standing.REACHED, Tier.MISSED: Standing.MISSED}.get(
                self.actual.tier, Standing.UNCLEAR
            )
        return standing_of(self.indicator, self.actual.value, self.actual.unit)

    def compared(self, figure: Figure) -> Compared | None:
        """The stated value held against a computed one; None when nothing was stated."""
        return held_against(self.stated, figure) if self.stated else None

    def reached_by(self, figure: Figure) -> Standing:
        """How a computed value stands to the target, as it is printed."""
        if figure.status is not FigureStatus.COMPUTED:
            return Standing.NO_VALUE
        if isinstance(figure.value, bool):
            wanted = self.indicator.target_sign is Sign.QUALITATIVE
            if not wanted:
                return Standing.UNCLEAR
            return Standing.REACHED if figure.value else Standing.MISSED
        return standing_of(self.indicator, figure.printed, figure.indicator.unit)


def standing_of(indicator: Indicator, value: str, unit: str) -> Standing:
    """How a value stands to the target of an indicator; unclear when they are not of one kind."""
    if not value:
        return Standing.NO_VALUE
    wanted, sign = indicator.target_value, indicator.target_sign
    if not wanted or sign is Sign.QUALITATIVE:
        return Standing.UNCLEAR
    day, found_day = parse_date(wanted), parse_date(value.removesuffix("前"))
    if day is not None and found_day is not None:
        return _held(found_day.toordinal(), day.toordinal(), sign)
    target = parse_quantity(f"{wanted}{indicator.target_unit}")
    found = parse_quantity(f"{value}{unit}")
    if target is None or found is None or not _same_unit(target, found):
        same = value.strip() == wanted.strip()
        return Standing.REACHED if same and sign is Sign.EQUAL else Standing.UNCLEAR
    return _held(found.amount, target.amount, sign)


def target_number(indicator: Indicator, unit: str) -> str | None:
    """The target in a unit, for a line in a picture; None when it is no number of that unit."""
    if indicator.target_sign is Sign.QUALITATIVE or parse_date(indicator.target_value) is not None:
        return None
    target = parse_quantity(f"{indicator.target_value}{indicator.target_unit}")
    in_unit = parse_quantity(f"1{unit}")
    if target is None or in_unit is None or not _same_unit(target, in_unit):
        return None
    return f"{target.amount / in_unit.amount:f}"


def _same_unit(one: Quantity, other: Quantity) -> bool:
    return one.unit == other.unit or not one.unit or not other.unit


def _held(found: Any, target: Any, sign: Sign) -> Standing:  # noqa: ANN401 - two decimals or two whole numbers
    holds = {
        Sign.AT_LEAST: found >= target,
        Sign.MORE_THAN: found > target,
        Sign.EQUAL: found == target,
        Sign.AT_MOST: found <= target,
        Sign.LESS_THAN: found < target,
    }.get(sign)
    if holds is None:
        return Standing.UNCLEAR
    return Standing.REACHED if holds else Standing.MISSED


def beside_of(case: StoredCase) -> tuple[Beside, ...]:
    """The indicators of a year, in their order, read in a few queries."""
    tasks = {
        code: (short or name, division)
        for code, name, short, division in _rows("tasks", case).values_list(
            "f_code", "f_name", "f_short_name", "f_division"
        )
    }
    section = SECTION_OF["actuals"]
    actuals: dict[str, Actual] = {}
    for row in _rows("actuals", case):
        found: Actual = record_of(section, row)
        actuals[found.indicator] = found
    figures = lineage_for(case)
    lineage: Mapping[str, Any] = {} if figures is None else figures.lineage
    made = []
    for row in _rows("indicators", case):
        indicator: Indicator = record_of(SECTION_OF["indicators"], row)
        actual = actuals.get(indicator.code)
        task, division = tasks.get(indicator.task, ("", ""))
        made.append(Beside(indicator, actual, _stated(actual, lineage.get(indicator.code)), task, division))
    return tuple(made)


def _rows(section: str, case: StoredCase) -> Any:  # noqa: ANN401 - rows of a query
    return ROW_MODELS[section]._default_manager.filter(case=case)


def _stated(actual: Actual | None, line: Mapping[str, Any] | None) -> str:
    """What people said: a computed value has taken its place, which the lineage still knows."""
    if actual is None or actual.status is not ActualStatus.REPORTED:
        return ""
    if is_computed(actual):
        return "" if line is None else str(line.get("stated") or "")
    return f"{actual.value}{actual.unit}" if actual.value else ""
