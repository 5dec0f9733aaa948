"""Headings and what stands under them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from zhunsheng.audit.document import BlockKind
from zhunsheng.audit.marks import Mark, MarkStyle
from zhunsheng.audit.passages import Passage


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the document.

    Attributes:
        index: position in `Reading.headings`.
        passage: the passage that holds it.
        depth: nesting depth, 1 is the outermost.
        parent: index of the heading it stands under, or None.
        mark: its number, or None.
        title: its words without the mark.
    """

    index: int
    passage: int
    depth: int
    parent: int | None
    mark: Mark | None
    title: str


def outline(passages: Sequence[Passage]) -> tuple[tuple[Heading, ...], tuple[Passage, ...]]:
    """The headings in order, and the passages with the headings they stand under.

    A numbered paragraph that is not a heading in its own right (its text follows the number) opens a
    section too, so that the items of a numbered list know their place.
    """
    headings: list[Heading] = []
    stack: list[Heading] = []
    placed: list[Passage] = []
    for passage in passages:
        opens = passage.cell is None and (
            passage.is_heading or (passage.mark is not None and passage.mark.style is not MarkStyle.SPOKEN)
        )
        if not opens or passage.kind in {BlockKind.FOOTNOTE, BlockKind.CAPTION}:
            placed.append(replace(passage, section=tuple(each.index for each in stack)))
            continue
        while stack and not _outranks(stack[-1], passage.mark):
            stack.pop()
        title = passage.text[passage.mark.length if passage.mark else 0 :]
        heading = Heading(
            len(headings),
            passage.number,
            len(stack) + 1,
            stack[-1].index if stack else None,
            passage.mark,
            title.strip("。： "),
        )
        headings.append(heading)
        stack.append(heading)
        placed.append(replace(passage, section=tuple(each.index for each in stack)))
    return tuple(headings), tuple(placed)


def _outranks(heading: Heading, mark: Mark | None) -> bool:
    """Whether a new heading with this mark stands under `heading`."""
    if mark is None:
        return False
    if heading.mark is None:
        return True
    if heading.mark.style is MarkStyle.DECIMAL and mark.style is MarkStyle.DECIMAL:
        return heading.mark.text.strip("、 ").count(".") < mark.text.strip("、 ").count(".")
    return heading.mark.rank < mark.rank
