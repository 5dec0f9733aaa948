"""Where generated rows go: into a record store, or into tables of a database for tests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.records.opened_store import OpenedStore
from zhunsheng.store.records.writing import BatchInfo, write_keyed
from zhunsheng.synthesis.columns import Draft

WHO = "合成数据生成器"
_VIEW = "generated_rows"
_NUMBERS = "generated_numbers"
_ALONE = 60_000
"""Drafts of so many rows are batches of their own."""

_ENOUGH = 200_000
"""Gathered rows of a ledger that are stored without waiting for more."""


class Sink(Protocol):
    """Takes the finished rows of a ledger."""

    def write(self, draft: Draft, *, with_ids: bool) -> None:
        """Keep the rows of a draft, sorted as they are."""


@dataclass(frozen=True, slots=True)
class _Gathered:
    ledger: LedgerDefinition
    rows: int
    drafts: int


class StoreSink:
    """Writes drafts as batches of a record store, marked as synthetic.

    Small drafts of a ledger are gathered into one batch; large ones are batches of their own. Records are stored
    after the ones they point to.
    """

    def __init__(self, store: OpenedStore, connection: duckdb.DuckDBPyConnection, note: str) -> None:
        self._store = store
        self._connection = connection
        self._note = note
        self._gathered: dict[str, _Gathered] = {}

    def write(self, draft: Draft, *, with_ids: bool) -> None:
        """Keep the rows of a draft, at once or with others of its ledger."""
        ledger = draft.ledger
        _offer(self._connection, draft, with_ids=with_ids)
        if draft.size >= _ALONE:
            self._flush(ledger)
            self._flush_targets(ledger)
            self._store_rows(ledger, _VIEW, presorted=True)
        else:
            self._gather(ledger, draft.size)
        self._connection.execute(f"DROP VIEW {_VIEW}")
        self._connection.unregister(_NUMBERS)

    def close(self) -> None:
        """Store what was gathered."""
        for each in list(self._gathered.values()):
            self._flush(each.ledger)

    def _gather(self, ledger: LedgerDefinition, rows: int) -> None:
        table = _table_of(ledger)
        known = self._gathered.get(ledger.code)
        if known is None:
            self._connection.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM {_VIEW}")  # noqa: S608 - the name of a ledger
        else:
            self._connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM {_VIEW}")  # noqa: S608 - the name of a ledger
        now = _Gathered(ledger, rows + (known.rows if known else 0), (known.drafts if known else 0) + 1)
        self._gathered[ledger.code] = now
        if now.rows >= _ENOUGH:
            self._flush(ledger)

    def _flush(self, ledger: LedgerDefinition) -> None:
        found = self._gathered.pop(ledger.code, None)
        if found is None:
            return
        self._flush_targets(ledger)
        # a single draft is in order already
        self._store_rows(ledger, _table_of(ledger), presorted=found.drafts == 1)
        self._connection.execute(f"DROP TABLE {_table_of(ledger)}")

    def _flush_targets(self, ledger: LedgerDefinition) -> None:
        for each in ledger.references:
            found = self._gathered.get(each.target)
            if found is not None:
                self._flush(found.ledger)

    def _store_rows(self, ledger: LedgerDefinition, table: str, *, presorted: bool) -> None:
        info = BatchInfo(who=WHO, source="synthesis", note=self._note, synthetic=True)
        write_keyed(self._store, self._connection, table, ledger, info, presorted=presorted)


def _table_of(ledger: LedgerDefinition) -> str:
    return f"gathered_{ledger.code}"


class TableSink:
    """Keeps the rows in tables of a database, named like the ledgers."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._made: set[str] = set()

    def write(self, draft: Draft, *, with_ids: bool) -> None:
        """Add the rows of a draft to the table of its ledger."""
        _offer(self.connection, draft, with_ids=with_ids)
        table = f'"{draft.ledger.code}"'
        if draft.ledger.code in self._made:
            self.connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM {_VIEW}")  # noqa: S608 - the name of a ledger
        else:
            self.connection.execute(f"CREATE TABLE {table} AS SELECT * FROM {_VIEW}")  # noqa: S608 - the name of a ledger
            self._made.add(draft.ledger.code)
        self.connection.execute(f"DROP VIEW {_VIEW}")
        self.connection.unregister(_NUMBERS)


def _offer(connection: duckdb.DuckDBPyConnection, draft: Draft, *, with_ids: bool) -> None:
    connection.register(_NUMBERS, dict(draft.columns))
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {_VIEW} AS {draft.select(_NUMBERS, with_ids=with_ids)}")


Progress = Callable[[str, int], None]
"""Told the ledger and the number of rows written."""
