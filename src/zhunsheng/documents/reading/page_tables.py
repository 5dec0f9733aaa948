"""Tables of one page: grids filled with the words that stand in their cells."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from zhunsheng.documents.reading.page_grid import Box, Grid
from zhunsheng.documents.reading.page_ink import Ink, Line, Token, edges_of, joined, lines_of, spaced

_SLACK: Final = 1.5
# narrower divisions come from lines that do not quite meet
_NARROW: Final = 9.0
_MARK: Final = re.compile(
    r"[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|[①-⑳]|[一二三四五六七八九十]{1,3}、|\d{1,2}(?:[、．]|\.(?!\d))"
)
_ENDS: Final = "。；！？;"
_FIGURE: Final = re.compile(r"[-+−]?[\d,，.]+[%％]?")


@dataclass(slots=True)
class PlacedCell:
    """A cell with its words. `box` is its place on page `page`."""

    row: int
    column: int
    row_span: int
    column_span: int
    ink: Ink
    page: int
    box: Box
    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """Its words."""
        return self.ink.text


@dataclass(slots=True)
class PlacedTable:
    """A table of one page, later of several.

    Attributes:
        xs: the boundaries of its columns on its (last) page.
        box: its place on its (last) page.
        ruled: whether its grid is drawn.
        last_page: the page of its last row.
        holder: the table whose cell it stands in, or None.
    """

    page: int
    box: Box
    xs: tuple[float, ...]
    rows: int
    cells: list[PlacedCell]
    ruled: bool = True
    last_page: int = 0
    holder: "PlacedTable | None" = None
    page_width: float = 0.0

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.xs) - 1

    @property
    def is_empty(self) -> bool:
        """Whether no cell has words."""
        return not any(cell.ink for cell in self.cells)

    def row_texts(self, row: int) -> tuple[tuple[int, int, int, str], ...]:
        """What begins in a row: column, reach and words of each cell, without white space."""
        return tuple(
            (cell.column, cell.column_span, cell.row_span, "".join(cell.text.split()))
            for cell in self.cells
            if cell.row == row
        )


@dataclass(slots=True)
class Filled:
    """The tables of a page, and the words that stand outside them."""

    tables: list[PlacedTable] = field(default_factory=list)
    outside: list[Token] = field(default_factory=list)


def fill(grids: Sequence[Grid], tokens: Iterable[Token], page: int, *, cut: bool) -> Filled:
    """Put words into grids.

    Args:
        cut: whether words that reach over a drawn line are cut there (recognised words may).
    """
    found = Filled()
    taken: dict[int, list[Token]] = {}
    by_size = sorted(range(len(grids)), key=lambda index: grids[index].box.area)
    for token in tokens:
        x, y = middle(token)
        index = next((each for each in by_size if grids[each].box.holds(x, y, _SLACK)), None)
        if index is None:
            found.outside.append(token)
        else:
            taken.setdefault(index, []).append(token)
    placed: dict[int, PlacedTable] = {}
    for index, grid in enumerate(grids):
        if index not in taken:
            continue
        table = _filled(_simplified(grid), taken[index], page, cut=cut)
        table.holder = _holder(grid, grids, placed)
        placed[index] = table
        found.tables.append(table)
    return found


def middle(token: Token) -> tuple[float, float]:
    """The middle of a word."""
    word = token.word
    return (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2


def _holder(grid: Grid, grids: Sequence[Grid], placed: dict[int, PlacedTable]) -> PlacedTable | None:
    box = grid.box
    for index in sorted(placed, key=lambda each: grids[each].box.area):
        outer = grids[index].box
        if outer.area > box.area and outer.holds(box.x0, box.top, 1) and outer.holds(box.x1, box.bottom, 1):
            return placed[index]
    return None


def _simplified(grid: Grid) -> Grid:
    """The grid without slivers: narrow divisions that no cell takes alone."""
    return _without_slivers(_without_slivers(grid, columns=True), columns=False)


def _without_slivers(grid: Grid, *, columns: bool) -> Grid:
    lines = grid.xs if columns else grid.ys
    if len(lines) < 3:
        return grid
    alone = {
        seat.column if columns else seat.row
        for seat in grid.seats
        if (seat.column_span if columns else seat.row_span) == 1
    }
    number = [0]
    kept = [lines[0]]
    for place in range(len(lines) - 1):
        sliver = lines[place + 1] - lines[place] < _NARROW and place not in alone
        if not sliver:
            kept.append(lines[place + 1])
        number.append(number[-1] + (not sliver))
    if len(kept) == len(lines) or len(kept) < 2:
        return grid
    seats = []
    for seat in grid.seats:
        start = seat.column if columns else seat.row
        span = seat.column_span if columns else seat.row_span
        first, last = number[start], number[start + span]
        if last == first:
            continue
        seats.append(
            replace(seat, column=first, column_span=last - first)
            if columns
            else replace(seat, row=first, row_span=last - first)
        )
    seats.sort(key=lambda seat: (seat.row, seat.column))
    return Grid(tuple(kept) if columns else grid.xs, grid.ys if columns else tuple(kept), tuple(seats))


def _filled(grid: Grid, tokens: list[Token], page: int, *, cut: bool) -> PlacedTable:
    rows = len(grid.ys) - 1
    seat_at: dict[tuple[int, int], int] = {}
    for number, seat in enumerate(grid.seats):
        for row in range(seat.row, seat.row + seat.row_span):
            for column in range(seat.column, seat.column + seat.column_span):
                seat_at[row, column] = number
    contents: list[list[Token]] = [[] for _ in grid.seats]
    for token in tokens:
        _, y = middle(token)
        row = _division(grid.ys, y)
        for piece in _pieces(token, grid, row, seat_at) if cut else (token,):
            contents[_seat(piece, grid, row, seat_at)].append(piece)
    cells = []
    for seat, content in zip(grid.seats, contents, strict=True):
        lines = tuple(lines_of(content)) if content else ()
        ink = cell_ink(lines, seat.box)
        cells.append(
            PlacedCell(seat.row, seat.column, seat.row_span, seat.column_span, ink, page, seat.box, lines)
        )
    return PlacedTable(page, grid.box, grid.xs, rows, cells, last_page=page)


def _division(lines: Sequence[float], at: float) -> int:
    for place in range(len(lines) - 1):
        if at < lines[place + 1]:
            return place
    return len(lines) - 2


def _seat(token: Token, grid: Grid, row: int, seat_at: dict[tuple[int, int], int]) -> int:
    """The cell that a word belongs to; one too wide for its cell stays where it begins or ends."""
    word = token.word
    first, last = _division(grid.xs, word.x0 + 0.1), _division(grid.xs, word.x1 - 0.1)
    begin, end = seat_at[row, first], seat_at[row, last]
    if begin == end:
        return begin
    if _FIGURE.fullmatch(word.text):
        right = grid.seats[end].box.x1 - word.x1
        if right < word.size:
            return end
    elif word.x0 - grid.seats[begin].box.x0 < word.size:
        return begin
    best, most = begin, -1.0
    for column in range(first, last + 1):
        number = seat_at[row, column]
        box = grid.seats[number].box
        share = min(word.x1, box.x1) - max(word.x0, box.x0)
        if share > most:
            best, most = number, share
    return best


def _pieces(token: Token, grid: Grid, row: int, seat_at: dict[tuple[int, int], int]) -> Iterable[Token]:
    """A word cut where it reaches over the line between two cells, each with at least half a character."""
    word = token.word
    edges = edges_of(word)
    places: list[int] = []
    for before, after in pairwise(range(len(grid.xs) - 1)):
        line = grid.xs[after]
        if not word.x0 + word.size / 2 < line < word.x1 - word.size / 2:
            continue
        if seat_at[row, before] == seat_at[row, after]:
            continue
        place = min(range(1, len(word.text)), key=lambda index: abs(edges[index] - line), default=0)
        if place and (not places or place > places[-1]):
            places.append(place)
    if not places:
        return (token,)
    ends = [*places, len(word.text)]
    starts = [0, *places]
    return [token.cut(start, end) for start, end in zip(starts, ends, strict=True)]


def cell_ink(lines: Sequence[Line], box: Box) -> Ink:
    """The lines of a cell put together: wrapped text without a break, separate paragraphs with one."""
    if not lines:
        return Ink()
    found = [lines[0].ink]
    for before, after in pairwise(lines):
        found += [spaced(_between(before, after, box)), after.ink]
    return joined(found)


def _between(before: Line, after: Line, box: Box) -> str:
    size = max(before.size, after.size)
    full = box.x1 - before.x1 < 1.6 * size
    if after.top - before.top > 2.4 * size or _MARK.match(after.text):
        return "\n"
    last, first = before.text[-1], after.text[0]
    if last in _ENDS and not full:
        return "\n"
    if (last.isdigit() or last in ".,%％") and (first.isdigit() or first in ".,"):
        return "" if full else "\n"
    if last.isascii() and first.isascii() and last.isalnum() and first.isalnum():
        return " "
    return ""
