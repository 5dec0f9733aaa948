"""Lines put together into paragraphs, also over columns and pages; headings and captions recognised."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from zhunsheng.audit.document import BlockKind
from zhunsheng.documents.reading.page_columns import Column
from zhunsheng.documents.reading.page_ink import Ink, Line, edges_of, joined, spaced

_ENDS: Final = "。！？；!?;"
_MARK: Final = re.compile(
    r"第[一二三四五六七八九十百]+[章节条款部篇]|[一二三四五六七八九十]{1,3}[、.．]|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,2})[）)]|"
    r"\d{1,2}(?:[、．]|\.(?!\d))|[①-⑳]|\d{1,2}[）)]"
)
_PART: Final = re.compile(r"第[一二三四五六七八九十]{1,3}(?:部分|章|篇)(?!.*[，。])")
_CONTENTS: Final = re.compile(r"目\s*[录次]")
# a line that begins like this goes on with nothing but an enumeration
_CHINESE_MARK: Final = re.compile(r"[一二三四五六七八九十]{1,3}、")
_BULLET: Final = re.compile(r"[•·●■◆▪◦○□\uf0b7➢✓√–—-]\s")
_LEADERS: Final = re.compile(r"…{4,}|[.．·]{5,}|(?:\. ){4,}")
_NUMBERED: Final = re.compile(r"(?:附?表|图)\s*[\dA-Z一二三四五六七八九十]")
_CHUNK: Final = re.compile(
    r"[“‘（《〈「『(\[【]*(?:[A-Za-z0-9.,%％+\-–/:]+|.)[，。；：、！？）》〉」』”’)\]】%％,.;:!?]*"
)
_NO_START: Final = "，。；：、！？）》〉」』”’】％,;!?"
_LONG: Final = 15
_FEWEST_FULL: Final = 3
_MOST_LINES: Final = 400
_HEADING_LENGTH: Final = 60
_INDENT: Final = 1.2
# how much room a full line may leave, in characters: a sentence that has ended is given less
_SLACK: Final = 0.6
_LOOSE: Final = 1.5
_SPREAD: Final = 1.42
_LARGER: Final = 1.13
_MUCH_LARGER: Final = 1.35


@dataclass(frozen=True, slots=True)
class Measure:
    """The usual measures of a document.

    Attributes:
        size: of most characters of its running text.
        bold: whether most of them are bold, so that bold says nothing.
        rights: by page width (whole points), where full lines end.
    """

    size: float
    bold: bool
    rights: dict[int, float]


@dataclass(frozen=True, slots=True)
class PageMeasure:
    """A page: its number and width, where its words and tables begin, whether it was recognised."""

    number: int
    width: float
    left: float
    recognised: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with what is around it: its page, the edges and line pitch of its column."""

    line: Line
    page: PageMeasure
    left: float
    right: float
    pitch: float
    column: int
    whole: bool


@dataclass(slots=True)
class Draft:
    """A block that is to be written."""

    kind: BlockKind
    ink: Ink
    page: int
    centred: bool = False
    lines: list[Placed] = field(default_factory=list)


def measure(pages: Iterable[tuple[float, Sequence[Line]]]) -> Measure:
    """The usual measures, from the lines of each page outside tables and the page's width."""
    sizes: Counter[float] = Counter()
    ends: dict[int, list[float]] = {}
    bold = 0
    for width, lines in pages:
        for line in lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
            bold += len(line.text) if line.bold else 0
            if len(line.text) >= _LONG and len(line.segments) == 1:
                ends.setdefault(round(width), []).append(line.x1)
    size = max(sizes, key=lambda each: (sizes[each], each)) if sizes else 10.5
    rights = {width: sorted(found)[int(len(found) * 0.9)] for width, found in ends.items()}
    return Measure(size, bold * 2 > sum(sizes.values()), rights)


