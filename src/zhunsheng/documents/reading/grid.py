"""Where cells that span rows and columns stand in the grid of a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST_COLUMNS: Final = 1_000
# positions looked at for one table; beyond, spans are ignored so that a hostile file stays cheap
_MOST_STEPS: Final = 3_000_000


@dataclass(frozen=True, slots=True)
class Seat:
    """The place of a cell: 0-based row and column, and how many of each it takes."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


def seats(rows: Sequence[Sequence[tuple[int, int]]]) -> tuple[list[list[Seat]], int]:
    """Seat the cells of a table as a browser does.

    Args:
        rows: for each row the (row span, column span) of its cells; a row span of 0 means all rows left.

    Returns:
        The seats, row by row, and the number of columns. Spans are cut to the table and to free columns.
    """
    taken: dict[int, int] = {}  # column: rows it is still taken, this row included
    found: list[list[Seat]] = []
    columns = steps = 0
    for number, row in enumerate(rows):
        column = 0
        line: list[Seat] = []
        new: dict[int, int] = {}
        for asked_rows, asked_columns in row:
            while taken.get(column, 0) > 0:
                column += 1
            below = len(rows) - number
            row_span = max(1, min(asked_rows or below, below))
            column_span = max(1, min(asked_columns, MOST_COLUMNS))
            if steps > _MOST_STEPS or column + column_span > MOST_COLUMNS:
                row_span = column_span = 1
            free = 1
            while free < column_span and taken.get(column + free, 0) <= 0:
                free += 1
            steps += free
            line.append(Seat(number, column, row_span, free))
            if row_span > 1:
                new.update(dict.fromkeys(range(column, column + free), row_span))
            column += free
            columns = max(columns, column)
        found.append(line)
        taken.update(new)
        steps += len(taken)
        taken = {} if steps > _MOST_STEPS else {each: left - 1 for each, left in taken.items() if left > 1}
    return found, columns


def number_of(text: str | None) -> int:
    """A span attribute; anything that is no number counts as 1.

    >>> number_of("3"), number_of(None), number_of("-2")
    (3, 1, 1)
    """
    plain = (text or "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 6 else 1
