"""Held rows on their way back: rows that waited for a record which has come, rows that a person has looked at."""

from collections.abc import Iterable

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.records.entries import HeldRow, HoldReason, HoldState, TrailEntry
from zhunsheng.store.records.locking import writing
from zhunsheng.store.records.opened_store import OpenedStore
from zhunsheng.store.records.reading import keys_sql, scan_sql
from zhunsheng.store.records.settled import held_table
from zhunsheng.store.records.writing import BatchInfo, WriteResult, write_batch


def waiting_ready(
    store: OpenedStore, connection: duckdb.DuckDBPyConnection, ledger_code: str | None = None
) -> tuple[HeldRow, ...]:
    """Open waiting rows whose missing record is there now."""
    rows = store.manifest.held(ledger_code, reason=HoldReason.WAITING)
    head = store.snapshot()
    ready: set[int] = set()
    for target in sorted({each.waits_for_ledger for each in rows}):
        mine = [each for each in rows if each.waits_for_ledger == target]
        wanted = sorted({each.waits_for_key for each in mine})
        living = scan_sql(target, head, ["_id"])
        found = connection.execute(
            f"SELECT k.key FROM {keys_sql(target, head)} AS k SEMI JOIN (SELECT unnest($1) AS key) w ON w.key = k.key "
            f"SEMI JOIN {living} AS v ON v._id = k.id",
            [wanted],
        ).fetchall()
        present = {str(row[0]) for row in found}
        ready |= {each.number for each in mine if each.waits_for_key in present}
    return tuple(each for each in rows if each.number in ready)


def release_waiting(
    store: OpenedStore,
    connection: duckdb.DuckDBPyConnection,
    ledger: LedgerDefinition,
    who: str,
    *,
    wait_seconds: float = 60,
) -> WriteResult | None:
    """Store the waiting rows of a ledger whose missing record is there now; None when there are none."""
    rows = waiting_ready(store, connection, ledger.code)
    if not rows:
        return None
    table = "_zs_released"
    # the rows of several files meet here, so their numbers in those files would clash
    held_table(connection, table, ledger, {place: each.payload for place, each in enumerate(rows, start=1)})
    try:
        info = BatchInfo(who, note=f"{len(rows)} 行等待的记录已到")
        numbers = [each.number for each in rows]
        return write_batch(
            store, connection, table, ledger, info, releases=numbers, wait_seconds=wait_seconds
        )
    finally:
        connection.execute(f"DROP TABLE {table}")


def discard_held(
    store: OpenedStore, numbers: Iterable[int], who: str, reason: str, *, wait_seconds: float = 60
) -> None:
    """Give held rows up; they stay on record with who did it and why.

    Raises:
        KeyError: no held row has such a number.
    """
    chosen = sorted(set(numbers))
    with writing(store.layout.lock, who, "处理待核记录", store.now(), wait_seconds=wait_seconds):
        entry = TrailEntry(0, store.now(), who, "discard", {"rows": list(chosen), "reason": reason})
        store.manifest.resolve_held(chosen, HoldState.DISCARDED, f"{who}: {reason}", entry)
