"""Undoing a batch: from a new commit on it is hidden, with the closings it made.

A batch in the middle of a record's life needs care. When version 2 goes, version 3 stays, and version 1, which
version 2 had closed, must not come back: the undo closes it in the name of the batch that closed version 2. If that
batch is undone later, version 1 does come back.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.ledgers.field import FieldType
from zhunsheng.store.records.batch_files import write_closings
from zhunsheng.store.records.entries import Commit, CommitKind, TrailEntry
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.store.records.opened_store import OpenedStore, Snapshot
from zhunsheng.store.records.physical import quoted
from zhunsheng.store.records.reading import closings_sql, scan_sql, versions_sql
from zhunsheng.store.records.session import Session, write_session
from zhunsheng.store.records.settled import undone_by
from zhunsheng.store.records.stored_files import ClosingsFile, Publication

CANNOT_UNDO = Kind("STORE-012", Severity.ERROR, "只能撤销尚未撤销的批次", "用 history 查看批次的编号和状态。")


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did.

    Attributes:
        seq: its commit number.
        hidden: rows of the batch that were visible and no longer are.
        later_unchanged: later imports into the ledger that found rows unchanged or held already; if they were so
            against this batch, only importing them again brings those rows back.
        dangling: by ledger and field, records whose reference now points to nothing.
        given_up: rows that came with the batch and were still held; they are given up with it.
    """

    seq: int
    batch: int
    hidden: int
    later_unchanged: tuple[int, ...]
    dangling: Mapping[tuple[str, str], int]
    given_up: int = 0


def undo_batch(
    store: OpenedStore, batch: int, who: str, reason: str = "", *, wait_seconds: float = 60
) -> Undone:
    """Hide a batch from now on; every state before stays as it was.

    Raises:
        StoreFault: there is no such batch, it is already undone, or another writer did not end in time.
    """
    with write_session(store, who, f"撤销第 {batch} 批", wait_seconds=wait_seconds) as session:
        commit = _undoable(session, batch)
        with store.connect() as connection:
            before = _visible(connection, commit, session.head)
            closings = _carried_closings(session, connection, commit)
            seq = session.head.seq + 1
            made = Commit(
                seq, CommitKind.UNDO, commit.ledger, session.moment, who, 0, 0, undoes=batch, note=reason
            )
            held = [each.number for each in store.manifest.held(commit.ledger) if each.batch == batch]
            entry = TrailEntry(
                0,
                session.moment,
                who,
                "undo",
                {
                    "batch": batch,
                    "seq": seq,
                    "ledger": commit.ledger,
                    "reason": reason,
                    "given_up": len(held),
                },
            )
            session.place_files()
            last = store.manifest.last_id(commit.ledger, session.head.seq)
            store.manifest.publish(
                Publication(
                    commit=made,
                    last_id=last,
                    closings=closings,
                    discarded=tuple(held),
                    discarded_by=undone_by(seq),
                    trail=(entry,),
                ),
                {},
            )
            session.finish()
            dangling = _dangling(store, connection, commit)
    return Undone(seq, batch, before, _relying(store, commit, held=bool(held)), dangling, len(held))


def _relying(store: OpenedStore, commit: Commit, *, held: bool) -> tuple[int, ...]:
    """Later imports that left rows out because they were stored, or held, already."""
    found = []
    for each in store.manifest.imports(commit.ledger):
        if each.batch == commit.seq or each.moment < commit.moment:
            continue
        own = store.manifest.held(commit.ledger, state=None, import_number=each.number) if held else ()
        if each.unchanged or (held and each.quarantined + each.waiting > len(own)):
            found.append(each.number)
    return tuple(found)


