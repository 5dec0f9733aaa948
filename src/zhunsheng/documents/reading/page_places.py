"""From characters of a document back to where they are printed."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from zhunsheng.audit.document import Span
from zhunsheng.documents.reading.page_content import Word
from zhunsheng.documents.reading.page_ink import NOWHERE, edges_of


@dataclass(frozen=True, slots=True)
class PrintedBox:
    """A box around characters of one line of a page, in points from the upper left corner."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(slots=True)
class Places:
    """Where the characters of a document are printed.

    Attributes:
        marks: for each character of the text the number of the printed one, or `NOWHERE`.
    """

    marks: "array[int]" = field(default_factory=lambda: array("l"))
    _firsts: list[int] = field(default_factory=list)
    _words: list[tuple[int, Word]] = field(default_factory=list)
    _count: int = 0

    def enter(self, page: int, word: Word) -> int:
        """Enter a word of a page; answers with the number of its first character."""
        first = self._count
        self._firsts.append(first)
        self._words.append((page, word))
        self._count += len(word.text)
        return first

    def confidence(self, mark: int) -> float | None:
        """The confidence with which a printed character was recognised."""
        return self._words[bisect_right(self._firsts, mark) - 1][1].confidence

    def page(self, mark: int) -> int:
        """The page of a printed character."""
        return self._words[bisect_right(self._firsts, mark) - 1][0]

    def boxes(self, span: Span) -> list[PrintedBox]:
        """The boxes around some characters, one for each line, in reading order."""
        found: list[PrintedBox] = []
        for each in self._character_boxes(span):
            if found and _beside(found[-1], each):
                before = found[-1]
                found[-1] = PrintedBox(
                    each.page,
                    min(before.x0, each.x0),
                    min(before.top, each.top),
                    max(before.x1, each.x1),
                    max(before.bottom, each.bottom),
                )
            else:
                found.append(each)
        return found

    def _character_boxes(self, span: Span) -> Iterator[PrintedBox]:
        for mark in self.marks[span.start : span.end]:
            if mark == NOWHERE:
                continue
            index = bisect_right(self._firsts, mark) - 1
            page, word = self._words[index]
            if len(word.edges) != len(word.text) + 1 and word.bottom - word.top > word.x1 - word.x0:
                yield PrintedBox(page, word.x0, word.top, word.x1, word.bottom)
                continue
            edges = edges_of(word)
            place = mark - self._firsts[index]
            yield PrintedBox(page, edges[place], word.top, edges[place + 1], word.bottom)


def _beside(before: PrintedBox, after: PrintedBox) -> bool:
    """Whether two boxes stand on one line with no more than a space between them."""
    if before.page != after.page:
        return False
    overlap = min(before.bottom, after.bottom) - max(before.top, after.top)
    height = max(before.bottom - before.top, after.bottom - after.top)
    if overlap < 0.5 * height:
        return False
    return -0.5 * height <= after.x0 - before.x1 <= 1.2 * height or (
        before.x0 <= after.x0 and after.x1 <= before.x1
    )
