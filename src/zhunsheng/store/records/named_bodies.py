"""Bodies of the records by their names, with everything below them."""

from collections.abc import Collection

import duckdb

from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.reading import keys_sql, scan_sql

_LEDGER = "org"


def bodies_named(
    connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, names: Collection[str]
) -> frozenset[str]:
    """The codes of the bodies with some names and of all bodies below them.

    A name that several bodies have says nothing about any of them and is passed over.
    """
    columns = scan_sql(_LEDGER, snapshot, ["_id", "name", "parent"])
    rows = connection.execute(
        f"SELECT k.key, k.id, v.name, v.parent FROM {columns} AS v JOIN {keys_sql(_LEDGER, snapshot)} AS k "
        "ON k.id = v._id"
    ).fetchall()
    by_name: dict[str, list[int]] = {}
    for _, number, name, _ in rows:
        by_name.setdefault(str(name), []).append(int(number))
    found = {by_name[each][0] for each in names if len(by_name.get(each, ())) == 1}
    while more := {int(number) for _, number, _, above in rows if above in found} - found:
        found |= more
    return frozenset(str(key) for key, number, _, _ in rows if number in found)
