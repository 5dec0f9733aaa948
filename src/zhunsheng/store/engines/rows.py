"""The records behind a figure: of the top of a rate, of its bottom, and those of the bottom that are not in the top."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from zhunsheng.expressions.nodes import Column
from zhunsheng.expressions.types import Kind
from zhunsheng.indicators.measure import Aggregate
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType, Privacy
from zhunsheng.measures.query import Query, quoted
from zhunsheng.measures.request import Request
from zhunsheng.store.engines.duckdb_engine import DuckDBEngine
from zhunsheng.store.engines.sql_engine import scope_of
from zhunsheng.store.records.physical import literal
from zhunsheng.store.records.reading import keys_sql

HIDDEN = "（不显示）"
"""Stands for personal data and data of informants."""

_HIDDEN = {Privacy.PERSONAL, Privacy.INFORMANT}
_AT_ONCE = 10_000


class Part(StrEnum):
    """Which records behind a figure are meant."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    DIFFERENCE = "difference"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return {"numerator": "分子", "denominator": "分母", "difference": "在分母而不在分子"}[self.value]


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record behind a figure.

    Attributes:
        batch: the commit it came with.
        row: its number in that batch.
        source_row: the row of the imported file, or None.
        values: by field name, for people; references as the key of the record they point to.
    """

    ledger: str
    batch: int
    row: int
    values: dict[str, str]


def count_of(engine: DuckDBEngine, request: Request, without: Request | None = None) -> int:
    """How many records are behind a measure; with `without`, those that are not behind that one as well."""
    query = engine.query(request)
    condition = _condition(engine, query, request, without)
    engine.provide(query)
    found = engine.connection.execute(f"SELECT count(*) FROM {query.source()} WHERE {condition}").fetchone()
    return 0 if found is None else int(found[0])


def write_identities(
    engine: DuckDBEngine,
    request: Request,
    without: Request | None,
    bodies: frozenset[int] | None,
    target: Path,
) -> int:
    """Write which records are behind a measure into a file, as `_batch` and `_row`, for leafing through them.

    Args:
        without: leave out those that are behind this measure as well.
        bodies: only records of these bodies; None for all.

    Returns:
        How many there are.
    """
    query = engine.query(request)
    identity = f"{query.field('_batch')} AS _batch, {query.field('_row')} AS _row"
    condition = _condition(engine, query, request, without)
    scope = scope_of(query, bodies)
    if scope:
        condition = f"({condition}) AND {scope}"
    source = query.source()
    engine.provide(query)
    written = engine.connection.execute(
        f"COPY (SELECT {identity} FROM {source} WHERE {condition} ORDER BY 1, 2) "
        f"TO {literal(str(target))} (FORMAT parquet)"
    ).fetchone()
    return 0 if written is None else int(written[0])


def records_of(
    engine: DuckDBEngine,
    request: Request,
    without: Request | None = None,
    *,
    most: int | None = None,
    skipped: int = 0,
) -> Iterator[RecordRow]:
    """The records behind a measure, in the order they came in.

    Args:
        without: leave out those that are behind this measure as well, compared by what both count.
        most: at most so many; None for all.
        skipped: leave out so many at the beginning.
    """
    query = engine.query(request)
    fields = query.ledger.fields
    shown = [query.field(each.name) for each in fields]
    identity = f"{query.field('_batch')}, {query.field('_row')}"
    condition = _condition(engine, query, request, without)
    source = query.source()
    names = [f"c{place}" for place in range(len(fields))]
    listed = ", ".join(f"{expression} AS {name}" for expression, name in zip(shown, names, strict=True))
    limit = f" LIMIT {int(most)}" if most is not None else ""
    inner = (
        f"SELECT {identity.replace(',', ' AS b,', 1)} AS r, {listed} FROM {source} WHERE {condition} "
        f"ORDER BY b, r{limit} OFFSET {int(skipped)}"
    )
    outer, joins = [], ""
    for place, each in enumerate(fields):
        if each.type is FieldType.REFERENCE:
            joins += (
                f" LEFT JOIN {keys_sql(each.target, engine.snapshot)} k{place} ON q.c{place} = k{place}.id"
            )
            outer.append(f"k{place}.key")
        else:
            outer.append(f"q.c{place}")
    engine.provide(query)
    found = engine.connection.execute(
        f"SELECT q.b, q.r, {', '.join(outer)} FROM ({inner}) q{joins} ORDER BY q.b, q.r"
    )
    while rows := found.fetchmany(_AT_ONCE):
        for row in rows:
            values = {
                each.name: shown_value(each, query.ledger, value)
                for each, value in zip(fields, row[2:], strict=True)
            }
            yield RecordRow(query.ledger.code, int(row[0]), int(row[1]), values)


def shown_value(field: FieldDefinition, ledger: LedgerDefinition, value: Any) -> str:  # noqa: ANN401 - as stored
    """A stored value for people: decimals in their unit, options by their label, personal data hidden."""
    if value is None:
        return ""
    if field.privacy in _HIDDEN or (field.privacy is Privacy.INTERNAL and ledger.privacy in _HIDDEN):
        return HIDDEN
    match value:
        case bool():
            return "是" if value else "否"
        case int():
            places = field.value_type.places
            return f"{Decimal(value).scaleb(-places):f}" if places else str(value)
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return value.isoformat()
        case list():
            return "、".join(field.members.get(each, each) for each in value)
        case _:
            return field.members.get(str(value), str(value))


def _condition(engine: DuckDBEngine, query: Query, request: Request, without: Request | None) -> str:
    taken = query.taken(request) or "TRUE"
    if without is None:
        return taken
    theirs = thing_of(without)
    mine = thing_of(request) or _same_thing(query, theirs)
    if mine is None or theirs is None or mine.type.target != theirs.type.target:
        if without.measure.ledger != request.measure.ledger:
            raise LookupError("两部分数的不是同一种对象，不能相减")
        other = query.taken(without) or "TRUE"
        return f"({taken}) AND NOT coalesce(({other}), FALSE)"
    inner = engine.query(without)
    other = inner.taken(without) or "TRUE"
    thing = inner.value(theirs, without.parameters)
    engine.provide(inner)
    # made a table first: the marks of both conditions have the same names
    name = f"others_{abs(hash((without.measure, without.window))) % 10**9}"
    engine.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS SELECT DISTINCT {thing} AS thing FROM {inner.source()} "
        f"WHERE ({other}) AND {thing} IS NOT NULL"
    )
    return f"({taken}) AND {query.value(mine, request.parameters)} NOT IN (SELECT thing FROM {quoted(name)})"


def thing_of(request: Request) -> Column | None:
    """The reference whose different values a measure counts, or None when it counts records."""
    measure = request.measure
    if measure.grouping is not None:
        return measure.grouping.by if measure.grouping.by.type.kind is Kind.REFERENCE else None
    if measure.aggregate is Aggregate.DISTINCT and measure.of is not None:
        root = measure.of.root
        if isinstance(root, Column) and root.type.kind is Kind.REFERENCE and len(root.path) == 1:
            return root
    return None


def _same_thing(query: Query, theirs: Column | None) -> Column | None:
    """In a ledger whose records are counted, the field of the same name that points to the same things."""
    found = None if theirs is None else query.ledger.by_name.get(theirs.name)
    if found is None or theirs is None or found.target != theirs.type.target:
        return None
    return Column((found.name,), found.value_type)
