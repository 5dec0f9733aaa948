"""The tables of the manifest, the only place where their SQL is written, and the seal of every row.

A seal is a hash over the content of a row, so that a changed byte in the database shows even where the database
itself notices nothing.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhunsheng.store.records.database import Database, Row, Scalar

FORMAT = 1
"""The version of the physical form that this program reads and writes."""

SEAL_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Table:
    """A table: columns with their types, the first `key` of them its primary key; a seal comes last."""

    name: str
    columns: Mapping[str, str]
    key: int = 1
    indexes: tuple[tuple[str, ...], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns in order, without the seal."""
        return tuple(self.columns)

    def statements(self) -> list[str]:
        """What creates it."""
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        keys = ", ".join(self.names[: self.key])
        made = [f"CREATE TABLE {self.name} ({columns}, seal TEXT NOT NULL, PRIMARY KEY ({keys}))"]
        made += [
            f"CREATE INDEX {self.name}_by_{'_'.join(each)} ON {self.name} ({', '.join(each)})"
            for each in self.indexes
        ]
        return made

    def seal(self, values: Sequence[Scalar]) -> str:
        """The seal of a row."""
        content = repr((self.name, *values)).encode("utf-8", "surrogatepass")
        return hashlib.sha256(content).hexdigest()[:SEAL_LENGTH]

    def insert(self, database: Database, rows: Iterable[Sequence[Scalar]]) -> None:
        """Add rows."""
        marks = ", ".join("?" * (len(self.columns) + 1))
        names = ", ".join((*self.names, "seal"))
        sealed = [(*row, self.seal(row)) for row in rows]
        if sealed:
            database.change(f"INSERT INTO {self.name} ({names}) VALUES ({marks})", sealed)

    def select(
        self, database: Database, where: str = "", parameters: Sequence[Scalar] = (), *, order: str = ""
    ) -> list[Row]:
        """Rows without their seals, in the order of the primary key unless told otherwise."""
        chosen = f" WHERE {where}" if where else ""
        ordered = order or ", ".join(self.names[: self.key])
        return database.rows(
            f"SELECT {', '.join(self.names)} FROM {self.name}{chosen} ORDER BY {ordered}",
            parameters,
        )

    def greatest(self, database: Database, column: str) -> int:
        """The greatest number in a column; 0 in an empty table."""
        found = database.rows(f"SELECT max({column}) FROM {self.name}")[0][0]
        return int(found or 0)

    def update(self, database: Database, key: Sequence[Scalar], changes: Mapping[str, Scalar]) -> None:
        """Change one row.

        Raises:
            KeyError: there is none with that key.
        """
        where = " AND ".join(f"{name} = ?" for name in self.names[: self.key])
        found = self.select(database, where, key)
        if not found:
            raise KeyError((self.name, *key))
        values = [changes.get(name, old) for name, old in zip(self.names, found[0], strict=True)]
        assigned = ", ".join(f"{name} = ?" for name in (*self.names, "seal"))
        database.change(
            f"UPDATE {self.name} SET {assigned} WHERE {where}",
            [(*values, self.seal(values), *key)],
        )

    def delete(self, database: Database, where: str, parameters: Sequence[Sequence[Scalar]]) -> None:
        """Remove rows, once for each sequence of parameters."""
        if parameters:
            database.change(f"DELETE FROM {self.name} WHERE {where}", parameters)

    def broken_seals(self, database: Database) -> list[Row]:
        """The keys of rows whose content is not what was written."""
        rows = database.rows(f"SELECT {', '.join((*self.names, 'seal'))} FROM {self.name}")
        return [row[: self.key] for row in rows if self.seal(row[:-1]) != row[-1]]


_TEXT = "TEXT NOT NULL"
_NUMBER = "BIGINT NOT NULL"
_MAYBE_TEXT = "TEXT"
_MAYBE_NUMBER = "BIGINT"
_FILE = {
    "id": _NUMBER,
    "ledger": _TEXT,
    "path": _TEXT,
    "sha256": _TEXT,
    "bytes": _NUMBER,
    "rows": _NUMBER,
    "retired_at": _MAYBE_TEXT,
}

