"""The physical form of records: which columns a data file has, and their types in the engine."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.store.records.entries import Json

SYSTEM = {"_batch": "INTEGER", "_row": "INTEGER", "_id": "INTEGER", "_source_row": "BIGINT"}
"""Columns beside the fields: commit number, number in the batch, surrogate, row of the imported file."""

_TYPES = {
    FieldType.TEXT: "VARCHAR",
    FieldType.ENUM: "VARCHAR",
    FieldType.JSON: "VARCHAR",
    FieldType.INTEGER: "BIGINT",
    FieldType.DECIMAL: "BIGINT",
    FieldType.MONEY: "BIGINT",
    FieldType.BOOLEAN: "BOOLEAN",
    FieldType.DATE: "DATE",
    FieldType.TIME: "TIMESTAMP",
    FieldType.REFERENCE: "INTEGER",
    FieldType.LIST: "VARCHAR[]",
}
_OFFSET = 1 << 63


@dataclass(frozen=True, slots=True)
class PhysicalColumn:
    """A column of a data file.

    Attributes:
        type: of the engine.
        places: decimal places that the whole numbers stand for.
        target: of a reference, the ledger its surrogates belong to; "" otherwise.
    """

    name: str
    type: str
    places: int = 0
    target: str = ""

    def as_data(self) -> dict[str, Json]:
        """The column as plain data."""
        return {"name": self.name, "type": self.type, "places": self.places, "target": self.target}


def column_of(field: FieldDefinition) -> PhysicalColumn:
    """The column of a field."""
    is_reference = field.type is FieldType.REFERENCE
    places = {FieldType.MONEY: 2, FieldType.DECIMAL: field.places}.get(field.type, 0)
    return PhysicalColumn(field.name, _TYPES[field.type], places, field.target if is_reference else "")


def columns_of(ledger: LedgerDefinition) -> tuple[PhysicalColumn, ...]:
    """The columns of a ledger's fields, in their order."""
    return tuple(column_of(each) for each in ledger.fields)


@lru_cache(maxsize=1024)
def columns_from(schema: str) -> tuple[PhysicalColumn, ...]:
    """The columns of a schema of the manifest, a JSON list of columns as plain data."""
    return tuple(
        PhysicalColumn(each["name"], each["type"], each["places"], each["target"])
        for each in json.loads(schema)
    )


def given_type(field: FieldDefinition) -> str:
    """The type in which a writer hands in a field: references still as text."""
    return "VARCHAR" if field.type is FieldType.REFERENCE else _TYPES[field.type]


def quoted(name: str) -> str:
    """A name for the engine."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text constant for the engine."""
    return "'" + text.replace("'", "''") + "'"


def paths_literal(paths: Sequence[object]) -> str:
    """A list of paths for the engine."""
    return "[" + ", ".join(literal(str(each)) for each in paths) + "]"


def parquet(paths: Sequence[object], *, filename: bool = False) -> str:
    """The call that reads files; a folder named like `key=value` adds no column."""
    shown = ", filename = true" if filename else ""
    return f"read_parquet({paths_literal(paths)}, hive_partitioning = false{shown})"


def sortable(kind: str, value: object) -> str | None:
    """A value of a key column as text whose order is the order of the values; None for types without one."""
    if value is None:
        return None
    if kind in {"INTEGER", "BIGINT"} and isinstance(value, int):
        return f"{value + _OFFSET:020d}"
    return str(value) if kind in {"VARCHAR", "DATE"} else None


def business_day(ledger: LedgerDefinition) -> str:
    """The SQL of the business day of a record; a constant where the ledger has none."""
    return f"CAST({quoted(ledger.date)} AS DATE)" if ledger.date else "CAST(NULL AS DATE)"
