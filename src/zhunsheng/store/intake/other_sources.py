"""Parquet files, databases and spreadsheets as staged texts."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

import duckdb

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.value_texts import typed_text
from zhunsheng.store.intake import kinds
from zhunsheng.store.intake.encoding import sha256_of
from zhunsheng.store.intake.headings import LOOKED_AT, header_row
from zhunsheng.store.intake.staging import (
    MOST_ROWS,
    Line,
    Part,
    Staged,
    StagingArea,
    Table,
    first_lines,
    staged_texts,
    too_wide,
)
from zhunsheng.store.intake.text_files import json_text, row_count
from zhunsheng.store.records.physical import literal, quoted

ReadWorkbook = Callable[[bytes, str], tuple[Sequence[Table], tuple[Problem, ...]]]
"""Reads the tables of a workbook; office formats are not known here."""

_FETCHED: Final = 10_000
_TIMEOUT: Final = 30
_MOST_CELLS: Final = 2_000_000_000
_MOST_BYTES: Final = 20_000_000_000


def stage_workbook(path: Path, ledger: LedgerDefinition, area: StagingArea, read: ReadWorkbook) -> Staged:
    """Stage the worksheets that have the headings of the ledger.

    Raises:
        OSError: it cannot be read or staged.
    """
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    tables, problems = read(data, path.name)
    found = list(problems)
    headed: list[tuple[Table, int, tuple[str, ...]]] = []
    for table in tables:
        looked, _ = first_lines(((0, None, row) for row in table.rows), LOOKED_AT)
        rows = [[typed_text(cell) for cell in cells] for _, _, cells in looked]
        header = header_row(ledger, rows)
        if header is None or not _is_table_of(ledger, rows[header]):
            if any(any(cell.strip() for cell in row) for row in rows):
                place = Place(path.name, sheet=table.name)
                found.append(kinds.LEFT_SHEET.at(place, f"工作表“{table.name}”没有该台账的表头"))
            continue
        headings = tuple(cell.strip() for cell in rows[header])
        while headings and not headings[-1]:
            headings = headings[:-1]
        headed.append((table, header, headings))
    parts = []
    for number, (table, header, headings) in enumerate(headed):
        wide = too_wide(path.name, len(headings))
        if wide is not None:
            return Staged(path.name, digest, (), (*found, wide))
        key = f"{digest[:32]}-{ledger.code}-{number}"
        if not area.path(key).exists():
            area.write(key, headings, _sheet_lines(table, header))
        line = table.first_line + header
        parts.append(Part(area.path(key), table.name, headings, line, row_count(area.path(key))))
    if not parts and not any(each.severity.value == "error" for each in found):
        found = [each for each in found if each.code != kinds.LEFT_SHEET.code]
        found.append(kinds.NO_HEADER.at(Place(path.name), f"“{path.name}”的工作表都没有该台账的表头"))
    return Staged(path.name, digest, tuple(parts), tuple(found))


def _is_table_of(ledger: LedgerDefinition, row: Sequence[str]) -> bool:
    """Whether a row is a header of the ledger rather than a text that happens to be the name of a field."""
    filled = [cell for cell in row if cell.strip()]
    return len(filled) > 1 or len(ledger.entered) == 1


def _sheet_lines(table: Table, header: int) -> Iterator[Line]:
    for position, row in enumerate(table.rows):
        if position > header:
            yield table.first_line + position, None, row


def stage_parquet(path: Path, area: StagingArea) -> Staged:
    """Stage a Parquet file; lists and structures as JSON.

    Raises:
        OSError: it cannot be read or staged.
    """
    digest = sha256_of(path)
    source = f"read_parquet({literal(str(path))}, hive_partitioning = false)"
    try:
        with duckdb.connect() as connection:
            described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        names = tuple(str(each[0]) for each in described)
        wide = too_wide(path.name, len(names)) or _too_long(path, source, names)
        if wide is not None:
            return Staged(path.name, digest, (), (wide,))
        target = area.path(f"{digest[:32]}-parquet")
        if not target.exists():
            texts = ", ".join(
                f"{_as_text(str(name), str(kind))} AS c{place}"
                for place, (name, kind, *_) in enumerate(described)
            )
            columns = staged_texts([f"c{place}" for place in range(len(names))])
            select = (
                f"SELECT CAST(NULL AS BIGINT) AS _line, CAST(NULL AS VARCHAR) AS _broken, {columns}"
                f" FROM (SELECT {texts} FROM {source})"
            )
            area.copy(select, target)
    except duckdb.Error as error:
        reason = f"“{path.name}”不是有效的 Parquet 文件（{type(error).__name__}）"
        return Staged(path.name, digest, (), (kinds.UNREADABLE.at(Place(path.name), reason),))
    return Staged(path.name, digest, (Part(target, "", names, 0, row_count(target)),))


def _too_long(path: Path, source: str, names: Sequence[str]) -> Problem | None:
    """The problem of a file with more than is ever imported at once: a small one can unfold to any size.

    Rows are said by the file itself; how long its texts are together is only known by looking.
    """
    with duckdb.connect(config={"memory_limit": "1GB", "threads": 2}) as connection:
        connection.execute("SET enable_progress_bar = false")
        found = connection.execute(
            f"SELECT num_rows FROM parquet_file_metadata({literal(str(path))})"
        ).fetchall()
        rows = int(found[0][0])
        if rows > MOST_ROWS or rows * len(names) > _MOST_CELLS:
            return kinds.TOO_LARGE.at(
                Place(path.name), f"有 {rows:,} 行 {len(names)} 列，上限 {MOST_ROWS:,} 行"
            )
        lengths = " + ".join(f"coalesce(strlen(CAST({quoted(each)} AS VARCHAR)), 0)" for each in names)
        told = connection.execute(f"SELECT sum({lengths or '0'}) FROM {source}").fetchall()
        size = int(told[0][0] or 0)
    if size > _MOST_BYTES:
        return kinds.TOO_LARGE.at(Place(path.name), f"展开后有 {size / 1e9:,.0f} GB 文字")
    return None


def _as_text(name: str, kind: str) -> str:
    column = quoted(name)
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return f"CAST(to_json({column}) AS VARCHAR)"
    if kind in {"TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ"}:
        return f"strftime(CAST({column} AS TIMESTAMPTZ) AT TIME ZONE 'Asia/Shanghai', '%Y-%m-%d %H:%M:%S.%f')"
    return f"CAST({column} AS VARCHAR)"


def stage_query(sql: str, address: str, area: StagingArea) -> Staged:
    """Stage what a query of a database gives; the database is only read.

    Args:
        address: `sqlite:file` or `postgresql://user:password@host:port/database`.

    Raises:
        ValueError: the address is of no known kind.
        OSError: the rows cannot be staged.
    """
    name = shown_address(address)
    reader = _sqlite_rows if address.startswith("sqlite:") else _postgres_rows
    if reader is _postgres_rows and not address.startswith(("postgresql://", "postgres://")):
        raise ValueError(address)
    problem = _refused(sql, name)
    if problem is not None:
        return Staged(name, "", (), (problem,))
    digest = hashlib.sha256(sql.encode())
    headings: list[str] = []

    def lines() -> Iterator[Line]:
        rows = reader(sql, address)
        headings.extend(str(each) for each in next(rows))
        for number, row in enumerate(rows, start=1):
            cells = [_database_text(each) for each in row]
            digest.update(json.dumps(cells, ensure_ascii=False).encode("utf-8", "replace"))
            yield number, None, cells

    found = lines()
    try:
        looked, everything = first_lines(found, 1)
        if not looked:
            return Staged(name, digest.hexdigest(), (), (kinds.NO_ROWS.at(Place(name), "查询没有结果"),))
        begun = hashlib.sha256(f"{address}\n{sql}".encode()).hexdigest()[:32]
        target, rows = area.write(f"{begun}-query", headings, everything)
    except (sqlite3.Error, UnicodeError, _postgres_error()) as error:
        return Staged(name, "", (), (kinds.BAD_QUERY.at(Place(name), f"数据库说：{_words_of(error)}"),))
    return Staged(name, digest.hexdigest(), (Part(target, "", tuple(headings), 0, rows),))


def shown_address(address: str) -> str:
    """An address without its password."""
    if address.startswith("sqlite:"):
        return Path(address.removeprefix("sqlite:")).name
    parts = urlsplit(address)
    return f"{parts.hostname or ''}{parts.path}"


def _refused(sql: str, name: str) -> Problem | None:
    words = sql.strip().rstrip(";").split(None, 1)
    if (
        not words
        or words[0].upper() not in {"SELECT", "WITH", "VALUES", "TABLE"}
        or ";" in sql.strip().rstrip(";")
    ):
        return kinds.BAD_QUERY.at(Place(name), "查询应是一条 SELECT 语句", value=sql[:60])
    return None


def _database_text(value: Any) -> str:  # noqa: ANN401 - whatever a database gives
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, datetime | date | time):
        return typed_text(value)
    return typed_text(json_text(value))


def _sqlite_rows(sql: str, address: str) -> Iterator[Sequence[Any]]:
    path = Path(address.removeprefix("sqlite:")).absolute()
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    with closing(connection):
        connection.execute("PRAGMA query_only = ON")
        cursor = connection.execute(sql)
        yield [each[0] for each in cursor.description or ()]
        while rows := cursor.fetchmany(_FETCHED):
            yield from rows


def _postgres_rows(sql: str, address: str) -> Iterator[Sequence[Any]]:
    from pg8000 import dbapi  # noqa: PLC0415 - seldom needed

    parts = urlsplit(address)
    # a server on the same computer may listen on a socket only: ?host=/directory
    socket = parse_qs(parts.query).get("host", [""])[0]
    port = parts.port or 5432
    connection = dbapi.connect(
        user=unquote(parts.username or ""),
        unix_sock=f"{socket}/.s.PGSQL.{port}" if socket.startswith("/") else None,
        password=unquote(parts.password) if parts.password else None,
        host=parts.hostname or "localhost",
        port=port,
        database=unquote(parts.path.lstrip("/")) or None,
        timeout=_TIMEOUT,
    )
    with closing(connection):
        cursor = connection.cursor()
        # the server itself refuses to write in this transaction
        cursor.execute("SET TRANSACTION READ ONLY")
        cursor.execute("SET TIME ZONE 'Asia/Shanghai'")
        # only a cursor of the server keeps a large result out of memory
        cursor.execute(f"DECLARE zhunsheng_rows NO SCROLL CURSOR FOR {sql.strip().rstrip(';')}")
        first = True
        while True:
            cursor.execute(f"FETCH FORWARD {_FETCHED} FROM zhunsheng_rows")
            if first:
                yield [each[0] for each in cursor.description or ()]
                first = False
            rows = cursor.fetchall()
            if not rows:
                return
            yield from rows


def _postgres_error() -> type[Exception]:
    from pg8000 import exceptions  # noqa: PLC0415 - seldom needed

    found: type[Exception] = exceptions.Error
    return found


def _words_of(error: Exception) -> str:
    detail = error.args[0] if error.args else error
    return str(detail.get("M", detail)) if isinstance(detail, dict) else str(detail)
