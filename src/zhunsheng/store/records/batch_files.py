"""Writing the files of a batch: versions, dictionary entries, closings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.records.faults import Misuse
from zhunsheng.store.records.physical import (
    PhysicalColumn,
    business_day,
    columns_of,
    literal,
    parquet,
    quoted,
    sortable,
)
from zhunsheng.store.records.session import Session, Staged
from zhunsheng.store.records.stored_files import ClosingsFile, Hit, KeyFile, RecordFile

ONE_FILE = 1_000_000
"""Rows up to which a batch is one file; a larger one is cut at month ends."""

PIECE = 131_072
"""Rows that a piece of a large batch has at least."""

_ROW_GROUP = 262_144
_OPTIONS = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE"
_KEY_GROUP = 8_192
"""Rows of a part of a dictionary: the keys of some records are looked up one by one, and parts are read whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows that go into one file: business days `first` to `last`, the ones without a day among them if `dayless`."""

    rows: int
    first: date | None
    last: date | None
    low: object
    high: object
    dayless: bool

    def condition(self, day: str) -> str:
        """The SQL that picks its rows."""
        parts = []
        if self.first is not None and self.last is not None:
            parts.append(f"{day} BETWEEN DATE '{self.first}' AND DATE '{self.last}'")
        if self.dayless:
            parts.append(f"{day} IS NULL")
        return " OR ".join(parts)


def file_columns(ledger: LedgerDefinition, *, referred: bool, lineage: bool) -> tuple[PhysicalColumn, ...]:
    """The columns of a data file beside `_batch` and `_row`, in their order."""
    system = [PhysicalColumn("_id", "INTEGER")] if referred else []
    system += [PhysicalColumn("_source_row", "BIGINT")] if lineage else []
    return (*system, *columns_of(ledger))


def write_versions(
    session: Session,
    connection: duckdb.DuckDBPyConnection,
    table: str,
    ledger: LedgerDefinition,
    columns: Sequence[PhysicalColumn],
    batch: int,
    *,
    presorted: bool,
    numbered: bool = False,
) -> tuple[RecordFile, ...]:
    """Write the rows of a table as the files of a batch; `_row` counts them in the order they are written.

    Args:
        session: the writer.
        connection: has the table.
        table: with all of `columns` in their physical types.
        ledger: whose records they are.
        columns: of the file beside `_batch` and `_row`.
        batch: the commit number.
        presorted: the table is already in the order of business day, then organisation.
        numbered: it is a table just made in that order, whose `rowid` counts its rows from 0; the engine need not
            count them, which it can only do on one core.

    Raises:
        Misuse: the numbers have gaps.
    """
    day = business_day(ledger)
    pieces = _pieces(connection, table, ledger, day)
    if numbered and pieces:
        last = _count(connection, f"SELECT max(rowid) FROM {quoted(table)}")
        if last + 1 != sum(each.rows for each in pieces):
            raise Misuse(f"{table!r} has rows up to {last}, so they are not numbered without gaps")
    order = "" if presorted else f" ORDER BY {order_by(ledger)}"
    shown = ", ".join(f"CAST({quoted(each.name)} AS {each.type}) AS {quoted(each.name)}" for each in columns)
    files = []
    offset = 0
    for piece in pieces:
        chosen = f" WHERE {piece.condition(day)}" if len(pieces) > 1 else ""
        staged = session.stage("batches", ledger.code, batch)
        if numbered:
            source, place = f"{quoted(table)}{chosen}", "rowid + 1"
        else:
            source, place = (
                f"(SELECT * FROM {quoted(table)}{chosen}{order})",
                f"{offset} + row_number() OVER ()",
            )
        copy(
            connection,
            f"SELECT CAST({batch} AS INTEGER) AS _batch, CAST({place} AS INTEGER) AS _row, {shown} FROM {source}",
            staged,
            piece.rows,
        )
        offset += piece.rows
        files.append(
            RecordFile(
                ledger.code,
                staged.name,
                staged.sha256,
                staged.bytes,
                piece.rows,
                first_day=piece.first,
                last_day=piece.last,
                low_key=sortable(_key_column(ledger).type, piece.low),
                high_key=sortable(_key_column(ledger).type, piece.high),
                batches={batch: piece.rows},
            )
        )
    return tuple(files)


def rewrite_versions(
    session: Session,
    connection: duckdb.DuckDBPyConnection,
    view: str,
    ledger: LedgerDefinition,
    columns: Sequence[PhysicalColumn],
    number: int,
) -> tuple[tuple[RecordFile, ...], dict[str, Path]]:
    """Write versions that exist into new files; `_batch` and `_row` stay what they are.

    Args:
        session: the writer.
        connection: has the view.
        view: versions with `_batch`, `_row` and `columns`.
        ledger: whose records they are.
        columns: of the file beside `_batch` and `_row`.
        number: for the names of the files.

    Returns:
        The files, and where each is staged by its name in the store.
    """
    day = business_day(ledger)
    pieces = _pieces(connection, view, ledger, day)
    shown = ", ".join(quoted(each.name) for each in columns)
    files = []
    staged_at = {}
    for piece in pieces:
        chosen = f" WHERE {piece.condition(day)}" if len(pieces) > 1 else ""
        staged = session.stage("batches", ledger.code, number)
        copy(
            connection,
            f"SELECT _batch, _row, {shown} FROM {quoted(view)}{chosen} ORDER BY {order_by(ledger)}, _batch, _row",
            staged,
            piece.rows,
        )
        counted = connection.execute(
            f"SELECT _batch, count(*) FROM {parquet([staged.temporary])} GROUP BY _batch ORDER BY _batch"
        ).fetchall()
        kind = _key_column(ledger).type
        files.append(
            RecordFile(
                ledger.code,
                staged.name,
                staged.sha256,
                staged.bytes,
                piece.rows,
                first_day=piece.first,
                last_day=piece.last,
                low_key=sortable(kind, piece.low),
                high_key=sortable(kind, piece.high),
                batches={int(batch): int(rows) for batch, rows in counted},
            )
        )
        staged_at[staged.name] = staged.temporary
    return tuple(files), staged_at


def order_by(ledger: LedgerDefinition) -> str:
    """The order of rows in a file: neighbours in time and organisation lie together."""
    parts = [business_day(ledger)] if ledger.date else []
    parts += [quoted(ledger.organisation)] if ledger.organisation in ledger.by_name else []
    return ", ".join([*parts, *map(quoted, ledger.key)])


def _key_column(ledger: LedgerDefinition) -> PhysicalColumn:
    return next(each for each in columns_of(ledger) if each.name == ledger.key[0])


def _pieces(
    connection: duckdb.DuckDBPyConnection, table: str, ledger: LedgerDefinition, day: str
) -> list[Piece]:
    key = quoted(ledger.key[0])
    sql = (
        f"SELECT count(*), min({day}), max({day}), min({key}), max({key}), count(*) - count({day}) "
        f"FROM {quoted(table)}"
    )
    if _count(connection, f"SELECT count(*) FROM {quoted(table)}") <= ONE_FILE or not ledger.date:
        parts = [_piece(row) for row in connection.execute(sql).fetchall()]
        return [each for each in parts if each.rows]
    monthly = connection.execute(f"{sql} GROUP BY date_trunc('month', {day}) ORDER BY min({day}) NULLS LAST")
    pieces: list[Piece] = []
    for row in monthly.fetchall():
        found = _piece(row)
        if pieces and (pieces[-1].rows < PIECE or found.first is None):
            pieces[-1] = _joined(pieces[-1], found)
        else:
            pieces.append(found)
    return pieces


def _piece(row: tuple[Any, ...]) -> Piece:
    return Piece(int(row[0]), row[1], row[2], row[3], row[4], dayless=bool(row[5]))


def _joined(one: Piece, other: Piece) -> Piece:
    days = [each for each in (one.first, one.last, other.first, other.last) if each is not None]
    lows: list[Any] = [each for each in (one.low, other.low) if each is not None]
    highs: list[Any] = [each for each in (one.high, other.high) if each is not None]
    return Piece(
        one.rows + other.rows,
        min(days, default=None),
        max(days, default=None),
        min(lows, default=None),
        max(highs, default=None),
        dayless=one.dayless or other.dayless,
    )


def copy(
    connection: duckdb.DuckDBPyConnection, sql: str, staged: Staged, rows: int, group: int = _ROW_GROUP
) -> None:
    """Write a query into a staged file and measure it.

    Args:
        group: rows of each part of the file.

    Raises:
        Misuse: it gave another number of rows than expected.
    """
    target = literal(str(staged.temporary))
    setting = "preserve_insertion_order"
    before = connection.execute(f"SELECT current_setting('{setting}')").fetchall()[0][0]
    connection.execute(f"SET {setting} = true")
    try:
        written = connection.execute(f"COPY ({sql}) TO {target} ({_OPTIONS} {int(group)})").fetchall()[0][0]
    finally:
        connection.execute(f"SET {setting} = {str(before).lower()}")
    if written != rows:
        raise Misuse(f"{written} rows were written where {rows} were expected")
    staged.measure()


def write_keys(
    session: Session,
    connection: duckdb.DuckDBPyConnection,
    source: str,
    ledger: str,
    number: int,
    first_id: int,
    rows: int,
) -> tuple[KeyFile, ...]:
    """Write dictionary entries; `source` is SQL with `key` and `id`."""
    if not rows:
        return ()
    staged = session.stage("keys", ledger, number)
    copy(
        connection,
        f"SELECT CAST(key AS VARCHAR) AS key, CAST(id AS INTEGER) AS id FROM ({source}) ORDER BY id",
        staged,
        rows,
        _KEY_GROUP,
    )
    return (
        KeyFile(
            ledger,
            staged.name,
            staged.sha256,
            staged.bytes,
            rows,
            first_id=first_id,
            last_id=first_id + rows - 1,
        ),
    )


def write_closings(
    session: Session,
    connection: duckdb.DuckDBPyConnection,
    table: str,
    ledger: str,
    number: int,
    names: Mapping[str, str],
) -> tuple[ClosingsFile, ...]:
    """Write closings from a table with `_batch`, `_row`, `_by`, `_from` and `filename`, the data file of the version.

    Args:
        session: the writer.
        connection: has the table.
        table: the closings.
        ledger: whose they are.
        number: the commit number.
        names: by path as the engine gives it, the name of the data file in the store.
    """
    rows = _count(connection, f"SELECT count(*) FROM {quoted(table)}")
    if not rows:
        return ()
    hits = tuple(
        Hit(int(by_batch), int(from_seq), names[str(Path(path))], int(count), f"{int(mixed):032x}")
        for by_batch, from_seq, path, count, mixed in connection.execute(
            "SELECT _by, _from, filename, count(*), bit_xor(md5_number(_batch || ':' || _row)) "
            f"FROM {quoted(table)} GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    )
    staged = session.stage("closings", ledger, number)
    copy(
        connection,
        "SELECT CAST(_batch AS INTEGER) AS _batch, CAST(_row AS INTEGER) AS _row, CAST(_by AS INTEGER) AS _by, "
        f"CAST(_from AS INTEGER) AS _from FROM {quoted(table)} ORDER BY ALL",
        staged,
        rows,
    )
    return (ClosingsFile(ledger, staged.name, staged.sha256, staged.bytes, rows, hits=hits),)


def hits_of(
    connection: duckdb.DuckDBPyConnection,
    closings: Sequence[ClosingsFile],
    paths: Mapping[str, Path],
    files: Mapping[str, Path],
) -> tuple[Hit, ...]:
    """Which closings hit which of some data files, by looking.

    Args:
        connection: an engine.
        closings: the closings files.
        paths: their paths by name.
        files: paths of the data files by the name they will have.
    """
    found = []
    for each in closings:
        for name, path in files.items():
            rows = connection.execute(
                "SELECT c._by, c._from, count(*), bit_xor(md5_number(c._batch || ':' || c._row)) "
                f"FROM {parquet([paths[each.path]])} AS c JOIN (SELECT _batch, _row FROM {parquet([path])}) AS d "
                "ON c._batch = d._batch AND c._row = d._row GROUP BY ALL ORDER BY ALL"
            ).fetchall()
            found += [
                Hit(int(by_batch), int(from_seq), name, int(count), f"{int(mixed):032x}", each.id)
                for by_batch, from_seq, count, mixed in rows
            ]
    return tuple(found)


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(connection.execute(sql).fetchall()[0][0])
