"""Tables drawn with vertical bars, as in Markdown, with the span of every cell."""

import re
from collections.abc import Sequence
from typing import Final

from zhunsheng.audit.document import Cell, Span, Table
from zhunsheng.documents.reading.markup import visible

_RULE: Final = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")


def is_rule(line: str) -> bool:
    """Whether a line is the rule below the header of a table with bars.

    >>> is_rule("| --- | :-: |"), is_rule("----"), is_rule("|a|")
    (True, False, False)
    """
    return "|" in line and "-" in line and len(line) < 10_000 and _RULE.fullmatch(line) is not None


def split_bars(text: str, start: int, end: int) -> list[Span]:
    """The cells of a line; a bar after a backslash belongs to its cell."""
    begin, stop = start, end
    while begin < stop and text[begin].isspace():
        begin += 1
    while stop > begin and text[stop - 1].isspace():
        stop -= 1
    if begin < stop and text[begin] == "|":
        begin += 1
    if stop > begin and text[stop - 1] == "|" and text[stop - 2] != "\\":
        stop -= 1
    cells = []
    at = begin
    scanned = begin
    while True:
        bar = text.find("|", scanned, stop)
        if bar > begin and text[bar - 1] == "\\":
            scanned = bar + 1
            continue
        edge = stop if bar < 0 else bar
        cells.append(visible(text, at, edge, indent="\u3000"))
        if bar < 0:
            return cells
        at = scanned = bar + 1


def bar_table(text: str, index: int, lines: Sequence[tuple[int, int]], rule: int | None) -> Table | None:
    """The table of some lines.

    Args:
        text: the whole text.
        index: number of the table.
        lines: start and end of each line.
        rule: which line is the rule below the header; it is no row.
    """
    rows = [
        (number < (rule or 0), split_bars(text, start, end))
        for number, (start, end) in enumerate(lines)
        if number != rule
    ]
    columns = max((len(cells) for _, cells in rows), default=0)
    cells = tuple(
        Cell(row, column, span, header=header)
        for row, (header, spans) in enumerate(rows)
        for column, span in enumerate(spans)
    )
    if not any(len(cell.span) for cell in cells):
        return None
    return Table(index, Span(lines[0][0], lines[-1][1]), len(rows), columns, cells)
