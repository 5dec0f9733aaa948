"""Finding a record by its key: each file knows the least and the greatest key in it, so that few are read."""

from collections.abc import Sequence

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.records.criteria import Comparison, Criterion
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.physical import column_of, quoted, sortable
from zhunsheng.store.records.reading import DataFile, data_files, keys_sql, scan_sql


def may_hold(ledger: LedgerDefinition, file: DataFile, criteria: Sequence[Criterion]) -> bool:
    """Whether a file may hold records whose first key field has the values that are looked for."""
    if not ledger.key or file.low_key is None or file.high_key is None:
        return True
    name = ledger.key[0]
    kind = column_of(ledger.by_name[name]).type
    for each in criteria:
        if each.field == name and each.comparison is Comparison.EQUAL:
            value = sortable(kind, each.value)
            if value is not None and not file.low_key <= value <= file.high_key:
                return False
    return True


def is_key(
    connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, ledger: LedgerDefinition, text: str
) -> bool:
    """Whether a text is the whole key of a record in force; False for ledgers with a key of several fields."""
    if len(ledger.key) != 1:
        return False
    name = ledger.key[0]
    wanted = [Criterion(name, Comparison.EQUAL, text)]
    files = [each for each in data_files(ledger.code, snapshot) if may_hold(ledger, each, wanted)]
    if not files:
        return False
    source = scan_sql(ledger.code, snapshot, [name], files=files)
    found = connection.execute(f"SELECT 1 FROM {source} WHERE {quoted(name)} = ? LIMIT 1", [text]).fetchone()
    return found is not None


def surrogate_of(
    connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, ledger: str, key: str
) -> int | None:
    """The surrogate of a record by its key; None when there is none."""
    found = connection.execute(f"SELECT id FROM {keys_sql(ledger, snapshot)} WHERE key = ?", [key]).fetchone()
    return None if found is None else int(found[0])
