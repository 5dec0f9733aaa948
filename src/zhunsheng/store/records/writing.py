"""Writing a batch: all of it becomes part of the store in one step, or none of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldType
from zhunsheng.store.records.arrivals import Arrivals, Conflict
from zhunsheng.store.records.balancing import (
    BatchInfo,
    OutOfBalance,
    balanced,
    keyed_record,
    main_amount,
    settle,
)
from zhunsheng.store.records.batch_files import file_columns, write_closings, write_keys, write_versions
from zhunsheng.store.records.entries import (
    Commit,
    CommitKind,
    HeldRow,
    HoldReason,
    HoldState,
    ImportRecord,
    Json,
    TrailEntry,
)
from zhunsheng.store.records.faults import Misuse
from zhunsheng.store.records.opened_store import OpenedStore, Snapshot
from zhunsheng.store.records.physical import PhysicalColumn, column_of, quoted
from zhunsheng.store.records.reading import data_files
from zhunsheng.store.records.session import Session, write_session
from zhunsheng.store.records.settled import content_of, given_up_rows
from zhunsheng.store.records.stamping import stamp_joins
from zhunsheng.store.records.stored_files import ClosingsFile, KeyFile, Publication, RecordFile
from zhunsheng.store.records.surrogates import give_late_surrogates

__all__ = [
    "BatchInfo",
    "OutOfBalance",
    "Recheck",
    "WriteResult",
    "main_amount",
    "next_id",
    "write_batch",
    "write_keyed",
]


Recheck = Callable[[Snapshot], tuple[BatchInfo, Sequence[int]]]
"""Looks at the rows once more when nobody else can write, and may take some out; gives what is known of the import
and the numbers of the held rows that the others store."""


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What came of a batch.

    Attributes:
        record: the balance; `record.batch` is the commit, None when there was nothing to store.
        waiting: rows that wait, by the ledger of the missing record; they are held rows now.
        conflicts: rows turned away because they give one record different content (counted as rejected).
        snapshot: the state after it.
    """

    record: ImportRecord
    waiting: Mapping[str, int]
    conflicts: tuple[Conflict, ...]
    snapshot: Snapshot


def next_id(store: OpenedStore, ledger_code: str) -> int:
    """The surrogate that the next new record of a ledger gets."""
    return store.manifest.ledgers().get(ledger_code, (False, 1))[1]


def write_batch(
    store: OpenedStore,
    connection: duckdb.DuckDBPyConnection,
    table: str,
    ledger: LedgerDefinition,
    info: BatchInfo,
    *,
    releases: Sequence[int] = (),
    recheck: Recheck | None = None,
    wait_seconds: float = 60,
    on_wait: Callable[[str], None] | None = None,
) -> WriteResult:
    """Store the rows of a table as a batch.

    Rows with the content of an existing version are counted as unchanged, identical rows of the batch as duplicates;
    rows that give one record different content are all turned away. Rows whose referred record does not exist are
    held and wait. Rows from quarantine that are in force, or that a person has decided about, are not held again; one
    that was given up counts as rejected. When nothing remains, no commit is made and the state of the store is the one
    before.

    Args:
        store: where to.
        connection: has the table; best made by `store.connect`.
        table: name of a table or view with `_source_row BIGINT` (each row another number) and columns named like the
            fields of the ledger in their physical types, references as text. Columns that are absent are empty.
            Stamped fields are filled in here; computed ones too, unless they are given.
        ledger: the definition.
        info: who, whence, and what the caller already turned away.
        releases: numbers of held rows that this table stores.
        recheck: looks at the table again under the lock; what it gives takes the place of `info` and `releases`.
        wait_seconds: how long to wait for another writer; `on_wait` is told for whom.

    Raises:
        StoreFault: another writer did not end in time, or the disk refused.
        Misuse: columns that are not fields, or a row number twice.
        OutOfBalance: the counts do not add up.
    """
    with write_session(
        store, info.who, f"导入“{ledger.label}”", wait_seconds=wait_seconds, on_wait=on_wait
    ) as session:
        referred = store.is_referred(ledger.code)
        give_late_surrogates(session, ledger)
        if recheck is not None:
            info, releases = recheck(session.head)
        if not releases:
            info = settle(connection, ledger, session.head, info)
        arrivals = Arrivals(connection, table, ledger, session.head, referred=referred)
        try:
            arrivals.sort_out()
            if not releases:
                arrivals.turn_away(given_up_rows(session.head, ledger, arrivals.waits))
            return _store(session, connection, arrivals, ledger, info, releases, referred=referred)
        finally:
            arrivals.drop()


