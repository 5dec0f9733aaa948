"""Tables drawn with ruling lines: from the lines of a page to grids of cells."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from zhunsheng.documents.reading.page_content import Rule

# points
_SAME: Final = 3.0
_JOIN: Final = 4.0
_SHORTEST: Final = 5.0
_OPEN_SIDE: Final = 12.0
_MOST_LINES: Final = 1_500
_MOST_ATOMS: Final = 40_000
# the part of a cell's side that must be drawn
_DRAWN: Final = 0.55


@dataclass(frozen=True, slots=True)
class Box:
    """A region of a page."""

    x0: float
    top: float
    x1: float
    bottom: float

    def holds(self, x: float, y: float, slack: float = 0.0) -> bool:
        """Whether a point lies inside."""
        return self.x0 - slack <= x <= self.x1 + slack and self.top - slack <= y <= self.bottom + slack

    @property
    def area(self) -> float:
        """Its area."""
        return max(self.x1 - self.x0, 0) * max(self.bottom - self.top, 0)


@dataclass(frozen=True, slots=True)
class Seat:
    """A cell of a grid: its place, how far it reaches, and where it stands on the page."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid of cells.

    Attributes:
        xs: the boundaries of its columns, one more than there are columns.
        ys: the boundaries of its rows.
        seats: its cells, row by row.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    seats: tuple[Seat, ...]

    @property
    def box(self) -> Box:
        """The region it takes."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A straight line at `at`, from `start` to `end` along its direction."""

    at: float
    start: float
    end: float


def horizontal_strokes(rules: Sequence[Rule]) -> list[tuple[float, float, float]]:
    """The horizontal lines of a page as (y, from x, to x), pieces joined."""
    level = [_Stroke((r.top + r.bottom) / 2, r.x0, r.x1) for r in rules if r.horizontal]
    return [(each.at, each.start, each.end) for each in _joined(level)]


def grids(rules: Sequence[Rule]) -> list[Grid]:
    """The grids that the ruling lines of a page make, from top to bottom; single boxes are not grids."""
    level = _joined([_Stroke((r.top + r.bottom) / 2, r.x0, r.x1) for r in rules if r.horizontal])
    upright = _joined([_Stroke((r.x0 + r.x1) / 2, r.top, r.bottom) for r in rules if not r.horizontal])
    if len(level) > _MOST_LINES or len(upright) > _MOST_LINES:
        return []
    found = []
    for rows, columns in _groups(level, upright):
        grid = _grid(rows, columns)
        if grid is not None and len(grid.seats) > 1:
            found.append(grid)
    return sorted(found, key=lambda each: (each.box.top, each.box.x0))


def _joined(strokes: list[_Stroke]) -> list[_Stroke]:
    """Strokes on one line joined where they meet, short pieces left out."""
    found: list[_Stroke] = []
    strokes.sort(key=lambda each: (each.at, each.start))
    index = 0
    while index < len(strokes):
        # all strokes within reach of the first one of a line
        last = index
        while last < len(strokes) and strokes[last].at - strokes[index].at <= _SAME:
            last += 1
        line = sorted(strokes[index:last], key=lambda each: each.start)
        index = last
        total = sum((each.end - each.start) or 0.01 for each in line)
        at = sum(each.at * ((each.end - each.start) or 0.01) for each in line) / total
        start, end = line[0].start, line[0].end
        for each in line[1:]:
            if each.start - end <= _JOIN:
                end = max(end, each.end)
            else:
                found.append(_Stroke(at, start, end))
                start, end = each.start, each.end
        found.append(_Stroke(at, start, end))
    return [each for each in found if each.end - each.start >= _SHORTEST]


