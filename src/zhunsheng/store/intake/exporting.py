"""Records in force as texts that an import reads back to the same records."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType, Privacy
from zhunsheng.store.intake.typed_rows import from_physical
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.physical import literal, quoted
from zhunsheng.store.records.reading import keys_sql, scan_sql

_FETCHED: Final = 2_000
_OPEN: Final = frozenset({Privacy.PUBLIC, Privacy.INTERNAL})


def exported_fields(ledger: LedgerDefinition, *, everything: bool, personal: bool) -> list[FieldDefinition]:
    """The fields of an export: what is entered, on request what is computed; data of persons only on request."""
    fields = ledger.fields if everything else ledger.entered
    return [each for each in fields if personal or each.privacy in _OPEN]


def records(
    connection: duckdb.DuckDBPyConnection,
    ledger: LedgerDefinition,
    snapshot: Snapshot,
    fields: Sequence[FieldDefinition],
    *,
    where: Mapping[str, str] | None = None,
    most: int | None = None,
) -> Iterator[tuple[Any, ...]]:
    """The canonical values of the records in force, in the order of business date and key.

    Args:
        where: field and the value it must have; a reference by its key.
    """
    wanted = where or {}
    names = list(dict.fromkeys([*(each.name for each in fields), *ledger.key, *wanted]))
    if ledger.date:
        names = list(dict.fromkeys([*names, ledger.date]))
    references = [name for name in names if ledger.by_name[name].type is FieldType.REFERENCE]
    joins = " ".join(
        f"LEFT JOIN {keys_sql(ledger.by_name[name].target, snapshot)} AS k{place} ON k{place}.id = r.{quoted(name)}"
        for place, name in enumerate(references)
    )
    shown = ", ".join(
        f"k{references.index(name)}.key AS {quoted(name)}" if name in references else f"r.{quoted(name)}"
        for name in names
    )
    conditions = " AND ".join(
        f"CAST({quoted(name)} AS VARCHAR) = {literal(_comparable(ledger.by_name[name], text))}"
        for name, text in wanted.items()
    )
    order = ", ".join(quoted(name) for name in dict.fromkeys([ledger.date, *ledger.key]) if name)
    chosen = ", ".join(quoted(each.name) for each in fields)
    limit = "" if most is None else f" LIMIT {most}"
    cursor = connection.cursor()
    cursor.execute(
        f"SELECT {chosen} FROM (SELECT {shown} FROM {scan_sql(ledger.code, snapshot, names)} AS r {joins})"
        f"{f' WHERE {conditions}' if conditions else ''} ORDER BY {order}{limit}"
    )
    while rows := cursor.fetchmany(_FETCHED):
        for row in rows:
            yield tuple(from_physical(each, value) for each, value in zip(fields, row, strict=True))
    cursor.close()


def _comparable(field: FieldDefinition, text: str) -> str:
    """A value as the engine writes it."""
    if field.type is FieldType.ENUM:
        return next((code for code, label in field.members.items() if text in {code, label}), text)
    if field.type is FieldType.BOOLEAN:
        return {"是": "true", "否": "false"}.get(text, text.lower())
    return text


def heading(field: FieldDefinition) -> str:
    """The heading of a field: its label, money with its unit."""
    return f"{field.label}（元）" if field.type is FieldType.MONEY else field.label
