"""How much of a document is audited: enough for any report, and bounded for what is none."""

from dataclasses import replace

from zhunsheng.audit.document import Document, Table
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity

MOST_CELLS = 150_000
_TOO_MANY = Kind(
    "AUDIT-010",
    Severity.WARNING,
    "表格的单元格超过一次核对的上限",
    "把文件拆成几个再核对，或只保留需要核对的表。",
)


def within_bounds(document: Document) -> Document:
    """The document, its tables cut where they hold more cells than are audited; a problem says so."""
    cells = sum(len(table.cells) for table in document.tables)
    if cells <= MOST_CELLS:
        return document
    left = MOST_CELLS
    tables: list[Table] = []
    for table in document.tables:
        kept = table.cells[:left]
        left -= len(kept)
        tables.append(table if len(kept) == len(table.cells) else _cut(table, len(kept)))
    problem = _TOO_MANY.at(
        Place(file=document.name), f"表格共有 {cells} 个单元格，只核对了前 {MOST_CELLS} 个", value=cells
    )
    return replace(document, tables=tuple(tables), problems=(*document.problems, problem))


def _cut(table: Table, kept: int) -> Table:
    """The first cells of a table, whole rows only."""
    cells = table.cells[:kept]
    last = table.cells[kept].row
    whole = tuple(cell for cell in cells if cell.row < last)
    return replace(table, rows=max((cell.row + 1 for cell in whole), default=0), cells=whole)