def _undoable(session: Session, batch: int) -> Commit:
    found = next((each for each in session.store.manifest.commits() if each.seq == batch), None)
    place = Place("manifest")
    if found is None:
        raise StoreFault(CANNOT_UNDO.at(place, f"没有第 {batch} 批", value=batch))
    if found.kind is not CommitKind.BATCH:
        raise StoreFault(CANNOT_UNDO.at(place, f"第 {batch} 次提交是一次撤销，不是批次", value=batch))
    if found.undone_at is not None:
        raise StoreFault(
            CANNOT_UNDO.at(place, f"第 {batch} 批已由第 {found.undone_at} 次提交撤销", value=batch)
        )
    horizon = int(session.store.manifest.info("horizon") or 0)
    if batch <= horizon:
        # what the batch replaced may have been dropped and could not come back
        raise StoreFault(
            CANNOT_UNDO.at(place, f"第 {batch} 批早于保留期（第 {horizon} 次提交）", value=batch)
        )
    return found


def _visible(connection: duckdb.DuckDBPyConnection, commit: Commit, head: Snapshot) -> int:
    current = scan_sql(commit.ledger, head, ["_batch"])
    return _number(connection, f"SELECT count(*) FROM {current} WHERE _batch = {commit.seq}")


def _carried_closings(
    session: Session, connection: duckdb.DuckDBPyConnection, commit: Commit
) -> tuple[ClosingsFile, ...]:
    """Closings of versions that the batch had closed, in the name of the batches that closed its own versions."""
    store, head, batch = session.store, session.head, commit.seq
    in_force = closings_sql(commit.ledger, head)
    token = uuid.uuid4().hex[:8]
    table = f"carried_{token}"
    key = ["_id"] if store.is_referred(commit.ledger) else list(store.definition(commit.ledger).key)
    shown = ", ".join(map(quoted, key))
    connection.execute(
        f"CREATE TEMP TABLE force_{token} AS SELECT * FROM {in_force} WHERE {batch} IN (_by, _batch)"
    )
    ours = _number(connection, f"SELECT count(*) FROM force_{token} WHERE _batch = {batch}")
    before = _number(connection, f"SELECT count(*) FROM force_{token} WHERE _by = {batch}")
    if not ours or not before:
        return ()
    versions = versions_sql(commit.ledger, head, [*key, "_batch", "_row"], filename=True)
    connection.execute(
        f"CREATE TEMP TABLE {table} AS WITH v AS (SELECT f._by, v.* FROM {versions} AS v "
        f"JOIN force_{token} f ON f._batch = v._batch AND f._row = v._row) "
        f"SELECT older._batch, older._row, newer._by, {head.seq + 1} AS _from, older.filename "
        f"FROM (SELECT * FROM v WHERE _by = {batch}) older JOIN (SELECT * FROM v WHERE _batch = {batch}) newer USING ({shown})"
    )
    names = {str(store.layout.file(each.path)): each.path for each in store.manifest.files(commit.ledger)}
    return write_closings(session, connection, table, commit.ledger, head.seq + 1, names)


def _dangling(
    store: OpenedStore, connection: duckdb.DuckDBPyConnection, commit: Commit
) -> dict[tuple[str, str], int]:
    """Visible references to records that have only just become invisible."""
    if not store.is_referred(commit.ledger):
        return {}
    head = store.snapshot()
    versions = versions_sql(commit.ledger, head, ["_id", "_batch"])
    living = scan_sql(commit.ledger, head, ["_id"])
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE gone AS SELECT v._id FROM {versions} AS v ANTI JOIN {living} AS l ON l._id = v._id "
        f"WHERE v._batch = {commit.seq}"
    )
    if not _number(connection, "SELECT count(*) FROM gone"):
        return {}
    found = {}
    for code in store.manifest.ledgers():
        definition = store.catalogue(code)
        for field in definition.references if definition else ():
            if field.target == commit.ledger and field.type is FieldType.REFERENCE:
                rows = scan_sql(code, head, [field.name])
                sql = f"SELECT count(*) FROM {rows} AS r SEMI JOIN gone g ON g._id = r.{quoted(field.name)}"
                if count := _number(connection, sql):
                    found[code, field.name] = count
    return found


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(connection.execute(sql).fetchall()[0][0])
