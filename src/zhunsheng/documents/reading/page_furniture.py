"""Page headers, footers and page numbers: what repeats at the edge of pages."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from zhunsheng.documents.reading.page_ink import Line

# the margin in which furniture is looked for, as a part of the height
_MARGIN: Final = 0.12
_MOST_LINES: Final = 3
_FEWEST_REPEATS: Final = 3
_STEP: Final = 8.0
_LEADING: Final = 0.8
_PAGE_NUMBER: Final = re.compile(
    r"[-—–－―·~〜\s]*(?:第\s*)?([0-9０-９]{1,4}|[ivxlcIVXLC]{1,7})\s*(?:页)?\s*"
    r"(?:[/／|]\s*(?:共\s*)?\d{1,4}\s*页?|[，,]?\s*共\s*\d{1,4}\s*页)?[-—–－―·~〜\s]*"
)
_SURE_NUMBER: Final = re.compile(
    r"[-—–－―]\s*\d{1,4}\s*[-—–－―]|第\s*\d{1,4}\s*页.*|\d{1,4}\s*[/／]\s*\d{1,4}(?:\s*页)?"
)


@dataclass(frozen=True, slots=True)
class PageEdge:
    """The lines at the edge of a page, outermost first, and all lines of the page after them."""

    page: int
    height: float
    top: tuple[Line, ...]
    bottom: tuple[Line, ...]
    lines: tuple[Line, ...]


def edge_of(page: int, height: float, lines: Sequence[Line], highest: float, lowest: float) -> PageEdge:
    """The lines of a page that may be furniture.

    Args:
        lines: the lines outside tables, from top to bottom.
        highest: where the first table begins; lines below it are no header.
        lowest: where the last table ends; lines above it are no footer.
    """
    margin = _MARGIN * height
    top = [line for line in lines if line.bottom < margin and line.bottom <= highest]
    bottom = [line for line in lines if line.top > height - margin and line.top >= lowest]
    return PageEdge(
        page, height, tuple(top[:_MOST_LINES]), tuple(reversed(bottom[-_MOST_LINES:])), tuple(lines)
    )


def furniture(edges: Sequence[PageEdge]) -> Mapping[int, tuple[frozenset[int], frozenset[int]]]:
    """For each page the identities of its header lines and of its footer lines."""
    counts: Counter[tuple[str, str, int]] = Counter()
    shifts: Counter[tuple[str, int]] = Counter()
    for edge in edges:
        for side, lines in (("top", edge.top), ("bottom", edge.bottom)):
            counts.update({_key(side, line, edge.height) for line in lines})
            shifts.update({(side, number - edge.page) for line in lines if (number := _number(line.text))})
    needed = min(_FEWEST_REPEATS, max(2, len(edges)))
    found: dict[int, tuple[frozenset[int], frozenset[int]]] = {}
    for edge in edges:
        sides = []
        for side, lines in (("top", edge.top), ("bottom", edge.bottom)):
            own: list[Line] = []
            for line in lines:
                if not (
                    _repeats(counts, side, line, edge.height, needed)
                    or _is_page_number(line, side, edge.page, shifts, needed)
                ):
                    break
                own.append(line)
            while own and _is_in_text(own[-1], edge, side) and not _SURE_NUMBER.fullmatch(own[-1].text):
                own.pop()
            sides.append(frozenset(map(id, own)))
        if any(sides):
            found[edge.page] = (sides[0], sides[1])
    return found


def _is_in_text(line: Line, edge: PageEdge, side: str) -> bool:
    """Whether a line is as near to the next one inwards, and as large, as lines of one text are."""
    place = next(index for index, each in enumerate(edge.lines) if each is line)
    inner = place + 1 if side == "top" else place - 1
    if not 0 <= inner < len(edge.lines):
        return False
    other = edge.lines[inner]
    gap = max(other.top - line.bottom, line.top - other.bottom)
    return gap < _LEADING * line.size and abs(other.size - line.size) < 0.1 * line.size


def _plain(text: str) -> str:
    return re.sub(r"\d+", "#", "".join(text.split()))


def _key(side: str, line: Line, height: float) -> tuple[str, str, int]:
    at = line.bottom if side == "top" else height - line.bottom
    return side, _plain(line.text), round(at / _STEP)


def _repeats(
    counts: Counter[tuple[str, str, int]], side: str, line: Line, height: float, needed: int
) -> bool:
    name, text, at = _key(side, line, height)
    return sum(counts[name, text, at + shift] for shift in (-1, 0, 1)) >= needed


def _number(text: str) -> int:
    match = _PAGE_NUMBER.fullmatch(text)
    if match is None or not match[1].isdecimal():
        return 0
    return int(match[1])


def _is_page_number(line: Line, side: str, page: int, shifts: Counter[tuple[str, int]], needed: int) -> bool:
    text = line.text
    if _SURE_NUMBER.fullmatch(text):
        return True
    number = _number(text)
    return bool(number) and shifts[side, number - page] >= min(needed, 2)
