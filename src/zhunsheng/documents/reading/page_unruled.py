"""Tables without a drawn grid: words that stand under each other in columns, perhaps between long lines."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from zhunsheng.documents.reading.page_content import Rule
from zhunsheng.documents.reading.page_grid import Box, horizontal_strokes
from zhunsheng.documents.reading.page_ink import Ink, Line, Token, lines_of
from zhunsheng.documents.reading.page_tables import PlacedCell, PlacedTable, cell_ink, middle

_FEWEST_ROWS: Final = 3
_MOST_COLUMNS: Final = 40
_LONG_STROKE: Final = 90.0
_SAME_ENDS: Final = 6.0
_FAR: Final = 3.2
_LEADERS: Final = re.compile(r"…{2,}|[.．·]{5,}|(?:\. ){4,}")
_FIGURE: Final = re.compile(r"[-+−(（]?[\d,，]+(?:\.\d+)?[%％‰)）]?|[-—–/]+")
_SENTENCE: Final = re.compile(r"[。；].")
_LONG_TEXT: Final = 40


@dataclass(frozen=True, slots=True)
class Found:
    """Tables without a grid, and the words that belong to none."""

    tables: list[PlacedTable]
    outside: list[Token]


def unruled_tables(tokens: Sequence[Token], rules: Sequence[Rule], page: int, taken: Sequence[Box]) -> Found:
    """Find the tables among the words of a page that stand outside drawn grids.

    Args:
        rules: the ruling lines of the page.
        taken: the regions of drawn grids.
    """
    tables: list[PlacedTable] = []
    rest = list(tokens)
    for region, strokes in _lined_regions(rules, taken):
        inside = [token for token in rest if region.holds(*middle(token))]
        table = _table(lines_of(inside), page, strokes) if inside else None
        if table is not None:
            tables.append(table)
            rest = _without(rest, inside)
    for run in _aligned_runs(lines_of(rest), taken):
        table = _table(run, page, ())
        if table is not None and _has_figures(table):
            tables.append(table)
            rest = _without(rest, [token for line in run for token in line.tokens])
    return Found(tables, rest)


def _without(tokens: list[Token], gone: Sequence[Token]) -> list[Token]:
    numbers = {token.number for token in gone}
    return [token for token in tokens if token.number not in numbers]


def _lined_regions(rules: Sequence[Rule], taken: Sequence[Box]) -> list[tuple[Box, tuple[float, ...]]]:
    """Regions between long horizontal lines that begin and end at the same places."""
    strokes = [
        each
        for each in horizontal_strokes(rules)
        if each[2] - each[1] >= _LONG_STROKE
        and not any(box.holds((each[1] + each[2]) / 2, each[0], 4) for box in taken)
    ]
    groups: list[list[tuple[float, float, float]]] = []
    for stroke in sorted(strokes):
        for group in groups:
            if all(abs(a - b) <= _SAME_ENDS for a, b in zip(group[-1][1:], stroke[1:], strict=True)):
                group.append(stroke)
                break
        else:
            groups.append([stroke])
    found = []
    for group in groups:
        if len(group) < 2:
            continue
        tops = tuple(each[0] for each in group)
        box = Box(group[0][1] - 2, tops[0] - 1, group[0][2] + 2, tops[-1] + 1)
        if not any(box.holds(other.x0, other.top) for other in taken):
            found.append((box, tops))
    return found


def _aligned_runs(lines: list[Line], taken: Sequence[Box]) -> list[list[Line]]:
    """Runs of lines most of which have several parts standing under those of the line before."""
    runs: list[list[Line]] = []
    run: list[Line] = []

    def close() -> None:
        nonlocal run
        while run and len(run[-1].segments) < 2:
            run.pop()
        if sum(len(line.segments) > 1 for line in run) >= _FEWEST_ROWS:
            runs.append(run)
        run = []

    for line in lines:
        if run and (line.top - run[-1].bottom > _FAR * line.size or _parted(run[-1], line, taken)):
            close()
        if _LEADERS.search(line.text) or _is_prose(line):
            close()
            continue
        several = len(line.segments) > 1
        if not several and not run:
            continue
        if not several and len(run[-1].segments) < 2:
            close()
            continue
        run.append(line)
    close()
    return runs


def _parted(before: Line, after: Line, taken: Sequence[Box]) -> bool:
    return any(before.bottom <= box.top + 4 and box.bottom - 4 <= after.top for box in taken)


def _is_prose(line: Line) -> bool:
    return any(_SENTENCE.search(part.text) or len(part.text) > _LONG_TEXT for part in line.segments)


def _has_figures(table: PlacedTable) -> bool:
    """Whether a column beside the first is figures, as is to be asked of a table without any lines."""
    for column in range(1, table.columns):
        own = [cell.text for cell in table.cells if cell.column == column and cell.row and cell.ink]
        if len(own) >= _FEWEST_ROWS - 1 and sum(bool(_FIGURE.fullmatch(text)) for text in own) * 2 > len(own):
            return True
    return table.columns >= 3 and table.rows > _FEWEST_ROWS and _is_full(table)


def _is_full(table: PlacedTable) -> bool:
    return sum(bool(cell.ink) for cell in table.cells) * 4 >= 3 * len(table.cells)


def _parts(line: Line, strokes: Sequence[float]) -> tuple[Line, ...]:
    """The parts of a line; between long lines words that stand nearer count as parted, too."""
    return line.parts if strokes else line.segments


def _table(lines: list[Line], page: int, strokes: Sequence[float]) -> PlacedTable | None:
    """The table that some lines make; None when they stand in no columns."""
    several = [line for line in lines if len(_parts(line, strokes)) > 1]
    if len(several) < 2 or len(several) * 2 < len(lines) or len(lines) < 2:
        return None
    if any(_LEADERS.search(line.text) for line in lines):
        return None
    columns = _columns(several, strokes)
    if not 2 <= len(columns) <= _MOST_COLUMNS:
        return None
    rows = _rows(lines, columns, strokes)
    if len(rows) < (2 if strokes else _FEWEST_ROWS):
        return None
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    inner = [(before[1] + after[0]) / 2 for before, after in pairwise(columns)]
    xs = (left, *inner, right)
    cells = [
        cell for number, row in enumerate(rows) for cell in _cells(row, number, xs, columns, page, strokes)
    ]
    top, bottom = min(line.top for line in lines), max(line.bottom for line in lines)
    if strokes:
        top, bottom = min(top, strokes[0]), max(bottom, strokes[-1])
    box = Box(left, top, right, bottom)
    return PlacedTable(page, box, xs, len(rows), cells, ruled=False, last_page=page)


def _columns(several: list[Line], strokes: Sequence[float]) -> list[tuple[float, float]]:
    """From where to where each column reaches, by the lines with the usual number of parts."""
    counts = Counter(len(_parts(line, strokes)) for line in several)
    usual = max(counts, key=lambda each: (counts[each] * each, each))
    spans: list[tuple[float, float]] = sorted(
        (part.x0, part.x1)
        for line in several
        if len(_parts(line, strokes)) >= usual
        for part in _parts(line, strokes)
    )
    found: list[tuple[float, float]] = []
    for start, end in spans:
        if found and start <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _reach(part: Line, columns: list[tuple[float, float]]) -> tuple[int, int]:
    """The first and last column that a part of a line stands over."""
    over = [index for index, (start, end) in enumerate(columns) if part.x0 < end - 1 and start + 1 < part.x1]
    if over:
        return over[0], over[-1]
    centre = (part.x0 + part.x1) / 2
    nearest = min(range(len(columns)), key=lambda index: abs(sum(columns[index]) / 2 - centre))
    return nearest, nearest


def _rows(
    lines: list[Line], columns: list[tuple[float, float]], strokes: Sequence[float]
) -> list[list[Line]]:
    """Lines put together into rows: wrapped words go on in the row above."""
    bands = sorted(strokes)
    each_ruled = len(bands) > 3
    rows: list[list[Line]] = []
    band_of_last = -1
    for line in lines:
        centre = (line.top + line.bottom) / 2
        band = sum(each < centre for each in bands)
        same_band = band == band_of_last
        if rows and same_band and (each_ruled or _wraps(rows[-1], line, columns, strokes)):
            rows[-1].append(line)
        else:
            rows.append([line])
        band_of_last = band
    return rows


def _wraps(row: list[Line], line: Line, columns: list[tuple[float, float]], strokes: Sequence[float]) -> bool:
    """Whether a line is the rest of words that fill their column in the row above."""
    above = row[-1]
    if len(_parts(line, strokes)) >= len(_parts(above, strokes)) or line.top - above.top > 1.9 * line.size:
        return False
    for part in _parts(line, strokes):
        if _FIGURE.fullmatch(part.text):
            return False
        place = _reach(part, columns)
        upper = next((each for each in _parts(above, strokes) if _reach(each, columns) == place), None)
        if upper is None or upper.x1 < columns[place[1]][1] - 1.3 * line.size:
            return False
    return True


def _cells(
    row: list[Line],
    number: int,
    xs: tuple[float, ...],
    columns: list[tuple[float, float]],
    page: int,
    strokes: Sequence[float],
) -> list[PlacedCell]:
    top, bottom = min(line.top for line in row), max(line.bottom for line in row)

    def blank(place: int) -> PlacedCell:
        return PlacedCell(number, place, 1, 1, Ink(), page, Box(xs[place], top, xs[place + 1], bottom))

    parts: dict[tuple[int, int], list[Line]] = {}
    for line in row:
        for part in _parts(line, strokes):
            parts.setdefault(_reach(part, columns), []).append(part)
    found: list[PlacedCell] = []
    column = 0
    for first, last in sorted(parts):
        own = parts[first, last]
        if first < column:  # reaches over columns that the part before has taken
            found[-1].ink = found[-1].ink + cell_ink(own, found[-1].box)
            continue
        found.extend(blank(empty) for empty in range(column, first))
        box = Box(xs[first], top, xs[last + 1], bottom)
        ink = cell_ink(own, box)
        found.append(PlacedCell(number, first, 1, last - first + 1, ink, page, box, tuple(own)))
        column = last + 1
    found.extend(blank(empty) for empty in range(column, len(columns)))
    return found
