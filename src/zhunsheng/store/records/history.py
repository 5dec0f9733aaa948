"""The life of one record: every version, since when and until when it counted, and where it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldType
from zhunsheng.store.records.entries import Commit
from zhunsheng.store.records.faults import Misuse
from zhunsheng.store.records.opened_store import OpenedStore, Snapshot
from zhunsheng.store.records.physical import column_of, literal, parquet, quoted
from zhunsheng.store.records.reading import keys_sql, versions_sql

Value: TypeAlias = "bool | int | str | Decimal | date | datetime | tuple[str, ...] | None"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a record.

    Attributes:
        batch, row: its identity for ever.
        source_row: where it stood in the imported file; None when it did not come from one.
        values: by field; decimals in the unit of the field, references as the key they point to.
        since: the commit it became visible with.
        until: the commit that replaced or hid it; None while it is visible.
        commit: who wrote it, when, from what.
    """

    batch: int
    row: int
    source_row: int | None
    values: Mapping[str, Value]
    since: int
    until: int | None
    commit: Commit

    @property
    def is_current(self) -> bool:
        """Whether it is visible now."""
        return self.until is None


def history_of(store: OpenedStore, ledger_code: str, key: str | Sequence[object]) -> tuple[Version, ...]:
    """Every version of a record that is still kept, oldest first; empty when there is none.

    A version that came back (its successor was undone) is shown with the state it has now.

    Args:
        store: where to look.
        ledger_code: the ledger.
        key: the value of its key field, or of all of them in order; references as the key they point to, decimals
            as Decimal in the unit.
    """
    ledger = store.definition(ledger_code)
    values = (key,) if isinstance(key, str) else tuple(key)
    if len(values) != len(ledger.key):
        raise Misuse(f"the key of {ledger_code!r} has {len(ledger.key)} parts")
    head = store.snapshot()
    with store.connect() as connection:
        where = _where(connection, ledger, values, head)
        if where is None:
            return ()
        return _versions(connection, store, ledger, where, head)


def _where(
    connection: duckdb.DuckDBPyConnection, ledger: LedgerDefinition, values: Sequence[object], head: Snapshot
) -> str | None:
    parts = []
    for name, value in zip(ledger.key, values, strict=True):
        field = ledger.by_name[name]
        if field.type is FieldType.REFERENCE:
            rows = connection.execute(
                f"SELECT id FROM {keys_sql(field.target, head)} WHERE key = $1",
                [str(value)],
            ).fetchall()
            if not rows:
                return None
            parts.append(f"{quoted(name)} = {int(rows[0][0])}")
            continue
        places = column_of(field).places
        shown = int(value.scaleb(places)) if isinstance(value, Decimal) else value
        parts.append(f"{quoted(name)} = CAST({literal(str(shown))} AS {column_of(field).type})")
    return " AND ".join(parts)


def _versions(
    connection: duckdb.DuckDBPyConnection,
    store: OpenedStore,
    ledger: LedgerDefinition,
    where: str,
    head: Snapshot,
) -> tuple[Version, ...]:
    names = [each.name for each in ledger.fields]
    source = versions_sql(ledger.code, head, ["_batch", "_row", "_source_row", *names])
    rows = connection.execute(f"SELECT * FROM {source} WHERE {where} ORDER BY _batch, _row").fetchall()
    commits = {each.seq: each for each in store.manifest.commits()}
    undone = store.manifest.undone()
    texts = {
        each.name: _texts(connection, each.target, head, [row[3 + names.index(each.name)] for row in rows])
        for each in ledger.fields
        if each.type is FieldType.REFERENCE
    }
    found = []
    for row in rows:
        batch, number = int(row[0]), int(row[1])
        values = {
            each.name: _value(texts.get(each.name), column_of(each).places, each.type, value)
            for each, value in zip(ledger.fields, row[3:], strict=True)
        }
        ends = [
            end
            for end in (undone.get(batch), *_closed(connection, store, ledger, batch, number, undone))
            if end
        ]
        found.append(Version(batch, number, row[2], values, batch, min(ends, default=None), commits[batch]))
    return tuple(found)


def _closed(
    connection: duckdb.DuckDBPyConnection,
    store: OpenedStore,
    ledger: LedgerDefinition,
    batch: int,
    row: int,
    undone: Mapping[int, int],
) -> list[int]:
    """Commits from which a version is closed, of closings still in force."""
    paths = [store.layout.file(each.path) for each in store.manifest.closings(ledger.code)]
    if not paths:
        return []
    found = connection.execute(
        f"SELECT _by, _from FROM {parquet(paths)} WHERE _batch = {batch} AND _row = {row}"
    ).fetchall()
    return [int(since) for by_batch, since in found if by_batch not in undone]


def _texts(
    connection: duckdb.DuckDBPyConnection, target: str, head: Snapshot, ids: Sequence[Any]
) -> dict[int, str]:
    wanted = sorted({int(each) for each in ids if each is not None})
    if not wanted:
        return {}
    rows = connection.execute(
        f"SELECT id, key FROM {keys_sql(target, head)} WHERE id IN ({', '.join(map(str, wanted))})"
    ).fetchall()
    return {int(number): str(key) for number, key in rows}


def _value(texts: Mapping[int, str] | None, places: int, kind: FieldType, value: Any) -> Value:  # noqa: ANN401 # from the engine
    if value is None:
        return None
    if texts is not None:
        return texts.get(int(value))
    if kind in {FieldType.DECIMAL, FieldType.MONEY}:
        return Decimal(int(value)).scaleb(-places)
    return tuple(value) if isinstance(value, list) else value
