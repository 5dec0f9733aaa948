"""From what the walk found to a text with blocks and tables.

Order: the body, footnotes and endnotes, headers, footers. A text box follows the paragraph it hangs on.
A table is a block of its own. A table inside a cell follows the table that holds it as a block of its
own, with `nested_in` naming the holder: the span of the holding cell then covers that cell's own words
only, and every figure stands in exactly one cell. A text box inside a cell belongs to the cell's words.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from zhunsheng.audit.document import Block, BlockKind, Cell, Span, Table
from zhunsheng.documents.reading.docx_grid import Grid, grid
from zhunsheng.documents.reading.docx_nodes import CellNode, Node, ParagraphNode, Piece, Remarks, TableNode
from zhunsheng.documents.reading.docx_walk import Walked


@dataclass(slots=True)
class Layout:
    """The text of a document and where everything in it stands.

    Attributes:
        pieces: all pieces in ascending order of their offsets.
    """

    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)


def lay_out(walked: Walked) -> Layout:
    """Lay out what was walked over; hidden contents of merged cells are added to its remarks."""
    writer = _Writer(walked.remarks)
    writer.nodes(walked.body, None)
    writer.nodes(walked.notes, BlockKind.FOOTNOTE)
    writer.furniture(walked.headers, BlockKind.HEADER)
    writer.furniture(walked.footers, BlockKind.FOOTER)
    return Layout(
        "".join(writer.parts), writer.blocks, [each for each in writer.tables if each], writer.pieces
    )


class _Writer:
    def __init__(self, remarks: Remarks) -> None:
        self._remarks = remarks
        self.parts: list[str] = []
        self.length = 0
        self.blocks: list[Block] = []
        self.tables: list[Table | None] = []
        self.pieces: list[Piece] = []

    def nodes(self, nodes: list[Node], kind: BlockKind | None) -> None:
        """Write paragraphs and tables as blocks, paragraphs of the given kind or of their own."""
        for node in nodes:
            if isinstance(node, TableNode):
                self._table(node, None)
                continue
            if not node.is_blank:
                self._break()
                span = self._paragraph(node)
                level = node.format.outline if kind is None else None
                self.blocks.append(Block(kind or _kind(node), span, level=level, style=node.format.style))
            for box in node.boxes:
                self.nodes(box, kind or BlockKind.TEXT_BOX)

    def furniture(self, nodes: list[Node], kind: BlockKind) -> None:
        """Write headers or footers; the tables in them only arrange their words."""
        for paragraph in _flat(nodes):
            self._break()
            span = self._paragraph(paragraph)
            self.blocks.append(Block(kind, span, style=paragraph.format.style))

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _break(self) -> None:
        if self.length:
            self._write("\n")

    def _paragraph(self, node: ParagraphNode) -> Span:
        start = self.length
        for piece in node.pieces:
            piece.start = self.length
            self._write(piece.text)
            self.pieces.append(piece)
        return Span(start, self.length)

    def _table(self, node: TableNode, holder: int | None) -> None:
        placed = grid(node)
        self._remember_covered(placed.covered)
        if not any(placed.cells):
            return
        index = len(self.tables)
        # its place is kept: the tables inside come after it
        self.tables.append(None)
        self._break()
        inner: list[TableNode] = []
        self.tables[index] = self._written_table(placed, index, holder, inner)
        self.blocks.append(Block(BlockKind.TABLE, self.tables[index].span, table=index))  # type: ignore[union-attr]
        for each in inner:
            self._table(each, index)

    def _written_table(self, placed: Grid, index: int, holder: int | None, inner: list[TableNode]) -> Table:
        start = self.length
        cells: list[Cell] = []
        for number, row in enumerate(placed.cells):
            if number:
                self._write("\n")
            for position, each in enumerate(row):
                if position:
                    self._write("\t")
                span = self._cell(each.node.content, inner)
                cells.append(
                    Cell(
                        each.row,
                        each.column,
                        span,
                        row_span=each.row_span,
                        column_span=each.column_span,
                        header=each.header,
                    )
                )
        span = Span(start, self.length)
        return Table(index, span, placed.rows, placed.columns, tuple(cells), nested_in=holder)

    def _cell(self, content: list[Node], inner: list[TableNode]) -> Span:
        start = self.length
        for paragraph in _own_words(content, inner):
            if self.length > start:
                self._write("\n")
            self._paragraph(paragraph)
        return Span(start, self.length)

    def _remember_covered(self, covered: list[CellNode]) -> None:
        for cell in covered:
            text = "".join(piece.text for paragraph in _flat(cell.content) for piece in paragraph.pieces)
            if text:
                self._remarks.hidden.append(text)


def _kind(node: ParagraphNode) -> BlockKind:
    kind = node.format.kind
    return BlockKind.LIST_ITEM if kind is BlockKind.PARAGRAPH and node.numbered else kind


def _own_words(content: list[Node], inner: list[TableNode]) -> Iterator[ParagraphNode]:
    """The paragraphs of a cell with text; tables among them are put aside into `inner`."""
    for node in content:
        if isinstance(node, TableNode):
            inner.append(node)
            continue
        if not node.is_blank:
            yield node
        for box in node.boxes:
            yield from _own_words(box, inner)


def _flat(content: list[Node]) -> Iterator[ParagraphNode]:
    """All paragraphs with text, those in tables and text boxes included."""
    for node in content:
        if isinstance(node, TableNode):
            for row in node.rows:
                for cell in row.cells:
                    yield from _flat(cell.content)
            continue
        if not node.is_blank:
            yield node
        for box in node.boxes:
            yield from _flat(box)
