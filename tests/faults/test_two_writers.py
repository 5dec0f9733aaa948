"""Two writers at once: one waits or is told, none is lost; readers do not wait."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.store.records.backup import back_up, restore
from zhunsheng.store.records.compaction import compact
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.store.records.locking import owner_of, writing
from zhunsheng.store.records.reading import scan_sql
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.verification import verify
from zhunsheng.store.records.writing import BatchInfo, write_batch

NOTE = LedgerDefinition(
    code="note",
    label="记录",
    label_en="Note",
    description="",
    chapter=0,
    key=("code",),
    fields=(
        FieldDefinition("code", "编码", FieldType.TEXT, required=True),
        FieldDefinition("value", "值", FieldType.INTEGER),
    ),
    organisation="",
)
MOMENT = datetime(2024, 1, 1, tzinfo=UTC)


def open_store(path: Path) -> RecordStore:
    return RecordStore.open(path, catalogue={"note": NOTE}.get, referred=["note"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    RecordStore.create(tmp_path / "store", catalogue={"note": NOTE}.get, referred=["note"]).close()
    return tmp_path / "store"


def write(store: RecordStore, engine: duckdb.DuckDBPyConnection, code: str, value: int) -> int | None:
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE g AS SELECT 1 AS _source_row, '{code}' AS code, {value} AS value"
    )
    return write_batch(store, engine, "g", NOTE, BatchInfo(code), wait_seconds=60).record.batch


def test_writers_and_a_compaction_race_and_nothing_is_lost(path: Path) -> None:
    def writer(name: str) -> list[int | None]:
        with open_store(path) as store, store.connect("128MB", 1) as engine:
            return [write(store, engine, f"{name}{each % 5}", each) for each in range(10)]

    def compactor() -> None:
        with open_store(path) as store:
            for _ in range(3):
                compact(store, "夜间", least_files=2)

    with ThreadPoolExecutor(4) as pool:
        seqs = list(pool.map(writer, ["a", "b", "c"]))
        pool.submit(compactor).result()
    written = [each for found in seqs for each in found]
    assert sorted(each for each in written if each is not None) == list(range(1, 31))
    with open_store(path) as store, store.connect() as engine:
        rows = engine.execute(
            f"SELECT code, value FROM {scan_sql('note', store.snapshot(), ['code', 'value'])}"
        ).fetchall()
        # of each name, the last value written for each of the five codes
        assert dict(rows) == {f"{name}{each % 5}": each for name in "abc" for each in range(5, 10)}
        assert verify(store) == ()


def test_the_second_writer_is_told_who_is_writing(path: Path) -> None:
    told: list[str] = []
    with (
        writing(path / "writer.lock", "甲处", "导入“年报”", MOMENT),
        open_store(path) as store,
        store.connect() as engine,
    ):
        engine.execute("CREATE TEMP TABLE g AS SELECT 1 AS _source_row, 'a' AS code, 1 AS value")
        with pytest.raises(
            StoreFault, match=r"进程 \d+（甲处）自 2024-01-01T00:00:00\+00:00 起正在导入“年报”"
        ) as caught:
            write_batch(store, engine, "g", NOTE, BatchInfo("乙处"), wait_seconds=0.1, on_wait=told.append)
        # reading goes on meanwhile
        assert store.snapshot().seq == 0
    assert caught.value.problem.code == "STORE-001"
    assert len(told) == 1
    assert "甲处" in told[0]
    assert owner_of(path / "writer.lock") is None


def test_the_second_writer_waits_for_the_first(path: Path) -> None:
    entered = threading.Event()

    def first() -> None:
        with writing(path / "writer.lock", "甲处", "导入", MOMENT):
            entered.set()
            time.sleep(0.3)

    thread = threading.Thread(target=first)
    thread.start()
    entered.wait()
    with open_store(path) as store, store.connect() as engine:
        assert write(store, engine, "a", 1) == 1
    thread.join()


def test_a_backup_taken_while_others_write_is_one_state(path: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def writer() -> None:
        with open_store(path) as store, store.connect("128MB", 1) as engine:
            for each in range(1000):
                if stop.is_set():
                    break
                write(store, engine, f"n{each}", each)
                if each % 4 == 3:
                    compact(store, "夜间", grace=MOMENT - MOMENT)

    thread = threading.Thread(target=writer)
    thread.start()
    try:
        with open_store(path) as store:
            while store.snapshot().seq < 5:
                time.sleep(0.01)
            saved = [back_up(store, tmp_path / f"b{each}") for each in range(3)]
    finally:
        stop.set()
        thread.join()
    for each in saved:
        target = tmp_path / f"r{each.path.name}"
        assert restore(each.path, target, catalogue={"note": NOTE}.get) == ()
        with open_store(target) as store, store.connect() as engine:
            assert store.snapshot().seq == each.seq
            rows = engine.execute(
                f"SELECT value FROM {scan_sql('note', store.snapshot(), ['value'])}"
            ).fetchall()
            assert sorted(row[0] for row in rows) == list(range(each.seq))
