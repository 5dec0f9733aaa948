"""One SQL query for each measure, over ledgers with text keys, with joins: what a reporting tool sends."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from benchmarks.engine.copies import copied_files

from zhunsheng.expressions.sql import DUCKDB
from zhunsheng.indicators.measure import Aggregate
from zhunsheng.measures.query import Query, Reach, grouping_sql
from zhunsheng.measures.request import Request
from zhunsheng.store.ledger_files import ledger_of


def naive_queries(requests: Sequence[Request], directory: Path) -> list[str]:
    """A query for each request."""

    def scan(code: str, columns: Sequence[str]) -> str:
        listed = ", ".join(f"'{each}'" for each in copied_files(directory, code))
        real = [each for each in columns if each != "_row"]
        shown = ", ".join(f'"{each}"' for each in real) or "1 AS one"
        return f"(SELECT {shown} FROM read_parquet([{listed}], hive_partitioning = false))"

    return [_query(each, Reach(ledger_of, scan, _no_key, DUCKDB, probes=False)) for each in requests]


def _no_key(ledger: str, key: str) -> int:
    raise LookupError(f"{ledger}: {key}")


def _query(request: Request, reach: Reach) -> str:
    measure = request.measure
    ledger = ledger_of(measure.ledger)
    if ledger is None:
        raise LookupError(measure.ledger)
    query = Query(reach, ledger)
    if measure.grouping is not None:
        return grouping_sql(query, request, (), "")
    value = "" if measure.of is None else query.value(measure.of.root, request.parameters)
    match measure.aggregate:
        case Aggregate.COUNT:
            item = "count(*)"
        case Aggregate.DISTINCT:
            item = f"count(DISTINCT {value})"
        case Aggregate.QUANTILE:
            item = f"quantile_cont({value}, {measure.quantile / 1000})"
        case Aggregate.MEAN:
            item = f"sum({value}), count({value})"
        case _:
            item = f"{measure.aggregate.value}({value})"
    where = query.taken(request)
    return f"SELECT {item} FROM {query.source()}" + (f" WHERE {where}" if where else "")


def naive_values(queries: Sequence[str], requests: Sequence[Request], memory_limit: str = "1GB") -> list[Any]:
    """The answers one after the other; a mean as (sum, number)."""
    values: list[Any] = []
    with duckdb.connect(":memory:", config={"memory_limit": memory_limit, "threads": 2}) as connection:
        for text, request in zip(queries, requests, strict=True):
            row = connection.execute(text).fetchone() or (None,)
            values.append(tuple(row) if request.measure.aggregate is Aggregate.MEAN else row[0] or 0)
    return values
