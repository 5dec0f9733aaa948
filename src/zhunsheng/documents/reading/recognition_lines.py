"""Where lines of text stand on a page picture: never across a ruling line, cut at wide gaps.

All lengths are pixels of the upright page picture.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from zhunsheng.documents.reading.recognition_models import Models, Picture, picture_of
from zhunsheng.documents.reading.recognition_rules import Box, Ruling, ink_of

# longer side of the picture in which text is looked for
LONGEST: Final = 1280
_LIKELY: Final = 0.3
_SURE: Final = 0.5
# the network marks the core of a line; the line is larger by this share of area to outline
_LARGER: Final = 1.5
_MOST_LINES: Final = 1500
# shares of the line's height
_WIDE_GAP: Final = 1.5
_NEAR: Final = 0.35
_MARGIN: Final = 0.15
_SAME_LINE: Final = 0.6
# shares of an inch
_SPECK: Final = 0.012
_LOWEST: Final = 0.03
_TALLEST: Final = 0.6
_LONGEST_DASH: Final = 0.7
_DASHED_LINE: Final = 0.08


def find_lines(networks: Models, ruling: Ruling, inch: float) -> list[Box]:
    """Boxes of the lines of text, from top, then from left; each lies within one cell."""
    ink = _without_specks(ink_of(ruling.plain, inch), inch)
    found = [
        piece
        for whole in _marked(networks, ruling.plain)
        for part in _parted(whole, ruling)
        for piece in _fitted(part, ink, ruling)
    ]
    found = _merged(found)
    found.extend(_overlooked(found, ruling, ink, inch))
    found.sort(key=lambda each: (each.top, each.x0))
    return found[:_MOST_LINES]


def _marked(networks: Models, picture: Picture) -> Iterator[Box]:
    """Lines as the network sees them."""
    likely, scale = networks.find(picture, LONGEST)
    core = (likely > _LIKELY).astype(np.uint8)
    number, labels, figures, _ = cv2.connectedComponentsWithStats(core, connectivity=8)
    height, width = picture.shape
    sums = np.bincount(labels.ravel(), weights=likely.ravel(), minlength=number)
    for index in range(1, number):
        x, y, wide, high, area = (int(each) for each in figures[index])
        if min(wide, high) < 2 or sums[index] / area < _SURE:
            continue
        more = wide * high * _LARGER / (2 * (wide + high))
        box = Box(
            max(0, round((x - more) / scale)),
            max(0, round((y - more) / scale)),
            min(width, round((x + wide + more) / scale)),
            min(height, round((y + high + more) / scale)),
        )
        if box.width > 2 and box.height > 2:
            yield box


def _parted(box: Box, ruling: Ruling) -> list[Box]:
    """The box cut at the ruling lines that run through it."""
    middle = (box.top + box.bottom) / 2
    cuts = [
        stroke
        for stroke in ruling.down
        if box.x0 < stroke.x < box.x1 and stroke.top - 2 <= middle <= stroke.bottom + 2
    ]
    edges = [box.x0, *(round(stroke.x) for stroke in cuts), box.x1]
    parts = [Box(left, box.top, right, box.bottom) for left, right in pairwise(edges) if right - left > 2]
    return [piece for part in parts for piece in _parted_down(part, ruling)]


def _parted_down(box: Box, ruling: Ruling) -> list[Box]:
    middle = (box.x0 + box.x1) / 2
    edges = [
        box.top,
        *(
            round(stroke.y)
            for stroke in ruling.across
            if box.top < stroke.y < box.bottom and stroke.x0 <= middle <= stroke.x1
        ),
        box.bottom,
    ]
    # what a line only touches is a margin, not a line of text
    least = 0.3 * box.height
    return [Box(box.x0, top, box.x1, bottom) for top, bottom in pairwise(edges) if bottom - top > least]


def _fitted(box: Box, ink: Picture, ruling: Ruling) -> list[Box]:
    """The box drawn to the ink in it, and cut where the gap is too wide for one line."""
    height = box.height
    left, right = _room(box, ruling, ink.shape[1])
    columns = _filled(ink[box.top : box.bottom, left:right], axis=0)
    start, end = box.x0 - left, box.x1 - left
    runs = list(_runs(columns))
    near = max(2, round(_NEAR * height))
    inside = [run for run in runs if run[1] > start and run[0] < end]
    if not inside:
        return []
    # characters at the ends that the network left out
    for run in runs[runs.index(inside[-1]) + 1 :]:
        if run[0] - inside[-1][1] > near:
            break
        inside.append(run)
    for run in reversed(runs[: runs.index(inside[0])]):
        if inside[0][0] - run[1] > near:
            break
        inside.insert(0, run)
    wide = _WIDE_GAP * _ink_height(ink[box.top : box.bottom, left + inside[0][0] : left + inside[-1][1]])
    groups = [[inside[0]]]
    for run in inside[1:]:
        if run[0] - groups[-1][-1][1] > wide:
            groups.append([run])
        else:
            groups[-1].append(run)
    margin = max(2, round(_MARGIN * height))
    return [
        Box(
            max(left, left + group[0][0] - margin),
            box.top,
            min(right, left + group[-1][1] + margin),
            box.bottom,
        )
        for group in groups
    ]


def _room(box: Box, ruling: Ruling, width: int) -> tuple[int, int]:
    """How far to the left and right the box may grow."""
    reach = round(box.height * 1.2)
    middle = (box.top + box.bottom) / 2
    centre = (box.x0 + box.x1) / 2
    left, right = max(0, box.x0 - reach), min(width, box.x1 + reach)
    for stroke in ruling.down:
        if stroke.top - 2 <= middle <= stroke.bottom + 2:
            if stroke.x < centre:
                left = max(left, round(stroke.x1) + 1)
            else:
                right = min(right, round(stroke.x0))
    return min(left, box.x0), max(right, box.x1)


def _merged(boxes: list[Box]) -> list[Box]:
    """Pieces of the same line that have grown into each other made one."""
    merged: list[Box] = []
    for box in sorted(boxes, key=lambda each: (each.x0, each.top)):
        for index, other in enumerate(merged):
            shared = min(box.bottom, other.bottom) - max(box.top, other.top)
            if box.x0 < other.x1 and shared > _SAME_LINE * min(box.height, other.height):
                merged[index] = Box(
                    other.x0,
                    min(box.top, other.top),
                    max(box.x1, other.x1),
                    max(box.bottom, other.bottom),
                )
                break
        else:
            merged.append(box)
    return merged


def _overlooked(found: list[Box], ruling: Ruling, ink: Picture, inch: float) -> Iterator[Box]:
    """Lines in cells with ink that no line was found for: mostly single digits."""
    margin = max(2, round(0.02 * inch))
    for cell in ruling.cells:
        inner = Box(cell.x0 + margin, cell.top + margin, cell.x1 - margin, cell.bottom - margin)
        if inner.width < 4 or inner.height < 4:
            continue
        if any(inner.holds((box.x0 + box.x1) / 2, (box.top + box.bottom) / 2) for box in found):
            continue
        part = ink[inner.top : inner.bottom, inner.x0 : inner.x1]
        for top, bottom in _runs(_filled(part, axis=1)):
            high = bottom - top
            if high < _LOWEST * inch:
                # a dash; its line is about as high as the dash is long
                columns = np.flatnonzero(_filled(part[top:bottom], axis=0))
                wide = int(columns[-1] - columns[0]) + 1
                if not max(2 * high, _LOWEST * inch) <= wide <= _LONGEST_DASH * inch:
                    continue
                more = max(3, round(min(_DASHED_LINE * inch, 0.6 * wide)))
            elif high > _TALLEST * inch:
                continue
            else:
                more = max(3, round(0.2 * high))
            rough = Box(
                inner.x0,
                max(inner.top, inner.top + top - more),
                inner.x1,
                min(inner.bottom, inner.top + bottom + more),
            )
            yield from _fitted(rough, ink, ruling)


def _without_specks(ink: Picture, inch: float) -> Picture:
    number, labels, figures, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    kept = np.zeros(number, np.uint8)
    kept[1:] = np.where(figures[1:, cv2.CC_STAT_AREA] >= max(2.0, (_SPECK * inch) ** 2), 255, 0)
    return picture_of(kept[labels])


def _filled(ink: Picture, *, axis: int) -> npt.NDArray[np.bool_]:
    return np.asarray(ink.max(axis=axis) > 0)


def _runs(filled: npt.NDArray[np.bool_]) -> Iterable[tuple[int, int]]:
    """Beginnings and ends (excluded) of the stretches that are true."""
    changes = np.flatnonzero(np.diff(np.concatenate(([False], filled, [False])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in zip(changes[::2], changes[1::2], strict=True)]


def _ink_height(ink: Picture) -> int:
    rows = np.flatnonzero(_filled(ink, axis=1))
    return int(rows[-1] - rows[0]) + 1 if rows.size else 1
