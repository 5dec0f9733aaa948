"""Plain text files: paragraphs line by line, and the tables that stand among them.

The text of the document is the decoded file itself, so every offset is an offset into the file. Tables are
lines with tabs, lines with bars, or HTML. Tags inside a cell or paragraph stay in its span (see `markup`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from zhunsheng.audit.document import Block, BlockKind, Document, Span, Table
from zhunsheng.documents.reading import tab_tables
from zhunsheng.documents.reading.decoding import decode
from zhunsheng.documents.reading.kinds import NO_TEXT
from zhunsheng.documents.reading.markup import marked_tables, visible
from zhunsheng.documents.reading.pipe_tables import bar_table, is_rule
from zhunsheng.documents.reading.tab_tables import Row, Run
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.kernel.place import Place

LINE: Final = re.compile(r"[^\n\r\f\v\x85\u2028\u2029]*")
_BREAK: Final = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")
_HEADING: Final = re.compile(r"\s*(#{1,6})[ \t\u3000]+(?=\S)")
_HTML_HEADING: Final = re.compile(r"\s*<h([1-6])\b[^<>]*>", re.IGNORECASE)
_RULER: Final = re.compile(r"[\s=_*＿—─━－-]{3,}")
_MOST_PAGE_GAP: Final = 12
# beyond so many cells, lines are read as paragraphs, which loses no text
_MOST_CELLS: Final = 500_000


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    shown: Span  # visible characters; empty for a blank line
    tabbed: bool


@dataclass(slots=True)
class TextBlocks:
    """Finds blocks and tables in a text; call `region` for each part in order, then `table` between them.

    Attributes:
        text: the whole text.
        blocks, tables: what was found so far, in order.
    """

    text: str
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    cells_left: int = _MOST_CELLS

    def table(self, table: Table) -> None:
        """Add a table found elsewhere; its index must be the number of tables so far."""
        self.tables.append(table)
        self.blocks.append(Block(BlockKind.TABLE, table.span, table=table.index))

    def paragraph(self, span: Span, kind: BlockKind = BlockKind.PARAGRAPH, level: int | None = None) -> None:
        """Add a block unless it is empty."""
        if len(span):
            self.blocks.append(Block(kind, span, level=level))

    def region(self, start: int, end: int) -> None:
        """Read the lines from one offset to another."""
        lines = self._lines(start, end)
        at = 0
        run = Run()
        gap = 0  # index after the last line of the run
        while at < len(lines):
            line = lines[at]
            if line.tabbed:
                more, after = self._run(lines, at)
                if not (run.rows and tab_tables.continues(self.text, run, more)):
                    self._close(run, lines[gap:at])
                    run = self._opened(more)
                at = gap = after
                continue
            if self._bars(lines, at):
                self._close(run, lines[gap:at])
                run = Run()
                at = gap = self._bar_table(lines, at)
                continue
            if run.rows and not self._may_continue(lines, gap, at):
                self._close(run, lines[gap:at])
                run = Run()
            if not run.rows:
                self._line(line)
                gap = at + 1
            at += 1
        self._close(run, lines[gap:])

    def _lines(self, start: int, end: int) -> list[_Line]:
        found = []
        at = start
        while at < end:
            match = _BREAK.search(self.text, at, end)
            stop = match.start() if match else end
            shown = visible(self.text, at, stop)
            tabs = self.text.count("\t", at, stop) if len(shown) else 0
            tabbed = 0 < tabs < self.cells_left
            self.cells_left -= tabs + 1 if tabbed else 0
            found.append(_Line(at, stop, shown, tabbed))
            at = match.end() if match else end
        return found

    def _may_continue(self, lines: Sequence[_Line], gap: int, at: int) -> bool:
        """Whether a table may go on after this line: it is blank or a page number."""
        line = lines[at]
        if at - gap > _MOST_PAGE_GAP:
            return False
        return not len(line.shown) or (
            at > gap and tab_tables.PAGE_NUMBER.fullmatch(self._quote(line.shown)) is not None
        )

    def _run(self, lines: Sequence[_Line], at: int) -> tuple[Run, int]:
        """The rows from a line on, and the index of the line after them."""
        run = Run()
        while at < len(lines):
            line = lines[at]
            if line.tabbed:
                run.add(tab_tables.split_row(self.text, line.start, line.end))
            elif len(line.shown) and at + 1 < len(lines) and lines[at + 1].tabbed:
                below = tab_tables.split_row(self.text, lines[at + 1].start, lines[at + 1].end)
                if not tab_tables.is_group_title(self.text, run, line.shown, below):
                    break
                run.add(Row(line.start, line.end, [line.shown], whole=True))
            else:
                break
            at += 1
        return run, at

    def _opened(self, run: Run) -> Run:
        """A new table; indented paragraphs right above it are put as such."""
        first = 0
        while first < len(run.rows) and tab_tables.is_indented_paragraph(
            self.text, run.rows[first], run.columns
        ):
            self._row_as_paragraph(run.rows[first])
            first += 1
        return Run(run.rows[first:], run.columns)

    def _close(self, run: Run, after: Sequence[_Line]) -> None:
        """Put a table, or its lines as paragraphs when they are no table, and the lines after it."""
        last = len(run.rows)
        while last and tab_tables.is_indented_paragraph(self.text, run.rows[last - 1], run.columns):
            last -= 1
        rest = run.rows
        if last and tab_tables.is_table(self.text, run.rows[:last]):
            self.table(tab_tables.as_table(len(self.tables), run.rows[:last], run.columns))
            rest = run.rows[last:]
        for row in rest:
            self._row_as_paragraph(row)
        for line in after:
            self._line(line)

    def _row_as_paragraph(self, row: Row) -> None:
        self._line(_Line(row.start, row.end, visible(self.text, row.start, row.end), tabbed=True))

    def _bars(self, lines: Sequence[_Line], at: int) -> bool:
        """Whether a table drawn with bars begins at a line."""
        if at + 1 >= len(lines) or "|" not in self._quote(lines[at].shown) or self.cells_left <= 0:
            return False
        return is_rule(self._quote(lines[at + 1].shown))

    def _bar_table(self, lines: Sequence[_Line], at: int) -> int:
        """Put the table drawn with bars that begins at a line; the index of the line after it."""
        after = at + 2
        while after < len(lines) and 0 < self.text.count("|", *self._edges(lines[after])) < self.cells_left:
            self.cells_left -= self.text.count("|", *self._edges(lines[after]))
            after += 1
        spans = [(line.start, line.end) for line in lines[at:after]]
        table = bar_table(self.text, len(self.tables), spans, 1)
        if table is not None:
            self.table(table)
        return after

    def _line(self, line: _Line) -> None:
        if not len(line.shown) or _RULER.fullmatch(self._quote(line.shown)):
            return
        heading = _HEADING.match(self.text, line.start, line.end)
        if heading:
            self.paragraph(visible(self.text, heading.end(), line.end), BlockKind.HEADING, len(heading[1]))
            return
        tagged = _HTML_HEADING.match(self.text, line.start, line.end)
        if tagged:
            self.paragraph(line.shown, BlockKind.HEADING, int(tagged[1]))
        else:
            self.paragraph(line.shown)

    @staticmethod
    def _edges(line: _Line) -> tuple[int, int]:
        return line.start, line.end

    def _quote(self, span: Span) -> str:
        return self.text[span.start : span.end]


def read_text(data: bytes, name: str) -> Document:
    """Read a plain text file; what cannot be read is a problem of the document."""
    decoded = decode(data, name)
    found = TextBlocks(decoded.text)
    problems = list(decoded.problems)
    at = 0
    for table in marked_tables(decoded.text) if "<" in decoded.text else ():
        found.region(at, table.span.start)
        found.table(renumbered(table, len(found.tables)))
        at = table.span.end
    found.region(at, len(decoded.text))
    if not found.blocks and not decoded.failed:
        problems.append(NO_TEXT.at(Place(name), f"“{name}”中没有可读的文字"))
    return Document(
        name,
        "txt",
        sha256_of(data),
        decoded.text,
        tuple(found.blocks),
        tuple(found.tables),
        problems=tuple(problems),
        properties={"encoding": decoded.encoding} if decoded.encoding else {},
    )


def renumbered(table: Table, index: int) -> Table:
    """The same table with another index."""
    return Table(
        index, table.span, table.rows, table.columns, table.cells, table.page, table.name, table.nested_in
    )
