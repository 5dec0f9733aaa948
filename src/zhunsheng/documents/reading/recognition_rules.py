"""Ruling lines of a page picture, the cells they enclose, and the picture without them.

All lengths are pixels; `inch` is how many pixels an inch has.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from zhunsheng.documents.reading.recognition_models import Picture, picture_of

# shares of an inch
_SHORTEST_ACROSS: Final = 0.35
_SHORTEST_DOWN: Final = 0.11
# longer than the strokes of any but the largest headline
_FREE_ACROSS: Final = 1.0
_HANGING_DOWN: Final = 0.6
_FREE_DOWN: Final = 1.5
# pieces of one line; characters that stand above each other come closer than pieces of a broken line
_APART_ACROSS: Final = 0.08
_APART_DOWN: Final = 0.03
_THICKEST: Final = 0.05
# gaps that are closed: horizontal lines may be broken, downwards a character may stand near a line
_GAP_ACROSS: Final = 0.025
_GAP_DOWN: Final = 0.01
# how far from the middle of a line a stroke that runs into it may end
_CLEAR: Final = 0.012
_REACH: Final = 0.04
_CONTRAST: Final = 20
_SMALLEST_CELL: Final = 0.06


@dataclass(frozen=True, slots=True)
class Stroke:
    """A ruling line as a thin box in pixels."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def x(self) -> float:
        """Middle of a vertical stroke."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        """Middle of a horizontal stroke."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, ends excluded."""

    x0: int
    top: int
    x1: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.bottom - self.top

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.x0 <= x < self.x1 and self.top <= y < self.bottom


@dataclass(frozen=True, slots=True)
class Ruling:
    """The ruling lines of a page.

    Attributes:
        across, down: horizontal and vertical lines, from top and from left.
        cells: rectangles fully enclosed by lines, from top, then from left.
        plain: the picture with the lines painted over by what is beside them.
    """

    across: tuple[Stroke, ...]
    down: tuple[Stroke, ...]
    cells: tuple[Box, ...]
    plain: Picture


def ink_of(picture: Picture, inch: float) -> Picture:
    """Where the picture is clearly darker than around: 255 there, 0 elsewhere."""
    around = max(3, round(inch / 4)) | 1
    return picture_of(
        cv2.adaptiveThreshold(
            picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, around, _CONTRAST
        )
    )


def ruling_of(picture: Picture, inch: float) -> Ruling:
    """Find the ruling lines of an upright grey picture."""
    ink = ink_of(picture, inch)
    across_mask, across = _strokes(ink, inch, _SHORTEST_ACROSS, level=True)
    down_mask, down = _strokes(ink, inch, _SHORTEST_DOWN, level=False)
    across = _joined(across, inch, _APART_ACROSS)
    down = [_turned(each) for each in _joined([_turned(each) for each in down], inch, _APART_DOWN)]
    reach = _REACH * inch
    # the strokes of characters are short and end in the open
    long_across = [each for each in across if each.x1 - each.x0 >= _FREE_ACROSS * inch]

    def is_down(stroke: Stroke) -> bool:
        ends = _ends_on_lines(stroke, long_across, inch)
        length = stroke.bottom - stroke.top
        return ends == 2 or length >= (_HANGING_DOWN if ends else _FREE_DOWN) * inch

    down = [each for each in down if is_down(each)]
    sides = [_turned(each) for each in down]
    across = [
        each
        for each in across
        if each.x1 - each.x0 >= _FREE_ACROSS * inch
        or (_meets(sides, each.y, each.x0, reach) and _meets(sides, each.y, each.x1, reach))
    ]
    across.sort(key=lambda each: (each.top, each.x0))
    down.sort(key=lambda each: (each.x0, each.top))
    plain = _painted_over(picture, inch, (across_mask, across), (down_mask, down))
    return Ruling(tuple(across), tuple(down), _cells(picture.shape, across, down, inch), plain)


def _strokes(ink: Picture, inch: float, shortest: float, *, level: bool) -> tuple[Picture, list[Stroke]]:
    """Thin long pieces of ink in one direction, and the pixels they cover."""
    length, gap = max(5, round(shortest * inch)), max(1, round((_GAP_ACROSS if level else _GAP_DOWN) * inch))

    def kernel(size: int) -> Picture:
        return np.ones((1, size) if level else (size, 1), np.uint8)

    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, kernel(gap))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, kernel(length))
    beside = np.ones((3, 1) if level else (1, 3), np.uint8)
    number, labels, figures, _ = cv2.connectedComponentsWithStats(cv2.dilate(opened, beside), connectivity=8)
    kept = np.zeros(number, np.uint8)
    strokes = []
    for index in range(1, number):
        x, y, width, height, _ = (int(each) for each in figures[index])
        thin, long = (height, width) if level else (width, height)
        if thin - 2 <= max(3.0, _THICKEST * inch) and long >= length:
            kept[index] = 255
            if level:
                strokes.append(Stroke(x, y + 1, x + width, max(y + 2, y + height - 1)))
            else:
                strokes.append(Stroke(x + 1, y, max(x + 2, x + width - 1), y + height))
    return kept[labels], strokes