def _store(
    session: Session,
    connection: duckdb.DuckDBPyConnection,
    arrivals: Arrivals,
    ledger: LedgerDefinition,
    info: BatchInfo,
    releases: Sequence[int],
    *,
    referred: bool,
) -> WriteResult:
    first = next_id(session.store, ledger.code)
    if referred:
        arrivals.give_ids(first)
    seq = session.head.seq + 1
    batch = seq if arrivals.stored else None
    columns = file_columns(ledger, referred=referred, lineage=True)
    files: tuple[RecordFile, ...] = ()
    keys: tuple[KeyFile, ...] = ()
    closings: tuple[ClosingsFile, ...] = ()
    if batch is not None:
        files = write_versions(
            session, connection, arrivals.sorted, ledger, columns, seq, presorted=True, numbered=True
        )
        if arrivals.fresh:
            keys = write_keys(
                session, connection, arrivals.new_keys(first), ledger.code, seq, first, arrivals.fresh
            )
        connection.execute(f"ALTER TABLE {arrivals.closed} ADD COLUMN _by INTEGER DEFAULT {seq}")
        connection.execute(f"ALTER TABLE {arrivals.closed} ADD COLUMN _from INTEGER DEFAULT {seq}")
        closings = write_closings(
            session, connection, arrivals.closed, ledger.code, seq, _names(session, ledger)
        )
    record = balanced(session, arrivals, ledger, info, batch)
    held = _held(session, arrivals, ledger, info, record, frozenset(releases))
    last = first + arrivals.fresh - 1
    publication = Publication(
        commit=None
        if batch is None
        else _commit(session, ledger, info, arrivals.stored, arrivals.new_versions),
        last_id=last if referred else 0,
        files=files,
        keys=keys,
        closings=closings,
        referred={ledger.code: referred} if batch is not None else {},
        next_ids={ledger.code: last + 1} if batch is not None else {},
        record=record,
        held=held,
        released=tuple(releases),
        released_by=f"import {record.number}",
        trail=(_entry(session, record),),
    )
    return _publish(session, publication, columns, arrivals)


def _publish(
    session: Session,
    publication: Publication,
    columns: Sequence[PhysicalColumn],
    arrivals: Arrivals | None,
) -> WriteResult:
    session.place_files()
    shown = [each.as_data() for each in columns]
    session.store.manifest.publish(publication, {each.path: shown for each in publication.files})
    session.finish()
    if publication.record is None:
        raise Misuse("a batch has an import record")
    waiting: dict[str, int] = {}
    for each in arrivals.waiting if arrivals else ():
        waiting[each.ledger] = waiting.get(each.ledger, 0) + 1
    return WriteResult(
        publication.record, waiting, arrivals.conflicts if arrivals else (), session.store.snapshot()
    )


def _names(session: Session, ledger: LedgerDefinition) -> dict[str, str]:
    root = session.store.layout.root
    return {
        str(each.path): each.path.relative_to(root).as_posix()
        for each in data_files(ledger.code, session.head)
    }


def _commit(session: Session, ledger: LedgerDefinition, info: BatchInfo, rows: int, closed: int) -> Commit:
    return Commit(
        seq=session.head.seq + 1,
        kind=CommitKind.BATCH,
        ledger=ledger.code,
        moment=session.moment,
        who=info.who,
        rows=rows,
        closed=closed,
        synthetic=info.synthetic,
        source=info.source,
        note=info.note,
    )


def _entry(session: Session, record: ImportRecord) -> TrailEntry:
    detail: dict[str, Json] = {
        "import": record.number,
        "batch": record.batch,
        "ledger": record.ledger,
        "source": record.source,
        "sha256": record.sha256,
        "rows": record.rows_read,
        "stored": record.stored,
    }
    return TrailEntry(0, session.moment, session.who, "import", detail)


def _held(
    session: Session,
    arrivals: Arrivals,
    ledger: LedgerDefinition,
    info: BatchInfo,
    record: ImportRecord,
    released: frozenset[int],
) -> tuple[HeldRow, ...]:
    """The rows to hold; one that is held already with the same content is not held twice."""
    manifest = session.store.manifest
    number = manifest.next_held_number()
    made = [
        HeldRow(0, record.number, record.batch, ledger.code, *each, state=HoldState.OPEN)
        for each in (
            *(
                (row.row, HoldReason.WAITING, row.ledger, row.key, row.payload, ())
                for row in arrivals.waiting
            ),
            *(
                (row.row, HoldReason.QUARANTINE, "", "", row.payload, row.problems)
                for row in info.quarantined
            ),
        )
    ]
    if not made:
        return ()
    present = {
        content_of(each.reason, each.payload)
        for each in manifest.held(ledger.code)
        if each.number not in released
    }
    new = [each for each in made if content_of(each.reason, each.payload) not in present]
    return tuple(replace(each, number=number + place) for place, each in enumerate(new))


