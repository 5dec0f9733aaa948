"""Held rows: which of those that waited can come in now, and giving rows up."""

from collections.abc import Iterable

import duckdb

from zhunsheng.store.records.entries import HeldRow, HoldReason, HoldState, TrailEntry
from zhunsheng.store.records.locking import writing
from zhunsheng.store.records.opened_store import OpenedStore
from zhunsheng.store.records.reading import keys_sql, scan_sql


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