def _groups(level: list[_Stroke], upright: list[_Stroke]) -> list[tuple[list[_Stroke], list[_Stroke]]]:
    """Lines that hang together by crossing or touching."""
    parent = list(range(len(level) + len(upright)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    positions = [each.at for each in upright]
    order = sorted(range(len(upright)), key=positions.__getitem__)
    positions.sort()
    for number, row in enumerate(level):
        first = bisect_left(positions, row.start - _JOIN)
        last = bisect_right(positions, row.end + _JOIN)
        for place in order[first:last]:
            column = upright[place]
            if column.start - _JOIN <= row.at <= column.end + _JOIN:
                parent[root(number)] = root(len(level) + place)
    groups: dict[int, tuple[list[_Stroke], list[_Stroke]]] = {}
    for number, row in enumerate(level):
        groups.setdefault(root(number), ([], []))[0].append(row)
    for number, column in enumerate(upright):
        groups.setdefault(root(len(level) + number), ([], []))[1].append(column)
    return [each for each in groups.values() if len(each[0]) > 1 and each[1]]


def _positions(values: list[float]) -> list[float]:
    found: list[list[float]] = []
    for value in sorted(values):
        if found and value - found[-1][0] <= _JOIN:
            found[-1].append(value)
        else:
            found.append([value])
    return [sum(each) / len(each) for each in found]


def _grid(level: list[_Stroke], upright: list[_Stroke]) -> Grid | None:
    level, upright = list(level), list(upright)
    left, right = min(each.start for each in level), max(each.end for each in level)
    top, bottom = min(each.start for each in upright), max(each.end for each in upright)
    # sides that are not drawn: tables open at the left and right are common
    first, last = min(each.at for each in upright), max(each.at for each in upright)
    low, high = min(each.at for each in level), max(each.at for each in level)
    if first - left > _OPEN_SIDE:
        upright.append(_Stroke(left, low, high))
    if right - last > _OPEN_SIDE:
        upright.append(_Stroke(right, low, high))
    if low - top > _OPEN_SIDE:
        level.append(_Stroke(top, min(left, first), max(right, last)))
    if bottom - high > _OPEN_SIDE:
        level.append(_Stroke(bottom, min(left, first), max(right, last)))
    xs = _positions([each.at for each in upright])
    ys = _positions([each.at for each in level])
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 1 or rows * columns > _MOST_ATOMS:
        return None
    return Grid(tuple(xs), tuple(ys), tuple(_seats(xs, ys, level, upright)))


def _drawn(strokes: list[_Stroke], at: list[float], along: list[float]) -> list[list[bool]]:
    """For each position `at`, which of the stretches between the positions `along` are drawn."""
    length = [[0.0] * (len(along) - 1) for _ in at]
    for stroke in strokes:
        line = min(range(len(at)), key=lambda index: abs(at[index] - stroke.at))
        first = max(bisect_left(along, stroke.start) - 1, 0)
        for place in range(first, len(along) - 1):
            if along[place] >= stroke.end:
                break
            length[line][place] += max(min(stroke.end, along[place + 1]) - max(stroke.start, along[place]), 0)
    return [
        [length[line][place] >= _DRAWN * (along[place + 1] - along[place]) for place in range(len(along) - 1)]
        for line in range(len(at))
    ]


def _seats(xs: list[float], ys: list[float], level: list[_Stroke], upright: list[_Stroke]) -> list[Seat]:
    rows, columns = len(ys) - 1, len(xs) - 1
    across, down = _drawn(level, ys, xs), _drawn(upright, xs, ys)
    taken = [[False] * columns for _ in range(rows)]
    found: list[Seat] = []
    for row in range(rows):
        for column in range(columns):
            if taken[row][column]:
                continue
            width = 1
            while (
                column + width < columns and not taken[row][column + width] and not down[column + width][row]
            ):
                width += 1
            height = 1
            while row + height < rows and _goes_on(row + height, column, width, across, down, taken):
                height += 1
            for each in range(row, row + height):
                taken[each][column : column + width] = [True] * width
            box = Box(xs[column], ys[row], xs[column + width], ys[row + height])
            found.append(Seat(row, column, height, width, box))
    return found


def _goes_on(
    row: int,
    column: int,
    width: int,
    across: list[list[bool]],
    down: list[list[bool]],
    taken: list[list[bool]],
) -> bool:
    """Whether a cell reaches into a row: no line above it there, none within, and its sides are the same."""
    places = range(column, column + width)
    if any(taken[row][place] or across[row][place] for place in places):
        return False
    if any(down[place][row] for place in places[1:]):
        return False
    at_left = column == 0 or down[column][row]
    at_right = column + width == len(down) - 1 or down[column + width][row]
    return at_left and at_right
