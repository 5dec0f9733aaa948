"""All rows of the database as text that either engine can take back: one JSON list a row, in the order of the columns.

Values are written as they are kept: money as whole fen, exact decimals as their text, moments in UTC. Sessions are left
out: whoever was signed in signs in again.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any, TypeAlias

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connections
from django.db.models import BinaryField, Field, JSONField, Model

_LEFT_OUT = frozenset({"django_session", "usersessions_usersession"})
_AT_ONCE = 500

AnyField: TypeAlias = "Field[Any, Any]"


def tables(apps: Apps) -> tuple[type[Model], ...]:
    """The tables that are written, in a fixed order."""
    found = (
        each
        for each in apps.get_models(include_auto_created=True)
        if each._meta.managed and not each._meta.proxy and each._meta.db_table not in _LEFT_OUT
    )
    return tuple(sorted(found, key=lambda each: each._meta.db_table))


def fields_of(model: type[Model]) -> tuple[AnyField, ...]:
    """The columns of a table."""
    return tuple(model._meta.local_concrete_fields)


def columns_of(model: type[Model]) -> list[str]:
    """Names of the columns."""
    return [str(each.column) for each in fields_of(model)]


def lines(model: type[Model], using: str) -> Iterator[str]:
    """The rows of a table."""
    fields = fields_of(model)
    key = model._meta.pk.attname if model._meta.pk is not None else "pk"
    rows = model._base_manager.using(using).order_by(key).values_list(*(each.attname for each in fields))  # noqa: SLF001
    for row in rows.iterator(2000):
        content = [_written(field, value) for field, value in zip(fields, row, strict=True)]
        yield json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _written(field: AnyField, value: Any) -> Any:  # noqa: ANN401 - of any column
    if value is None or isinstance(field, JSONField):
        return value
    kept = field.get_prep_value(value)
    match kept:
        case datetime():
            return (kept.astimezone(UTC) if kept.tzinfo else kept).isoformat()
        case date() | time():
            return kept.isoformat()
        case Decimal():
            return str(kept)
        case bytes() | memoryview():
            return b64encode(bytes(kept)).decode()
        case _:
            return kept


def _read(field: AnyField, value: Any) -> Any:  # noqa: ANN401 - of any column
    if value is None or isinstance(field, JSONField):
        return value
    if isinstance(field, BinaryField):
        return b64decode(value)
    return field.to_python(value)


def put_lines(model: type[Model], columns: list[str], given: Iterable[str], using: str) -> int:
    """Put rows in; only inside a transaction.

    Args:
        model: the table, as it was when the rows were written.
        columns: names of the columns as they were written.
        given: what `lines` gave.
        using: name of the database.

    Returns:
        How many.

    Raises:
        ValueError: the columns are not those of the table.
    """
    connection = connections[using]
    by_column: dict[str, AnyField] = {str(each.column): each for each in fields_of(model)}
    if set(by_column) != set(columns):
        raise ValueError(model._meta.db_table)
    fields = [by_column[each] for each in columns]
    quote = connection.ops.quote_name
    named = ", ".join(quote(each) for each in columns)
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({named}) VALUES ({places})"
    rows, total = iter(given), 0
    with connection.cursor() as cursor:
        while part := list(islice(rows, _AT_ONCE)):
            cursor.executemany(
                statement,
                [
                    [
                        field.get_db_prep_save(_read(field, value), connection)
                        for field, value in zip(fields, json.loads(line), strict=True)
                    ]
                    for line in part
                ],
            )
            total += len(part)
    return total


def empty(models: Iterable[type[Model]], using: str) -> None:
    """Take out what making the tables put in, before other rows come."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for each in models:
            table = connection.ops.quote_name(each._meta.db_table)
            cursor.execute(f"DELETE FROM {table}")


def set_counters(models: Iterable[type[Model]], using: str) -> None:
    """Let new rows be numbered after those that were put in."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)
