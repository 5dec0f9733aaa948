"""The reading order of a page: columns of running text one after the other, tables in their place."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from zhunsheng.documents.reading.page_ink import Line, Token, lines_of
from zhunsheng.documents.reading.page_tables import PlacedTable

_FEWEST_LINES: Final = 4
_GUTTER: Final = 0.7
_FILLED: Final = 0.72
_NARROWEST: Final = 7
_MOST_COLUMNS: Final = 4
_EDGE: Final = 1.5


@dataclass(slots=True)
class Column:
    """A run of lines that belong together.

    Attributes:
        left, right: where its text begins and ends.
        whole: whether it takes the whole width of the page.
    """

    lines: list[Line]
    left: float
    right: float
    whole: bool


Item = Column | PlacedTable


def reading_order(tokens: Sequence[Token], tables: Sequence[PlacedTable]) -> list[Item]:
    """The columns and tables of a page in the order in which they are read."""
    outer = sorted((each for each in tables if each.holder is None), key=lambda each: each.box.top)
    found: list[Item] = []
    bands: list[list[Token]] = [[] for _ in range(len(outer) + 1)]
    for token in tokens:
        middle = (token.word.top + token.word.bottom) / 2
        above = sum(each.box.top + (each.box.bottom - each.box.top) / 2 <= middle for each in outer)
        bands[above].append(token)
    for index, band in enumerate(bands):
        found.extend(_columns(band, _MOST_COLUMNS, whole=True))
        if index < len(outer):
            found.append(outer[index])
            found.extend(each for each in tables if each.holder is outer[index])
    return found


def has_columns(tokens: Sequence[Token]) -> bool:
    """Whether running text stands in columns beside each other."""
    return bool(tokens) and _divided(lines_of(tokens)) is not None


def _columns(tokens: Sequence[Token], most: int, *, whole: bool) -> list[Column]:
    if not tokens:
        return []
    lines = lines_of(tokens)
    parts = _divided(lines) if most > 1 else None
    if parts is None:
        return [_column(lines, whole=whole)]
    before, left, right, after = parts
    return [
        *_columns(before, most, whole=whole),
        *_columns(left, most - 1, whole=False),
        *_columns(right, most - 1, whole=False),
        *_columns(after, most, whole=whole),
    ]


def _column(lines: list[Line], *, whole: bool) -> Column:
    return Column(lines, min(line.x0 for line in lines), max(line.x1 for line in lines), whole)


def _divided(
    lines: list[Line],
) -> tuple[list[Token], list[Token], list[Token], list[Token]] | None:
    """The words above, left of, right of and below the place where two columns stand beside each other."""
    segments = [segment for line in lines for segment in line.parts]
    if len(segments) < 2 * _FEWEST_LINES:
        return None
    starts = sorted({round(segment.x0, 0) for segment in segments})
    best: tuple[int, list[Line], float] | None = None
    for start in starts:
        near = sum(abs(segment.x0 - start) < _EDGE for segment in segments)
        if near < _FEWEST_LINES:
            continue
        run = _longest_run(segments, start)
        if run and _is_prose(run, start) and (best is None or len(run) > best[0]):
            best = (len(run), run, start)
    if best is None:
        return None
    _, run, start = best
    top, bottom = min(each.top for each in run), max(each.bottom for each in run)
    inside = {id(token) for segment in run for token in segment.tokens}
    parts: tuple[list[Token], list[Token], list[Token], list[Token]] = ([], [], [], [])
    for segment in segments:
        for token in segment.tokens:
            middle = (token.word.top + token.word.bottom) / 2
            if id(token) in inside:
                parts[1 if token.word.x0 < start - _EDGE else 2].append(token)
            else:
                parts[0 if middle < (top + bottom) / 2 else 3].append(token)
    return parts


def _longest_run(segments: list[Line], start: float) -> list[Line]:
    """The longest run of lines, from top to bottom, none of which reaches over the gutter left of `start`."""
    best: list[Line] = []
    run: list[Line] = []
    for segment in sorted(segments, key=lambda each: (each.top, each.x0)):
        # all of it right of the gutter, or all of it left
        if not (segment.x0 >= start - _EDGE or segment.x1 <= start - _GUTTER * segment.size):
            if len(run) > len(best):
                best = run
            run = []
        else:
            run.append(segment)
    return run if len(run) > len(best) else best


def _is_prose(run: list[Line], start: float) -> bool:
    """Whether both sides are running text: many lines, most of them as wide as their column."""
    left = [each for each in run if each.x0 < start - _EDGE]
    right = [each for each in run if each.x0 >= start - _EDGE]
    for side in (left, right):
        if len(side) < _FEWEST_LINES:
            return False
        width = max(each.x1 for each in side) - min(each.x0 for each in side)
        size = median(each.size for each in side)
        if width < _NARROWEST * size or median(each.x1 - each.x0 for each in side) < _FILLED * width:
            return False
        if any(after.top - before.top < 0.3 * size for before, after in pairwise(side)):
            return False
    overlap = min(left[-1].bottom, right[-1].bottom) - max(left[0].top, right[0].top)
    return overlap > 2 * left[0].size
