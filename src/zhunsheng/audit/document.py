"""A document in memory: one text, and blocks and tables that are spans of it.

Readers (package `documents`) build it; everything after that speaks in character offsets into `text`.
For a txt file `text` is the decoded file, so offsets are offsets into the file.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from zhunsheng.kernel.problem import Problem


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `start` to `end` (excluded) of a document's text."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def holds(self, other: "Span") -> bool:
        """Whether the other span lies inside this one."""
        return self.start <= other.start and other.end <= self.end


class BlockKind(StrEnum):
    """What a block is in the original."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    CAPTION = "caption"
    TABLE = "table"
    HEADER = "header"
    FOOTER = "footer"
    FOOTNOTE = "footnote"
    TEXT_BOX = "text_box"


# page furniture repeats and is not read as a statement of the report
FURNITURE = frozenset({BlockKind.HEADER, BlockKind.FOOTER})


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, table and the like, in reading order.

    Attributes:
        span: its characters; blocks never overlap and come in ascending order.
        page: 1-based page, where the format has pages.
        level: outline level of a heading as the format states it (1 is the highest), or None.
        table: index into `Document.tables` when the block is a table.
        style: the format's own style name, for information.
    """

    kind: BlockKind
    span: Span
    page: int | None = None
    level: int | None = None
    table: int | None = None
    style: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table. A merged cell stands once, at its upper left corner.

    Attributes:
        row, column: 0-based.
        span: its characters; empty cells have an empty span.
        header: whether the format itself marks it as a header.
        hidden: on a hidden sheet, row or column.
        formula: the formula text when the value was computed by one.
    """

    row: int
    column: int
    span: Span
    row_span: int = 1
    column_span: int = 1
    page: int | None = None
    header: bool = False
    hidden: bool = False
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, already joined over pages: repeated header rows of a continuation are left out.

    Attributes:
        index: position in `Document.tables`.
        span: from its first to its last character.
        rows, columns: size of the grid.
        cells: row by row; positions covered by a merged cell have no cell of their own.
        name: the sheet's name, or "".
        nested_in: index of the table whose cell holds this one, or None.
    """

    index: int
    span: Span
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    page: int | None = None
    name: str = ""
    nested_in: int | None = None


@dataclass(frozen=True)
class Document:
    """A read document.

    Attributes:
        name: file name without folder.
        format: "txt", "md", "html", "docx", "pdf", "xlsx", "csv", "image" and the like.
        sha256: hash of the file's bytes.
        text: everything readable, in reading order; blocks are separated by a line feed, cells by a
            tab, rows by a line feed (a txt file keeps its own text).
        page_count: number of pages, or None where the format has none.
        recognised: spans that came from character recognition, each with its confidence in 0..1.
        problems: what could not be read, and what the reader of findings must know.
        properties: facts about the file, such as {"tracked_changes": "3"}.
    """

    name: str
    format: str
    sha256: str
    text: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...] = ()
    page_count: int | None = None
    recognised: tuple[tuple[Span, float], ...] = ()
    problems: tuple[Problem, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)

    def quote(self, span: Span) -> str:
        """The characters of a span."""
        return self.text[span.start : span.end]

    @cached_property
    def _starts(self) -> list[int]:
        return [block.span.start for block in self.blocks]

    def block_at(self, offset: int) -> int | None:
        """Index of the block that holds a character, or None between blocks."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or offset >= max(self.blocks[index].span.end, self.blocks[index].span.start + 1):
            return None
        return index

    def page_at(self, offset: int) -> int | None:
        """The page of a character, where the format has pages."""
        index = self.block_at(offset)
        if index is None:
            return None
        block = self.blocks[index]
        if block.table is None:
            return block.page
        return next((cell.page for cell in self.cells_at(offset)), None) or block.page

    def cells_at(self, offset: int) -> Iterator[Cell]:
        """The cell that holds a character (at most one; nested tables are tables of their own)."""
        index = self.block_at(offset)
        if index is None or self.blocks[index].table is None:
            return
        for cell in self.tables[self.blocks[index].table or 0].cells:
            if cell.span.start <= offset < cell.span.end:
                yield cell
                return

    def is_recognised(self, span: Span) -> bool:
        """Whether any character of the span came from character recognition."""
        return any(each.start < span.end and span.start < each.end for each, _ in self.recognised)
