"""Records that others published, and how figures of the product are held against those reckoned from the files.

The files are kept outside the project; where they are absent this says so.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from packs import Bureau
from zhunsheng.measures.computing import Wish, compute, compute_by
from zhunsheng.measures.figure import FigureStatus
from zhunsheng.measures.period import Window
from zhunsheng.store.engines.duckdb_engine import DuckDBEngine
from zhunsheng.store.engines.state_cache import StateCache
from zhunsheng.store.records.entries import ImportRecord
from zhunsheng.store.records.reading import scan_sql

DATA = Path(__file__).parents[3] / "shared" / "data"
SCORES = DATA / "sf_food_inspections_scores.csv"
INDICATORS = DATA / "infobase_indicators_2018-11_drr16_dp18.csv"
MEASURES = DATA / "Performance_Measures_1819Adopted.xlsx"

FOREIGN = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(each.is_file() for each in (SCORES, INDICATORS, MEASURES)),
        reason="the published records are not beside the project: no foreign file imported, no figure compared",
    ),
]


def never(_day: date, rule: str) -> date:
    raise AssertionError(rule)


def engine_of(bureau: Bureau, cache: StateCache | None = None) -> DuckDBEngine:
    return DuckDBEngine(bureau.store.snapshot(), bureau.pack.catalogue, never, cache=cache)


def half_up(value: Fraction, places: int) -> str:
    """A number at some places, halves away from zero, reckoned in whole numbers."""
    whole = (abs(value) * 10**places * 2 + 1) // 2
    digits = str(whole).rjust(places + 1, "0")
    shown = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{shown}" if value < 0 and whole else shown


def assert_equal(bureau: Bureau, code: str, got: Any, wanted: Fraction | None, where: object) -> None:
    """A figure is the one reckoned: exactly, and as printed; None where there is nothing to reckon."""
    if wanted is None:
        assert got.status is FigureStatus.NOT_APPLICABLE, (code, where, got.value)
        assert got.why, code
        return
    assert got.status is FigureStatus.COMPUTED, (code, where, got.why)
    assert got.value == wanted, (code, where)
    assert got.printed == half_up(wanted, bureau.pack.indicators[code].places), (code, where)


def hold_against(
    bureau: Bureau, windows: Sequence[Window], wanted: Callable[[str, Window], Fraction | None], path: Path
) -> int:
    """All indicators of a pack for all periods: one by one, together, and read off kept states. Gives how many."""
    wishes = [Wish(each, window) for each in bureau.pack.indicators.values() for window in windows]
    kept = StateCache(path)
    engines = [engine_of(bureau), engine_of(bureau, kept), engine_of(bureau, kept)]
    together = [compute(wishes, engine) for engine in engines]
    values = 0
    for place, wish in enumerate(wishes):
        code, reckoned = wish.indicator.code, wanted(wish.indicator.code, wish.window)
        alone = compute([wish], engines[0])[0]
        for got in (alone, *(each[place] for each in together)):
            assert_equal(bureau, code, got[""], reckoned, str(wish.window))
        values += reckoned is not None
    for engine in engines:
        engine.close()
    return values


def hold_against_by(
    bureau: Bureau, code: str, window: Window, field: str, wanted: Mapping[str, Fraction | None]
) -> None:
    engine = engine_of(bureau)
    (found,) = compute_by([Wish(bureau.pack.indicators[code], window)], engine, field)
    assert set(found) == set(wanted), (code, field)
    for name, figure in found.items():
        assert_equal(bureau, code, figure, wanted[name], name)
    engine.close()


def assert_balance(record: ImportRecord, **parts: int) -> None:
    """What became of the rows, exactly; parts that are not named are 0."""
    names = ("stored", "unchanged", "duplicates", "rejected", "quarantined", "waiting")
    found = {name: getattr(record, name) for name in names}
    assert found == {name: parts.get(name, 0) for name in names}
    assert record.rows_read == sum(parts.values())


def columns_of(bureau: Bureau, ledger: str, names: Sequence[str]) -> list[tuple[Any, ...]]:
    """Fields of the records in force, in order."""
    shown = ", ".join(f'"{name}"' for name in names)
    with bureau.store.connect() as connection:
        found = connection.execute(
            f"SELECT {shown} FROM {scan_sql(ledger, bureau.store.snapshot(), list(names))} ORDER BY ALL"
        )
        rows: list[tuple[Any, ...]] = found.fetchall()
    return rows


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def share(part: int, whole: int) -> Fraction | None:
    return Fraction(100 * part, whole) if whole else None
