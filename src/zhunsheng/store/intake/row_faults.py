"""Faults of rows with where they stand in the file: sheet, row, column, heading."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.field import Level
from zhunsheng.ledgers.value_kinds import SEVERITY
from zhunsheng.store.intake.checking import FAULTS, LINES, Source

_FETCHED: Final = 5_000
_ORDER: Final = "CASE level WHEN 'E' THEN 0 WHEN 'Q' THEN 1 ELSE 2 END"


@dataclass(frozen=True, slots=True)
class RowFault:
    """A fault of a row.

    Attributes:
        source_row: number of the row in the import.
        part: which table of the source, from 0.
        line: line or row number in the file.
        columns: positions of the columns it is about, from 0; none when they are not in the file.
        headings: their headings.
    """

    source_row: int
    level: Level
    part: int
    line: int
    columns: tuple[int, ...]
    headings: tuple[str, ...]
    problem: Problem


def row_faults(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    name: str,
    *,
    most: int | None = None,
    levels: Sequence[Level] = tuple(Level),
) -> Iterator[RowFault]:
    """Faults, the strictest first, those of a level in the order of the file.

    Args:
        name: of the file, for places.
        most: give no more than these.
    """
    wanted = ", ".join(f"'{each.value}'" for each in levels)
    limit = "" if most is None else f" LIMIT {most}"
    cursor = connection.cursor()
    order = f"{_ORDER}, _source_row, what"
    cursor.execute(
        f"SELECT f.*, l._part, l._line FROM (SELECT * FROM {FAULTS} WHERE level IN ({wanted})"
        f" ORDER BY {order}{limit}) f JOIN {LINES} l USING (_source_row) ORDER BY {order}"
    )
    while rows := cursor.fetchmany(_FETCHED):
        for row in rows:
            yield _located(row, sources, name)
    cursor.close()


@dataclass(frozen=True, slots=True)
class Alike:
    """Faults of one level with one code about the same fields.

    Attributes:
        first: the first few of them.
    """

    code: str
    fields: tuple[str, ...]
    count: int
    first: tuple[RowFault, ...]


def alike_faults(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[Source], name: str, level: Level, most: int
) -> list[Alike]:
    """The listed faults of a level put together, the most frequent first.

    Args:
        name: of the file, for places.
        most: how many of each are given as the first ones.
    """
    cursor = connection.cursor()
    rows = cursor.execute(
        f"SELECT f.*, l._part, l._line, f._count FROM (SELECT *, count(*) OVER w AS _count, row_number() OVER"
        f" (PARTITION BY code, fields ORDER BY _source_row, what) AS _place FROM {FAULTS} WHERE level = '{level.value}'"
        f" WINDOW w AS (PARTITION BY code, fields) QUALIFY _place <= {most}) f JOIN {LINES} l USING (_source_row)"
        f" ORDER BY _count DESC, code, fields, _place"
    ).fetchall()
    cursor.close()
    found: dict[tuple[str, str], tuple[int, list[RowFault]]] = {}
    for row in rows:
        # columns of a fault, then its count and place, then part and line
        fault = _located((*row[:8], *row[10:12]), sources, name)
        found.setdefault((str(row[2]), str(row[3])), (int(row[12]), []))[1].append(fault)
    return [
        Alike(code, tuple(json.loads(fields)), count, tuple(first))
        for (code, fields), (count, first) in found.items()
    ]


def _located(row: Sequence[Any], sources: Sequence[Source], name: str) -> RowFault:
    number, level, code, fields, value, what, why, remedy, part, line = row
    source = sources[part]
    places = source.mapped.columns
    columns = tuple(places[each] for each in json.loads(fields) if each in places)
    headings = tuple(source.part.headings[each] for each in columns)
    sheet = source.part.name or None
    place = Place(
        name,
        line=None if sheet and columns else int(line),
        sheet=sheet,
        cell=f"{column_letter(columns[0])}{line}" if sheet and columns else None,
        field="、".join(headings) or None,
    )
    problem = Problem(code, SEVERITY[Level(level)], place, what, why, remedy, value)
    return RowFault(int(number), Level(level), int(part), int(line), columns, headings, problem)


def column_letter(position: int) -> str:
    """The letters of a spreadsheet's column, counted from 0.

    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
