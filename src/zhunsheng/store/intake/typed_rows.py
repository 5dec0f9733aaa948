"""Canonical values of records as physical values and back, one by one and in tables."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.store.records.entries import Json
from zhunsheng.store.records.physical import given_type, literal, quoted

if TYPE_CHECKING:
    from _csv import Writer

_SCALED = {FieldType.DECIMAL, FieldType.MONEY}


def to_physical(field: FieldDefinition, value: Any) -> Any:  # noqa: ANN401 - a value of any field
    """The physical value: decimals as whole numbers of their smallest unit, lists as lists."""
    if value is None:
        return None
    if field.type in _SCALED:
        return int(Decimal(value).scaleb(field.places))
    return list(value) if field.type is FieldType.LIST else value


def from_physical(field: FieldDefinition, value: Any) -> Any:  # noqa: ANN401 - a value of any field
    """The canonical value of a physical one."""
    if value is None:
        return None
    if field.type in _SCALED:
        return Decimal(int(value)).scaleb(-field.places).quantize(Decimal(1).scaleb(-field.places))
    return tuple(value) if field.type is FieldType.LIST else value


def to_payload(ledger: LedgerDefinition, record: Mapping[str, Any]) -> dict[str, Json]:
    """The entered fields of a record as plain data, for a row that is held back."""
    payload: dict[str, Json] = {}
    for field in ledger.entered:
        value = to_physical(field, record.get(field.name))
        if isinstance(value, datetime):
            payload[field.name] = value.isoformat(sep=" ")
        elif isinstance(value, date):
            payload[field.name] = value.isoformat()
        else:
            payload[field.name] = value
    return payload


def payload_text(field: FieldDefinition, value: Json) -> str:
    """A value of a held row as the text a cell would hold."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(str(each) for each in value)
    if field.type in _SCALED and isinstance(value, int):
        return f"{Decimal(value).scaleb(-field.places):f}"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def plain_text(value: Any) -> str:  # noqa: ANN401 - a physical value
    """A physical value as a cell of a file that `load_typed` reads."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)


def plain_writer(stream: TextIO) -> "Writer":
    """A writer of files for `read_csv`: the only form that the engine reads back whatever is in the cells."""
    return csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")


def load_typed(
    connection: duckdb.DuckDBPyConnection, table: str, fields: Sequence[FieldDefinition], path: Path
) -> None:
    """Add the rows of a file (row number, then the fields as `plain_text`) to a table of physical columns."""
    if not path.stat().st_size:
        return
    columns = {"_source_row": "BIGINT"} | {each.name: "VARCHAR" for each in fields}
    values = ", ".join(_typed_sql(each) for each in fields)
    connection.execute(
        f"INSERT INTO {table} BY NAME SELECT _source_row, {values} FROM {read_csv(path, columns)}"
    )


def typed_columns(fields: Sequence[FieldDefinition]) -> str:
    """The columns of a table of rows, for its creation."""
    shown = "".join(f", {quoted(each.name)} {given_type(each)}" for each in fields)
    return f"(_source_row BIGINT{shown})"


def read_csv(path: Path, columns: Mapping[str, str]) -> str:
    """The call that reads a file written by `plain_writer`."""
    shown = ", ".join(f"{literal(name)}: '{kind}'" for name, kind in columns.items())
    return (
        f"read_csv({literal(str(path))}, header = false, delim = ',', quote = '\"', escape = '\"', auto_detect = false,"
        f" new_line = '\\n', strict_mode = true, max_line_size = 32000000, columns = {{{shown}}})"
    )


def _typed_sql(each: FieldDefinition) -> str:
    text = f"nullif({quoted(each.name)}, '')"
    if each.type is FieldType.LIST:
        return f"from_json({text}, '[\"VARCHAR\"]') AS {quoted(each.name)}"
    return f"CAST({text} AS {given_type(each)}) AS {quoted(each.name)}"
