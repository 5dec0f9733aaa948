"""The database under the manifest: a small contract, and SQLite, which is the default.

The manifest speaks one portable SQL: TEXT and BIGINT, `?` for parameters, numbers assigned by the writer.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeAlias

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.store.records.faults import StoreFault

Scalar: TypeAlias = "int | str | None"
Row: TypeAlias = "tuple[Scalar, ...]"

DAMAGED = Kind("STORE-002", Severity.ERROR, "记录库的清单已损坏", "停止写入，用最近的备份恢复（restore）。")

_BUSY_SECONDS = 30.0


class Database(Protocol):
    """What the manifest needs of a database. One writer at a time is the caller's business."""

    def rows(self, sql: str, parameters: Sequence[Scalar] = ()) -> list[Row]:
        """The rows of a query."""

    def change(self, sql: str, parameters: Sequence[Sequence[Scalar]]) -> None:
        """Carry out a statement once for each sequence of parameters."""

    def script(self, statements: Sequence[str]) -> None:
        """Carry out statements without parameters."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes of the block or none; durable when it is left."""
        yield

    @contextmanager
    def steady(self) -> Iterator[None]:
        """All queries of the block see one state."""
        yield

    def integrity(self) -> list[str]:
        """What is wrong with the database itself; empty when it is sound."""

    def close(self) -> None:
        """Let go of it."""


class SqliteDatabase:
    """A manifest in one file, in write-ahead mode: readers never wait."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self._path = path
        self._lock = threading.RLock()
        mode = "rwc" if create else "rw"
        try:
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=_BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            if create:
                self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.DatabaseError as error:
            raise self._fault(error) from error

    def _fault(self, error: sqlite3.DatabaseError) -> StoreFault:
        return StoreFault(DAMAGED.at(Place(self._path.name), f"清单不能读写：{error}"))

    def rows(self, sql: str, parameters: Sequence[Scalar] = ()) -> list[Row]:
        """The rows of a query."""
        with self._lock:
            try:
                return self._connection.execute(sql, tuple(parameters)).fetchall()
            except sqlite3.DatabaseError as error:
                raise self._fault(error) from error

    def change(self, sql: str, parameters: Sequence[Sequence[Scalar]]) -> None:
        """Carry out a statement once for each sequence of parameters."""
        with self._lock:
            try:
                self._connection.executemany(sql, parameters)
            except sqlite3.DatabaseError as error:
                raise self._fault(error) from error

    def script(self, statements: Sequence[str]) -> None:
        """Carry out statements without parameters."""
        with self._lock:
            try:
                for each in statements:
                    self._connection.execute(each)
            except sqlite3.DatabaseError as error:
                raise self._fault(error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes of the block or none; durable when it is left."""
        with self._lock:
            self.script(["BEGIN IMMEDIATE"])
            try:
                yield
            except BaseException:
                self._connection.rollback()
                raise
            self.script(["COMMIT"])
            # a short log leaves little to lose to a damaged sector; when readers are in the way it is done later
            self.rows("PRAGMA wal_checkpoint(PASSIVE)")

    @contextmanager
    def steady(self) -> Iterator[None]:
        """All queries of the block see one state."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self.script(["BEGIN"])
            try:
                yield
            finally:
                self._connection.rollback()

    def integrity(self) -> list[str]:
        """What is wrong with the database itself; empty when it is sound."""
        found = [str(each[0]) for each in self.rows("PRAGMA integrity_check(20)")]
        return [] if found == ["ok"] else found

    def close(self) -> None:
        """Let go of it."""
        with self._lock:
            self._connection.close()
