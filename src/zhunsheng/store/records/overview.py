"""What there is in a store, ledger by ledger, and held rows page by page: all of it from the manifest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from zhunsheng.store.records import manifest_tables as tables
from zhunsheng.store.records.browsing import records_in_force
from zhunsheng.store.records.entries import HeldRow, HoldReason, HoldState
from zhunsheng.store.records.manifest_rows import held_of, moment_of
from zhunsheng.store.records.opened_store import Snapshot


@dataclass(frozen=True, slots=True)
class LedgerState:
    """A ledger of a store.

    Attributes:
        records: in force.
        commits: batches and undos.
        last: when the last of them was.
        held: open held rows.
    """

    records: int
    commits: int
    last: datetime
    held: int


def ledger_states(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> dict[str, LedgerState]:
    """Every ledger that anything was ever stored in, by its code."""
    key = (snapshot.store_id, snapshot.seq)
    manifest = snapshot.store.manifest
    if key not in _known:
        sql = (
            "SELECT ledger, count(*), max(moment) FROM commits WHERE seq <= ? GROUP BY ledger ORDER BY ledger"
        )
        found = {
            str(code): (records_in_force(connection, str(code), snapshot), int(count or 0), moment_of(moment))
            for code, count, moment in manifest.database.rows(sql, (snapshot.seq,))
        }
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[key] = found
    held: dict[str, int] = {}
    for (code, _, _), count in manifest.held_counts().items():
        held[code] = held.get(code, 0) + count
    return {
        code: LedgerState(records, commits, last, held.get(code, 0))
        for code, (records, commits, last) in _known[key].items()
    }


_MOST_KNOWN = 64
_known: dict[tuple[str, int], dict[str, tuple[int, int, datetime]]] = {}
"""By store and commit number: neither changes any more."""


@dataclass(frozen=True, slots=True)
class HeldPage:
    """Some held rows in order.

    Attributes:
        following: number of the last one when there are more; None at the end.
        total: how many there are in all.
    """

    rows: tuple[HeldRow, ...]
    following: int | None
    total: int


def held_page(snapshot: Snapshot, ledger: str, reason: HoldReason | None, after: int, size: int) -> HeldPage:
    """The open held rows of a ledger behind a number.

    Args:
        reason: only these.
        after: the number; 0 for the beginning.
    """
    database = snapshot.store.manifest.database
    where, values = "ledger = ? AND state = ?", [ledger, HoldState.OPEN.value]
    if reason is not None:
        where += " AND reason = ?"
        values.append(reason.value)
    total = int(database.rows(f"SELECT count(*) FROM held WHERE {where}", values)[0][0] or 0)
    names = ", ".join(tables.HELD.names)
    found = database.rows(
        f"SELECT {names} FROM held WHERE {where} AND number > ? ORDER BY number LIMIT ?",
        [*values, after, size + 1],
    )
    rows: Sequence[HeldRow] = [held_of(each) for each in found[:size]]
    return HeldPage(tuple(rows), rows[-1].number if len(found) > size else None, total)


def last_commit(snapshot: Snapshot, ledgers: Sequence[str]) -> dict[str, int]:
    """By ledger the last commit that changed it at or before a snapshot; 0 where there is none."""
    marks = ", ".join("?" * len(ledgers))
    sql = f"SELECT ledger, max(seq) FROM commits WHERE seq <= ? AND ledger IN ({marks}) GROUP BY ledger"
    found = dict.fromkeys(ledgers, 0)
    for code, seq in snapshot.store.manifest.database.rows(sql, [snapshot.seq, *ledgers]) if ledgers else ():
        found[str(code)] = int(seq or 0)
    return found
