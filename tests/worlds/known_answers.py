"""Known answers: hand-made records, the figure they should give, and a reckoning that shares nothing with the engines.

Records stand in `tests/cases/indicators/<indicator>.yaml`: what people enter, by the names of the fields; stamped and
computed fields follow from it. A reference is the key of the record it points to; a record that nothing is read from
may be left out. A case with `measures` instead of `records` gives what the measures came to, for worked figures over
more records than a file should hold.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from zhunsheng.expressions.evaluation import Surroundings, evaluate
from zhunsheng.expressions.nodes import Expression
from zhunsheng.indicators.definition import IndicatorDefinition, IndicatorVersion, ResultKind
from zhunsheng.indicators.measure import Aggregate, Measure, Span
from zhunsheng.kernel.deadline import Period, PeriodUnit, due_day
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldType
from zhunsheng.store.calendar_files import load_calendar
from zhunsheng.store.indicator_files import indicator_of
from zhunsheng.store.ledger_files import ledger_of

CASES = Path(__file__).parents[1] / "cases" / "indicators"
NOT_APPLICABLE, CONTRADICTORY = "not_applicable", "contradictory"
PERIODS = {
    "PUB-1": Period(20, PeriodUnit.WORKING_DAYS),
    "PEN-1": Period(20, PeriodUnit.WORKING_DAYS),
    "INS-1": Period(20, PeriodUnit.WORKING_DAYS),
    "REC-3": Period(60, PeriodUnit.CALENDAR_DAYS),
    "FIN-1": Period(20, PeriodUnit.CALENDAR_DAYS),
    "FIN-4": Period(30, PeriodUnit.CALENDAR_DAYS),
    "FIN-5": Period(2, PeriodUnit.WORKING_DAYS),
    "FIN-6": Period(7, PeriodUnit.WORKING_DAYS),
    "PRD-2": Period(60, PeriodUnit.CALENDAR_DAYS),
}
"""The lengths of the deadline register, written down once more."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One known answer.

    Attributes:
        records: by ledger; None when the values of the measures are given instead, for figures too large to list.
    """

    name: str
    indicator: str
    year: int
    month: int
    parameters: Mapping[str, str]
    records: Mapping[str, Sequence[Mapping[str, Any]]] | None
    measures: Mapping[str, str]
    expected: str
    because: str


def read_cases() -> Iterator[Case]:
    """All cases; every scalar of the file is still text."""
    for path in sorted(CASES.glob("*.yaml")):
        for position, item in enumerate(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader), 1):  # noqa: S506 - text only
            assert set(item) <= {
                "indicator",
                "year",
                "month",
                "parameters",
                "records",
                "measures",
                "expected",
                "because",
            }, path
            yield Case(
                f"{path.stem}-{position}",
                item["indicator"],
                int(item["year"]),
                int(item.get("month", 0)),
                item.get("parameters", {}),
                item.get("records"),
                item.get("measures", {}),
                item["expected"],
                item.get("because", ""),
            )


CASES_READ = tuple(read_cases())


def typed(kind: FieldType, text: Any) -> Any:
    """What a person entered, as a value."""
    if isinstance(text, str) and text in {"", "~"}:
        return None
    match kind:
        case FieldType.INTEGER:
            return int(text)
        case FieldType.DECIMAL | FieldType.MONEY:
            return Decimal(text)
        case FieldType.BOOLEAN:
            return {"true": True, "false": False}[text]
        case FieldType.DATE:
            return date.fromisoformat(text)
        case FieldType.TIME:
            return datetime.fromisoformat(text)
        case FieldType.LIST:
            return tuple(text)
        case _:
            return text


def due(start: date, rule: str) -> date:
    """The last day of a period of the register."""
    calendar, _ = load_calendar()
    day = due_day(start, PERIODS[rule], calendar).day
    assert day is not None
    return day


@dataclass(slots=True)
class World:
    """The records of a case with everything that follows from them."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    by_key: dict[tuple[str, str], Row] = field(default_factory=dict)

    def __init__(self, given: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self.rows = {}
        self.by_key = {}
        for code, items in given.items():
            ledger = known_ledger(code)
            self.rows[code] = [
                {name: typed(ledger.by_name[name].type, value) for name, value in item.items()}
                for item in items
            ]
            for row in self.rows[code] if len(ledger.key) == 1 else ():
                self.by_key[code, row[ledger.key[0]]] = row
        for code, rows in self.rows.items():
            for row in rows:
                self._follow(known_ledger(code), row)

    def _follow(self, ledger: LedgerDefinition, row: Row) -> None:
        for each in ledger.fields:
            if each.stamped:
                row[each.name] = self.read(ledger, row, each.stamped)
        for each in ledger.fields:
            if each.computed is not None and each.name not in row:
                row[each.name] = self.value(each.computed, ledger, row, {})

    def read(self, ledger: LedgerDefinition, row: Row, path: Sequence[str]) -> Any:
        """A field, through references."""
        here = row.get(path[0])
        if len(path) == 1 or here is None:
            return here
        target = known_ledger(ledger.by_name[path[0]].target)
        if path[1] == target.key[0]:
            return here
        return self.read(target, self.by_key.get((target.code, here), {}), path[1:])

    def value(
        self, expression: Expression, ledger: LedgerDefinition, row: Row, parameters: Mapping[str, Any]
    ) -> Any:
        """An expression over a record."""
        seen = {each.name: self.read(ledger, row, each.path) for each in expression.columns}
        return evaluate(expression.root, seen, Surroundings(parameters, due))


def known_ledger(code: str) -> LedgerDefinition:
    """A ledger that must exist."""
    found = ledger_of(code)
    assert found is not None, code
    return found


def first_and_last(year: int, month: int) -> tuple[date, date]:
    """The days of a year or month."""
    after = date(year + (month in {0, 12}), 1 if month in {0, 12} else month + 1, 1)
    return date(year, month or 1, 1), after - timedelta(days=1)


class DisagreementError(Exception):
    """Records that should have one value have several."""


@dataclass(slots=True)
class Reckoning:
    """Measures of one case, one record after the other."""

    case: Case
    world: World
    parameters: Mapping[str, Any]

    def measure(self, measure: Measure) -> Any:
        """The value of a measure."""
        year = self.case.year + measure.shift
        start, end = first_and_last(year, self.case.month)
        parameters = {**self.parameters, "start": start, "end": end, "year": year}
        ledger = known_ledger(measure.ledger)
        rows = [
            row
            for row in self.world.rows.get(measure.ledger, [])
            if _in_span(measure, row.get(measure.date), start, end)
            and self._holds(measure.where, ledger, row, parameters)
        ]
        if measure.grouping is not None:
            return self._groups(measure, ledger, rows, parameters)
        return self._aggregate(measure, ledger, rows, parameters)

    def _holds(
        self, condition: Expression | None, ledger: LedgerDefinition, row: Row, parameters: Mapping[str, Any]
    ) -> bool:
        return condition is None or self.world.value(condition, ledger, row, parameters) is True

    def _aggregate(
        self, measure: Measure, ledger: LedgerDefinition, rows: Sequence[Row], parameters: Mapping[str, Any]
    ) -> Any:
        if measure.of is None:
            return len(rows)
        found = [self.world.value(measure.of, ledger, row, parameters) for row in rows]
        return _joined(measure, [each for each in found if each is not None])

    def _groups(
        self, measure: Measure, ledger: LedgerDefinition, rows: Sequence[Row], parameters: Mapping[str, Any]
    ) -> Any:
        grouping = measure.grouping
        assert grouping is not None
        things: dict[Any, list[Row]] = {}
        for row in rows:
            thing = self.world.read(ledger, row, grouping.by.path)
            if thing is not None:
                things.setdefault(thing, []).append(row)
        target = ledger.by_name[grouping.by.path[0]].target
        around = Surroundings(parameters, due)
        kept = []
        for thing, own in things.items():
            seen: dict[str, Any] = {
                name: self._aggregate(
                    each,
                    ledger,
                    [row for row in own if self._holds(each.where, ledger, row, parameters)],
                    parameters,
                )
                for name, each in grouping.values
            }
            seen |= {
                f"{grouping.by.name}.{name}": value
                for name, value in self.world.by_key.get((target, thing), {}).items()
            }
            if grouping.having is None or evaluate(grouping.having.root, seen, around) is True:
                kept.append(None if measure.of is None else evaluate(measure.of.root, seen, around))
        return (
            len(kept) if measure.of is None else _joined(measure, [each for each in kept if each is not None])
        )


def _in_span(measure: Measure, when: date | datetime | None, start: date, end: date) -> bool:
    if measure.span is Span.ANY or not measure.date:
        return True
    if when is None:
        return False
    day = when.date() if isinstance(when, datetime) else when
    match measure.span:
        case Span.DURING:
            return start <= day <= end
        case Span.UNTIL_END:
            return day <= end
        case _:
            return day < start


def _joined(measure: Measure, found: list[Any]) -> Any:
    match measure.aggregate:
        case Aggregate.DISTINCT:
            return len(set(found))
        case Aggregate.SUM:
            return sum(found, Decimal(0))
        case Aggregate.MEAN:
            return Fraction(sum(map(Fraction, found)), len(found)) if found else None
        case Aggregate.LEAST:
            return min(found, default=None)
        case Aggregate.GREATEST:
            return max(found, default=None)
        case Aggregate.QUANTILE:
            return quantile(sorted(map(Fraction, found)), Fraction(measure.quantile, 1000))
        case _:
            if len(set(found)) > 1:
                raise DisagreementError
            return found[0] if found else None


def quantile(found: Sequence[Fraction], share: Fraction) -> Fraction | None:
    if not found:
        return None
    place = share * (len(found) - 1)
    below = int(place)
    above = min(below + 1, len(found) - 1)
    return found[below] + (found[above] - found[below]) * (place - below)


def reckoned(case: Case) -> str:
    """The figure of a case as it would be printed."""
    indicator = indicator_of(case.indicator)
    assert indicator is not None, case.indicator
    version = indicator.version_for(case.year)
    assert version is not None
    parameters = chosen(version, case.parameters)
    if case.records is None:
        values: dict[str, Any] = {name: Decimal(text) for name, text in case.measures.items()}
        assert set(values) == {each.name for each in version.measures}
    else:
        reckoning = Reckoning(case, World(case.records), parameters)
        try:
            values = {each.name: reckoning.measure(each) for each in version.measures}
        except DisagreementError:
            return CONTRADICTORY
    start, end = first_and_last(case.year, case.month)
    around = Surroundings({**parameters, "start": start, "end": end, "year": case.year})
    if version.undefined_when is not None and evaluate(version.undefined_when.root, values, around):
        return NOT_APPLICABLE
    try:
        result = evaluate(version.formula.root, values, around)
    except ZeroDivisionError:
        return NOT_APPLICABLE
    return NOT_APPLICABLE if result is None else printed(indicator, result)


def chosen(version: IndicatorVersion, given: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of a case over the defaults."""
    defaults: dict[str, Any] = {each.name: each.default for each in version.parameters}
    assert set(given) <= set(defaults)
    return defaults | {
        name: int(text) if isinstance(defaults[name], int) else text for name, text in given.items()
    }


def printed(indicator: IndicatorDefinition, result: Any) -> str:
    """A result in the unit and with the places of the indicator, halves up."""
    if indicator.kind is ResultKind.YES_NO:
        return "true" if result else "false"
    if indicator.kind is not ResultKind.NUMBER:
        return str(result.date()) if isinstance(result, datetime) else str(result)
    top, _, bottom = indicator.multiplier.partition("/")
    exact = Fraction(result) * Fraction(top) / Fraction(bottom or "1") * 10**indicator.places
    whole = int(abs(exact) + Fraction(1, 2))
    digits = f"{whole:0{indicator.places + 1}d}"
    sign = "-" if exact < 0 and whole else ""
    return (
        f"{sign}{digits[: -indicator.places]}.{digits[-indicator.places :]}"
        if indicator.places
        else sign + digits
    )
