"""Stores for the benchmarks, made from the records of a city: daily batches, and several years."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import duckdb
from benchmarks.engine.measuring import ROOT, this_python

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldType
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.reading import data_files, last_id, scan_sql
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.writing import BatchInfo, next_id, write_keyed

INFO = BatchInfo(who="基准测试", source="benchmark", note="合成数据", synthetic=True)
_MADE = "made_of"


def city(directory: Path, scale: str, profile: str = "guangzhou-2021") -> Path:
    """A generated city; made when it is not there.

    Raises:
        SystemExit: it could not be generated.
    """
    done_mark = directory.with_suffix(".complete")
    if not done_mark.exists():
        shutil.rmtree(directory, ignore_errors=True)
        command = ["city", "generate", "--profile", profile, "--scale", scale, "--store", str(directory)]
        done = subprocess.run(
            [str(this_python()), "-m", "zhunsheng", *command],
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SystemExit(done.stderr or done.stdout)
        done_mark.write_text(scale)
    return directory


def daily_store(
    source: Snapshot, directory: Path, ledgers: Sequence[str], year: int
) -> tuple[RecordStore, dict[str, int]]:
    """A store in which every day of a year is a batch of its own.

    Args:
        source: whose records they are.
        ledgers: the ledgers cut into days; what they point to is stored whole.

    Returns:
        The store, and for each ledger the number of batches of its days.
    """
    store, made = _begun(source, directory, f"days {year} {sorted(ledgers)}")
    counts = {}
    with duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "2GB"}) as connection:
        if not made:
            _with_targets(source, store, connection, ledgers)
        for code in ledgers:
            ledger = definition_of(code)
            if not made:
                _write_days(source, store, connection, ledger, year)
            counts[code] = len(data_files(code, store.snapshot()))
    _finished(directory, source, f"days {year} {sorted(ledgers)}")
    return store, counts


def _write_days(
    source: Snapshot,
    store: RecordStore,
    connection: duckdb.DuckDBPyConnection,
    ledger: LedgerDefinition,
    year: int,
) -> None:
    day = f'CAST("{ledger.date}" AS DATE)'
    connection.execute(
        f"CREATE TABLE whole AS SELECT *, {day} AS day_ FROM {_rows(source, ledger)}"
        f' WHERE year({day}) <= {year} ORDER BY {day}, "{ledger.organisation or ledger.date}"'
    )
    days = [
        each
        for (each,) in connection.execute(
            f"SELECT DISTINCT day_ FROM whole WHERE year(day_) = {year} ORDER BY 1"
        ).fetchall()
    ]
    connection.execute(f"CREATE TABLE part AS SELECT * EXCLUDE (day_) FROM whole WHERE year(day_) < {year}")
    if connection.execute("SELECT count(*) FROM part").fetchall() != [(0,)]:
        _write(store, connection, ledger)
    for each in days:
        connection.execute(
            "CREATE OR REPLACE TABLE part AS SELECT * EXCLUDE (day_) FROM whole WHERE day_ = ?", [each]
        )
        _write(store, connection, ledger)
    connection.execute("DROP TABLE part; DROP TABLE whole")


def years_store(source: Snapshot, directory: Path, ledgers: Sequence[str], years: int) -> RecordStore:
    """A store with the records of ledgers several times, each time moved back by another year.

    What they point to is stored once, as the entities of a city stay the same over the years.
    """
    store, made = _begun(source, directory, f"years {years} {sorted(ledgers)}")
    if made:
        return store
    with duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "4GB"}) as connection:
        _with_targets(source, store, connection, ledgers)
        for code in ledgers:
            ledger = definition_of(code)
            for back in reversed(range(years)):
                for file in data_files(code, source):
                    shown = ", ".join(_moved(each.name, each.type, back) for each in ledger.fields)
                    connection.execute(
                        f"CREATE OR REPLACE TABLE part AS SELECT {shown} FROM {_rows(source, ledger, file.path)}"
                    )
                    _write(store, connection, ledger, presorted=True)
            connection.execute("DROP TABLE part")
    _finished(directory, source, f"years {years} {sorted(ledgers)}")
    return store


def _moved(name: str, kind: FieldType, back: int) -> str:
    if not back or kind not in {FieldType.DATE, FieldType.TIME}:
        return f'"{name}"'
    moved = f'"{name}" - INTERVAL {back} YEAR'
    return f'CAST({moved} AS {"DATE" if kind is FieldType.DATE else "TIMESTAMP"}) AS "{name}"'


def plain_ledgers(source: Snapshot, ledgers: Sequence[str]) -> list[str]:
    """The ledgers that no other points to: their records may stand in a store several times."""
    return [each for each in ledgers if not source.store.is_referred(each)]


def _begun(source: Snapshot, directory: Path, what: str) -> tuple[RecordStore, bool]:
    mark = directory / _MADE
    if mark.exists() and mark.read_text() == f"{source.token} {what}":
        return RecordStore.open(directory), True
    shutil.rmtree(directory, ignore_errors=True)
    return RecordStore.create(directory), False


def _finished(directory: Path, source: Snapshot, what: str) -> None:
    (directory / _MADE).write_text(f"{source.token} {what}")


def definition_of(code: str) -> LedgerDefinition:
    """The definition of a ledger."""
    found = ledger_of(code)
    if found is None:
        raise LookupError(code)
    return found


def _with_targets(
    source: Snapshot, store: RecordStore, connection: duckdb.DuckDBPyConnection, ledgers: Sequence[str]
) -> None:
    """Store everything that ledgers point to, directly and further on, in the order in which it came."""
    wanted: set[str] = set()
    left = [each.target for code in ledgers for each in definition_of(code).references]
    while left:
        code = left.pop()
        if code not in wanted:
            wanted.add(code)
            left += [each.target for each in definition_of(code).references]
    if wanted & set(ledgers):
        raise SystemExit(f"others point to {sorted(wanted & set(ledgers))}")
    for commit in source.store.manifest.commits():
        if commit.ledger in wanted and commit.seq <= source.seq:
            ledger = definition_of(commit.ledger)
            connection.execute(
                f"CREATE OR REPLACE TABLE part AS SELECT * EXCLUDE (_batch) FROM {_rows(source, ledger)}"
                f" WHERE _batch = {commit.seq} ORDER BY _id"
            )
            _write(store, connection, ledger, numbered=True)
    connection.execute("DROP TABLE IF EXISTS part")


def _rows(source: Snapshot, ledger: LedgerDefinition, path: Path | None = None) -> str:
    names = [each.name for each in ledger.fields] + ["_batch"]
    if last_id(ledger.code, source):
        names.append("_id")
    files = None
    if path is not None:
        files = [each for each in data_files(ledger.code, source) if each.path == path]
    return scan_sql(ledger.code, source, names, files=files)


def _write(
    store: RecordStore,
    connection: duckdb.DuckDBPyConnection,
    ledger: LedgerDefinition,
    *,
    numbered: bool = False,
    presorted: bool = False,
) -> None:
    names = {str(row[0]) for row in connection.execute("DESCRIBE part").fetchall()}
    if "_batch" in names:
        connection.execute("ALTER TABLE part DROP COLUMN _batch")
    if "_id" in names and not numbered:
        # days come in another order than the numbers given before
        first = next_id(store, ledger.code)
        connection.execute(
            f"CREATE OR REPLACE TABLE part AS SELECT * REPLACE (CAST(row_number() OVER () + {first - 1} AS INTEGER)"
            " AS _id) FROM part"
        )
    write_keyed(store, connection, "part", ledger, INFO, presorted=presorted)
