"""Retention: versions that no state from a given day on, and no kept snapshot, can see are dropped for good.

Current records are never dropped: what goes are versions that were replaced, and rows of batches that were undone,
before that day. Earlier states are refused afterwards, except the kept ones, which still read to the digit.
"""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.records.compaction import merge_closings, replace_files
from zhunsheng.store.records.entries import Json, TrailEntry
from zhunsheng.store.records.opened_store import OpenedStore, Snapshot
from zhunsheng.store.records.physical import parquet
from zhunsheng.store.records.reading import scan_sql
from zhunsheng.store.records.session import Session, write_session
from zhunsheng.store.records.stored_files import Publication, RecordFile


@dataclass(frozen=True, slots=True)
class Retained:
    """What was dropped.

    Attributes:
        horizon: the first commit whose state can still be read (besides kept ones).
        dropped: versions dropped, by ledger.
    """

    horizon: int
    dropped: dict[str, int]


def drop_before(store: OpenedStore, moment: datetime, who: str, *, wait_seconds: float = 60) -> Retained:
    """Drop what only states before a moment can see. The files go with the next `purge`.

    Raises:
        StoreFault: another writer did not end in time, or the disk refused.
    """
    with write_session(store, who, "按保留期清理", wait_seconds=wait_seconds) as session:
        horizon = max(store.seq_at(moment), int(store.manifest.info("horizon") or 0))
        entry = TrailEntry(
            0,
            session.moment,
            who,
            "retain",
            {
                "horizon": horizon,
                "before": moment.isoformat(),
                "kept": list[Json](sorted(store.manifest.kept())),
            },
        )
        # first the line, then the rows: a state that may have lost rows is refused from the start
        store.manifest.publish(Publication(info={"horizon": str(horizon)}, trail=(entry,)), {})
    dropped = {}
    for code in sorted(store.manifest.ledgers()):
        definition = store.catalogue(code)
        if definition is None:
            continue
        with write_session(
            store, who, f"按保留期清理“{definition.label}”", wait_seconds=wait_seconds
        ) as session:
            dropped[code] = _drop(session, definition, horizon)
        with write_session(
            store, who, f"按保留期清理“{definition.label}”", wait_seconds=wait_seconds
        ) as session:
            if dropped[code]:
                merge_closings(session, definition, 1)
    return Retained(horizon, dropped)


def _drop(session: Session, ledger: LedgerDefinition, horizon: int) -> int:
    store = session.store
    files = [each for each in store.manifest.files(ledger.code) if min(each.batches) <= horizon]
    if not files:
        return 0
    with store.connect() as connection:
        connection.execute("CREATE TEMP TABLE needed (_batch INTEGER, _row INTEGER)")
        for seq in _states(session, horizon):
            state = scan_sql(ledger.code, Snapshot(store, store.store_id, seq), ["_batch", "_row"])
            connection.execute(
                f"INSERT INTO needed SELECT s.* FROM {state} AS s ANTI JOIN needed n USING (_batch, _row)"
            )
        # later batches can be hidden now and seen at a state in between
        source = parquet([store.layout.file(each.path) for each in files])
        connection.execute(
            f"INSERT INTO needed SELECT s.* FROM (SELECT _batch, _row FROM {source} WHERE _batch > {horizon}) AS s "
            "ANTI JOIN needed n USING (_batch, _row)"
        )
        groups = [[each] for each in files if _has_others(store, connection, each)]
        if not groups:
            return 0
        return replace_files(session, ledger, groups, "retain", needed="needed", connection=connection)


def _states(session: Session, horizon: int) -> list[int]:
    """The states whose versions are needed: kept ones, the line itself, and those in which an undo brought some back."""
    store = session.store
    undos = [each.seq for each in store.manifest.commits() if each.undoes is not None and each.seq > horizon]
    kept = [each for each in store.manifest.kept() if each <= session.head.seq]
    return sorted({horizon, session.head.seq, *undos, *kept})


def _has_others(store: OpenedStore, connection: duckdb.DuckDBPyConnection, file: RecordFile) -> bool:
    source = parquet([store.layout.file(file.path)])
    sql = (
        f"SELECT count(*) FROM (SELECT _batch, _row FROM {source}) f ANTI JOIN needed n USING (_batch, _row)"
    )
    return bool(connection.execute(sql).fetchall()[0][0])
