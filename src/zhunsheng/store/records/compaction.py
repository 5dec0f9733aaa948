"""Compaction: many small files become few, with every version kept, so that every state still reads the same.

The old files are retired in the same transaction and deleted when their grace is over and no long reader is at work;
a query that had picked them up still finds them.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.records.batch_files import hits_of, rewrite_versions, write_closings, write_keys
from zhunsheng.store.records.entries import TrailEntry
from zhunsheng.store.records.locking import nobody_reads
from zhunsheng.store.records.opened_store import OpenedStore
from zhunsheng.store.records.physical import columns_from, parquet
from zhunsheng.store.records.reading import versions_sql
from zhunsheng.store.records.session import Session, write_session
from zhunsheng.store.records.stored_files import ClosingsFile, Hit, Publication, RecordFile

SMALL = 262_144
"""Rows below which a file is small: one row group."""

GRACE = timedelta(minutes=10)
"""How long a replaced file stays for readers that know it."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did: files of any kind before and after, and retired files deleted."""

    before: int
    after: int
    deleted: int


def compact(
    store: OpenedStore,
    who: str,
    ledger: str | None = None,
    *,
    small_rows: int = SMALL,
    least_files: int = 2,
    grace: timedelta = GRACE,
    wait_seconds: float = 60,
) -> Compacted:
    """Merge small files of one ledger or of all, ledger by ledger; other writers get their turn in between.

    Args:
        store: where.
        who: for the trail.
        ledger: only this one.
        small_rows: files with fewer rows are merged.
        least_files: how many small files of a month are worth merging.
        grace: replaced files older than this are deleted.
        wait_seconds: how long to wait for another writer.

    Raises:
        StoreFault: another writer did not end in time, or the disk refused.
    """
    before = _count(store)
    for code in [ledger] if ledger is not None else sorted(store.manifest.ledgers()):
        definition = store.catalogue(code)
        if definition is None:
            continue
        with write_session(
            store, who, f"整理“{definition.label}”的文件", wait_seconds=wait_seconds
        ) as session:
            _merge_versions(session, definition, small_rows, least_files)
        with write_session(
            store, who, f"整理“{definition.label}”的文件", wait_seconds=wait_seconds
        ) as session:
            merge_closings(session, definition, least_files)
            _merge_keys(session, definition, small_rows, least_files)
    deleted = purge(store, who, grace=grace, wait_seconds=wait_seconds)
    return Compacted(before, _count(store), deleted)


def _count(store: OpenedStore) -> int:
    manifest = store.manifest
    return len(manifest.files()) + len(manifest.key_files()) + len(manifest.closings())


def _merge_versions(session: Session, ledger: LedgerDefinition, small_rows: int, least_files: int) -> None:
    groups: dict[tuple[int, str], list[RecordFile]] = {}
    for each in session.store.manifest.files(ledger.code):
        if each.rows < small_rows:
            groups.setdefault((each.schema_id, _month(each)), []).append(each)
    chosen = [members for members in groups.values() if len(members) >= max(2, least_files)]
    if chosen:
        replace_files(session, ledger, chosen, "compact")


def _month(file: RecordFile) -> str:
    """The month all of a file falls into; "" when it spans several or none."""
    if file.first_day is None or file.last_day is None:
        return ""
    months = {f"{each:%Y-%m}" for each in (file.first_day, file.last_day)}
    return months.pop() if len(months) == 1 else ""


def replace_files(
    session: Session,
    ledger: LedgerDefinition,
    groups: Iterable[Sequence[RecordFile]],
    what: str,
    *,
    needed: str = "",
    connection: duckdb.DuckDBPyConnection | None = None,
) -> int:
    """Write each group of files anew and retire the old ones; gives the rows left out.

    Args:
        session: the writer.
        ledger: whose files they are.
        groups: files of one schema each.
        what: the deed for the trail.
        needed: a table (`_batch`, `_row`) in `connection` of the versions to keep; "" keeps all.
        connection: the engine to use; one of our own when None.
    """
    store = session.store
    schemas = store.manifest.schemas(ledger.code)
    made: list[RecordFile] = []
    columns = {}
    hits: tuple[Hit, ...] = ()
    retired: list[RecordFile] = []
    closings = store.manifest.closings(ledger.code)
    paths = {each.path: store.layout.file(each.path) for each in closings}
    engine = store.connect() if connection is None else connection
    try:
        for members in groups:
            present = columns_from(schemas[members[0].schema_id])
            view = f"old_{uuid.uuid4().hex[:8]}"
            source = parquet([store.layout.file(each.path) for each in members])
            keep = f" AS f SEMI JOIN {needed} n ON n._batch = f._batch AND n._row = f._row" if needed else ""
            engine.execute(f"CREATE TEMP VIEW {view} AS SELECT * FROM {source}{keep}")
            files, staged = rewrite_versions(
                session,
                engine,
                view,
                ledger,
                [each for each in present if each.name not in {"_batch", "_row"}],
                session.head.seq,
            )
            engine.execute(f"DROP VIEW {view}")
            made += files
            columns.update({each.path: [column.as_data() for column in present] for each in files})
            hits += hits_of(engine, _hitting(closings, members), paths, staged)
            retired += members
    finally:
        if connection is None:
            engine.close()
    lost = sum(each.rows for each in retired) - sum(each.rows for each in made)
    entry = TrailEntry(
        0,
        session.moment,
        session.who,
        what,
        {"ledger": ledger.code, "before": len(retired), "after": len(made), "dropped": lost},
    )
    session.place_files()
    store.manifest.publish(
        Publication(
            files=tuple(made), hits=hits, retired_files=tuple(each.id for each in retired), trail=(entry,)
        ),
        columns,
    )
    session.finish()
    return lost


