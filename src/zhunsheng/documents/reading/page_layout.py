"""From the contents of pages to a document: running text, tables, page headers and footers."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from zhunsheng.audit.document import Block, BlockKind, Cell, Document, Span, Table
from zhunsheng.documents.reading.page_columns import Column, has_columns, reading_order
from zhunsheng.documents.reading.page_content import PageContent
from zhunsheng.documents.reading.page_furniture import PageEdge, edge_of, furniture
from zhunsheng.documents.reading.page_grid import grids
from zhunsheng.documents.reading.page_ink import NOWHERE, Ink, Line, Token, lines_of, spaced
from zhunsheng.documents.reading.page_joining import goes_on, join
from zhunsheng.documents.reading.page_paragraphs import (
    Draft,
    Measure,
    PageMeasure,
    Paragraphs,
    as_caption,
    measure,
    placed_lines,
)
from zhunsheng.documents.reading.page_places import Places
from zhunsheng.documents.reading.page_tables import PlacedTable, fill
from zhunsheng.documents.reading.page_unruled import unruled_tables
from zhunsheng.kernel.problem import Problem

_ABOVE: Final = 3
_SHORT: Final = 60


@dataclass(slots=True)
class _Page:
    """A page with its tables found and the words outside them."""

    content: PageContent
    tables: list[PlacedTable]
    outside: list[Token]
    lines: list[Line] = field(default_factory=list)

    @property
    def measure(self) -> PageMeasure:
        """What paragraphs need to know of it."""
        lefts = [*(line.x0 for line in self.lines), *(table.box.x0 for table in self.tables)]
        content = self.content
        return PageMeasure(content.number, content.width, min(lefts, default=0.0), content.recognised)


def compose_pages(
    pages: Sequence[PageContent],
    name: str,
    format: str,  # noqa: A002 - the word of the document model
    sha256: str,
    problems: Sequence[Problem] = (),
) -> Document:
    """The document that some pages make.

    Args:
        pages: in order; pages that could not be read are left out.
        name: file name without folder.
        format: as in `Document.format`.
        sha256: hash of the file.
        problems: what is to be said about the file.
    """
    return compose_with_places(pages, name, format, sha256, problems)[0]


def compose_with_places(
    pages: Sequence[PageContent],
    name: str,
    format: str,  # noqa: A002 - the word of the document model
    sha256: str,
    problems: Sequence[Problem] = (),
    page_count: int | None = None,
) -> tuple[Document, Places]:
    """As `compose_pages`, with where each character is printed.

    Args:
        page_count: when not all pages could be read, how many there are.
    """
    places = Places()
    prepared = deque(_prepared(content, places) for content in pages)
    removed = furniture([_edge(page) for page in prepared])
    usual = measure((page.content.width, page.lines) for page in prepared)
    writer = _Writer(usual, places)
    while prepared:
        page = prepared.popleft()  # long documents are large: what is written is let go
        headers, footers = removed.get(page.content.number, (frozenset(), frozenset()))
        writer.page(page, headers, footers)
    writer.close()
    document = Document(
        name,
        format,
        sha256,
        "".join(writer.parts),
        tuple(writer.blocks),
        tuple(writer.tables),
        page_count=max((page.number for page in pages), default=0) if page_count is None else page_count,
        recognised=tuple(_recognised(writer, places)),
        problems=tuple(problems),
    )
    return document, places


def _prepared(content: PageContent, places: Places) -> _Page:
    tokens = [Token(word, places.enter(content.number, word)) for word in content.words if word.text]
    filled = fill(grids(content.rules), tokens, content.number, cut=content.recognised)
    taken = [table.box for table in filled.tables]
    free = [] if has_columns(filled.outside) else filled.outside
    more = unruled_tables(free, content.rules, content.number, taken)
    outside = more.outside if free else filled.outside
    tables = [*filled.tables, *more.tables]
    for table in tables:
        table.page_width = content.width
    return _Page(content, tables, outside, lines_of(outside))


def _edge(page: _Page) -> PageEdge:
    tops = [table.box.top for table in page.tables]
    bottoms = [table.box.bottom for table in page.tables]
    content = page.content
    return edge_of(
        content.number,
        content.height,
        page.lines,
        min(tops, default=content.height) + 2,
        max(bottoms, default=0.0) - 2,
    )


def _recognised(writer: "_Writer", places: Places) -> list[tuple[Span, float]]:
    found: list[tuple[Span, float]] = []
    if not writer.has_recognised:
        return found
    start = 0
    for confidence, group in groupby(
        places.marks, key=lambda mark: None if mark == NOWHERE else places.confidence(mark)
    ):
        end = start + sum(1 for _ in group)
        if confidence is not None:
            found.append((Span(start, end), round(confidence, 3)))
        start = end
    return found


class _Writer:
    """Writes blocks in reading order; what stands at the edge of a page never interrupts a block."""

    def __init__(self, usual: Measure, places: Places) -> None:
        self._usual = usual
        self._places = places
        self._paragraphs = Paragraphs(usual)
        self._waiting: list[Draft] = []
        self._table: PlacedTable | None = None
        self._header_rows = 0
        self._inner: list[PlacedTable] = []
        self.parts: list[str] = []
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.has_recognised = False

    def page(self, page: _Page, headers: frozenset[int], footers: frozenset[int]) -> None:
        """Write a page."""
        self.has_recognised = self.has_recognised or page.content.recognised
        number = page.content.number
        self._furniture(page, headers, BlockKind.HEADER)
        gone = {id(token) for line in page.lines if id(line) in headers | footers for token in line.tokens}
        items = reading_order([each for each in page.outside if id(each) not in gone], page.tables)
        for index, item in enumerate(items):
            if isinstance(item, PlacedTable):
                self._take_table(item, first=index == 0)
            else:
                self._take_column(item, index, page)
        self._furniture(page, footers, BlockKind.FOOTER)
        if self._table is not None and self._table.last_page != number:
            self._close_table()

    def close(self) -> None:
        """Finish."""
        self._paragraphs.close()
        self._settle()
        self._close_table()

    def _furniture(self, page: _Page, identities: frozenset[int], kind: BlockKind) -> None:
        for line in page.lines:
            if id(line) in identities:
                self._waiting.append(Draft(kind, line.ink, page.content.number))
        self._flush()

    def _flush(self) -> None:
        """Write waiting furniture where no block is open."""
        if self._table is None and not self._paragraphs.is_open:
            self._settle()
            self._write_waiting()

    def _write_waiting(self) -> None:
        for draft in self._waiting:
            self._block(draft)
        self._waiting.clear()

    def _take_column(self, column: Column, number: int, page: _Page) -> None:
        self._close_table()
        for placed in placed_lines(column, number, page.measure, self._usual):
            if self._paragraphs.take(placed) and self._waiting:
                self._settle()
                self._write_waiting()
            if len(self._paragraphs.found) > _ABOVE:
                self._settle(keep=_ABOVE)

    def _take_table(self, table: PlacedTable, *, first: bool) -> None:
        if table.holder is not None:
            self._inner.append(table)
            return
        if first and self._table is not None and not self._paragraphs.is_open and goes_on(self._table, table):
            self._header_rows = max(self._header_rows, join(self._table, table))
            return
        self._close_table()
        self._paragraphs.close()
        drafts = self._paragraphs.found
        for draft in reversed(drafts[-_ABOVE:]):
            if as_caption(draft):
                draft.kind = BlockKind.CAPTION
                break
            if len(draft.ink.text) > _SHORT or draft.kind is not BlockKind.PARAGRAPH:
                break
        self._settle()
        self._table = table
        self._header_rows = 0

    def _settle(self, keep: int = 0) -> None:
        """Write finished paragraphs, all but the last few, which may yet become captions."""
        found = self._paragraphs.found
        count = len(found) - keep
        for draft in found[: max(count, 0)]:
            self._block(draft)
        del found[: max(count, 0)]

    def _close_table(self) -> None:
        if self._table is not None:
            table, self._table = self._table, None
            self._write_table(table, None)
        for inner in self._inner:
            self._write_table(inner, len(self.tables) - 1 if self.tables else None)
        self._inner.clear()
        self._flush()

    def _block(self, draft: Draft) -> None:
        start = self._begin()
        self._put(draft.ink)
        self.blocks.append(Block(draft.kind, Span(start, len(self._places.marks)), page=draft.page))

    def _write_table(self, table: PlacedTable, holder: int | None) -> None:
        start = self._begin()
        index = len(self.tables)
        cells: list[Cell] = []
        row, first = 0, True
        for cell in sorted(table.cells, key=lambda each: (each.row, each.column)):
            if cell.row > row:
                self._put(spaced("\n" * (cell.row - row)))
                row, first = cell.row, True
            if not first:
                self._put(spaced("\t"))
            first = False
            at = len(self._places.marks)
            self._put(cell.ink)
            cells.append(
                Cell(
                    cell.row,
                    cell.column,
                    Span(at, len(self._places.marks)),
                    cell.row_span,
                    cell.column_span,
                    page=cell.page,
                    header=cell.row < self._header_rows,
                )
            )
        span = Span(start, len(self._places.marks))
        columns = max(cell.column + cell.column_span for cell in cells)
        self.tables.append(
            Table(index, span, table.rows, columns, tuple(cells), page=table.page, nested_in=holder)
        )
        self.blocks.append(Block(BlockKind.TABLE, span, page=table.page, table=index))

    def _begin(self) -> int:
        if self._places.marks:
            self._put(spaced("\n"))
        return len(self._places.marks)

    def _put(self, ink: Ink) -> None:
        self.parts.append(ink.text)
        self._places.marks.extend(ink.marks)
