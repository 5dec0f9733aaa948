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
    """Faults in the order of the file, the strictest of a row first.

    Args:
        name: of the file, for places.
        most: give no more than these.
    """
    wanted = ", ".join(f"'{each.value}'" for each in levels)
    limit = "" if most is None else f" LIMIT {most}"
    cursor = connection.cursor()
    cursor.execute(
        f"SELECT f.*, l._part, l._line FROM (SELECT * FROM {FAULTS} WHERE level IN ({wanted})"
        f" ORDER BY _source_row, {_ORDER}, what{limit}) f JOIN {LINES} l USING (_source_row)"
        f" ORDER BY f._source_row, {_ORDER}, what"
    )
    while rows := cursor.fetchmany(_FETCHED):
        for row in rows:
            yield _located(row, sources, name)
    cursor.close()


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
