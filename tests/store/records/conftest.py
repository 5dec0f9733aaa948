"""Two invented ledgers and a store for them: bodies, and visits to bodies."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.store.records.physical import given_type, quoted
from zhunsheng.store.records.reading import keys_sql, scan_sql
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.writing import BatchInfo, WriteResult, write_batch

BODY = LedgerDefinition(
    code="body",
    label="单位",
    label_en="Body",
    description="",
    chapter=0,
    key=("code",),
    fields=(
        FieldDefinition("code", "编码", FieldType.TEXT, required=True),
        FieldDefinition("grade", "等级", FieldType.ENUM, members={"A": "甲", "B": "乙"}),
        FieldDefinition("parent", "上级", FieldType.REFERENCE, target="body"),
    ),
    organisation="",
)
VISIT = LedgerDefinition(
    code="visit",
    label="走访",
    label_en="Visit",
    description="",
    chapter=1,
    key=("body", "day"),
    fields=(
        FieldDefinition("body", "单位", FieldType.REFERENCE, required=True, target="body"),
        FieldDefinition("day", "日期", FieldType.DATE, required=True),
        FieldDefinition("count", "人数", FieldType.INTEGER),
        FieldDefinition("cost", "费用", FieldType.MONEY),
        FieldDefinition("weight", "重量", FieldType.DECIMAL, places=3),
        FieldDefinition("goods", "物品", FieldType.LIST),
        FieldDefinition(
            "grade", "走访时等级", FieldType.ENUM, members={"A": "甲"}, stamped=("body", "grade")
        ),
    ),
    date="day",
    organisation="body",
)


class Ticking:
    """A clock that goes on by a minute at each look."""

    def __init__(self) -> None:
        self.now = datetime(2024, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@dataclass
class Desk:
    """A store with an engine, and short ways to write and read."""

    path: Path
    ledgers: dict[str, LedgerDefinition]
    clock: Ticking = field(default_factory=Ticking)

    def __post_init__(self) -> None:
        self.store = RecordStore.create(
            self.path, clock=self.clock, catalogue=self.ledgers.get, referred=["body"]
        )
        self.engine = self.store.connect()

    def reopen(self) -> RecordStore:
        return RecordStore.open(self.path, clock=self.clock, catalogue=self.ledgers.get, referred=["body"])

    def table(self, ledger: str, rows: Sequence[Mapping[str, object]], name: str = "given") -> str:
        """A table as `write_batch` takes it; rows are numbered from 1 unless they say `_source_row`."""
        fields = self.ledgers[ledger].entered
        columns = ", ".join(f"{quoted(each.name)} {given_type(each)}" for each in fields)
        self.engine.execute(f"CREATE OR REPLACE TEMP TABLE {name} (_source_row BIGINT, {columns})")
        for number, row in enumerate(rows, start=1):
            values = [row.get("_source_row", number), *(row.get(each.name) for each in fields)]
            self.engine.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(values))})", values)
        return name

    def put(self, ledger: str, *rows: Mapping[str, object], info: BatchInfo | None = None) -> WriteResult:
        name = self.table(ledger, rows)
        return write_batch(self.store, self.engine, name, self.ledgers[ledger], info or BatchInfo("填报人"))

    def read(self, ledger: str, seq: int | None = None, columns: Sequence[str] = ()) -> list[tuple[Any, ...]]:
        """Visible records in the order of their values; references as keys."""
        snapshot = self.store.snapshot(seq)
        definition = self.ledgers[ledger]
        wanted = list(columns) or [each.name for each in definition.fields]
        shown, joins = [], ""
        for place, name in enumerate(wanted):
            found = definition.by_name.get(name)
            if found is not None and found.type is FieldType.REFERENCE:
                joins += f" LEFT JOIN {keys_sql(found.target, snapshot)} AS k{place} ON k{place}.id = r.{quoted(name)}"
                shown.append(f"k{place}.key")
            else:
                shown.append(f"r.{quoted(name)}")
        sql = f"SELECT {', '.join(shown)} FROM {scan_sql(ledger, snapshot, wanted)} AS r{joins} ORDER BY ALL"
        return self.engine.execute(sql).fetchall()

    def close(self) -> None:
        self.engine.close()
        self.store.close()


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def make(name: str = "store", **ledgers: LedgerDefinition) -> Desk:
        desk = Desk(tmp_path / name, {"body": BODY, "visit": VISIT, **ledgers})
        desks.append(desk)
        return desk

    yield make
    for each in desks:
        each.close()


@pytest.fixture(scope="session")
def make_desk_in() -> Callable[[Path], Desk]:
    """A store in a directory of the caller's, who closes it."""
    return lambda path: Desk(path, {"body": BODY, "visit": VISIT})


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A store with three bodies, committed as number 1."""
    made = make_desk()
    made.put("body", {"code": "x", "grade": "A"}, {"code": "y", "grade": "B"}, {"code": "z", "parent": "x"})
    return made


@pytest.fixture
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection
