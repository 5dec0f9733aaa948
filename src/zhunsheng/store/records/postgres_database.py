"""The manifest in PostgreSQL, for stores that many machines read and write over a shared file system.

Imported only where it is asked for. The tables live in a schema of their own, so that one database serves many stores.
"""

import re
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pg8000.dbapi

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.store.records.database import Row, Scalar
from zhunsheng.store.records.faults import Misuse, StoreFault

REFUSED = Kind(
    "STORE-034",
    Severity.ERROR,
    "清单所在的 PostgreSQL 应能连接和读写",
    "检查数据库服务、网络、账号和权限；若提示编号重复，是另一台机器同时写入，重试即可。",
)

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class PostgresDatabase:
    """A manifest in a schema of a PostgreSQL database.

    Args:
        schema: name of the schema, small letters; made when it is absent.
        host: name of the server, or the path of its socket directory.
        encryption: how the connection is encrypted; None for sockets and trusted networks.
    """

    def __init__(
        self,
        schema: str,
        *,
        database: str,
        user: str,
        host: str = "localhost",
        port: int = 5432,
        password: str | None = None,
        encryption: ssl.SSLContext | None = None,
    ) -> None:
        if not _NAME.fullmatch(schema):
            raise Misuse(f"not a name for a schema: {schema!r}")
        self._lock = threading.RLock()
        self._inside = False
        is_socket = host.startswith("/")
        try:
            self._connection = pg8000.dbapi.connect(
                user,
                host=None if is_socket else host,
                unix_sock=f"{host}/.s.PGSQL.{port}" if is_socket else None,
                port=port,
                database=database,
                password=password,
                ssl_context=encryption,
            )
        except (pg8000.dbapi.Error, OSError) as error:
            raise StoreFault(REFUSED.at(Place(host), f"连接失败：{error}")) from error
        self._connection.autocommit = True
        self.script([f"CREATE SCHEMA IF NOT EXISTS {schema}", f"SET search_path TO {schema}"])

    def _run(self, sql: str, parameters: Sequence[Scalar]) -> list[Row]:
        try:
            cursor = self._connection.cursor()
            cursor.execute(sql.replace("?", "%s"), tuple(parameters))
            return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
        except (pg8000.dbapi.Error, OSError) as error:
            raise StoreFault(REFUSED.at(Place("manifest"), f"清单不能读写：{error}")) from error

    def rows(self, sql: str, parameters: Sequence[Scalar] = ()) -> list[Row]:
        """The rows of a query."""
        with self._lock:
            return self._run(sql, parameters)

    def change(self, sql: str, parameters: Sequence[Sequence[Scalar]]) -> None:
        """Carry out a statement once for each sequence of parameters."""
        with self._lock:
            for each in parameters:
                self._run(sql, each)

    def script(self, statements: Sequence[str]) -> None:
        """Carry out statements without parameters."""
        with self._lock:
            for each in statements:
                self._run(each, ())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes of the block or none; durable when it is left."""
        with self._lock, self._within("BEGIN", "COMMIT"):
            yield

    @contextmanager
    def steady(self) -> Iterator[None]:
        """All queries of the block see one state."""
        with self._lock:
            if self._inside:
                yield
                return
            with self._within("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "COMMIT"):
                yield

    @contextmanager
    def _within(self, begin: str, end: str) -> Iterator[None]:
        self._run(begin, ())
        self._inside = True
        try:
            yield
        except BaseException:
            self._inside = False
            self._run("ROLLBACK", ())
            raise
        self._inside = False
        self._run(end, ())

    def integrity(self) -> list[str]:
        """Nothing of its own to tell: the server keeps its pages; the seals of the rows are checked elsewhere."""
        return []

    def close(self) -> None:
        """Let go of it."""
        with self._lock:
            self._connection.close()
