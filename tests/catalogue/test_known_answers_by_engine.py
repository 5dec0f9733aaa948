"""The known answers again, through the record store and the engine, in one pass and read off partial states."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from known_answers import CASES_READ, Case, due, known_ledger, typed

from zhunsheng.expressions.evaluation import Surroundings, evaluate
from zhunsheng.expressions.nodes import Call, Value, walk
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.measures.computing import Wish, compute
from zhunsheng.measures.figure import Figure, FigureStatus
from zhunsheng.measures.period import Window
from zhunsheng.store.engines.duckdb_engine import DuckDBEngine
from zhunsheng.store.indicator_files import indicator_of
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.physical import given_type
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.writing import BatchInfo, write_batch


def _stored(field_type: FieldType, places: int, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return int(value.scaleb(places))
    if field_type is FieldType.LIST:
        return list(value)
    return json.dumps(value) if field_type is FieldType.JSON and not isinstance(value, str) else value


def _with_parents(records: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, dict[str, dict[str, Any]]]:
    """The records by ledger and key, with a bare record for everything that is referred to."""
    world: dict[str, dict[str, dict[str, Any]]] = {}
    open_rows: list[tuple[LedgerDefinition, dict[str, Any]]] = []

    def add(ledger: LedgerDefinition, row: dict[str, Any]) -> None:
        key = json.dumps([str(row.get(each)) for each in ledger.key])
        if key not in world.setdefault(ledger.code, {}):
            world[ledger.code][key] = row
            open_rows.append((ledger, row))

    for code, items in records.items():
        ledger = known_ledger(code)
        for item in items:
            add(ledger, {name: typed(ledger.by_name[name].type, value) for name, value in item.items()})
    while open_rows:
        ledger, row = open_rows.pop()
        for each in ledger.fields:
            if each.type is FieldType.REFERENCE and row.get(each.name) is not None:
                target = known_ledger(each.target)
                add(target, {target.key[0]: row[each.name]})
    return world


def _ordered(world: Mapping[str, Any]) -> list[str]:
    """Ledgers with those they refer to first."""
    done: list[str] = []

    def visit(code: str, above: tuple[str, ...]) -> None:
        if code in done or code in above or code not in world:
            return
        for each in known_ledger(code).references:
            visit(each.target, (*above, code))
        done.append(code)

    for code in world:
        visit(code, ())
    return done


def _asks_due(field: FieldDefinition) -> bool:
    return field.computed is not None and any(
        isinstance(each, Call) and each.function == "due" for each in walk(field.computed.root)
    )


def _write(store: RecordStore, world: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    connection = store.connect()
    for code in _ordered(world):
        ledger = known_ledger(code)
        # days of deadlines are computed by the import, which knows the register; everything else by the store
        entered = [
            each for each in ledger.fields if not each.stamped and (each.computed is None or _asks_due(each))
        ]
        columns = ", ".join(f'"{each.name}" {given_type(each)}' for each in entered)
        connection.execute(f"CREATE OR REPLACE TABLE given (_source_row BIGINT, {columns})")
        marks = ", ".join("?" * (len(entered) + 1))
        rows = sorted(world[code].items())
        # a record may refer to another of its own ledger, which then has to come first
        rows.sort(
            key=lambda item: sum(
                item[1].get(each.name) is not None for each in ledger.references if each.target == code
            )
        )
        for number, (_, given) in enumerate(rows):
            row: dict[str, Any] = dict(given) | {
                each.name: evaluate(each.computed.root, given, Surroundings({}, due))
                for each in entered
                if each.computed is not None
            }
            values = [_stored(each.type, each.value_type.places, row.get(each.name)) for each in entered]
            connection.execute(f"INSERT INTO given VALUES ({marks})", [number, *values])
        result = write_batch(store, connection, "given", ledger, BatchInfo("测试"))
        assert result.record.stored == len(rows), (code, result)
    connection.close()


def _figure(case: Case, engine: DuckDBEngine, *, with_others: bool) -> Figure:
    indicator = indicator_of(case.indicator)
    assert indicator is not None
    version = indicator.version_for(case.year)
    assert version is not None
    parameters: dict[str, Value] = {
        each.name: int(case.parameters[each.name])
        if isinstance(each.default, int)
        else case.parameters[each.name]
        for each in version.parameters
        if each.name in case.parameters
    }
    wishes = [Wish(indicator, Window(case.year, case.month), parameters)]
    if with_others:
        # several periods at once are read off partial states
        wishes += [Wish(indicator, Window(case.year, month), parameters) for month in (1, 2, 3)]
    return compute(wishes, engine)[0][""]


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", [each for each in CASES_READ if each.records is not None], ids=lambda each: each.name
)
def test_the_engine_gives_the_known_answer(case: Case, tmp_path: Path) -> None:
    ticks = iter(range(1, 1000))
    store = RecordStore.create(
        tmp_path / "store",
        clock=lambda: datetime(2030, 1, 1, tzinfo=UTC) + timedelta(minutes=next(ticks)),
    )
    _write(store, _with_parents(case.records or {}))
    for with_others in (False, True):
        engine = DuckDBEngine(store.snapshot(), ledger_of, due)
        found = _figure(case, engine, with_others=with_others)
        engine.close()
        match found.status:
            case FigureStatus.NOT_APPLICABLE:
                assert case.expected == "not_applicable"
            case FigureStatus.CONTRADICTORY:
                assert case.expected == "contradictory"
            case _:
                plain = found.value
                shown = (
                    str(plain).lower()
                    if isinstance(plain, bool)
                    else str(plain)
                    if isinstance(plain, date | str)
                    else found.printed
                )
                assert shown == case.expected, case.because
    store.close()