def _hitting(closings: Iterable[ClosingsFile], files: Iterable[RecordFile]) -> list[ClosingsFile]:
    names = {each.path for each in files}
    return [each for each in closings if any(hit.file in names for hit in each.hits)]


def merge_closings(session: Session, ledger: LedgerDefinition, least_files: int = 2) -> None:
    """Make one file of the closings of a ledger; closings of versions that are gone are left out."""
    store = session.store
    old = store.manifest.closings(ledger.code)
    if len(old) < max(1, least_files):
        return
    with store.connect() as connection:
        source = parquet([store.layout.file(each.path) for each in old])
        versions = versions_sql(ledger.code, session.head, ["_batch", "_row"], filename=True)
        connection.execute(
            f"CREATE TEMP TABLE merged AS SELECT c.*, v.filename FROM {source} AS c "
            f"JOIN {versions} AS v ON v._batch = c._batch AND v._row = c._row"
        )
        names = {str(store.layout.file(each.path)): each.path for each in store.manifest.files(ledger.code)}
        made = write_closings(session, connection, "merged", ledger.code, session.head.seq, names)
    entry = TrailEntry(
        0,
        session.moment,
        session.who,
        "compact",
        {"ledger": ledger.code, "kind": "closings", "before": len(old), "after": len(made)},
    )
    session.place_files()
    store.manifest.publish(
        Publication(closings=made, retired_closings=tuple(each.id for each in old), trail=(entry,)), {}
    )
    session.finish()


def _merge_keys(session: Session, ledger: LedgerDefinition, small_rows: int, least_files: int) -> None:
    store = session.store
    files = sorted(store.manifest.key_files(ledger.code), key=lambda found: found.first_id)
    # only neighbours are merged, so that a file holds ids without gaps
    run = [each for each in files if each.rows < small_rows]
    while run and any(later.first_id != earlier.last_id + 1 for earlier, later in pairwise(run)):
        run = run[1:]
    if len(run) < max(2, least_files):
        return
    with store.connect() as connection:
        source = parquet([store.layout.file(each.path) for each in run])
        made = write_keys(
            session,
            connection,
            f"SELECT key, id FROM {source}",
            ledger.code,
            session.head.seq,
            run[0].first_id,
            sum(each.rows for each in run),
        )
    entry = TrailEntry(
        0,
        session.moment,
        session.who,
        "compact",
        {"ledger": ledger.code, "kind": "keys", "before": len(run), "after": len(made)},
    )
    session.place_files()
    store.manifest.publish(
        Publication(keys=made, retired_keys=tuple(each.id for each in run), trail=(entry,)), {}
    )
    session.finish()


def purge(store: OpenedStore, who: str, *, grace: timedelta = GRACE, wait_seconds: float = 60) -> int:
    """Delete retired files whose grace is over; none while a long reader is at work. Gives how many."""
    with write_session(store, who, "删除已被替换的文件", wait_seconds=wait_seconds) as session:
        manifest = store.manifest
        end = session.moment - grace
        found = [
            [each for each in listed if each.retired_at is not None and each.retired_at <= end]
            for listed in (
                manifest.files(retired=True),
                manifest.key_files(retired=True),
                manifest.closings(retired=True),
            )
        ]
        if not any(found):
            return 0
        with nobody_reads(store.layout.readers) as free:
            if not free:
                return 0
            paths: list[Path] = [store.layout.file(each.path) for listed in found for each in listed]
            for path in paths:
                path.unlink(missing_ok=True)
            numbers = [[each.id for each in listed] for listed in found]
            manifest.forget_retired(numbers[0], numbers[1], numbers[2])
        return len(paths)
