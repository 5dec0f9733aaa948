"""Composing a document whose text is ours: blocks one after the other, cells between tabs."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from zhunsheng.audit.document import Block, BlockKind, Cell, Span, Table


@dataclass(frozen=True, slots=True)
class DraftCell:
    """A cell before it has its place in the text; `row` and `column` are 0-based."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    header: bool = False
    hidden: bool = False
    formula: str = ""


@dataclass(slots=True)
class Composer:
    """Puts blocks and tables into one text; every offset is known the moment it is put.

    Attributes:
        blocks, tables: what was put so far.
    """

    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._parts)

    def paragraph(
        self, text: str, kind: BlockKind = BlockKind.PARAGRAPH, level: int | None = None, style: str = ""
    ) -> None:
        """Put a block of text; blank text is left out."""
        text = text.strip()
        if text:
            start = self._begin()
            self._put(text)
            self.blocks.append(Block(kind, Span(start, self._length), level=level, style=style))

    def table(
        self,
        cells: Iterable[DraftCell],
        rows: int,
        columns: int,
        name: str = "",
        nested_in: int | None = None,
    ) -> int | None:
        """Put a table and return its index; None when it has no visible text.

        Cells come row by row, left to right.
        """
        drafts = list(cells)
        if not any(draft.text for draft in drafts):
            return None
        start = self._begin()
        index = len(self.tables)
        found: list[Cell] = []
        row = 0
        first = True
        for draft in drafts:
            if draft.row > row:
                self._put("\n" * (draft.row - row))
                row, first = draft.row, True
            if not first:
                self._put("\t")
            first = False
            at = self._length
            self._put(draft.text)
            found.append(
                Cell(
                    draft.row,
                    draft.column,
                    Span(at, self._length),
                    draft.row_span,
                    draft.column_span,
                    header=draft.header,
                    hidden=draft.hidden,
                    formula=draft.formula,
                )
            )
        span = Span(start, self._length)
        self.tables.append(Table(index, span, rows, columns, tuple(found), name=name, nested_in=nested_in))
        self.blocks.append(Block(BlockKind.TABLE, span, table=index))
        return index

    def _begin(self) -> int:
        if self._length:
            self._put("\n")
        return self._length

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
