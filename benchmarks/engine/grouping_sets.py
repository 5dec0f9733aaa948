"""The baseline of the cube: for each ledger all measures in one query with GROUPING SETS, distincts inside."""

from collections.abc import Sequence
from typing import Any

import duckdb

from zhunsheng.expressions.sql import DUCKDB
from zhunsheng.measures.query import Columns, Query, Reach, Select, add_request
from zhunsheng.measures.request import Request
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.reading import keys_sql, scan_sql

Cube = dict[tuple[int | None, int | None], tuple[int, int]]
"""Value and number of records with a value by body and month; None stands for all."""


class GroupingSets:
    """Queries over the same files with the same integer keys; referred records are joined."""

    def __init__(self, snapshot: Snapshot, requests: Sequence[Request]) -> None:
        self.snapshot = snapshot
        self.requests = requests
        self.texts: list[tuple[str, dict[int, Columns]]] = []
        passes: dict[tuple[str, str], list[int]] = {}
        for place, each in enumerate(requests):
            passes.setdefault((each.measure.ledger, each.measure.date), []).append(place)
        for (ledger, date), places in passes.items():
            self.texts.append(self._query(ledger, date, places))

    def _reach(self) -> Reach:
        def scan(code: str, columns: Sequence[str]) -> str:
            return scan_sql(code, self.snapshot, columns)

        return Reach(ledger_of, scan, self._key_of, DUCKDB, probes=False)

    def _key_of(self, ledger: str, key: str) -> int:
        with duckdb.connect(":memory:") as connection:
            found = connection.execute(
                f"SELECT id FROM {keys_sql(ledger, self.snapshot)} WHERE key = ?", [key]
            ).fetchone()
        return 0 if found is None else int(found[0])

    def _query(self, ledger: str, date: str, places: Sequence[int]) -> tuple[str, dict[int, Columns]]:
        definition = ledger_of(ledger)
        if definition is None:
            raise LookupError(ledger)
        query, select = Query(self._reach(), definition), Select()
        columns = {
            place: add_request(query, select, self.requests[place], bits=None, window=False)
            for place in places
        }
        if query.rules:
            raise NotImplementedError("deadline rules are left out of the cube")
        body = query.organisation() if definition.organisation else "CAST(0 AS INTEGER)"
        day = query.field(date) if date else ""
        month = f"coalesce(year({day}) * 100 + month({day}), 0)" if day else "CAST(0 AS BIGINT)"
        items = ", ".join(select.items)
        text = (
            f"SELECT coalesce({body}, 0) AS b, {month} AS m, grouping(b), grouping(m), {items} FROM {query.source()}"
            " GROUP BY GROUPING SETS ((b, m), (b), (m), ())"
        )
        return text, columns

    def run(self, connection: duckdb.DuckDBPyConnection) -> list[Cube]:
        """All cells of all measures, in the order of the requests."""
        cubes: list[Cube] = [{} for _ in self.requests]
        for text, columns in self.texts:
            for body, month, all_bodies, all_months, *row in connection.execute(text).fetchall():
                cell = (None if all_bodies else body, None if all_months else month)
                for place, where in columns.items():
                    value: Any = row[where.value]
                    number = row[where.number] if where.number >= 0 else 0
                    cubes[place][cell] = (value or 0, number)
        return cubes

    def rows(self, connection: duckdb.DuckDBPyConnection) -> int:
        """As `run`, but the rows are only fetched."""
        return sum(len(connection.execute(text).fetchall()) for text, _ in self.texts)
