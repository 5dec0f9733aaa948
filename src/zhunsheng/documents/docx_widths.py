"""Column widths of a Word table in twips: as the table asks, but never so narrow that a number breaks."""

import re
from collections.abc import Sequence

from zhunsheng.documents.docx_styles import twips
from zhunsheng.reports.grid import Placed
from zhunsheng.reports.tree import plain_text

PADDING = 70  # left and right in a cell
_NUMBER = re.compile(r"[-+−]?\d[\d,.]*%?")
_LONGEST = 20  # longer runs of digits are codes, which may break
_LEAST = 2  # characters of a text in one line
_SLACK = 10
# widths in Times New Roman, in parts of the type size
_DIGIT = 0.5
_WIDTHS = {",": 0.25, ".": 0.25, "%": 0.84, "+": 0.57, "-": 0.34, "−": 0.57}


def column_widths(relative: Sequence[int], width: int) -> list[int]:
    """Widths in twips in the given proportions that sum to `width`."""
    total = sum(relative)
    widths = [part * width // total for part in relative]
    widths[-1] += width - sum(widths)
    return widths


def fitted_widths(
    relative: Sequence[int], width: int, rows: Sequence[Sequence[Placed]], size: float
) -> list[int] | None:
    """Widths that sum to `width`; columns too narrow for their numbers take room from the others.

    Args:
        rows: all rows of the table.
        size: type size in points.

    Returns:
        None when there is no room for all numbers at this size.
    """
    wanted = column_widths(relative, width)
    needed = _needed(len(relative), rows, size)
    lacking = sum(max(0, need - has) for has, need in zip(wanted, needed, strict=True))
    if not lacking:
        return wanted
    if sum(needed) > width:
        return None
    spare = [max(0, has - need) for has, need in zip(wanted, needed, strict=True)]
    fitted = [
        max(has, need) - -(-lacking * free // sum(spare))
        for has, need, free in zip(wanted, needed, spare, strict=True)
    ]
    fitted[spare.index(max(spare))] += width - sum(fitted)
    return fitted


def _needed(columns: int, rows: Sequence[Sequence[Placed]], size: float) -> list[int]:
    needed = [2 * PADDING] * columns
    for row in rows:
        for placed in row:
            if placed.begins and placed.cell.columns == 1:
                room = round(twips(size) * _unbreakable(plain_text(placed.cell.runs))) + 2 * PADDING + _SLACK
                needed[placed.column] = max(needed[placed.column], room)
    return needed


def _unbreakable(text: str) -> float:
    """Width in type sizes that a cell must have: its longest number, or two characters of its text."""
    numbers = [each for each in _NUMBER.findall(text) if len(each) <= _LONGEST]
    return max(
        [min(len(text), _LEAST), *(sum(_WIDTHS.get(char, _DIGIT) for char in each) for each in numbers)]
    )
