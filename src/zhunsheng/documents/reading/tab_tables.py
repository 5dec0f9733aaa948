"""Tables in plain text: consecutive lines whose cells stand between tabs, joined over page ends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from zhunsheng.audit.document import Cell, Span, Table
from zhunsheng.documents.reading.markup import visible

INDENT: Final = " \u3000\xa0"
PAGE_NUMBER: Final = re.compile(
    r"[-—–－·~\s]*\d{1,4}[-—–－·~\s]*|第\s*\d{1,4}\s*页(?:[，,/ ]*共\s*\d{1,4}\s*页)?"
)
_YEAR: Final = re.compile(r"(?:19|20)\d{2}(?!\d)")
_HEADER_WORD: Final = re.compile(
    r"序号|项目|名称|指标|单位|金额|[数率比分值额]$|说明|情况|类[别型]|内容|备注|预算|决算|目标|任务|科目|编码|原因"
    r"|[数率比分值额]\s*[（(]|年度?$|措施|依据|日期|时间|部门|结果|方式|元\s*[）)]$"
)
_TERMINAL: Final = "。！？；：:;!?"
_LONGEST_HEADER: Final = 40
_LONGEST_GROUP_TITLE: Final = 60
_LONGEST_LABEL: Final = 200
_LAST_PAGE: Final = 400


@dataclass(slots=True)
class Row:
    """A line of a table; `cells` are the visible spans between its tabs, empty ones included."""

    start: int
    end: int
    cells: list[Span]
    whole: bool = False  # one cell over the whole width

    @property
    def filled(self) -> list[int]:
        """Columns that have text."""
        return [column for column, cell in enumerate(self.cells) if len(cell)]


@dataclass(slots=True)
class Run:
    """The rows of a table so far; `columns` is the last column that has text in any row, 1-based."""

    rows: list[Row] = field(default_factory=list)
    columns: int = 0

    def add(self, *rows: Row) -> None:
        """Add rows at the end."""
        self.rows.extend(rows)
        self.columns = max(self.columns, *(row.filled[-1] + 1 if row.filled else 0 for row in rows))


def split_row(text: str, start: int, end: int) -> Row:
    """A line cut at its tabs."""
    cells = []
    at = start
    while True:
        tab = text.find("\t", at, end)
        stop = end if tab < 0 else tab
        cells.append(visible(text, at, stop, indent=INDENT))
        if tab < 0:
            return Row(start, end, cells)
        at = tab + 1


def is_header_like(text: str, row: Row) -> bool:
    """Whether a row reads like headers: short words without figures, most of them usual in headers."""
    words = _words(text, row)
    if len(row.filled) < 2 or not len(row.cells[0]):
        return False
    if any(len(word) > _LONGEST_HEADER or re.search(r"\d", _YEAR.sub("", word)) for word in words if word):
        return False
    usual = [word for word in words if _HEADER_WORD.search(word)]
    return len(usual) * 2 >= len(row.filled)


def is_table(text: str, rows: Sequence[Row]) -> bool:
    """Whether tab lines are a table rather than paragraphs, a signature line or a list of contents."""
    several = [row for row in rows if len(row.filled) > 1]
    if not several or (len(rows) == 1 and len(rows[0].filled) == 2):
        return False
    return not _is_contents(text, rows)


def _is_contents(text: str, rows: Sequence[Row]) -> bool:
    """Titles with page numbers that never go down, no header above them."""
    pages = []
    for row in rows:
        words = [text[cell.start : cell.end] for cell in row.cells if len(cell)]
        if len(words) < 2 or not re.fullmatch(r"[-—\s]*\d{1,3}[-—\s]*", words[-1]):
            return False
        if any(re.fullmatch(r"[\d.,%]+", word) for word in words[1:-1]):
            return False
        pages.append(int(re.sub(r"\D", "", words[-1])))
    marked = sum(
        bool(
            re.match(
                r"\s*(?:第?[一二三四五六七八九十]+[、章节部]|[（(][一二三四五六七八九十]+|\d+[.．、]|附)",
                text[row.start : row.end],
            )
        )
        for row in rows
    )
    return len(rows) > 1 and pages == sorted(pages) and pages[-1] <= _LAST_PAGE and marked * 2 >= len(rows)


def continues(text: str, above: Run, below: Run) -> bool:
    """Whether the second run goes on with the table of the first after a page end; if so, it is added to it.

    Repeated header rows are left out, and the rest of a cell torn by the page end is joined to it.
    """
    if above.columns < 2 or below.columns > above.columns:
        return False
    repeated = 0
    while repeated < min(len(above.rows), len(below.rows)) and _words(text, above.rows[repeated]) == _words(
        text, below.rows[repeated]
    ):
        repeated += 1
    if repeated:
        if repeated in {len(below.rows), len(above.rows)} or not is_header_like(text, above.rows[0]):
            return False
        if _begins_anew(text, above.rows[repeated], below.rows[repeated]):
            return False
        above.add(*below.rows[repeated:])
        return True
    first, last = below.rows[0], above.rows[-1]
    if is_header_like(text, first):
        return False
    if _is_torn(text, last, first):
        column = first.filled[0]
        cells = [*last.cells[:column], Span(last.cells[column].start, first.cells[column].end)]
        above.rows[-1] = Row(last.start, first.end, cells)
        above.rows.extend(below.rows[1:])
        return True
    if below.columns == above.columns or not len(first.cells[0]) or _next_number(text, last, first):
        above.add(*below.rows)
        return True
    return False


def _words(text: str, row: Row) -> list[str]:
    """The words of a row without blanks; trailing empty cells do not count."""
    words = ["".join(text[cell.start : cell.end].split()) for cell in row.cells]
    while words and not words[-1]:
        words.pop()
    return words


def _begins_anew(text: str, first: Row, again: Row) -> bool:
    """Whether the first row below a repeated header has the label of the first row of the table above."""
    label = _words(text, first)[:1]
    return bool(label and label[0]) and label == _words(text, again)[:1]


def _is_torn(text: str, last: Row, first: Row) -> bool:
    """Whether a row holds only the rest of the cell that ends the row above, cut by a page end."""
    if len(first.filled) != 1 or not last.filled or first.filled[0] == 0:
        return False
    column = last.filled[-1]
    between = text[last.cells[column].end : first.cells[column].start] if column == first.filled[0] else "x"
    return not between.strip() and text[last.cells[column].end - 1] not in _TERMINAL


def _next_number(text: str, last: Row, first: Row) -> bool:
    """Whether the serial number in the first column goes on."""
    before, now = (text[row.cells[0].start : row.cells[0].end].strip() for row in (last, first))
    return before.isdecimal() and now.isdecimal() and len(now) < 6 and int(now) == int(before[:6]) + 1


def is_group_title(text: str, above: Run, line: Span, below: Row) -> bool:
    """Whether a single line without tabs between two table rows is a row over the whole width."""
    return (
        above.columns >= 3
        and 0 < len(line) <= _LONGEST_GROUP_TITLE
        and text[line.end - 1] not in _TERMINAL
        and len(below.filled) >= 2
        and below.filled[-1] + 1 == above.columns
        and not is_header_like(text, below)
    )


def is_indented_paragraph(text: str, row: Row, columns: int) -> bool:
    """Whether a line at the edge of a table is a paragraph that a tab indents."""
    if len(row.filled) != 1 or row.whole:
        return False
    column = row.filled[0]
    cell = row.cells[column]
    if column == 0:
        return len(cell) > _LONGEST_LABEL
    return column == 1 and columns > 2 and (len(cell) > _LONGEST_GROUP_TITLE or text[cell.end - 1] == "。")


def as_table(index: int, rows: Sequence[Row], columns: int) -> Table:
    """The table of some rows; a tab position is a column, whatever stands in it."""
    cells = tuple(
        Cell(number, column, cell, column_span=columns if row.whole else 1)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row.cells[:columns])
    )
    return Table(index, Span(rows[0].start, rows[-1].end), len(rows), columns, cells)
