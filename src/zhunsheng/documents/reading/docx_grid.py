"""The grid of a Word table: which row and column each cell stands at, and how far it reaches."""

from bisect import bisect_left
from dataclasses import dataclass

from zhunsheng.documents.reading.docx_nodes import CellNode, TableNode


@dataclass(slots=True)
class Placed:
    """A cell with its place. Columns are those that some cell begins at: empty divisions are left out."""

    node: CellNode
    row: int
    column: int
    row_span: int
    column_span: int
    header: bool


@dataclass(slots=True)
class Grid:
    """A table with its cells placed row by row.

    Attributes:
        covered: cells whose content is not shown because the cell above or left of them covers them.
    """

    rows: int
    columns: int
    cells: list[list[Placed]]
    covered: list[CellNode]


def grid(table: TableNode) -> Grid:
    """Place the cells of a table.

    A cell that continues a vertical merge belongs to the cell above that begins at the same column and
    is as wide; without such a cell it stands for itself.
    """
    rows: list[list[Placed]] = []
    covered: list[CellNode] = []
    # by column: the cell that a continuing cell below would belong to
    above: dict[int, Placed] = {}
    in_header = True
    for number, row in enumerate(table.rows):
        in_header = in_header and row.header
        column = row.before
        placed: list[Placed] = []
        below: dict[int, Placed] = {}
        for node in row.cells:
            if node.joins and placed:
                placed[-1].column_span += node.width
                covered.append(node)
                column += node.width
                continue
            upper = above.get(column) if node.continues else None
            if upper is not None and upper.column_span == node.width:
                upper.row_span += 1
                covered.append(node)
                below[column] = upper
            else:
                own = Placed(node, number, column, 1, node.width, in_header)
                placed.append(own)
                below[column] = own
            column += node.width
        above = below
        rows.append(placed)
    columns = _pack(rows)
    return Grid(len(rows), columns, rows, covered)


def _pack(rows: list[list[Placed]]) -> int:
    """Leave out the columns that no cell begins at; answers with the number of those that remain."""
    starts = sorted({cell.column for row in rows for cell in row} | {0})
    if not any(rows):
        return 0
    for row in rows:
        for cell in row:
            first = bisect_left(starts, cell.column)
            cell.column_span = max(1, bisect_left(starts, cell.column + cell.column_span) - first)
            cell.column = first
    return max(cell.column + cell.column_span for row in rows for cell in row)
