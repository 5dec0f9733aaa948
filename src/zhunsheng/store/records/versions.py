"""Which record a version belongs to."""

from collections.abc import Sequence
from typing import Any

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.records.browsing import with_keys
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.physical import parquet, quoted


def key_of_version(
    connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, ledger: LedgerDefinition, batch: int, row: int
) -> Sequence[Any] | None:
    """The key of the record a version belongs to, whether the version is in force or not; None without such a version.

    Returns:
        Physical values in the order of the key fields, references as the key they point to.
    """
    store = snapshot.store
    files = [each for each in store.manifest.files(ledger.code) if batch in each.batches]
    if not files:
        return None
    names = ", ".join(map(quoted, ledger.key))
    found = connection.execute(
        f"SELECT {names} FROM {parquet([store.layout.file(each.path) for each in files])} "
        "WHERE _batch = ? AND _row = ?",
        [batch, row],
    ).fetchall()
    if not found:
        return None
    return with_keys(connection, snapshot, [ledger.by_name[each] for each in ledger.key], found)[0]
