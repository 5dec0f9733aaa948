"""The product's side: the same entry points that `indicator compute` uses."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from zhunsheng.assembly.deadlines import due_day, register_digest
from zhunsheng.indicators.definition import IndicatorDefinition
from zhunsheng.indicators.measure import Aggregate
from zhunsheng.measures.computing import EVERYTHING, Bodies, Wish, compute
from zhunsheng.measures.figure import Figure
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import Answer, Request, request_for
from zhunsheng.store.engines.bodies import bodies_of, groups
from zhunsheng.store.engines.duckdb_engine import DuckDBEngine
from zhunsheng.store.indicator_files import indicator_codes, indicator_of
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.reading import data_files, last_id
from zhunsheng.store.records.record_store import RecordStore


def all_indicators() -> list[IndicatorDefinition]:
    """Every indicator of the package."""
    return [found for code in indicator_codes() if (found := indicator_of(code)) is not None]


def indicators_over(ledgers: frozenset[str], year: int) -> list[IndicatorDefinition]:
    """The indicators whose measures all lie on the given ledgers."""
    chosen = []
    for each in all_indicators():
        version = each.version_for(year)
        if version is not None and version.measures and {one.ledger for one in version.measures} <= ledgers:
            chosen.append(each)
    return chosen


def opened(store: Path) -> RecordStore:
    """The store."""
    return RecordStore.open(store)


def new_engine(snapshot: Snapshot, memory_limit: str = "1GB") -> DuckDBEngine:
    """An engine that knows nothing yet and keeps nothing."""
    return DuckDBEngine(snapshot, ledger_of, due_day, register_digest(), memory_limit=memory_limit)


def computed(
    snapshot: Snapshot, indicators: Sequence[IndicatorDefinition], year: int, memory_limit: str = "1GB"
) -> list[Figure]:
    """The figures of a year by a fresh engine."""
    engine = new_engine(snapshot, memory_limit)
    try:
        wishes = [Wish(each, Window(year)) for each in indicators]
        return [each[""] for each in compute(wishes, engine, EVERYTHING)]
    finally:
        engine.close()


def measured_values(figures: Sequence[Figure]) -> dict[tuple[str, str], Any]:
    """The values of the measures by indicator and measure, in the unit of the field."""
    return {
        (each.indicator.code, one.measure.name): one.value or 0 for each in figures for one in each.measures
    }


def requests_of(indicators: Sequence[IndicatorDefinition], window: Window) -> dict[tuple[str, str], Request]:
    """The requests of the measures, by indicator and measure."""
    found = {}
    for each in indicators:
        version = each.version_for(window.year)
        if version is None:
            continue
        parameters = {one.name: one.default for one in version.parameters}
        for measure in version.measures:
            found[each.code, measure.name] = request_for(measure, window, parameters)
    return found


def different(requests: Mapping[tuple[str, str], Request]) -> list[Request]:
    """The requests without repetitions; the name of a measure does not matter."""
    seen: dict[str, Request] = {}
    for request in requests.values():
        measure = request.measure
        parts = (measure.ledger, measure.aggregate, measure.of, measure.where, measure.date, measure.span)
        more = (measure.quantile, measure.grouping, request.window, sorted(request.parameters.items()))
        seen.setdefault(repr((parts, more)), request)
    return list(seen.values())


def single_bodies(engine: DuckDBEngine) -> Bodies:
    """Everything, and every body by itself."""
    return {"": None} | {str(each.surrogate): frozenset({each.surrogate}) for each in bodies_of(engine)}


def tree_of_bodies(engine: DuckDBEngine) -> Bodies:
    """Every body with all below it."""
    return groups(bodies_of(engine))


def files_of(snapshot: Snapshot, ledgers: Sequence[str]) -> dict[str, list[Path]]:
    """The Parquet files of ledgers.

    Raises:
        SystemExit: a record has been corrected or a batch undone; the benchmark reads plain files.
    """
    found = {}
    for code in ledgers:
        files = data_files(code, snapshot)
        if any(not each.is_clean for each in files):
            raise SystemExit(f"{code}: the benchmark needs a store without corrections")
        found[code] = [each.path for each in files]
    return found


def highest_of(snapshot: Snapshot, ledgers: Sequence[str]) -> dict[str, int]:
    """The highest surrogate of ledgers."""
    return {code: last_id(code, snapshot) for code in ledgers}


def same(found: Any, expected: Any, places: int) -> bool:  # noqa: ANN401 - values of any measure
    """Whether a value in the unit of the field equals one in whole numbers of the smallest unit.

    A mean is given as (sum, number). Binary floats, which only baselines give, are compared at 1e-9.
    """
    if isinstance(expected, tuple):
        total, number = expected
        expected = Fraction(int(total), int(number)) if number else 0
    if not expected or not found:
        return not expected and not found
    exact = Fraction(found) * 10**places
    if isinstance(expected, float):
        return bool(abs(exact - Fraction(expected)) <= Fraction(1, 10**9) * abs(exact))
    return bool(exact == Fraction(expected))


def as_raw(request: Request, answer: Answer) -> object:
    """An answer as baselines give it: a mean as (sum, number)."""
    if request.measure.aggregate is Aggregate.MEAN:
        return (answer.value or 0, answer.number)
    return answer.value or 0