def _turned(stroke: Stroke) -> Stroke:
    return Stroke(stroke.top, stroke.x0, stroke.bottom, stroke.x1)


def _joined(strokes: list[Stroke], inch: float, apart: float) -> list[Stroke]:
    """Horizontal strokes, pieces of one line made one."""
    aside, apart = max(2.0, 0.015 * inch), apart * inch
    joined: list[Stroke] = []
    for stroke in sorted(strokes, key=lambda each: (each.x0, each.top)):
        for index, other in enumerate(joined):
            if abs(other.y - stroke.y) <= aside and stroke.x0 - other.x1 <= apart:
                joined[index] = Stroke(
                    other.x0,
                    min(other.top, stroke.top),
                    max(other.x1, stroke.x1),
                    max(other.bottom, stroke.bottom),
                )
                break
        else:
            joined.append(stroke)
    return joined


def _ends_on_lines(stroke: Stroke, across: list[Stroke], inch: float) -> int:
    """How many ends of a vertical stroke run into a horizontal line.

    Characters in low rows come close to the lines but do not run into them.
    """
    slack, reach = _CLEAR * inch, _REACH * inch
    passing = [each for each in across if each.x0 - reach <= stroke.x <= each.x1 + reach]
    above = any(abs(each.y - stroke.top) <= reach and stroke.top <= each.y + slack for each in passing)
    below = any(abs(each.y - stroke.bottom) <= reach and stroke.bottom >= each.y - slack for each in passing)
    return above + below


def _meets(across: list[Stroke], x: float, y: float, reach: float) -> bool:
    """Whether some horizontal stroke passes a point."""
    return any(abs(each.y - y) <= reach and each.x0 - reach <= x <= each.x1 + reach for each in across)


def _painted_over(
    picture: Picture,
    inch: float,
    level: tuple[Picture, list[Stroke]],
    upright: tuple[Picture, list[Stroke]],
) -> Picture:
    size = max(5, round(_THICKEST * 2 * inch)) | 1
    plain = picture.copy()
    grow = np.ones((3, 3), np.uint8)
    for (mask, strokes), shape in ((level, (size, 1)), (upright, (1, size))):
        chosen = np.zeros_like(picture)
        for each in strokes:
            place = np.s_[round(each.top) : round(each.bottom) + 1, round(each.x0) : round(each.x1) + 1]
            chosen[place] = mask[place]
        chosen = picture_of(cv2.dilate(chosen, grow))
        # a dark line that is thinner than the kernel takes the brightness of its sides
        filled = cv2.morphologyEx(plain, cv2.MORPH_CLOSE, np.ones(shape, np.uint8))
        plain = np.where(chosen > 0, filled, plain)
    return plain


def _cells(shape: tuple[int, ...], across: list[Stroke], down: list[Stroke], inch: float) -> tuple[Box, ...]:
    """Rectangles enclosed on all sides."""
    if len(across) < 2 or len(down) < 2:
        return ()
    free = np.full((shape[0], shape[1]), 255, np.uint8)
    reach = round(_REACH * inch)
    for each in across:
        start, end = (round(each.x0) - reach, round(each.y)), (round(each.x1) + reach, round(each.y))
        cv2.line(free, start, end, (0.0,), 2)
    for each in down:
        start, end = (round(each.x), round(each.top) - reach), (round(each.x), round(each.bottom) + reach)
        cv2.line(free, start, end, (0.0,), 2)
    number, _, figures, _ = cv2.connectedComponentsWithStats(free, connectivity=4)
    least = _SMALLEST_CELL * inch
    boxes = []
    for index in range(1, number):
        x, y, width, height, area = (int(each) for each in figures[index])
        inside = x > 0 and y > 0 and x + width < shape[1] and y + height < shape[0]
        if inside and min(width, height) >= least and area >= 0.9 * width * height:
            boxes.append(Box(x, y, x + width, y + height))
    return tuple(sorted(boxes, key=lambda each: (each.top, each.x0)))
