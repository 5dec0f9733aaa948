"""HTML fragments inside a text file, read without moving a character.

Text files made from PDFs keep pieces of HTML: whole tables, and `<p>` or `<li>` inside a cell. Cells and
paragraphs keep their spans in the file; tags at their ends are left out of the span, tags inside stay in it
and are skipped by the later stages, so that every figure keeps its exact offset.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from zhunsheng.audit.document import Cell, Span, Table
from zhunsheng.documents.reading.grid import number_of, seats

_TABLE_TAG: Final = re.compile(r"<(/?)(table|tr|td|th)\b([^<>]*)>", re.IGNORECASE)
_TAG_AT: Final = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*\b[^<>]*>|<!--.*?-->", re.DOTALL)
_SPAN: Final = re.compile(r"""\b(row|col)span\s*=\s*["']?\s*(\d+)""", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s*")
_LONGEST_TAG: Final = 2_000


def visible(text: str, start: int, end: int, *, indent: str = "") -> Span:
    """The span without blanks and tags at its ends; empty at `start` when nothing is left.

    Args:
        text: the whole text.
        start: first character.
        end: end of the span, excluded.
        indent: characters kept at the beginning, where they show the level of a row label.
    """
    first = start
    while True:
        match = _SPACE.match(text, first, end)
        inner = match.end() if match else first
        tag = _TAG_AT.match(text, inner, end) if inner < end and text[inner] == "<" else None
        if tag is None:
            break
        first = tag.end()
    if inner >= end:
        return Span(start, start)
    last = end
    while True:
        while text[last - 1].isspace():
            last -= 1
        opening = text.rfind("<", max(inner, last - _LONGEST_TAG), last) if text[last - 1] == ">" else -1
        tag = _TAG_AT.match(text, opening, last) if opening >= 0 else None
        if tag is None or tag.end() != last:
            break
        last = opening
    while inner > first == start and text[inner - 1] in indent:
        inner -= 1
    return Span(inner, last)


@dataclass(slots=True)
class _Draft:
    """A table while its tags are met: rows of (start, end, row span, column span, header)."""

    start: int
    rows: list[list[tuple[int, int, int, int, bool]]] = field(default_factory=list)
    open_cell: tuple[int, int, int, bool] | None = None

    def tag(self, match: re.Match[str], name: str, *, opens: bool) -> None:
        """Take the tag of a row or a cell; each ends the cell before it."""
        self.end_cell(match.start())
        if opens and name == "tr":
            self.rows.append([])
        elif opens:
            spans = {each[1].lower(): number_of(each[2]) for each in _SPAN.finditer(match[3])}
            if not self.rows:
                self.rows.append([])
            self.open_cell = (match.end(), spans.get("row", 1), spans.get("col", 1), name == "th")

    def end_cell(self, at: int) -> None:
        """End the open cell, if there is one."""
        if self.open_cell is not None:
            start, rows, columns, header = self.open_cell
            self.rows[-1].append((start, at, rows, columns, header))
            self.open_cell = None


def marked_tables(text: str, first_index: int = 0) -> Iterator[Table]:
    """The tables written as HTML in a text, in order; an unclosed one ends with its last tag.

    A table inside a cell belongs to the text of that cell: the spans of two tables must not overlap.
    """
    draft: _Draft | None = None
    depth = end = 0
    index = first_index
    for match in _TABLE_TAG.finditer(text):
        opens, name = not match[1], match[2].lower()
        if name == "table":
            depth = depth + 1 if opens else max(0, depth - 1)
            if opens and depth == 1:
                draft = _Draft(match.start())
        if draft is None:
            continue
        end = match.end()
        if name != "table" and depth == 1:
            draft.tag(match, name, opens=opens)
        elif depth == 0:
            draft.end_cell(match.start())
            table = _seated(text, draft, end, index)
            draft = None
            if table is not None:
                index += 1
                yield table
    if draft is not None and (table := _seated(text, draft, end, index)) is not None:
        yield table


def _seated(text: str, draft: _Draft, end: int, index: int) -> Table | None:
    rows = [row for row in draft.rows if row]
    placed, columns = seats([[(each[2], each[3]) for each in row] for row in rows])
    cells = tuple(
        Cell(
            seat.row,
            seat.column,
            visible(text, start, stop, indent="\u3000"),
            seat.row_span,
            seat.column_span,
            header=header,
        )
        for row, line in zip(rows, placed, strict=True)
        for (start, stop, _, _, header), seat in zip(row, line, strict=True)
    )
    if not any(len(cell.span) for cell in cells):
        return None
    return Table(index, Span(draft.start, end), len(rows), columns, cells)
