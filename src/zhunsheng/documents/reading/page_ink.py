"""Words as they are put together, every character remembering where it was printed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Final

from zhunsheng.documents.reading.page_content import Word

NOWHERE: Final = -1
# gaps in parts of the character size: what counts as a space between words
_LATIN_SPACE: Final = 0.15
_SPACE: Final = 0.35
_SAME_LINE: Final = 0.5
_NEAR_BASE: Final = 0.6
_SEGMENT_GAP: Final = 1.6
_PART_GAP: Final = 0.75


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a document; `number` is the number of its first character among all printed ones."""

    word: Word
    number: int

    def cut(self, start: int, end: int) -> "Token":
        """The characters from `start` to `end` as a token of their own."""
        edges = edges_of(self.word)[start : end + 1]
        word = replace(self.word, text=self.word.text[start:end], x0=edges[0], x1=edges[-1], edges=edges)
        return Token(word, self.number + start)


def edges_of(word: Word) -> tuple[float, ...]:
    """Where each character of a word begins, and where the last one ends."""
    if len(word.edges) == len(word.text) + 1:
        return word.edges
    wide = [1.0 if ord(each) > 0x2E7F else 0.55 for each in word.text]
    scale = (word.x1 - word.x0) / (sum(wide) or 1)
    edges = [word.x0]
    for each in wide:
        edges.append(edges[-1] + each * scale)
    return tuple(edges)


@dataclass(frozen=True, slots=True)
class Ink:
    """A text, and for each character the number of the printed one, or `NOWHERE`."""

    text: str = ""
    marks: tuple[int, ...] = ()

    def __add__(self, other: "Ink") -> "Ink":
        return Ink(self.text + other.text, self.marks + other.marks)

    def __bool__(self) -> bool:
        return bool(self.text)


def joined(inks: Iterable[Ink]) -> Ink:
    """Several texts as one."""
    text: list[str] = []
    marks: list[int] = []
    for ink in inks:
        text.append(ink.text)
        marks.extend(ink.marks)
    return Ink("".join(text), tuple(marks))


def spaced(text: str) -> Ink:
    """A text that is printed nowhere, such as a space."""
    return Ink(text, (NOWHERE,) * len(text))


@dataclass(frozen=True)
class Line:
    """Tokens beside each other, from left to right.

    Attributes:
        size: the size of most of its characters.
        bold: whether most of its characters are bold.
    """

    tokens: tuple[Token, ...]
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    bold: bool

    @cached_property
    def text(self) -> str:
        """The words with their spaces."""
        return self.ink.text

    @cached_property
    def ink(self) -> Ink:
        """The words with their spaces, and where they are printed."""
        text: list[str] = []
        marks: list[int] = []
        before: Word | None = None
        spread = _is_spread(self.tokens)
        for token in self.tokens:
            word = token.word
            if before is not None and not spread and _apart(before, word):
                text.append(" ")
                marks.append(NOWHERE)
            text.append(word.text)
            marks.extend(range(token.number, token.number + len(word.text)))
            before = word
        return Ink("".join(text), tuple(marks))

    @cached_property
    def segments(self) -> tuple["Line", ...]:
        """The parts of the line that stand well apart from each other."""
        return self._divided(_SEGMENT_GAP)

    @cached_property
    def parts(self) -> tuple["Line", ...]:
        """The parts of the line with no more than about a character between them."""
        return self._divided(_PART_GAP)

    def _divided(self, gap: float) -> tuple["Line", ...]:
        groups: list[list[Token]] = [[self.tokens[0]]]
        for before, after in pairwise(self.tokens):
            if after.word.x0 - before.word.x1 > gap * max(before.word.size, after.word.size):
                groups.append([])
            groups[-1].append(after)
        return tuple(map(line_of, groups)) if len(groups) > 1 else (self,)


def _apart(before: Word, after: Word) -> bool:
    size = max(before.size, after.size)
    gap = after.x0 - before.x1
    if gap > _SPACE * size:
        return True
    latin = _is_latin(before.text[-1]) and _is_latin(after.text[0])
    return latin and gap > _LATIN_SPACE * size


def _is_spread(tokens: Sequence[Token]) -> bool:
    """Whether the characters of a line are spread evenly over its width, as in 因 公 出 国."""
    if len(tokens) < 3:
        return False
    single = sum(len(token.word.text) == 1 and ord(token.word.text) > 0x2E7F for token in tokens)
    if single < len(tokens) - 1:
        return False
    gaps = [after.word.x0 - before.word.x1 for before, after in pairwise(tokens)]
    return max(gaps) < 2 * tokens[0].word.size and max(gaps[:-1]) < 1.6 * min(gaps[:-1]) + 1


def _is_latin(character: str) -> bool:
    return character.isalnum() and ord(character) < 0x2E80


def line_of(tokens: Sequence[Token]) -> Line:
    """A line of some tokens, in the order given."""
    words = [token.word for token in tokens]
    weights: dict[float, int] = {}
    bold = total = 0
    for word in words:
        size = round(word.size, 1)
        weights[size] = weights.get(size, 0) + len(word.text)
        total += len(word.text)
        bold += len(word.text) if word.bold else 0
    size = max(weights, key=lambda each: (weights[each], each))
    return Line(
        tuple(tokens),
        min(word.x0 for word in words),
        min(word.top for word in words),
        max(word.x1 for word in words),
        max(word.bottom for word in words),
        size,
        bold * 2 > total,
    )


def lines_of(tokens: Iterable[Token]) -> list[Line]:
    """The lines of a region, from top to bottom."""
    rows: list[tuple[Word, list[Token]]] = []
    for token in sorted(tokens, key=lambda each: (each.word.top + each.word.bottom, each.word.x0)):
        for index in range(len(rows) - 1, max(len(rows) - 4, -1), -1):
            seed, row = rows[index]
            if _same_line(seed, token.word):
                row.append(token)
                if token.word.size > seed.size * 1.2:
                    rows[index] = (token.word, row)
                break
        else:
            rows.append((token.word, [token]))
    found = [line_of(sorted(row, key=lambda each: each.word.x0)) for _, row in rows]
    return sorted(found, key=lambda line: (line.top + line.bottom, line.x0))


def _same_line(seed: Word, word: Word) -> bool:
    overlap = min(seed.bottom, word.bottom) - max(seed.top, word.top)
    smaller = min(seed.bottom - seed.top, word.bottom - word.top)
    if smaller <= 0 or overlap < _SAME_LINE * smaller:
        return False
    return abs(seed.bottom - word.bottom) < _NEAR_BASE * max(seed.size, word.size)
