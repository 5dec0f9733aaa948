"""What a sheet of cells becomes: tables parted by empty rows, single lines as paragraphs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from zhunsheng.documents.reading.composing import Composer, DraftCell

MOST_CELLS: Final = 200_000
# a sheet with text in two far corners is not filled up with empty cells
_MOST_AREA: Final = 400_000


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell with text; `row` and `column` are 0-based in the sheet."""

    row: int
    column: int
    text: str
    hidden: bool = False
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """Merged cells, 0-based, last row and column included."""

    row: int
    column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class Sheet:
    """The cells of a sheet that have text, row by row, and its merged ranges."""

    title: str = ""
    cells: list[SheetCell] = field(default_factory=list)
    merged: list[Range] = field(default_factory=list)


def compose(composer: Composer, sheet: Sheet) -> None:
    """Put the tables and lines of a sheet."""
    corners = {(cell.row, cell.column) for cell in sheet.cells}
    merged = {
        (each.row, each.column): each
        for each in sheet.merged
        if (each.row, each.column) in corners and each.last_row >= each.row
    }
    for group in _groups(sheet.cells, merged):
        if _is_lines(group):
            for cell in group:
                composer.paragraph(cell.text)
        else:
            _table(composer, sheet.title, group, merged)


def _groups(cells: Sequence[SheetCell], merged: dict[tuple[int, int], Range]) -> Iterator[list[SheetCell]]:
    """Cells in rows without an empty row between them; merged cells reach over the rows they cover."""
    group: list[SheetCell] = []
    reach = -1
    for cell in cells:
        if group and cell.row > reach + 1:
            yield group
            group = []
        group.append(cell)
        own = merged.get((cell.row, cell.column))
        reach = max(reach, cell.row, own.last_row if own else 0)
    if group:
        yield group


def _is_lines(group: Sequence[SheetCell]) -> bool:
    """Whether no row has more than one cell with text."""
    return len({cell.row for cell in group}) == len(group)


def _table(
    composer: Composer, title: str, group: Sequence[SheetCell], merged: dict[tuple[int, int], Range]
) -> None:
    top, bottom = group[0].row, max(cell.row for cell in group)
    left, right = min(cell.column for cell in group), max(cell.column for cell in group)
    rows, columns = bottom - top + 1, right - left + 1
    drafts: list[DraftCell] = []
    covered: set[tuple[int, int]] = set()
    budget = _MOST_AREA
    for cell in group:
        own = merged.get((cell.row, cell.column))
        row_span = min(own.last_row, bottom) - cell.row + 1 if own else 1
        column_span = min(own.last_column, right) - cell.column + 1 if own else 1
        if row_span * column_span > 1:
            budget -= row_span * column_span
            if budget < 0:
                row_span = column_span = 1
            else:
                covered.update(
                    (row, column)
                    for row in range(cell.row, cell.row + row_span)
                    for column in range(cell.column, cell.column + column_span)
                )
        drafts.append(
            DraftCell(
                cell.row - top,
                cell.column - left,
                cell.text,
                row_span,
                column_span,
                hidden=cell.hidden,
                formula=cell.formula,
            )
        )
    if rows * columns <= min(_MOST_AREA, 20 * len(group) + 2_000):
        filled = {(cell.row, cell.column) for cell in group} | covered
        drafts.extend(_empty(top, left, rows, columns, filled))
        drafts.sort(key=lambda draft: (draft.row, draft.column))
    composer.table(drafts, rows, columns, name=title)


def _empty(top: int, left: int, rows: int, columns: int, filled: set[tuple[int, int]]) -> Iterable[DraftCell]:
    for row in range(rows):
        for column in range(columns):
            if (row + top, column + left) not in filled:
                yield DraftCell(row, column, "")
