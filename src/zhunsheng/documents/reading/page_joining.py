"""Tables that go on over several pages, joined again."""

from dataclasses import replace
from typing import Final

from zhunsheng.documents.reading.page_ink import spaced
from zhunsheng.documents.reading.page_tables import PlacedCell, PlacedTable

_CLOSE: Final = 5.0
_NEAR: Final = 25.0
_MOST_HEADER_ROWS: Final = 6
_ENDS: Final = "。；！？"


def goes_on(table: PlacedTable, after: PlacedTable) -> bool:
    """Whether a table at the beginning of a page continues the one at the end of the page before."""
    if table.holder is not None or after.holder is not None or after.page != table.last_page + 1:
        return False
    if table.page_width and abs(table.page_width - after.page_width) > _CLOSE:
        return False
    width, other = table.xs[-1] - table.xs[0], after.xs[-1] - after.xs[0]
    if abs(width - other) > max(_CLOSE, 0.02 * width):
        return False
    if not table.ruled or not after.ruled:
        return table.ruled == after.ruled and _lines(table, after) is not None
    return _lines(table, after) is not None


def join(table: PlacedTable, after: PlacedTable) -> int:
    """Put the rows of `after` under those of `table`; answers with how many header rows it repeated."""
    lines = _lines(table, after)
    if lines is None:
        raise ValueError("the tables do not fit")
    _recolumn(table, table.xs, lines, shift=0.0)
    _recolumn(after, after.xs, lines, shift=table.xs[0] - after.xs[0])
    repeated = _repeated_rows(table, after)
    own = [cell for cell in after.cells if cell.row >= repeated]
    shift = table.rows - repeated
    moved = [replace(cell, row=cell.row + shift) for cell in own]
    moved = _without_torn(table, moved)
    rest = len({cell.row for cell in moved})
    if not moved:
        rest = 0
    elif min(cell.row for cell in moved) > table.rows:
        moved = [replace(cell, row=cell.row - 1) for cell in moved]
        shift -= 1
    table.cells.extend(moved)
    table.rows = (
        max([table.rows, *(cell.row + cell.row_span for cell in table.cells)]) if rest else table.rows
    )
    table.last_page = after.page
    table.box = after.box
    return repeated


def _lines(table: PlacedTable, after: PlacedTable) -> tuple[float, ...] | None:
    """The column boundaries of both, or None when neither has all those of the other."""
    if not table.ruled:
        near = len(table.xs) == len(after.xs) and all(
            abs(a - b) < _NEAR for a, b in zip(table.xs, after.xs, strict=True)
        )
        return table.xs if near else None
    shift = table.xs[0] - after.xs[0]
    other = tuple(each + shift for each in after.xs)
    if _holds(table.xs, other):
        return table.xs
    if _holds(other, table.xs):
        return other
    return None


def _holds(lines: tuple[float, ...], others: tuple[float, ...]) -> bool:
    return all(any(abs(line - other) <= _CLOSE for line in lines) for other in others)


def _recolumn(table: PlacedTable, own: tuple[float, ...], lines: tuple[float, ...], shift: float) -> None:
    """Number the columns of a table by the boundaries `lines`."""
    if len(own) == len(lines):
        return
    places = [min(range(len(lines)), key=lambda index: abs(lines[index] - line - shift)) for line in own]
    for cell in table.cells:
        first, last = places[cell.column], places[cell.column + cell.column_span]
        cell.column, cell.column_span = first, max(last - first, 1)
    table.xs = tuple(line - shift for line in lines)


def _repeated_rows(table: PlacedTable, after: PlacedTable) -> int:
    count = 0
    while count < min(_MOST_HEADER_ROWS, after.rows - 1, table.rows):
        first = table.row_texts(count)
        if first != after.row_texts(count):
            break
        count += 1
    # rows without words, or cells that reach below the repeated rows, are no proof
    while count and not any(text for row in range(count) for *_, text in after.row_texts(row)):
        count = 0
    while count and any(cell.row < count < cell.row + cell.row_span for cell in after.cells):
        count -= 1
    return count


def _without_torn(table: PlacedTable, moved: list[PlacedCell]) -> list[PlacedCell]:
    """The rows without a first one that is only the rest of the row before, which takes its words."""
    first = [cell for cell in moved if cell.row == table.rows and cell.ink]
    above = {
        (cell.column, cell.column_span): cell
        for cell in table.cells
        if cell.row + cell.row_span == table.rows
    }
    spans_down = any(cell.row_span > 1 for cell in moved if cell.row == table.rows)
    pairs = [(above.get((cell.column, cell.column_span)), cell) for cell in first]
    known = [(upper, cell) for upper, cell in pairs if upper is not None]
    if not first or spans_down or len(known) < len(pairs) or not _is_torn(known):
        return _with_reaching(table, moved)
    for cell in first:
        upper = above[cell.column, cell.column_span]
        upper.ink = upper.ink + spaced("") + cell.ink
    return [cell for cell in moved if cell.row > table.rows]


def _is_torn(pairs: list[tuple[PlacedCell, PlacedCell]]) -> bool:
    """Whether a row is the rest of the one above: a sentence breaks off, and nothing complete is repeated.

    A cell of one line or a figure is complete, so a row that has something below it is a row of its own.
    """
    torn = False
    for upper, cell in pairs:
        if len(upper.lines) < 2 or _is_figure(cell.text) or _is_figure(upper.text):
            return False
        last = upper.lines[-1]
        full = upper.box.x1 - last.x1 <= 1.7 * last.size
        torn = torn or (full and upper.text[-1] not in _ENDS)
    return torn


def _with_reaching(table: PlacedTable, moved: list[PlacedCell]) -> list[PlacedCell]:
    """Let cells that reach over several rows reach on over the page end, where the rest of them is empty."""
    above = {
        (cell.column, cell.column_span): cell
        for cell in table.cells
        if cell.row + cell.row_span == table.rows and cell.ink and cell.row_span > 1
    }
    kept = []
    for cell in moved:
        upper = above.get((cell.column, cell.column_span)) if cell.row == table.rows else None
        same = upper is not None and "".join(cell.text.split()) in {"", "".join(upper.text.split())}
        if upper is not None and same and cell.row_span > 1:
            upper.row_span += cell.row_span
        else:
            kept.append(cell)
    return kept


def _is_figure(text: str) -> bool:
    return not any(each.isalpha() for each in text)
