"""The rows of a ledger under construction: columns of whole numbers here, texts made from them by the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np

from zhunsheng.expressions.nodes import Column as ColumnNode
from zhunsheng.expressions.sql import DUCKDB, Renderer
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.synthesis.amounts import EMPTY, Array
from zhunsheng.synthesis.days import DAY_SECONDS, day_number


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of few different values.

    Attributes:
        codes: positions in `labels`; -1 for none.
        labels: texts, or tuples of texts for lists.
    """

    codes: Array
    labels: tuple[str, ...] | tuple[tuple[str, ...], ...]


Column: TypeAlias = "Array | Coded | str | bool | int | date | None"
"""Whole numbers (days, seconds, ids, smallest units), codes, an SQL expression, or one value for all rows."""

_PHYSICAL = {
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


def text(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def numbered(prefix: str, column: str, width: int) -> str:
    """An SQL expression: a prefix and a number with leading zeros."""
    return f"{text(prefix)} || lpad({column}::VARCHAR, {width}, '0')"


def picked(labels: Sequence[str], column: str) -> str:
    """An SQL expression: one of several texts by a whole-number column of any size."""
    return f"([{', '.join(text(each) for each in labels)}])[(({column}) % {len(labels)})::INTEGER + 1]"


def _literal(labels: tuple[str, ...] | tuple[tuple[str, ...], ...]) -> str:
    parts = [
        text(each) if isinstance(each, str) else f"[{', '.join(text(one) for one in each)}]::VARCHAR[]"
        for each in labels
    ]
    return f"[{', '.join(parts)}]"


class Incomplete(ValueError):  # noqa: N818 - says what the rows are
    """A required field was left out, or a column does not belong to the ledger; not for users."""


class Draft:
    """Rows of one ledger.

    Attributes:
        ids: the surrogates of the rows, in the order in which they were made.
    """

    def __init__(self, ledger: LedgerDefinition, size: int, first_id: int, key_prefix: str) -> None:
        self.ledger = ledger
        self.size = size
        self.ids: Array = np.arange(first_id, first_id + size, dtype=np.int64)
        self._arrays: dict[str, Array] = {"x_id": self.ids}
        self._expressions: dict[str, str] = {}
        key = ledger.by_name[ledger.key[0]] if len(ledger.key) == 1 else None
        if key is not None and key.type is FieldType.TEXT:
            self._expressions[key.name] = numbered(key_prefix, "x_id", KEY_WIDTH)

    def put(self, **columns: Column) -> "Draft":
        """Add columns by the names of fields; names that begin with `x_` are numbers for SQL expressions.

        Raises:
            Incomplete: there is no such field, or the column has another number of rows.
        """
        for name, column in columns.items():
            if name.startswith("x_"):
                self._keep(name, np.asarray(column))
                continue
            found = self.ledger.by_name.get(name)
            if found is None:
                raise Incomplete(f"{self.ledger.code} has no field {name}")
            self._expressions[name] = self._expression(found, column)
        return self

    def has(self, name: str) -> bool:
        """Whether a field was given."""
        return name in self._expressions

    def array(self, name: str) -> Array | None:
        """The numbers of a field as they were put, or None when it has none."""
        return self._arrays.get(name)

    def _keep(self, name: str, values: Array) -> None:
        if values.shape != (self.size,):
            raise Incomplete(f"{self.ledger.code}.{name}: {values.shape} instead of {self.size} rows")
        self._arrays[name] = values

    def _expression(self, found: FieldDefinition, column: Column) -> str:
        if isinstance(column, str):
            return column
        if column is None:
            return "NULL"
        if isinstance(column, Coded):
            name = f"x_code_{found.name}"
            self._keep(name, np.asarray(column.codes))
            return f"({_literal(column.labels)})[{name} + 1]"
        if isinstance(column, np.ndarray):
            self._keep(found.name, column)
            return _from_numbers(found, column)
        if isinstance(column, bool):
            return "TRUE" if column else "FALSE"
        if isinstance(column, date):
            return f"DATE '{column.isoformat()}'"
        return _number_expression(found.type, str(int(column)))

    def sort(self) -> None:
        """Bring the rows into the order of business date and body responsible."""
        day = self._arrays.get(self.ledger.date)
        body = self._arrays.get(self.ledger.organisation)
        keys = [self.ids]
        if body is not None:
            keys.append(body)
        if day is not None:
            is_time = self.ledger.by_name[self.ledger.date].type is FieldType.TIME
            keys.append(day // DAY_SECONDS if is_time else day)
        if len(keys) == 1:
            return
        order = np.lexsort(keys)
        self._arrays = {name: values[order] for name, values in self._arrays.items()}
        self.ids = self._arrays["x_id"]

    @property
    def columns(self) -> Mapping[str, Array]:
        """The numbers, for the database."""
        return {name: np.ascontiguousarray(values) for name, values in self._arrays.items()}

    def select(self, table: str, *, with_ids: bool) -> str:
        """The SQL that gives the columns of a batch from a table with the numbers.

        Raises:
            Incomplete: a required field was left out.
        """
        parts = ["x_id::INTEGER AS _id"] if with_ids else []
        computed = []
        for each in self.ledger.fields:
            expression = self._expressions.get(each.name)
            if expression is None:
                if each.required:
                    raise Incomplete(f"{self.ledger.code}.{each.name} is required")
                if each.computed is not None:
                    computed.append(f'({computed_sql(each)})::{_PHYSICAL[each.type]} AS "{each.name}"')
                if each.is_computed or each.stamped:
                    continue
                expression = "NULL"
            parts.append(f'({expression})::{_PHYSICAL[each.type]} AS "{each.name}"')
        inner = f"SELECT {', '.join(parts)} FROM {table}"  # noqa: S608 - names of definitions, expressions of this package
        if not computed:
            return inner
        return f"SELECT *, {', '.join(computed)} FROM ({inner})"  # noqa: S608 - as above


class _OwnColumns:
    """Columns of the same record, as computed fields see them."""

    def column(self, column: ColumnNode) -> str:
        """A field of the record by its name."""
        return f'"{column.path[0]}"'

    def due(self, start: str, rule: str) -> str:
        """Deadlines are put by whoever makes the rows."""
        raise Incomplete(f"the last day by {rule} after {start} must be put")


def computed_sql(found: FieldDefinition) -> str:
    """The SQL of a computed field over the other columns of its record.

    Raises:
        Incomplete: it asks for a deadline.
    """
    if found.computed is None:
        return "NULL"
    rendered = Renderer(DUCKDB, _OwnColumns()).render(found.computed.root)
    places = found.places - max(found.computed.type.places, 0)
    return f"({rendered}) * {10**places}" if places > 0 else rendered


def _from_numbers(found: FieldDefinition, values: Array) -> str:
    name = f'"{found.name}"'
    if values.dtype == np.bool_:
        return name
    return _number_expression(found.type, name)


def _number_expression(kind: FieldType, number: str) -> str:
    match kind:
        case FieldType.DATE:
            return f"CASE WHEN {number} = {EMPTY} THEN NULL ELSE DATE '1970-01-01' + {number}::INTEGER END"
        case FieldType.TIME:
            return (
                f"CASE WHEN {number} = {EMPTY} THEN NULL ELSE make_timestamp({number}::BIGINT * 1000000) END"
            )
        case FieldType.REFERENCE:
            return f"nullif({number}::BIGINT, 0)"
        case FieldType.BOOLEAN:
            return f"CASE {number} WHEN 1 THEN TRUE WHEN 0 THEN FALSE END"
        case _:
            return f"nullif({number}::BIGINT, {EMPTY})"


KEY_WIDTH = 9
"""Digits of the number in a key."""


def moment(day: date) -> int:
    """Midnight of a day, in seconds since 1970."""
    return day_number(day) * DAY_SECONDS