INFO = Table("info", {"name": _TEXT, "value": _TEXT})
COMMITS = Table(
    "commits",
    {
        "seq": _NUMBER,
        "kind": _TEXT,
        "ledger": _TEXT,
        "moment": _TEXT,
        "who": _TEXT,
        "rows": _NUMBER,
        "closed": _NUMBER,
        "undoes": _MAYBE_NUMBER,
        "last_id": _NUMBER,
        "synthetic": _NUMBER,
        "source": _TEXT,
        "note": _TEXT,
    },
    indexes=(("moment",), ("ledger",)),
)
LEDGERS = Table("ledgers", {"code": _TEXT, "referred": _NUMBER, "next_id": _NUMBER})
SCHEMAS = Table("schemas", {"id": _NUMBER, "ledger": _TEXT, "columns": _TEXT})
FILES = Table(
    "files",
    {
        **_FILE,
        "first_day": _MAYBE_TEXT,
        "last_day": _MAYBE_TEXT,
        "schema_id": _NUMBER,
        "low_key": _MAYBE_TEXT,
        "high_key": _MAYBE_TEXT,
    },
    indexes=(("ledger",),),
)
FILE_BATCHES = Table(
    "file_batches", {"file": _NUMBER, "batch": _NUMBER, "rows": _NUMBER}, key=2, indexes=(("batch",),)
)
KEY_FILES = Table("key_files", {**_FILE, "first_id": _NUMBER, "last_id": _NUMBER}, indexes=(("ledger",),))
CLOSINGS = Table("closings", _FILE, indexes=(("ledger",),))
CLOSING_PARTS = Table(
    "closing_parts", {"closing": _NUMBER, "by_batch": _NUMBER, "from_seq": _NUMBER, "rows": _NUMBER}, key=3
)
HITS = Table(
    "hits",
    {
        "closing": _NUMBER,
        "by_batch": _NUMBER,
        "from_seq": _NUMBER,
        "file": _NUMBER,
        "rows": _NUMBER,
        "digest": _TEXT,
    },
    key=4,
    indexes=(("file",),),
)
KEPT = Table("kept", {"seq": _NUMBER, "moment": _TEXT, "who": _TEXT, "why": _TEXT})
IMPORTS = Table(
    "imports",
    {
        "number": _NUMBER,
        "batch": _MAYBE_NUMBER,
        "ledger": _TEXT,
        "moment": _TEXT,
        "who": _TEXT,
        "source": _TEXT,
        "sha256": _TEXT,
        "mapping": _TEXT,
        "rows_read": _NUMBER,
        "stored": _NUMBER,
        "new_versions": _NUMBER,
        "unchanged": _NUMBER,
        "duplicates": _NUMBER,
        "rejected": _NUMBER,
        "quarantined": _NUMBER,
        "waiting": _NUMBER,
        "amounts": _MAYBE_TEXT,
        "note": _TEXT,
    },
    indexes=(("ledger",), ("sha256",)),
)
HELD = Table(
    "held",
    {
        "number": _NUMBER,
        "import_number": _NUMBER,
        "batch": _MAYBE_NUMBER,
        "ledger": _TEXT,
        "source_row": _NUMBER,
        "reason": _TEXT,
        "waits_for_ledger": _TEXT,
        "waits_for_key": _TEXT,
        "payload": _TEXT,
        "problems": _TEXT,
        "state": _TEXT,
        "resolved_by": _TEXT,
    },
    indexes=(("ledger", "state"), ("waits_for_ledger", "state")),
)
TRAIL = Table(
    "trail",
    {
        "number": _NUMBER,
        "moment": _TEXT,
        "who": _TEXT,
        "what": _TEXT,
        "detail": _TEXT,
        "previous": _TEXT,
        "hash": _TEXT,
    },
)

TABLES = (
    INFO,
    COMMITS,
    LEDGERS,
    SCHEMAS,
    FILES,
    FILE_BATCHES,
    KEY_FILES,
    CLOSINGS,
    CLOSING_PARTS,
    HITS,
    KEPT,
    IMPORTS,
    HELD,
    TRAIL,
)
"""Every table of a manifest."""
