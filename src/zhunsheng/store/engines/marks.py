"""What a query looks up besides its ledger: marks of referred records and days of deadline rules."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import duckdb

from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.measures.probes import Probe
from zhunsheng.measures.query import Query, Reach

Due = Callable[[date, str], date]
"""The last day of a period that begins on a day, by a rule; raises when it cannot be known."""


@dataclass(slots=True)
class Marks:
    """Makes and remembers the small tables that queries are crossed with.

    Attributes:
        last_id: the highest surrogate of a ledger.
        due: the last day of a period by a deadline rule.
        register: a hash of the deadline register, on which states with deadlines depend.
    """

    connection: duckdb.DuckDBPyConnection
    last_id: Callable[[str], int]
    due: Due
    register: str = ""
    _made: dict[str, str] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _days: dict[str, dict[date, date]] = field(default_factory=dict)

    def provide(self, query: Query) -> None:
        """Make everything a query looks up available under the names it uses."""
        # making one may make others under the same names, so all are made before any is named
        tables = [self._marks(probe, query.reach) for probe in query.found_probes]
        for position, table in enumerate(tables):
            self._named(f"probe_{position}", table)
        for position, rule in enumerate(query.rules):
            self._named(f"rule_{position}", self._rule(rule, query.starts[position], query))

    def look_again(self) -> None:
        """Another snapshot is looked at: marks that it no longer asks for are let go, one snapshot later.

        What marks are made from is part of their name, down to the files, so none is ever out of date.
        """
        for text in self._made.keys() - self._used:
            self.connection.execute(f"DROP TABLE IF EXISTS {self._made.pop(text)}")
        self._used.clear()

    def _named(self, name: str, table: str) -> None:
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {table}")

    def _marks(self, probe: Probe, reach: Reach) -> str:
        ledger = reach.catalogue(probe.ledger)
        if ledger is None:
            raise LookupError(probe.ledger)
        inner = Query(reach, ledger)
        condition = inner.condition(probe.condition, {})
        identity = inner.field("_id")
        source = inner.source()
        # a mark may itself ask for marks of records further on; they belong to what it is made from
        inner_marks = [self._marks(each, reach) for each in inner.found_probes]
        highest = max(self.last_id(probe.ledger), 1)
        text = f"{source}|{condition}|{inner_marks}|{inner.rules}|{highest}"
        self._used.add(text)
        if text not in self._made:
            self.provide(inner)
            table = f"marks_{sha256_of(text.encode())[:16]}"
            self.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT bitstring_agg({identity}, 0, {highest})"
                f" FILTER (WHERE {condition}) AS marks FROM {source}"
            )
            self._made[text] = table
        return self._made[text]

    def _rule(self, rule: str, start: str, query: Query) -> str:
        """The days of a rule for every day on which it starts in the records; one that cannot be known is an error."""
        found = self.connection.execute(
            f"SELECT DISTINCT CAST({start} AS DATE) FROM {query.source(rules=False)} WHERE {start} IS NOT NULL"
        ).fetchall()
        known = self._days.setdefault(rule, {})
        for (day,) in found:
            if day not in known:
                known[day] = self.due(day, rule)
        table = f"days_{sha256_of(f'{rule}{sorted(known)}'.encode())[:16]}"
        self._used.add(table)
        if table not in self._made:
            self._made[table] = table
            first = min(known, default=date(2000, 1, 1))
            last = max(known, default=first)
            days: Sequence[date | None] = [
                known.get(first + timedelta(days=each)) for each in range((last - first).days + 1)
            ]
            self.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT CAST(? AS DATE) AS origin, CAST(? AS DATE[]) AS days",
                [first, list(days)],
            )
        return table