def write_keyed(
    store: OpenedStore,
    connection: duckdb.DuckDBPyConnection,
    table: str,
    ledger: LedgerDefinition,
    info: BatchInfo,
    *,
    keys: str | None = None,
    presorted: bool = False,
    wait_seconds: float = 60,
    on_wait: Callable[[str], None] | None = None,
) -> WriteResult:
    """Store rows of a generator that already speaks in surrogates: nothing is looked up, every row is new.

    Args:
        store: where to.
        connection: has the table.
        table: columns named like the fields, references as INTEGER surrogates; `_id INTEGER` when others point to
            the ledger, without gaps from `next_id`. Columns that are absent are empty; stamped fields that are
            absent are filled in.
        ledger: the definition.
        info: who and whence.
        keys: a table (key VARCHAR, id INTEGER) with the dictionary of the new records; None takes the key field.
        presorted: the rows come in the order of business day, then organisation.
        wait_seconds: how long to wait for another writer; `on_wait` is told for whom.

    Raises:
        StoreFault: another writer did not end in time, or the disk refused.
        Misuse: surrogates with gaps, or that point to no record.
    """
    with write_session(
        store, info.who, f"写入“{ledger.label}”", wait_seconds=wait_seconds, on_wait=on_wait
    ) as session:
        referred = store.is_referred(ledger.code)
        give_late_surrogates(session, ledger)
        first = next_id(store, ledger.code)
        rows = _number(connection, f"SELECT count(*) FROM {quoted(table)}")
        _check_surrogates(session, connection, table, ledger)
        if referred:
            _check_ids(connection, table, first, rows)
        columns = file_columns(ledger, referred=referred, lineage=False)
        view = f"_zs_keyed_{session.moment:%H%M%S%f}"
        _complete(connection, table, view, ledger, session.head, columns)
        seq = session.head.seq + 1
        try:
            files = write_versions(session, connection, view, ledger, columns, seq, presorted=presorted)
            source = (
                quoted(keys) if keys else f"(SELECT {quoted(ledger.key[0])} AS key, _id AS id FROM {view})"
            )
            entries: tuple[KeyFile, ...] = ()
            if referred:
                entries = write_keys(
                    session, connection, f"SELECT key, id FROM {source}", ledger.code, seq, first, rows
                )
            record = keyed_record(session, connection, view, ledger, info, rows)
        finally:
            connection.execute(f"DROP VIEW {view}")
        last = first + rows - 1 if referred else 0
        publication = Publication(
            commit=_commit(session, ledger, info, rows, 0) if rows else None,
            last_id=last,
            files=files,
            keys=entries,
            referred={ledger.code: referred} if rows else {},
            next_ids={ledger.code: last + 1} if rows and referred else {},
            record=record,
            trail=(_entry(session, record),),
        )
        return _publish(session, publication, columns, None)


def _check_surrogates(
    session: Session, connection: duckdb.DuckDBPyConnection, table: str, ledger: LedgerDefinition
) -> None:
    present = {str(row[0]) for row in connection.execute(f"DESCRIBE {quoted(table)}").fetchall()}
    points = [each for each in ledger.fields if each.type is FieldType.REFERENCE and each.name in present]
    if not points:
        return
    shown = ", ".join(f"min({quoted(each.name)}), max({quoted(each.name)})" for each in points)
    bounds = connection.execute(f"SELECT {shown} FROM {quoted(table)}").fetchall()[0]
    for each, low, high in zip(points, bounds[::2], bounds[1::2], strict=True):
        following = next_id(session.store, each.target)
        if each.target == ledger.code:
            following += _number(connection, f"SELECT count(*) FROM {quoted(table)}")
        if low is not None and not 1 <= low <= high < following:
            raise Misuse(
                f"{ledger.code}.{each.name}: surrogates {low} to {high}, {each.target} has 1 to {following - 1}"
            )


def _check_ids(connection: duckdb.DuckDBPyConnection, table: str, first: int, rows: int) -> None:
    low, high, kinds = connection.execute(
        f"SELECT min(_id), max(_id), count(DISTINCT _id) FROM {quoted(table)}"
    ).fetchall()[0]
    if rows and (low, high, kinds) != (first, first + rows - 1, rows):
        raise Misuse(
            f"surrogates {low} to {high}, {kinds} of them; {first} to {first + rows - 1} were expected"
        )


def _complete(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    view: str,
    ledger: LedgerDefinition,
    head: Snapshot,
    columns: Sequence[PhysicalColumn],
) -> None:
    """A view of the table with every column of the file."""
    present = {str(row[0]) for row in connection.execute(f"DESCRIBE {quoted(table)}").fetchall()}
    strange = present - {each.name for each in columns} - {"_id", "_source_row"}
    if strange:
        raise Misuse(f"columns of {table!r} that are no fields: {sorted(strange)}")
    stamps, joins = stamp_joins(ledger, head, "r", frozenset(present))
    shown = ["r._id"] if "_id" in present else []
    for each in map(column_of, ledger.fields):
        name = quoted(each.name)
        value = f"r.{name}" if each.name in present else stamps.get(each.name, "NULL")
        shown.append(f"CAST({value} AS {each.type}) AS {name}")
    connection.execute(f"CREATE TEMP VIEW {view} AS SELECT {', '.join(shown)} FROM {quoted(table)} r {joins}")


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(connection.execute(sql).fetchall()[0][0])
