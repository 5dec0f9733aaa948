"""The rows that were turned away or held, as they were, with the reasons: to be corrected and imported again."""

import csv
import io
from collections.abc import Sequence
from typing import Final

import duckdb

from zhunsheng.ledgers.field import Level
from zhunsheng.store.intake.checking import FAULTS, Source

REASON: Final = "退回原因"
REMEDY: Final = "处理办法"
LINE: Final = "原行号"
OWN_COLUMNS: Final = (LINE, REASON, REMEDY)
"""Columns that the rejection file has besides those of the source; no fields, and never reported as unknown."""

_FETCHED: Final = 5_000
_FORMULA: Final = frozenset("=+-@\t\r")


def rejection_file(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    levels: Sequence[Level] = (Level.REJECT,),
) -> bytes:
    """The faulty rows as a UTF-8 file of separated values that spreadsheets open; empty without any."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    found = False
    for source in sources:
        headings = list(source.part.headings)
        cursor = _faulty(connection, source, levels)
        begun = False
        while rows := cursor.fetchmany(_FETCHED):
            if not begun:
                writer.writerow([*headings, LINE, REASON, REMEDY])
                begun = found = True
            for line, reason, remedy, *cells in rows:
                writer.writerow([*map(guarded, cells), line, guarded(reason), guarded(remedy)])
        cursor.close()
    return stream.getvalue().encode("utf-8-sig") if found else b""


def faulty_rows(
    connection: duckdb.DuckDBPyConnection, source: Source, levels: Sequence[Level], most: int
) -> list[tuple[int, list[str]]]:
    """The first faulty rows of a table: row number in the file, and the cells."""
    cursor = _faulty(connection, source, levels)
    rows = cursor.fetchmany(most)
    cursor.close()
    return [(int(line), [each or "" for each in cells]) for line, _, _, *cells in rows]


def _faulty(
    connection: duckdb.DuckDBPyConnection, source: Source, levels: Sequence[Level]
) -> duckdb.DuckDBPyConnection:
    wanted = ", ".join(f"'{each.value}'" for each in levels)
    cells = "".join(f", c{place}" for place in range(len(source.part.headings)))
    cursor = connection.cursor()
    cursor.execute(
        f"SELECT p._line, f.reason, f.remedy{cells} FROM {source.part.relation} p"
        f" JOIN (SELECT _source_row, string_agg(what, '；' ORDER BY level, what) AS reason,"
        f" string_agg(DISTINCT remedy, '；') AS remedy FROM {FAULTS} WHERE level IN ({wanted}) GROUP BY _source_row) f"
        f" ON f._source_row = p._row + {source.offset} ORDER BY p._row"
    )
    return cursor


def guarded(text: object) -> str:
    """A text that no spreadsheet takes for a formula; the import takes the guard off again.

    >>> guarded("=1+1"), guarded("-5"), guarded("甲")
    ("'=1+1", '-5', '甲')
    """
    shown = "" if text is None else str(text)
    if shown[:1] not in _FORMULA or _is_number(shown):
        return shown
    return f"'{shown}"


def _is_number(text: str) -> bool:
    return text[:1] in {"+", "-"} and text[1:].replace(".", "", 1).replace(",", "").isdigit()
