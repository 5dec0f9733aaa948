"""Planting one error into a clean document, to measure how many are found.

The change is made in the document as read (any format): characters are replaced and every later span
moves along, so that what is measured is the finding of errors, not the writing of files.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from zhunsheng.audit.document import Block, Cell, Document, Span, Table
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading


class PlantKind(StrEnum):
    """A way in which figures go wrong."""

    SWAP = "swap"
    POINT = "point"
    DIGIT = "digit"
    SIGN = "sign"
    OFF_BY_ONE = "off_by_one"
    STALE = "stale"
    UNIT = "unit"
    DELETED = "deleted"

    @property
    def label(self) -> str:
        """The Chinese word shown in reports."""
        return {
            "swap": "数字颠倒",
            "point": "小数点错位",
            "digit": "一位写错",
            "sign": "正负号写反",
            "off_by_one": "个数差一",
            "stale": "沿用旧数",
            "unit": "单位写错",
            "deleted": "漏列一项",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Plant:
    """A planted error.

    Attributes:
        span: the changed characters, in the changed document.
        before, after: what stood and stands there.
    """

    kind: PlantKind
    span: Span
    before: str
    after: str


def plants(
    reading: Reading, numeral: Numeral, random_source: random.Random, stale: Decimal | None = None
) -> Iterator[tuple[Plant, Document]]:
    """The document with one error planted into a figure, once for each kind that fits the figure.

    Args:
        stale: last year's value of the figure, when it is known.
    """
    passage = reading.passage_of(numeral)
    digits = passage.text[numeral.start : numeral.digits_end]
    span = passage.span(numeral.start, numeral.digits_end)
    for kind, changed in _changes(digits, numeral, random_source, stale):
        if changed != digits:
            yield _planted(reading.document, kind, span, changed)
    if numeral.quantity is not None and numeral.text.endswith("万元"):
        whole = passage.span(numeral.start, numeral.end)
        yield _planted(reading.document, PlantKind.UNIT, whole, f"{digits}元")


def _changes(
    digits: str, numeral: Numeral, random_source: random.Random, stale: Decimal | None
) -> Iterator[tuple[PlantKind, str]]:
    positions = [index for index, character in enumerate(digits) if character.isdigit()]
    neighbours = [
        (one, other)
        for one, other in pairwise(positions)
        if digits[one] != digits[other] and not (one == positions[0] and digits[other] == "0")
    ]
    if neighbours:
        # the leading half of a figure carries what a reader would miss
        one, other = random_source.choice(neighbours[: max(1, len(neighbours) // 2)])
        swapped = list(digits)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        yield PlantKind.SWAP, "".join(swapped)
    if "." in digits:
        plain = digits.replace(",", "")
        point = plain.index(".")
        if point > 1 or plain[0] != "0":
            moved = plain.replace(".", "")
            yield PlantKind.POINT, f"{moved[: point + 1]}.{moved[point + 1 :]}".rstrip(".")
    if positions:
        place = positions[random_source.randrange(max(1, (len(positions) + 1) // 2))]
        digit = int(digits[place])
        other_digit = (digit + random_source.randrange(1, 9)) % 10
        if place == positions[0] and other_digit == 0:
            other_digit = digit % 9 + 1
        yield PlantKind.DIGIT, f"{digits[:place]}{other_digit}{digits[place + 1 :]}"
    if digits.startswith("-"):
        yield PlantKind.SIGN, digits[1:]
    if digits.isdigit() and numeral.quantity is not None and 1 < int(digits) < 1000:
        yield PlantKind.OFF_BY_ONE, str(int(digits) + random_source.choice((-1, 1)))
    if stale is not None:
        yield PlantKind.STALE, f"{stale:,}" if "," in digits else str(stale)


def _planted(document: Document, kind: PlantKind, span: Span, text: str) -> tuple[Plant, Document]:
    changed = with_replaced(document, span, text)
    return Plant(kind, Span(span.start, span.start + len(text)), document.quote(span), text), changed


def with_replaced(document: Document, span: Span, text: str) -> Document:
    """The document with some characters replaced; all spans move along.

    Raises:
        ValueError: the span reaches over the edge of a block or cell.
    """
    shift = len(text) - len(span)

    def moved(other: Span) -> Span:
        if other.end <= span.start:
            return other
        if other.start >= span.end:
            return Span(other.start + shift, other.end + shift)
        if other.holds(span):
            return Span(other.start, other.end + shift)
        raise ValueError("the span reaches over the edge of a block or cell")

    def cell(one: Cell) -> Cell:
        return replace(one, span=moved(one.span))

    def table(one: Table) -> Table:
        return replace(one, span=moved(one.span), cells=tuple(cell(each) for each in one.cells))

    def block(one: Block) -> Block:
        return replace(one, span=moved(one.span))

    return replace(
        document,
        text=document.text[: span.start] + text + document.text[span.end :],
        blocks=tuple(block(each) for each in document.blocks),
        tables=tuple(table(each) for each in document.tables),
        recognised=tuple((moved(each), share) for each, share in document.recognised),
    )
