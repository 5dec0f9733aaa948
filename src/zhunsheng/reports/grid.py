"""Where the cells of a table come to lie: spans resolved to rows of placed cells."""

from dataclasses import dataclass

from zhunsheng.reports.tree import Cell, Table


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell at a column of a row; `begins` is False in the rows a tall cell continues into."""

    cell: Cell
    column: int
    begins: bool = True


class TableShapeError(ValueError):
    """The cells of a row do not fill the columns of the table; a mistake of the table's maker."""


def lay_out(table: Table) -> list[list[Placed]]:
    """All rows, header first, each covering every column exactly once.

    Raises:
        TableShapeError: a row has too few or too many cells, or one reaches under a tall cell.
    """
    columns = len(table.widths)
    open_cells: dict[int, tuple[Cell, int]] = {}
    result = []
    for number, row in enumerate(table.head + table.body, 1):
        placed: list[Placed] = []
        waiting = iter(row)
        column = 0
        still_open: dict[int, tuple[Cell, int]] = {}
        while column < columns:
            if column in open_cells:
                cell, left = open_cells[column]
                placed.append(Placed(cell, column, begins=False))
                if left > 1:
                    still_open[column] = (cell, left - 1)
            else:
                following = next(waiting, None)
                if following is None:
                    raise TableShapeError(f"row {number} of {table.caption!r} has too few cells")
                cell = following
                if any(below in open_cells for below in range(column, column + cell.columns)):
                    raise TableShapeError(f"row {number} of {table.caption!r} has too wide a cell")
                placed.append(Placed(cell, column))
                if cell.rows > 1:
                    still_open[column] = (cell, cell.rows - 1)
            column += cell.columns
        if column != columns or next(waiting, None) is not None:
            raise TableShapeError(f"row {number} of {table.caption!r} has too many cells")
        open_cells = still_open
        result.append(placed)
    return result
