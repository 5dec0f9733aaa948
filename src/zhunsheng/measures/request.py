"""A measure for a period: what is asked of an engine, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from zhunsheng.expressions.nodes import Node, Parameter, Value, walk
from zhunsheng.indicators.measure import Aggregate, Measure, Span
from zhunsheng.measures.period import Window

Raw: TypeAlias = "int | str | date | datetime | bool | None"


@dataclass(frozen=True, slots=True)
class Request:
    """A measure for a period, with the choices made for it.

    Attributes:
        window: the period, already moved by the measure's shift.
        parameters: values of everything the conditions may name, the period's among them.
    """

    measure: Measure
    window: Window
    parameters: Mapping[str, Value]

    @property
    def names_period(self) -> bool:
        """Whether a condition names the period itself, so that months cannot be added up to a year."""
        return any(
            isinstance(each, Parameter) and each.name in {"start", "end"}
            for tree in trees_of(self.measure)
            for each in walk(tree)
        )


def trees_of(measure: Measure) -> tuple[Node, ...]:
    """All expressions of a measure."""
    found = [each.root for each in (measure.of, measure.where) if each is not None]
    if measure.grouping is not None:
        found.append(measure.grouping.by)
        for _, value in measure.grouping.values:
            found.extend(trees_of(value))
        if measure.grouping.having is not None:
            found.append(measure.grouping.having.root)
    return tuple(found)


def request_for(measure: Measure, window: Window, parameters: Mapping[str, Value]) -> Request:
    """A measure for a period; the parameters of the period are added."""
    moved = window.shifted(measure.shift)
    period: dict[str, Value] = {"start": moved.start, "end": moved.end, "year": moved.year}
    return Request(measure, moved, {**parameters, **period})


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine found for a request in one cell.

    Attributes:
        value: the count, sum, least or greatest value as stored (whole numbers of the smallest unit); of a mean
            the sum; of a quantile the exact value; None when there is nothing to take one from.
        number: records that have a value: what a mean divides by.
        unknown: records taken in whose value is not known.
        several: of `only`: whether records disagree.
    """

    value: "Raw | Fraction"
    number: int = 0
    unknown: int = 0
    several: bool = False

    def as_number(self, measure: Measure) -> "Decimal | Fraction | Raw":
        """The value in the unit of the field, as a formula takes it; None when there is none.

        A count or sum over no records is 0; a mean, least, greatest or only value over none does not exist.
        """
        match measure.aggregate:
            case Aggregate.COUNT | Aggregate.DISTINCT:
                return int(self.value or 0)  # type: ignore[arg-type] # counts are whole numbers
            case Aggregate.SUM:
                return Decimal(int(self.value or 0)).scaleb(-measure.places)  # type: ignore[arg-type]
            case Aggregate.MEAN:
                if not self.number or self.value is None:
                    return None
                return Fraction(int(self.value), self.number * 10**measure.places)  # type: ignore[arg-type]
            case Aggregate.QUANTILE:
                return None if self.value is None else Fraction(self.value) / 10**measure.places  # type: ignore[arg-type]
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return Decimal(self.value).scaleb(-measure.places)
        return self.value


def window_condition(span: Span, column: str, window: Window) -> str:
    """The SQL of belonging to a period by a date or moment; "" when every record belongs."""
    start, after = window.start.isoformat(), window.after.isoformat()
    match span:
        case Span.DURING:
            return f"({column} >= DATE '{start}' AND {column} < DATE '{after}')"
        case Span.UNTIL_END:
            return f"({column} < DATE '{after}')"
        case Span.BEFORE_START:
            return f"({column} < DATE '{start}')"
        case Span.ANY:
            return ""