def placed_lines(column: Column, number: int, page: PageMeasure, usual: Measure) -> list[Placed]:
    """The lines of a column with its edges and line pitch; `number` tells the columns of a page apart."""
    lines = column.lines
    right = column.right
    known = usual.rights.get(round(page.width))
    reaching = sum(line.x1 > right - 1.2 * line.size for line in lines if len(line.text) >= _LONG)
    if column.whole and known is not None and reaching < _FEWEST_FULL:
        right = max(right, known)
    starts = Counter(round(line.x0) for line in lines)
    common = min(start for start, count in starts.items() if count * 8 >= max(starts.values()))
    left = min((line.x0 for line in lines if abs(line.x0 - common) < 3), default=column.left)
    steps = sorted(after.top - before.top for before, after in pairwise(lines) if after.top > before.top)
    pitch = steps[len(steps) // 4] if steps else 0.0
    return [Placed(line, page, left, right, pitch, number, column.whole) for line in lines]


class Paragraphs:
    """Takes lines one after the other and hands out paragraphs."""

    def __init__(self, usual: Measure) -> None:
        self._usual = usual
        self._open: list[Placed] = []
        self._contents_page = 0
        self.found: list[Draft] = []

    @property
    def is_open(self) -> bool:
        """Whether a paragraph is not yet finished."""
        return bool(self._open)

    def take(self, placed: Placed) -> bool:
        """Take the next line; answers with whether a new paragraph begins with it."""
        if self._open and (len(self._open) >= _MOST_LINES or not self._continues(placed)):
            self.close()
        self._open.append(placed)
        return len(self._open) == 1

    def close(self) -> None:
        """Finish the paragraph."""
        if self._open:
            lines = self._open
            self._open = []
            self.found.append(self._draft(lines))

    def _continues(self, after: Placed) -> bool:
        before = self._open[-1]
        one, two = before.line, after.line
        size = max(one.size, two.size)
        if two.text[0] in _NO_START and _same_size(before, after):
            return True
        if _is_centred(after) and not self._title_goes_on(before, after):
            return False
        if not _same_size(before, after) or _LEADERS.search(one.text) or _LEADERS.search(two.text):
            return False
        same_column = (before.page.number, before.column) == (after.page.number, after.column)
        if self._title_goes_on(before, after):
            return same_column
        if same_column and after.pitch and two.top - one.top > _SPREAD * after.pitch + 1:
            return False
        slack = _SLACK if one.text[-1] in _ENDS else _LOOSE
        if before.right - one.x1 > _chunk_width(two) + slack * size:
            return False
        return self._same_indent(before, after)

    def _same_indent(self, before: Placed, after: Placed) -> bool:
        one, two = before.line, after.line
        size = two.size
        ended = one.text[-1] in _ENDS
        marked = _MARK.match(two.text) is not None
        if _CHINESE_MARK.match(two.text) and one.text[-1] not in "、第及和至":
            return False
        indent_one = one.x0 - before.left
        indent_two = two.x0 - after.left
        if indent_two < _INDENT * size:
            own = one.bold != two.bold or (ended and indent_one < _INDENT * size)
            return not (marked and own)
        if marked or one.bold != two.bold:
            return False
        level = abs(indent_one - indent_two) < 0.5 * size
        if len(self._open) > 1:
            return level
        hanging = _MARK.match(one.text) is not None and indent_one < indent_two - 0.5 * size
        return hanging and not ended

    def _title_goes_on(self, before: Placed, after: Placed) -> bool:
        large = before.line.size >= _MUCH_LARGER * self._usual.size
        near = after.line.top - before.line.bottom < 1.9 * before.line.size
        return (
            large
            and near
            and _is_in_the_middle(before)
            and _is_centred(after)
            and _MARK.match(after.line.text) is None
            and before.line.bold == after.line.bold
        )

    def _draft(self, lines: list[Placed]) -> Draft:
        inks = [lines[0].line.ink]
        for before, after in pairwise(lines):
            inks += [spaced(_between(before.line.text, after.line.text)), after.line.ink]
        ink = joined(inks)
        first = lines[0]
        centred = all(map(_is_centred, lines))
        kind = self._kind(lines, ink.text, centred=centred)
        number = first.page.number
        if self._is_entry(ink.text, number, centred=centred):
            kind = BlockKind.LIST_ITEM
        return Draft(kind, ink, number, centred, lines)

    def _is_entry(self, text: str, page: int, *, centred: bool) -> bool:
        """Whether a paragraph belongs to a table of contents: its entries are no headings where they stand."""
        if _CONTENTS.fullmatch(text):
            self._contents_page = page
            return False
        if page not in {self._contents_page, self._contents_page + 1} or not self._contents_page:
            return False
        if len(text) > 2 * _HEADING_LENGTH or text[-1] in _ENDS or (centred and page > self._contents_page):
            self._contents_page = 0
            return False
        self._contents_page = page
        return True

    def _kind(self, lines: list[Placed], text: str, *, centred: bool) -> BlockKind:
        first = lines[0]
        size = max(placed.line.size for placed in lines)
        if _NUMBERED.match(text) and len(text) <= _HEADING_LENGTH and text[-1] not in _ENDS:
            return BlockKind.CAPTION
        if _BULLET.match(text):
            return BlockKind.LIST_ITEM
        if len(text) > _HEADING_LENGTH or len(lines) > 3 or _LEADERS.search(text):
            return BlockKind.PARAGRAPH
        if text[-1] in "。；，：,;:" and not (text[-1] == "。" and first.line.bold and _MARK.match(text)):
            return BlockKind.PARAGRAPH
        if _PART.match(text):
            return BlockKind.HEADING
        larger = size >= _LARGER * self._usual.size and not first.page.recognised
        bold = not self._usual.bold and all(placed.line.bold for placed in lines)
        if len(first.line.segments) > 1 and not larger:
            return BlockKind.PARAGRAPH
        if first.page.number == 1 and size >= _MUCH_LARGER * self._usual.size:
            return BlockKind.TITLE
        if larger or (bold and re.search(r"[\u4e00-\u9fff]{2}", text)) or (centred and len(text) > 1):
            return BlockKind.HEADING
        return BlockKind.PARAGRAPH


def _same_size(before: Placed, after: Placed) -> bool:
    small, large = sorted((before.line.size, after.line.size))
    return large <= small * (1.4 if before.page.recognised or after.page.recognised else 1.13)


def _is_centred(placed: Placed) -> bool:
    line = placed.line
    if not placed.whole:
        return False
    return _is_in_the_middle(placed) and line.x0 - placed.page.left > 2.5 * line.size


def _is_in_the_middle(placed: Placed) -> bool:
    line = placed.line
    return abs((line.x0 + line.x1) / 2 - placed.page.width / 2) < 1.6 * line.size


def _chunk_width(line: Line) -> float:
    """The width of what could not have been parted from its end and put on the line before."""
    match = _CHUNK.match(line.tokens[0].word.text)
    taken = len(match[0]) if match else 1
    edges = edges_of(line.tokens[0].word)
    return min(edges[min(taken, len(edges) - 1)] - edges[0], 12 * line.size)


def _between(before: str, after: str) -> str:
    last, first = before[-1], after[0]
    if last == "-" and before[-2:-1].isalpha() and first.isalpha() and first.isascii():
        return ""
    latin_before = last.isascii() and (last.isalnum() or last in ".,;:)%")
    latin_after = first.isascii() and (first.isalnum() or first == "(")
    if latin_before and latin_after and (last.isalpha() or first.isalpha()):
        return " "
    return ""


def as_caption(draft: Draft) -> bool:
    """Whether a draft that stands above a table is its title."""
    return draft.centred and draft.kind in {BlockKind.HEADING, BlockKind.PARAGRAPH}
