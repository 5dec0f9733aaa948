"""A figure: an indicator for a period and a group of bodies, with everything it was computed from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from zhunsheng.expressions.evaluation import Given, Surroundings, evaluate
from zhunsheng.expressions.nodes import Value
from zhunsheng.indicators.definition import IndicatorDefinition, IndicatorVersion, ResultKind
from zhunsheng.indicators.measure import Measure
from zhunsheng.kernel.rounding import exact_decimal, half_up
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import Answer

Result: TypeAlias = "Fraction | date | str | bool | None"


class FigureStatus(StrEnum):
    """Whether there is a value."""

    COMPUTED = "computed"
    NOT_APPLICABLE = "not_applicable"
    CONTRADICTORY = "contradictory"
    NO_DEFINITION = "no_definition"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {
            "computed": "已计算",
            "not_applicable": "不适用",
            "contradictory": "记录互相矛盾",
            "no_definition": "该年度没有口径",
        }[self.value]


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """What a measure came to.

    Attributes:
        value: in the unit of the field, exact; None when there is none.
        unknown: records that were taken in but have no value.
    """

    measure: Measure
    value: "Decimal | Fraction | int | date | str | bool | None"
    unknown: int

    @property
    def printed(self) -> str:
        """The value for people, exact where that is short."""
        match self.value:
            case None:
                return "—"
            case bool():
                return "是" if self.value else "否"
            case int() | Decimal():
                return f"{self.value:,f}" if isinstance(self.value, Decimal) else f"{self.value:,}"
            case Fraction():
                return exact_decimal(self.value, 4)
            case datetime():
                return self.value.strftime("%Y-%m-%d %H:%M")
            case date():
                return self.value.isoformat()
            case str():
                return self.value


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's value.

    Attributes:
        value: in the indicator's unit, exact; None when it does not apply.
        printed: with the indicator's decimal places, half-up, without unit; "" when it does not apply.
        why: why there is no value, in Chinese; "" otherwise.
        scope: which bodies, for people; "" for all.
    """

    indicator: IndicatorDefinition
    version: IndicatorVersion | None
    window: Window
    scope: str
    parameters: Mapping[str, Value]
    status: FigureStatus
    value: Result
    printed: str
    why: str
    measures: tuple[MeasureResult, ...]

    @property
    def shown(self) -> str:
        """The value with its unit, or the reason for having none."""
        if self.status is not FigureStatus.COMPUTED:
            return self.status.label
        return f"{self.printed}{self.indicator.unit}"

    @property
    def unknown(self) -> int:
        """Records behind the figure whose value is not known."""
        return sum(each.unknown for each in self.measures)

    def as_data(self) -> dict[str, object]:
        """The figure as plain data, in the documented JSON shape."""
        return {
            "indicator": self.indicator.code,
            "label": self.indicator.label,
            "period": {"year": self.window.year, "month": self.window.month or None},
            "scope": self.scope or None,
            "status": self.status.value,
            "value": self.printed or None,
            "exact": _exact(self.value),
            "unit": self.indicator.unit,
            "why": self.why or None,
            "measures": [
                {
                    "name": each.measure.name,
                    "ledger": each.measure.ledger,
                    "value": _exact(each.value),
                    "unknown": each.unknown,
                }
                for each in self.measures
            ],
            "parameters": {name: str(value) for name, value in self.parameters.items()},
            "definition": self.indicator.digest,
        }


def _exact(value: object) -> str | None:
    """A value without loss: a fraction as numerator/denominator unless it is a finite decimal."""
    if isinstance(value, Fraction):
        return (
            exact_decimal(value)
            if "…" not in exact_decimal(value)
            else f"{value.numerator}/{value.denominator}"
        )
    return None if value is None else str(value)


def figure(
    indicator: IndicatorDefinition,
    version: IndicatorVersion,
    window: Window,
    scope: str,
    parameters: Mapping[str, Value],
    answers: Mapping[str, Answer],
) -> Figure:
    """The figure from the answers to its measures."""
    results = tuple(
        MeasureResult(each, answers[each.name].as_number(each), answers[each.name].unknown)
        for each in version.measures
    )
    values = {each.measure.name: each.value for each in results}
    around = Surroundings({**parameters, "start": window.start, "end": window.end, "year": window.year})

    def made(status: FigureStatus, value: Result = None, printed: str = "", why: str = "") -> Figure:
        return Figure(indicator, version, window, scope, parameters, status, value, printed, why, results)

    disagreeing = [each.name for each in version.measures if answers[each.name].several]
    if disagreeing:
        return made(FigureStatus.CONTRADICTORY, why=f"“{'、'.join(disagreeing)}”的各条记录不一致")
    reason = version.why_undefined or "没有可以计算的记录。"
    if version.undefined_when is not None and evaluate(version.undefined_when.root, values, around) is True:
        return made(FigureStatus.NOT_APPLICABLE, why=reason)
    try:
        result = evaluate(version.formula.root, values, around)
    except ZeroDivisionError:
        return made(FigureStatus.NOT_APPLICABLE, why=reason)
    if result is None:
        return made(FigureStatus.NOT_APPLICABLE, why=reason)
    value, printed = _in_unit(indicator, result)
    return made(FigureStatus.COMPUTED, value, printed)


def _in_unit(indicator: IndicatorDefinition, result: Given) -> tuple[Result, str]:
    match indicator.kind:
        case ResultKind.NUMBER:
            top, _, bottom = indicator.multiplier.partition("/")
            value = Fraction(result) * Fraction(Decimal(top)) / Fraction(Decimal(bottom or "1"))
            return value, f"{half_up(value, indicator.places):f}"
        case ResultKind.YES_NO:
            return bool(result), indicator.words.get("true" if result else "false", "是" if result else "否")
        case ResultKind.DATE:
            day = result.date() if isinstance(result, datetime) else result
            return day, day.isoformat() if isinstance(day, date) else str(day)
        case ResultKind.WORD:
            return str(result), indicator.words.get(str(result), str(result))


def without_definition(indicator: IndicatorDefinition, window: Window, scope: str) -> Figure:
    """The answer for a year in which the indicator has no version."""
    return Figure(
        indicator,
        None,
        window,
        scope,
        {},
        FigureStatus.NO_DEFINITION,
        None,
        "",
        f"指标“{indicator.label}”没有 {window.year} 年的口径",
        (),
    )
